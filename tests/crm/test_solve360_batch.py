"""Several Calls in one container: the vendor's own example, and what becomes of each when things go wrong."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from crmtui.crm.driver import Driver
from crmtui.crm.solve360 import Solve360, batch
from crmtui.model.call import Answer, Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    QuotaSpent,
    RateLimited,
    Unavailable,
)
from crmtui.model.quota import Quota
from crmtui.model.record import Record
from crmtui.model.write import Op
from crmtui.sandbox.traffic import Request
from tests.conftest import Serve, Served
from tests.proxy import Canned, Fault, Proxy, Script, answer, hang_up
from tests.sandbox.test_solve360_batch import DOCUMENT, crlf

from .solve360 import NAME, USER, adapter, asked, ref, write_call

BOUNDARY = "====1340674896==="
ALEX = write_call(Op.CREATE, ref(), {"firstname": "Alex", "lastname": "Steshenko"})
LIMIT = "http-x-solve360-api-call-limit"
TYPE = "multipart/mixed; boundary=solve360batch_1==="


def show(id_: str) -> Call:
    return adapter().show(ref(id_=id_))


def edit(id_: str, **edits: str) -> Call:
    return write_call(Op.EDIT, ref(id_=id_), edits)


def headers_and_body(part: str) -> tuple[list[str], list[str], str]:
    around, request, body = part.split("\n\n", 2)
    first, *fields = request.split("\n")
    return around.split("\n"), [first, *sorted(fields)], body


def test_the_documents_request_byte_for_byte() -> None:
    call = batch.pack([show("479038"), show("299430"), ALEX])
    assert (call.method, call.target, call.cost, call.safe) == ("POST", "/batch", 3, False)
    [(name, value)] = call.headers
    kind, _, boundary = value.partition("; boundary=")
    assert (name, kind) == ("Content-Type", "multipart/mixed")
    said = call.body.replace(boundary.encode(), BOUNDARY.encode()).decode()
    parts = said.split(f"--{BOUNDARY}")
    wanted = DOCUMENT.strip().replace("\n", "\r\n")
    # Line ends within the XML are those of the XML, which no document fixes.
    xml = '<?xml version="1.0" encoding="utf-8"?>'
    assert [headers_and_body(part.replace("\r\n", "\n")) for part in parts[1:-1]] == [
        headers_and_body(part.replace("\r\n", "\n")) for part in wanted.split(f"--{BOUNDARY}")[1:-1]
    ]
    assert parts[-1] == "--"
    assert said.replace(f"{xml}\n", "").replace("</request>\n", "").replace("\r\n", "").count("\n") == 0
    assert len(ALEX.body) == 116


def test_every_part_says_what_it_holds() -> None:
    """Else the container's headers would be its own: a delete would claim to be multipart."""
    body = batch.pack([write_call(Op.DELETE, ref(id_="7"), {}), show("7")]).body
    assert body.count(b"\r\nContent-Type: application/xml\r\n") == 2
    assert b"DELETE /contacts/7 HTTP/1.1\r\n" in body
    assert b"Authorization" not in body


def test_a_boundary_that_a_text_holds_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([0, 1])
    monkeypatch.setattr("secrets.randbelow", lambda below: next(drawn))
    call = batch.pack([show("1"), edit("2", jobtitle="====1000000000===")])
    assert call.headers[0][1].endswith("boundary=====1000000001===")


def container(*parts: str, end: str = "--", type_: str = TYPE, line: str = "\r\n") -> Answer:
    delimiter = "--solve360batch_1==="
    pieces = [f"{delimiter}{line}Content-Type: application/http{line}Content-ID:{line}{line}{part}{line}"
              for part in parts]  # fmt: skip
    body = "".join(pieces) + delimiter + end
    return Answer(200, {"content-type": type_, LIMIT: "584/12000"}, body.encode())


def part(status: str, body: str, *headers: str, line: str = "\r\n") -> str:
    return line.join([f"HTTP/1.1 {status}", "Content-Type: application/xml", *headers, "", body])


@pytest.mark.recordings
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_the_documents_answer_is_read_wrong_lengths_and_all(line: str) -> None:
    text = (Path(os.environ["CRMTUI_RECORDINGS"]) / "solve360" / "batch_response_raw.txt").read_text()
    head, _, body = text.partition("\n\n")
    headers = dict(field.lower().split(": ", 1) for field in head.splitlines()[1:])
    calls = [show("479038"), show("299430"), ALEX]
    answers = batch.unpack(Answer(200, headers, body.replace("\n", line).encode()))
    assert [one.status for one in answers] == [200, 404, 201]
    john: Record = adapter().read(calls[0], answers[0])
    assert (john.ref, john.values["ownership"], john.values["creatorname"]) == (
        ref(id_="479038"),
        "299430",
        "John Smith",
    )
    with pytest.raises(NotFound, match="Item is not found"):
        adapter().read(calls[1], answers[1])
    assert answers[2].headers["location"] == "http://secure.solve360.com/contacts/479043"
    alex: Record = adapter().read(ALEX, answers[2])
    assert (alex.ref.id, alex.title) == ("479043", "Alex Steshenko")


