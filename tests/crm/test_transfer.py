"""Files over servers and lines that misbehave: what arrives, what is never repeated, what is said."""

import asyncio
import gzip
import re
import socket
import zlib
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.crm import driver as module
from crmtui.crm import http as limits
from crmtui.crm import transfer
from crmtui.model.attachment import Attachment
from crmtui.model.call import Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Unavailable,
    Unreachable,
    UsageError,
)
from crmtui.model.write import Op
from tests.proxy import Canned, answer, closed_port, hang_up, reset

from .spotler import adapter, ref, write_call
from .test_driver import Line

Run = Callable[[Coroutine[Any, Any, Any]], Any]
PDF = b"%PDF-1.7\r\n\x00\xff" * 5000
GET = adapter().download(ref("documents", "7"), "Offer.pdf")
NAMED = 'Content-Disposition: attachment; filename="x.pdf"'


class File(Line):
    """A driver, and the file that a download is poured into."""

    def __init__(self, run: Run, url: str) -> None:
        super().__init__(run, url, "T0KEN")
        self.placed: list[Attachment] = []
        self.content = bytearray()
        self.progress: list[tuple[int, int | None]] = []

    def write(self, piece: bytes, /) -> None:
        self.content += piece

    def place(self, attachment: Attachment) -> "File":
        self.placed.append(attachment)
        return self

    def note(self, done: int, total: int | None) -> None:
        self.progress.append((done, total))

    def get(self, call: Call = GET) -> bytes:
        self._run(self.driver.download(call, self.place, self.note))
        return bytes(self.content)

    def refusal(self, call: Call = GET) -> CrmError:
        with pytest.raises(CrmError) as caught:
            self.get(call)
        return caught.value

    def put(self, call: Call) -> Any:
        return self._run(self.driver.send(call, self.note))

    def unsent(self, call: Call) -> CrmError:
        with pytest.raises(CrmError) as caught:
            self.put(call)
        return caught.value


@pytest.fixture
def to(run: Run) -> Iterator[Callable[[str], File]]:
    opened: list[File] = []

    def start(url: str) -> File:
        opened.append(File(run, url))
        return opened[-1]

    yield start
    for line in opened:
        run(line.driver.aclose())


To = Callable[[str], File]


def upload(path: Path, **edits: str) -> Call:
    return write_call(
        Op.CREATE,
        ref("documents"),
        {"name": path.name, "parentid": "12", "parentobject": "Account", "file": str(path), **edits},
    )


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    path = tmp_path / 'Gr"öße.pdf'
    path.write_bytes(PDF)
    return path


# -- downloads


def test_a_file_as_it_is_with_the_name_it_is_given(to: To) -> None:
    with Canned(answer(200, PDF, NAMED)) as server:
        line = to(server.url)
        assert line.get() == PDF
        assert line.placed == [Attachment("x.pdf")]
        assert line.progress[-1] == (len(PDF), len(PDF))
        head = server.requests[0].decode()
    assert head.startswith("GET /documents/7/content HTTP/1.1\r\n")
    assert "Authorization: Bearer T0KEN" in head
    assert "Accept: application/json, */*;q=0.9\r\n" in head
    assert line.noted.calls == [("GET", 200)]


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)]
)
def test_compressed_files(encoding: str, pack: Callable[[bytes], bytes], to: To) -> None:
    with Canned(answer(200, pack(PDF), NAMED, f"Content-Encoding: {encoding}")) as server:
        assert to(server.url).get() == PDF


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(PDF)[:-9], gzip.compress(PDF)[20:], gzip.compress(PDF) + b"more"],
    ids=["no end", "no beginning", "more than the end"],
)
def test_damaged_compression(packed: bytes, to: To) -> None:
    with Canned(answer(200, packed, NAMED, "Content-Encoding: gzip")) as server:
        assert isinstance(to(server.url).refusal(), BadAnswer)


def test_an_encoding_that_was_not_asked_for(to: To) -> None:
    with Canned(answer(200, PDF, NAMED, "Content-Encoding: br")) as server:
        line = to(server.url)
        assert isinstance(line.refusal(), BadAnswer)
        assert line.content == b""


