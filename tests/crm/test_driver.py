"""The driver against servers and lines that misbehave: what is repeated, what is never, what is said."""

import asyncio
import email.utils
import gzip
import json
import socket
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from typing import Any

import httpx
import pytest

from crmtui.crm import driver as module
from crmtui.crm import http as limits
from crmtui.crm.driver import PAUSES, Driver, retry_after
from crmtui.crm.solve360 import Solve360
from crmtui.crm.spotler import Spotler
from crmtui.model.call import Answer, Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
    Unreachable,
)
from crmtui.model.quota import Quota
from crmtui.model.record import Record
from crmtui.model.write import Op
from tests.conftest import Served
from tests.proxy import Canned, Fault, Proxy, answer, closed_port, hang_up, reset

from .spotler import adapter, list_call, ref, write_call

OF_SOLVE360 = Solve360.pauses
TOKEN = "T0KEN-with-enough-entropy/+="
SHOW = adapter().show(ref("accounts", "7"))
CREATE = write_call(Op.CREATE, ref("accounts"), {"name": "New"})
EDIT = write_call(Op.EDIT, ref("accounts", "7"), {"name": "New"})
DELETE = write_call(Op.DELETE, ref("accounts", "7"), {})
WRITES = [CREATE, EDIT, DELETE]
ONE = json.dumps({"record": {"id": 7, "name": "Acme"}}).encode()
PACKED = gzip.compress(ONE)
GOOD = answer(200, ONE)
FAILED = b'{"message":"Down"}'