@pytest.mark.parametrize("type_", [TYPE, 'multipart/mixed; boundary="solve360batch_1==="; charset=utf-8'])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_answers_are_told_apart(type_: str, line: str) -> None:
    texts = ["<a>1</a>\n", "", "--solve360batch_2===\n<b/>"]
    parts = [
        part(status, text, line=line) for status, text in zip(["200 OK", "404", "500"], texts, strict=True)
    ]
    answers = batch.unpack(container(*parts, type_=type_, line=line))
    assert [(one.status, one.body.decode()) for one in answers] == [
        (200, texts[0]),
        (404, ""),
        (500, texts[2]),
    ]
    assert {one.headers[LIMIT] for one in answers} == {"584/12000"}


def test_what_a_part_says_of_the_calls_left_counts_for_it() -> None:
    [spent, closed] = batch.unpack(
        container(
            part("403", "", "Http-X-Solve360-Api-Call-Limit: 12000/12000"),
            part("403", "", "Http-X-Solve360-Api-Call-Limit: 11999/12000"),
        )
    )
    with pytest.raises(QuotaSpent):
        adapter().read(show("1"), spent)
    with pytest.raises(Forbidden):
        adapter().read(show("1"), closed)


@pytest.mark.parametrize(
    "broken",
    [
        container(part("200", "<a/>"), end=""),
        container("no status line\r\n\r\n"),
        container(part("200", "<a/>"), type_="text/html"),
        container(part("200", "<a/>"), type_="multipart/mixed; boundary=other"),
        Answer(200, {"content-type": TYPE}, b""),
    ],
)
def test_what_cannot_be_told_apart_is_no_answer(broken: Answer) -> None:
    with pytest.raises(BadAnswer):
        batch.unpack(broken)


# -- on the line