def test_a_bomb_ends_at_the_limit(to: To, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MOST_FILE_BYTES", 1_000_000)
    bomb = gzip.compress(bytes(100_000_000))
    with Canned(answer(200, bomb, NAMED, "Content-Encoding: gzip")) as server:
        line = to(server.url)
        assert "larger than" in line.refusal().message
        assert len(line.content) <= 1_000_000
        assert len(server.requests) == 1


def test_a_file_that_says_it_is_too_large_is_not_begun(to: To, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "MOST_FILE_BYTES", 1000)
    with Canned(answer(200, PDF, NAMED)) as server:
        line = to(server.url)
        assert isinstance(line.refusal(), BadAnswer)
        assert line.placed == []


@pytest.mark.parametrize("before", [hang_up, reset, answer(503), answer(429), b"junk\r\n\r\n"])
def test_what_fails_before_the_first_byte_is_asked_for_again(before: Any, to: To) -> None:
    with Canned(before, answer(200, PDF, NAMED)) as server:
        line = to(server.url)
        assert line.get() == PDF
        assert len(server.requests) == 2


def test_a_file_that_breaks_off_is_not_resumed(to: To) -> None:
    with Canned(answer(200, PDF, NAMED)[:-100]) as server:
        line = to(server.url)
        found = line.refusal()
        assert isinstance(found, Unreachable)
        assert "broke after" in found.message
        assert f"of {len(PDF):,} bytes" in found.message
        assert "nothing is kept" in found.message
        assert len(server.requests) == 1
        assert line.noted.calls == [("GET", 200)]


def test_a_file_that_falls_silent(to: To, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SILENCE_SECONDS", 0.15)

    def stall(client: socket.socket) -> None:
        client.sendall(answer(200, PDF, NAMED)[:-100])
        server.wait_for_hang_up(client)

    with Canned(stall) as server:
        found = to(server.url).refusal()
        assert isinstance(found, Unreachable)
        assert "fell silent" in found.message
        assert len(server.requests) == 1


def dripping(server: Callable[[], Canned], size: int) -> Callable[[socket.socket], None]:
    """Sends the file in pieces of a size, fifty a second."""

    def drip(client: socket.socket) -> None:
        whole = answer(200, PDF[:40_000], NAMED)
        for start in range(0, len(whole), size):
            if server().has_hung_up(client, 0.02):
                return
            client.sendall(whole[start : start + size])

    return drip


def test_the_clock_does_not_end_a_file_that_moves(to: To, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)
    with Canned(dripping(lambda: server, 1000)) as server:
        assert to(server.url).get() == PDF[:40_000]


def test_the_clock_ends_a_file_that_hardly_moves(to: To, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)
    with Canned(dripping(lambda: server, 10)) as server:
        assert isinstance(to(server.url).refusal(), Unreachable)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "type_"), [(404, NotFound), (401, AuthFailed), (204, BadAnswer), (206, BadAnswer)]
)
def test_what_is_no_file_has_no_place(status: int, type_: type[CrmError], to: To) -> None:
    with Canned(answer(status, b"" if status == 204 else b"{}")) as server:
        line = to(server.url)
        assert type(line.refusal()) is type_
        assert line.placed == []


def test_a_refusal_in_words(to: To) -> None:
    with Canned(answer(403, b'{"message":"Your plan has no documents"}')) as server:
        found = to(server.url).refusal()
        assert isinstance(found, Forbidden)
        assert "Your plan has no documents" in found.message


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed(status: int, to: To) -> None:
    with Canned(answer(200, PDF)) as other, Canned(answer(status, b"", f"Location: {other.url}")) as server:
        found = to(server.url).refusal()
        assert isinstance(found, Unavailable)
        assert "redirects" in found.message
        assert other.connections == 0