class Noted:
    """A recorder that remembers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int | None]] = []
        self.quota: Quota | None = None

    def record_call(
        self, call: Call, status: int | None, ms: int | None, quota: Quota | None, at: float
    ) -> None:
        assert (status is None) == (ms is None)
        assert abs(time.time() - at) < 60
        self.calls.append((call.method, status))
        self.quota = quota


class Line:
    """A driver to one url, and what it noted."""

    def __init__(self, run: Callable[[Coroutine[Any, Any, Any]], Any], url: str, token: str) -> None:
        self.noted = Noted()
        self._run = run
        self.driver = Driver(adapter(), url, lambda: token, self.noted)

    def send(self, call: Call) -> Any:
        return self._run(self.driver.send(call))

    def error(self, call: Call) -> CrmError:
        with pytest.raises(CrmError) as caught:
            self.send(call)
        return caught.value


Connect = Callable[..., Line]


@pytest.fixture
def connect(run: Callable[[Coroutine[Any, Any, Any]], Any]) -> Iterator[Connect]:
    opened: list[Line] = []

    def start(url: str, token: str = TOKEN) -> Line:
        opened.append(Line(run, url, token))
        return opened[-1]

    yield start
    for line in opened:
        run(line.driver.aclose())


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SILENCE_SECONDS", 0.15)


# -- what is sent


def test_what_goes_over_the_wire(connect: Connect) -> None:
    with Canned(GOOD) as server:
        record: Record = connect(server.url).send(EDIT)
        assert record.values == {"name": "Acme"}
        [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    assert lines[0] == "PATCH /accounts/7 HTTP/1.1"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["accept"] == "application/json"
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("crmtui/")
    assert set(headers["accept-encoding"].split(", ")) == {"gzip", "deflate"}
    assert body == b'{"name":"New"}'


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (
            list_call("accounts", "name=a&b=c +/ü"),
            "/accounts?limit=100&q=%7B%22name%22%3A%22a%26b%3Dc%20%2B%2F%C3%BC%22%7D",
        ),
        (adapter().show(ref("accounts", "../users")), "/accounts/..%2Fusers"),
        (adapter().show(ref("accounts", "..")), "/accounts/%2E%2E"),
        (adapter().show(ref("accounts", ".")), "/accounts/%2E"),
        (adapter().show(ref("accounts", "7?x=1#y")), "/accounts/7%3Fx%3D1%23y"),
        (write_call(Op.DELETE, ref("accounts", ".."), {}), "/accounts/%2E%2E"),
    ],
)  # fmt: skip
def test_nothing_in_a_name_changes_the_path(call: Call, line: str, connect: Connect) -> None:
    with Canned(answer(404)) as server:
        assert isinstance(connect(server.url).error(call), NotFound)
        sent = server.requests[0].split(b" ")[1].decode()
    assert sent == line


# -- what is repeated


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_reads_are_repeated_twice_at_most(status: int, connect: Connect) -> None:
    with Canned(answer(status, FAILED)) as server:
        line = connect(server.url)
        assert isinstance(line.error(SHOW), RateLimited if status == 429 else Unavailable)
        assert len(server.requests) == 3
        assert line.noted.calls == [("GET", status)] * 3


def test_a_read_that_succeeds_the_second_time(connect: Connect) -> None:
    with Canned(answer(503, FAILED), GOOD) as server:
        assert connect(server.url).send(SHOW).title == "Acme"
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 422])
def test_reads_that_would_fail_again_are_not_repeated(status: int, connect: Connect) -> None:
    with Canned(answer(status, FAILED)) as server:
        connect(server.url).error(SHOW)
        assert len(server.requests) == 1


def test_an_unknown_record_type_is_not_asked_for_again(connect: Connect) -> None:
    with Canned(answer(500, b'{"message":"Invalid record type (accounts)"}')) as server:
        assert isinstance(connect(server.url).error(SHOW), NotFound)
        assert len(server.requests) == 1


@pytest.mark.parametrize("script", [hang_up, reset, b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"])
def test_reads_over_a_line_that_breaks(script: Any, connect: Connect) -> None:
    with Canned(script) as server:
        line = connect(server.url)
        found = line.error(SHOW)
        assert isinstance(found, Unreachable)
        assert len(server.requests) == 3
        assert len(line.noted.calls) == 3
    with Canned(script, GOOD) as server:
        assert connect(server.url).send(SHOW).title == "Acme"


@pytest.mark.parametrize("call", WRITES, ids=lambda call: call.method)
@pytest.mark.parametrize(
    "script", [hang_up, reset, b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", b"junk\r\n\r\n"]
)
def test_writes_over_a_line_that_breaks_are_unknown_and_sent_once(
    script: Any, call: Call, connect: Connect
) -> None:
    with Canned(script) as server:
        line = connect(server.url)
        assert isinstance(line.error(call), OutcomeUnknown)
        assert len(server.requests) == 1
        assert server.connections == 1
        assert len(line.noted.calls) == 1


@pytest.mark.parametrize("call", WRITES, ids=lambda call: call.method)
@pytest.mark.parametrize(
    ("status", "type_"),
    [(500, Unavailable), (503, Unavailable), (429, RateLimited), (403, Forbidden), (404, NotFound),
     (502, OutcomeUnknown), (504, OutcomeUnknown)],
)  # fmt: skip
def test_writes_that_are_answered_with_an_error(
    status: int, type_: type[CrmError], call: Call, connect: Connect
) -> None:
    with Canned(answer(status, FAILED)) as server:
        assert type(connect(server.url).error(call)) is type_
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body", [b"<html>", b'{"record":', b"\xff", b'{"list":[]}', b'{"record":{"name":"x"}}']
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_write_whose_success_cannot_be_read_is_unknown(body: bytes, status: int, connect: Connect) -> None:
    with Canned(answer(status, body)) as server:
        found = connect(server.url).error(EDIT)
        assert isinstance(found, OutcomeUnknown)
        assert found.exit_code == 9
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gave_up_in_a_damaged_answer(status: int, connect: Connect) -> None:
    with Canned(answer(status, b"no gzip", "Content-Encoding: gzip")) as server:
        assert isinstance(connect(server.url).error(CREATE), OutcomeUnknown)


@pytest.mark.parametrize("call", [SHOW, *WRITES], ids=lambda call: call.method)
def test_what_never_left_is_known_not_to_have_been_done(call: Call, connect: Connect) -> None:
    with closed_port() as url:
        line = connect(url)
        found = line.error(call)
        assert isinstance(found, Unreachable)
        assert "refused" in found.message
        assert line.noted.calls == []


def test_a_host_whose_name_nobody_knows(connect: Connect) -> None:
    found = connect("https://crm.invalid").error(CREATE)
    assert isinstance(found, Unreachable)
    assert "crm.invalid cannot be reached (its name is not known here)" in found.message


@pytest.mark.usefixtures("short_patience")
def test_silence(connect: Connect) -> None:
    with Canned(lambda client: server.wait_for_hang_up(client)) as server:
        assert isinstance(connect(server.url).error(SHOW), Unreachable)
        assert len(server.requests) == 1
        assert isinstance(connect(server.url).error(CREATE), OutcomeUnknown)
        assert len(server.requests) == 2


@pytest.mark.parametrize(("call", "type_"), [(SHOW, Unreachable), (EDIT, OutcomeUnknown)])
def test_an_answer_that_drips_for_ever_ends_at_the_deadline(
    call: Call, type_: type[CrmError], connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)

    def drip(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not server.has_hung_up(client, 0.02):
            client.sendall(b" ")

    with Canned(drip) as server:
        assert isinstance(connect(server.url).error(call), type_)
        assert len(server.requests) == 1


@pytest.mark.parametrize("cancelled", [SHOW, EDIT])
def test_a_cancelled_call_is_in_the_ledger(
    cancelled: Call, connect: Connect, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    arrived = asyncio.Event()

    async def cancel(loop: asyncio.AbstractEventLoop, work: Callable[[], Awaitable[Any]]) -> None:
        task = asyncio.ensure_future(work())
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def scene() -> None:
        loop = asyncio.get_running_loop()

        def hold(client: socket.socket) -> None:
            loop.call_soon_threadsafe(arrived.set)
            server.wait_for_hang_up(client)

        with Canned(hold) as server:
            line.driver = Driver(adapter(), server.url, lambda: TOKEN, line.noted)
            await cancel(loop, lambda: line.driver.send(cancelled))
            assert len(server.requests) == 1

    line = connect("http://127.0.0.1:1")
    run(scene())
    assert line.noted.calls == [(cancelled.method, None)]


# -- Retry-After


def retry(text: str) -> float | None:
    return retry_after(Answer(429, {"retry-after": text}, b""))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("7", 7), (" 7 ", 7), ("300", 300), ("99999999999", 300), ("-5", None), ("1.5", None),
     ("", None), ("soon", None), ("７", None), ("Wed, 99 Foo 2026", None),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
     ("Fri, 31 Dec 9999 23:59:59 GMT", 300)],
)  # fmt: skip
def test_forms_of_retry_after(text: str, seconds: float | None) -> None:
    assert retry(text) == seconds


def test_a_moment_in_retry_after() -> None:
    found = retry(email.utils.formatdate(time.time() + 60, usegmt=True))
    assert found is not None
    assert 50 < found <= 60
    assert retry_after(Answer(429, {}, b"")) is None


def test_a_wait_as_long_as_the_service_asks(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    with Canned(answer(429, FAILED, "Retry-After: 7"), GOOD) as server:
        assert connect(server.url).send(SHOW).title == "Acme"
    assert waited == [7.0]
    with Canned(answer(429, FAILED, "Retry-After: 120"), GOOD) as server:
        found = connect(server.url).error(SHOW)
        assert isinstance(found, RateLimited)
        assert found.retry_after == 120
        assert len(server.requests) == 1
    assert waited == [7.0]


@pytest.mark.parametrize(("own", "pauses"), [(None, (0.3, 1.0)), (OF_SOLVE360, (2.0, 4.0))])
def test_a_pause_before_each_repeat(
    own: Sequence[float] | None, pauses: Sequence[float], connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(module, "PAUSES", PAUSES)
    monkeypatch.setattr(Spotler, "pauses", own)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    with Canned(answer(503, FAILED)) as server:
        connect(server.url).error(SHOW)
        assert len(server.requests) == 3
    assert waited == list(pauses)


# -- redirects, proxies, the token


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [SHOW, CREATE], ids=["GET", "POST"])
def test_a_redirect_is_never_followed(status: int, call: Call, connect: Connect) -> None:
    with Canned(GOOD) as other, Canned(answer(status, b"", f"Location: {other.url}/accounts")) as server:
        found = connect(server.url).error(call)
        assert isinstance(found, Unavailable)
        assert not isinstance(found, OutcomeUnknown)
        assert "redirects" in found.message
        assert other.connections == 0
        assert len(server.requests) == 1


def test_a_proxy_never_sees_a_call_to_this_machine(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    with Canned(GOOD) as proxy, Canned(GOOD) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        connect(server.url).send(SHOW)
        assert proxy.connections == 0
        assert len(server.requests) == 1


def test_a_proxy_that_refuses_to_connect_sent_nothing(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Canned(answer(407, b"no")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        found = connect("https://crm.invalid").error(CREATE)
        assert isinstance(found, Unreachable)
        assert TOKEN.encode() not in b"".join(proxy.requests)


@pytest.mark.parametrize(
    "token", ["tok\nen", "tok\ren\r\nX: y", "tok\x00en", "t\u00f6ken", "tok\ud800en", "\x1b[31m"]
)
def test_a_token_that_no_header_can_carry(token: str, connect: Connect) -> None:
    with Canned(GOOD) as server:
        found = connect(server.url, token).error(CREATE)
        assert isinstance(found, AuthFailed)
        assert server.connections == 0
    assert_hidden(found, token)


def test_no_error_tells_the_token(connect: Connect) -> None:
    scripts: list[Any] = [
        hang_up,
        reset,
        b"junk",
        answer(500, FAILED),
        answer(302, b"", "Location: http://x/"),
    ]
    for script in [
        *scripts,
        answer(200, b"<"),
        answer(200, b"x", "Content-Encoding: gzip"),
        answer(403, b""),
    ]:
        with Canned(script) as server:
            line = connect(server.url)
            for call in (SHOW, CREATE):
                assert_hidden(line.error(call), TOKEN)
            assert TOKEN not in repr(line.driver)


def assert_hidden(error: BaseException | None, token: str) -> None:
    """Nothing that is printed of an error, or of what it came of, holds the token."""
    assert error is not None
    text = "".join(traceback.format_exception(error))
    while error is not None:
        text += str(error) + repr(error)
        error = error.__cause__ or error.__context__
    assert token not in text
    assert repr(token)[1:-1] not in text


# -- bodies


def test_compressed_answers(connect: Connect) -> None:
    for encoding, body in (
        ("gzip", PACKED),
        ("x-gzip", PACKED),
        ("deflate", zlib.compress(ONE)),
        ("identity", ONE),
        ("GZIP", PACKED),
    ):
        with Canned(answer(200, body, f"Content-Encoding: {encoding}")) as server:
            assert connect(server.url).send(SHOW).title == "Acme"


@pytest.mark.parametrize(
    "body",
    [PACKED[:-4], PACKED[:20], PACKED[1:], b"x" * 50],
    ids=["no end", "half", "no beginning", "no gzip"],
)
def test_damaged_compression(body: bytes, connect: Connect) -> None:
    with Canned(answer(200, body, "Content-Encoding: gzip")) as server:
        assert isinstance(connect(server.url).error(SHOW), BadAnswer)
        assert isinstance(connect(server.url).error(EDIT), OutcomeUnknown)


def test_an_empty_body_that_calls_itself_compressed(connect: Connect) -> None:
    with Canned(answer(200, b"", "Content-Encoding: gzip")) as server:
        assert connect(server.url).send(DELETE) is None


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip, identity", "\x1b[31m"])
def test_other_encodings_are_refused(encoding: str, connect: Connect) -> None:
    body = gzip.compress(PACKED)
    with Canned(answer(200, body, f"Content-Encoding: {encoding}")) as server:
        found = connect(server.url).error(SHOW)
        assert isinstance(found, BadAnswer if encoding != "\x1b[31m" else CrmError)
        assert "\x1b" not in found.message


def peak(work: Callable[[], Any]) -> int:
    """The most bytes that work held at a time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def bomb(size: int) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    zeros = b"0" * 1_000_000
    return b"".join(squeeze.compress(zeros) for _ in range(size // 1_000_000)) + squeeze.flush()


def test_a_gzip_bomb_takes_no_memory(connect: Connect) -> None:
    with Canned(answer(200, bomb(100_000_000), "Content-Encoding: gzip")) as server:
        line = connect(server.url)
        assert peak(lambda: line.error(SHOW)) < 32_000_000
        found = line.error(SHOW)
        assert isinstance(found, BadAnswer)
        assert "8 MB" in found.message


@pytest.mark.parametrize("length", [True, False])
def test_a_body_that_is_too_large(length: bool, connect: Connect) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 9437184\r\n" if length else b"") + b"\r\n"
    with Canned(head + b" " * 9_437_184) as server:
        assert isinstance(connect(server.url).error(SHOW), BadAnswer)


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b"[" * 100 + b"]" * 100, b'{"a":' * 100_000, b"[" + b"1," * 500_000 + b"1]",
     b'{"record":{"id":1,"a":' + b"9" * 5000 + b"}}", b'{"record":{"id":1,"a":1.' + b"9" * 5000 + b"}}",
     b'{"a":1e99999999999999999999}', b'{"record":{"id":1,"a":Infinity}}', b'{"record":{"id":1,"a":NaN}}',
     b"\xef\xbb\xbf\xef\xbb\xbf{}"],
    ids=range(10),
)  # fmt: skip
def test_hostile_json(body: bytes, connect: Connect) -> None:
    with Canned(answer(200, body)) as server:
        assert isinstance(connect(server.url).error(SHOW), BadAnswer)