class Ledger:
    """A recorder that remembers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, int | None]] = []
        self.quota: Quota | None = None

    def record_call(
        self, call: Call, status: int | None, ms: int | None, quota: Quota | None, at: float
    ) -> None:
        assert at <= time.time()
        self.calls.append((call.target, call.cost, status))
        self.quota = quota or self.quota


Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Line:
    """A driver to one url, and what it noted."""

    def __init__(self, run: Run, url: str, token: str = "t0ken", user: str | None = USER) -> None:
        self._run = run
        self._url, self._token, self._user = url, token, user or ""
        self.ledger = Ledger()

    def send(self, *calls: Call) -> list[Any]:
        """What each call, made at once with the others, comes to: what was read, or its error."""

        async def go() -> list[Any]:
            driver = Driver(Solve360(NAME, self._user), self._url, lambda: self._token, self.ledger)
            try:
                return await asyncio.gather(*map(driver.send, calls), return_exceptions=True)
            finally:
                await driver.aclose()

        results: list[Any] = self._run(go())
        return results


@pytest.fixture
def solve(serve: Serve) -> Served:
    return serve(30, "solve360")


def served_line(run: Run, served: Served, url: str | None = None) -> Line:
    return Line(run, url or served.connection.url, served.token, served.connection.user)


def ids(run: Run, served: Served, count: int) -> Sequence[str]:
    [page] = served_line(run, served).send(asked(size=count).call)
    return [record.ref.id for record in page.records][:count]


def posts(served: Served) -> list[Request]:
    return [request for request in served.requests if request.method == "POST"]


def test_calls_made_at_once_leave_together(run: Run, solve: Served) -> None:
    found = ids(run, solve, 30)
    line = served_line(run, solve)
    before = len(solve.requests)
    records = line.send(*map(show, found))
    assert [record.ref.id for record in records] == list(found)
    assert [request.path for request in solve.requests[before:]] == ["/batch"]
    assert line.ledger.calls == [("/batch", 30, 200)]
    assert line.ledger.quota is not None
    assert line.ledger.quota.used is not None
    assert line.ledger.quota.used >= 30


def test_one_call_leaves_as_itself(run: Run, solve: Served) -> None:
    [one] = ids(run, solve, 1)
    line = served_line(run, solve)
    line.send(show(one))
    assert line.ledger.calls == [(f"/contacts/{one}", 1, 200)]


def test_at_most_a_hundred_leave_together_and_reads_apart_from_writes(run: Run, solve: Served) -> None:
    [one] = ids(run, solve, 1)
    line = served_line(run, solve)
    line.send(*(show(one) for _ in range(201)), *(edit(one, jobtitle=str(at)) for at in range(3)))
    assert sorted(line.ledger.calls) == [
        ("/batch", 3, 200),
        ("/batch", 100, 200),
        ("/batch", 100, 200),
        (f"/contacts/{one}", 1, 200),
    ]


def test_one_that_fails_does_not_fail_its_neighbours(run: Run, solve: Served) -> None:
    first, second = ids(run, solve, 2)
    results = served_line(run, solve).send(
        edit(first, jobtitle="One"),
        edit("1", jobtitle="Nobody"),
        ALEX,
        edit(second, nofield="x"),
        write_call(Op.DELETE, ref(id_=second), {}),
    )
    assert results[0] is None or results[0].ref.id == first
    assert isinstance(results[1], NotFound)
    assert isinstance(results[2], Record)
    assert isinstance(results[3], Invalid)
    assert results[4] is None
    after = served_line(run, solve).send(show(first), show(second), show(results[2].ref.id))
    assert after[0].values["jobtitle"] == "One"
    assert isinstance(after[1], NotFound)
    assert after[2].title == "Alex Steshenko"


def test_a_container_whose_answer_never_came_leaves_each_write_unknown(run: Run, solve: Served) -> None:
    first, second = ids(run, solve, 2)
    with Proxy(solve.connection.url, Fault(cut_response=200)) as proxy:
        results = served_line(run, solve, proxy.url).send(
            edit(first, jobtitle="Cut"), edit(second, jobtitle="Cut")
        )
    assert [type(result) for result in results] == [OutcomeUnknown] * 2
    assert len(posts(solve)) == 1
    after = served_line(run, solve).send(show(first), show(second))
    assert [record.values["jobtitle"] for record in after] == ["Cut", "Cut"]


def test_reads_are_asked_for_again_together(run: Run, solve: Served) -> None:
    found = ids(run, solve, 3)
    before = len(solve.requests)
    faults = iter([Fault(cut_response=50)])
    with Proxy(solve.connection.url) as proxy:
        proxy.fault_of = lambda request: next(faults, Fault())
        records = served_line(run, solve, proxy.url).send(*map(show, found))
    assert [record.ref.id for record in records] == list(found)
    assert [request.path for request in solve.requests[before:]] == ["/batch", "/batch"]


def packed(*parts: str) -> bytes:
    said = container(*parts)
    return answer(200, said.body, f"Content-Type: {TYPE}").replace(
        b"Content-Type: application/json\r\n", b"", 1
    )


GOOD = part("200", "<response><status>success</status></response>")
WRITES = [edit("1", jobtitle="a"), edit("2", jobtitle="b"), edit("3", jobtitle="c")]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (packed(GOOD, GOOD), OutcomeUnknown),
        (packed(GOOD, GOOD, GOOD, GOOD), OutcomeUnknown),
        (packed(GOOD, GOOD, "what?"), OutcomeUnknown),
        (answer(200, b"<html>Sign in</html>"), OutcomeUnknown),
        (answer(500), OutcomeUnknown),
        (answer(503), OutcomeUnknown),
        (answer(504), OutcomeUnknown),
        (hang_up, OutcomeUnknown),
        (answer(302), Unavailable),
        (answer(401), AuthFailed),
        (answer(403), Forbidden),
        (answer(403, b"", "Http-X-Solve360-Api-Call-Limit: 12000/12000"), QuotaSpent),
        (answer(400), RateLimited),
    ],
)  # fmt: skip
def test_what_becomes_of_each_write(run: Run, said: Script, error: type[Exception]) -> None:
    with Canned(said) as server:
        line = Line(run, server.url)
        assert [type(result) for result in line.send(*WRITES)] == [error] * 3
        assert len(server.requests) == 1


def test_where_there_are_no_batches_each_leaves_by_itself(run: Run) -> None:
    with Canned(answer(404), answer(200, b"<response><status>success</status></response>")) as server:
        line = Line(run, server.url)
        assert line.send(*WRITES) == [None] * 3
        first, *others = [request.split(b" ")[1] for request in server.requests]
        assert (first, sorted(others)) == (b"/batch", [b"/contacts/1", b"/contacts/2", b"/contacts/3"])


def test_each_read_is_judged_and_repeated_by_itself(run: Run) -> None:
    throttled = part("400", "<response><errors><wait>Slow down</wait></errors></response>")
    found = part("200", "<response><item><id>1</id><name>A</name></item><status>success</status></response>")
    alone = b"<response><item><id>2</id><name>B</name></item><status>success</status></response>"
    with Canned(packed(found, throttled), answer(200, alone)) as server:
        first, second = Line(run, server.url).send(show("1"), show("2"))
        assert (first.title, second.title) == ("A", "B")
        assert [request.split(b" ")[1] for request in server.requests] == [b"/batch", b"/contacts/2"]


def test_whoever_goes_away_before_it_leaves_sends_nothing(run: Run) -> None:
    with Canned(packed(GOOD, GOOD)) as server:

        async def go() -> list[Any]:
            driver = Driver(adapter(), server.url, lambda: "t0ken", Ledger())
            tasks = [asyncio.create_task(driver.send(call)) for call in WRITES]
            await asyncio.sleep(0)
            tasks[1].cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await driver.aclose()
            return results

        results = run(go())
        assert [type(result) for result in results] == [type(None), asyncio.CancelledError, type(None)]
        [request] = server.requests
        assert b"PUT /contacts/2" not in request
        assert crlf("") not in (request,)