@pytest.mark.parametrize("media", ["text/html; charset=utf-8", "application/json"])
def test_a_page_in_the_place_of_the_file_is_no_file(media: str, to: To) -> None:
    page = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\nContent-Type: %s\r\n%s\r\n<html>"
    with Canned(page % (media.encode(), b"")) as server:
        line = to(server.url)
        assert "instead of the file" in line.refusal().message
        assert line.placed == []
        ending = ".html" if "html" in media else ".json"
        call = adapter().download(ref("documents", "7"), f"Page{ending}")
        assert to(server.url).get(call) == b"<html>"
    with Canned(page % (media.encode(), f"{NAMED}\r\n".encode())) as server:
        assert to(server.url).get() == b"<html>"


def test_a_file_without_a_name_or_a_length(to: To) -> None:
    with Canned(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + PDF) as server:
        line = to(server.url)
        assert line.get() == PDF
        assert line.placed == [Attachment(None)]
        assert line.progress[-1] == (len(PDF), None)


def test_a_cancelled_download_is_in_the_ledger(to: To, run: Run) -> None:
    async def scene() -> None:
        arrived = asyncio.Event()

        def note(done: int, total: int | None) -> None:
            arrived.set()

        task = asyncio.ensure_future(line.driver.download(GET, line.place, note))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    def stall(client: socket.socket) -> None:
        client.sendall(answer(200, PDF, NAMED)[:-100])
        server.wait_for_hang_up(client)

    with Canned(stall) as server:
        line = to(server.url)
        run(scene())
        assert line.noted.calls == [("GET", 200)]


# -- uploads


def test_an_upload_over_the_wire(to: To, offer: Path) -> None:
    created = b'{"record":{"id":9,"name":"x","parentid":12,"parentobject":"Account"}}'
    with Canned(answer(201, created)) as server:
        line = to(server.url)
        assert line.put(upload(offer, description="für Ann")).ref.id == "9"
        [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    headers = dict(line_.lower().split(": ", 1) for line_ in head.decode().split("\r\n")[1:])
    assert head.startswith(b"POST /documents HTTP/1.1\r\n")
    assert int(headers["content-length"]) == len(body)
    assert "transfer-encoding" not in headers
    assert headers["accept"] == "application/json"
    boundary = re.fullmatch(r"multipart/form-data; boundary=([\w-]+)", headers["content-type"])
    assert boundary is not None
    mark = f"--{boundary[1]}".encode()
    first, *parts, last = body.split(mark)
    assert (first, last) == (b"", b"--\r\n")
    assert parts == [
        b'\r\nContent-Disposition: form-data; name="ParentId"\r\n\r\n12\r\n',
        b'\r\nContent-Disposition: form-data; name="ParentObject"\r\n\r\nAccount\r\n',
        '\r\nContent-Disposition: form-data; name="description"\r\n\r\nfür Ann\r\n'.encode(),
        '\r\nContent-Disposition: form-data; name="file"; filename="Gr%22öße.pdf"\r\n'.encode()
        + b"Content-Type: application/pdf\r\n\r\n"
        + PDF
        + b"\r\n",
    ]
    assert line.progress[-1] == (len(PDF), len(PDF))
    assert [done for done, _ in line.progress] == sorted({done for done, _ in line.progress})


def test_a_name_adds_no_header_to_its_part(to: To, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"1")
    with Canned(answer(201, b'{"record":{"id":9}}')) as server:
        to(server.url).put(upload(path, name="a\r\nX-Evil: 1\r\n\r\nb.pdf"))
        assert b"\r\nX-Evil" not in server.requests[0]
        assert b'filename="a%0D%0AX-Evil: 1%0D%0A%0D%0Ab.pdf"' in server.requests[0]


def test_an_upload_is_a_value_that_can_be_stored(offer: Path) -> None:
    call = upload(offer, description="für Ann")
    assert msgspec.json.decode(msgspec.json.encode(call), type=Call) == call
    assert str(offer) in call.body_text
    assert "ParentId: 12\nParentObject: Account\ndescription: für Ann\n" in call.body_text
    assert not call.safe


@pytest.mark.parametrize("script", [hang_up, reset, b"junk\r\n\r\n", answer(502), answer(504)])
def test_an_upload_without_an_answer_is_unknown_and_sent_once(script: Any, to: To, offer: Path) -> None:
    with Canned(script) as server:
        assert isinstance(to(server.url).unsent(upload(offer)), OutcomeUnknown)
        assert server.connections == 1


def test_an_upload_into_a_line_that_breaks_on_the_way(to: To, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(12_000_000))

    class Deaf(Canned):
        def serve(self, client: socket.socket) -> None:
            client.recv(1000)
            reset(client)

    with Deaf() as server:
        assert isinstance(to(server.url).unsent(upload(path)), OutcomeUnknown)
        assert server.connections == 1


def test_an_upload_that_is_not_answered_in_time(to: To, offer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)
    with Canned(lambda client: server.wait_for_hang_up(client)) as server:
        assert isinstance(to(server.url).unsent(upload(offer)), OutcomeUnknown)
        assert len(server.requests) == 1


def test_the_clock_does_not_end_an_upload_that_moves(
    to: To, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.5)
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(24_000_000))

    class Slow(Canned):
        def serve(self, client: socket.socket) -> None:
            came = 0
            while came < 24_000_000 and not self._ending.wait(0.02):
                came += len(client.recv(400_000))
            client.sendall(answer(201, b'{"record":{"id":9}}'))

    with Slow() as server:
        assert to(server.url).put(upload(path)).ref.id == "9"