def test_json_with_a_byte_order_mark(connect: Connect) -> None:
    with Canned(answer(200, b"\xef\xbb\xbf" + ONE)) as server:
        assert connect(server.url).send(SHOW).title == "Acme"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 \x1b]0;PWN\x07\r\n",
        b"HTTP/1.1 200 OK\r\nX-RateLimit-Limit: \x1b[31m\r\nX-RateLimit-Remaining: many\r\n",
        b"HTTP/1.1 200 OK\r\nX-RateLimit-Limit: 99999999999999999999999\r\nX-RateLimit-Remaining: -1\r\n",
        b"HTTP/1.1 200 OK\r\nX-Latin: caf\xe9\r\nX-Empty:\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Same: 1\r\n" * 50,
        b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n",
    ],
)
def test_odd_headers_do_no_harm(head: bytes, connect: Connect) -> None:
    with Canned(head + b"\r\n" + ONE) as server:
        line = connect(server.url)
        assert line.send(SHOW).title == "Acme"
        assert line.noted.quota is None


@pytest.mark.parametrize(
    "script", [b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000, b"\x16\x03\x01\x02\x00"]
)
def test_what_is_no_http(script: bytes, connect: Connect) -> None:
    with Canned(script) as server:
        found = connect(server.url).error(SHOW)
        assert isinstance(found, Unreachable)
        assert len(found.message) < 300


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        (("X-RateLimit-Limit: 60", "X-RateLimit-Remaining: 59"), (1, 60, None)),
        (
            ("RateLimit-Limit: 60", "RateLimit-Remaining: 0", "RateLimit-Reset: 1800000000"),
            (60, 60, 1_800_000_000),
        ),
        (("X-RateLimit-Limit: 60", "X-RateLimit-Remaining: 70"), (0, 60, None)),
    ],
)
def test_a_quota_that_is_reported(headers: tuple[str, ...], quota: Any, connect: Connect) -> None:
    with Canned(answer(200, ONE, *headers)) as server:
        line = connect(server.url)
        line.send(SHOW)
        found = line.noted.quota
        assert found is not None
        assert (found.used, found.limit, found.resets_at) == quota
        assert found.source == "reported"


def test_an_account_that_cannot_be_kept_does_not_undo_an_answer(connect: Connect) -> None:
    from crmtui.model.errors import ConfigError

    class Full(Noted):
        def record_call(self, *_: Any) -> None:
            raise ConfigError("disk full")

    with Canned(GOOD) as server:
        line = connect(server.url)
        line.driver = Driver(adapter(), server.url, lambda: TOKEN, Full())
        assert line.send(EDIT).title == "Acme"


# -- every cut point of one exchange


@pytest.fixture
def patch(sandbox: Served) -> Callable[[int], Call]:
    """A PATCH of the first account's name, a different one each time."""
    with httpx.Client(
        base_url=sandbox.connection.url, headers={"Authorization": f"Bearer {sandbox.token}"}, trust_env=False
    ) as client:
        first = client.get("/accounts", params={"limit": 1}).json()["list"][0]["record"]["id"]
    return lambda number: write_call(Op.EDIT, ref("accounts", str(first)), {"name": f"Name {number:06d}"})


def test_every_cut_of_a_write_is_told_for_what_it_is(
    sandbox: Served, patch: Callable[[int], Call], connect: Connect
) -> None:
    with Proxy(sandbox.connection.url) as proxy:
        assert connect(proxy.url, sandbox.token).send(patch(0)).title == "Name 000000"
        request, response = proxy.request_bytes, proxy.answer_bytes
        line = connect(proxy.url, sandbox.token)
        done = len(sandbox.sent("PATCH"))
        faults = [Fault(cut_request=at, reset=at % 2 == 1) for at in range(0, request, 2)]
        faults += [Fault(cut_response=at, reset=at % 2 == 1) for at in range(0, response, 3)]
        for number, fault in enumerate(faults, 1):
            proxy.fault = fault
            before = proxy.connections
            found = line.error(patch(number))
            assert type(found) is OutcomeUnknown, fault
            assert proxy.connections == before + 1, fault
        proxy.fault = Fault()
        assert line.send(patch(999_999)).title == "Name 999999"
        # Each arrived once at most, whole requests exactly once.
        names = [json.loads(r.body)["name"] for r in sandbox.sent("PATCH")[done:] if r.status == 200]
        assert len(names) == len(set(names))
        assert names[-1] == "Name 999999"
        assert len(names) == len([f for f in faults if f.cut_response is not None]) + 1