def test_progress_counts_what_has_left_and_not_what_the_system_holds(
    to: To, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CALL_SECONDS", 0.3)
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(6_000_000))

    class Deaf(Canned):
        def serve(self, client: socket.socket) -> None:
            self._ending.wait(10)

    with Deaf() as server:
        server._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        line = to(server.url)
        assert isinstance(line.unsent(upload(path)), OutcomeUnknown)
        assert line.progress[-1][0] < 1_000_000


def test_an_upload_that_is_refused_before_it_has_left(to: To, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(12_000_000))

    class Early(Canned):
        def serve(self, client: socket.socket) -> None:
            client.recv(1000)
            client.sendall(answer(422, b'{"message":"Too large","validation":{"file":[{"Max":["5"]}]}}'))
            self.wait_for_hang_up(client)

    with Early() as server:
        found = to(server.url).unsent(upload(path))
        assert isinstance(found, Invalid)
        assert "file" in found.fields
        assert server.connections == 1


def test_what_never_left_is_known_not_to_have_been_done(to: To, offer: Path) -> None:
    with closed_port() as url:
        assert isinstance(to(url).unsent(upload(offer)), Unreachable)


def test_a_file_that_is_gone_is_told_before_anything_leaves(to: To, tmp_path: Path) -> None:
    with Canned(answer(201)) as server:
        found = to(server.url).unsent(upload(tmp_path / "nothing.pdf"))
        assert isinstance(found, UsageError)
        assert "nothing was sent" in found.message
        assert server.connections == 0


def test_a_file_that_becomes_shorter_while_it_is_sent(to: To, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "shrinks.bin"
    path.write_bytes(bytes(3_000_000))

    def shrink(done: int, total: int | None) -> None:
        path.write_bytes(b"less")

    with Canned(answer(201)) as server:
        line = to(server.url)
        with pytest.raises(OutcomeUnknown) as caught:
            run(line.driver.send(upload(path), shrink))
        found = caught.value
        assert "became shorter" in found.message


@pytest.mark.parametrize("body", [b"", b"{}", b'{"message":"Uploaded"}', b'{"id":9}', b"[]"])
def test_an_upload_whose_answer_shows_no_record_was_done(body: bytes, to: To, offer: Path) -> None:
    with Canned(answer(201, body)) as server:
        record = to(server.url).put(upload(offer))
        assert record is None or record.ref.id == "9"


def test_an_upload_whose_answer_cannot_be_read_is_unknown(to: To, offer: Path) -> None:
    with Canned(answer(201, b"<html>")) as server:
        assert isinstance(to(server.url).unsent(upload(offer)), OutcomeUnknown)