@pytest.mark.parametrize("fault", [Fault(drip=1), Fault(drip=7)])
def test_a_slow_line_changes_nothing(
    fault: Fault, sandbox: Served, patch: Callable[[int], Call], connect: Connect
) -> None:
    with Proxy(sandbox.connection.url, fault) as proxy:
        assert connect(proxy.url, sandbox.token).send(patch(1)).title == "Name 000001"


def test_the_answer_to_another_call_is_not_taken_for_this_ones(connect: Connect) -> None:
    other = json.dumps({"record": {"id": 8, "name": "Other"}}).encode()
    with Canned(answer(200, other)) as server:
        assert type(connect(server.url).error(EDIT)) is OutcomeUnknown
        assert type(connect(server.url).error(SHOW)) is BadAnswer


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("at", [0, 1, 20, 200, 400])
def test_a_line_that_falls_silent(
    at: int, sandbox: Served, patch: Callable[[int], Call], connect: Connect
) -> None:
    with Proxy(sandbox.connection.url, Fault(stall_response=at)) as proxy:
        line = connect(proxy.url, sandbox.token)
        write = patch(1)
        assert type(line.error(write)) is OutcomeUnknown
        assert type(line.error(adapter().show(ref("accounts", write.path.split("/")[-1])))) is Unreachable
        assert proxy.connections == 2


@pytest.mark.parametrize(
    "garble",
    [
        lambda piece: piece[::-1],
        lambda piece: piece.replace(b"\r\n\r\n", b"\r\n\r\n\x00"),
        lambda piece: bytes(b ^ 0x55 for b in piece),
    ],
)
def test_a_garbled_answer_to_a_write_is_unknown(
    garble: Callable[[bytes], bytes], sandbox: Served, patch: Callable[[int], Call], connect: Connect
) -> None:
    with Proxy(sandbox.connection.url, Fault(garble=garble)) as proxy:
        assert type(connect(proxy.url, sandbox.token).error(patch(1))) is OutcomeUnknown
        assert len(sandbox.sent("PATCH")) == 1
