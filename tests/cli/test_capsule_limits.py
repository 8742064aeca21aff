"""What Capsule is long at, the calls of an hour, and its 500, as the commands tell of them."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crmtui.crm.capsule.v1.adapter import CapsuleV1
from crmtui.crm.capsule.v2.adapter import Capsule
from crmtui.paths import config_file
from crmtui.workspace import orders, outbox
from tests.cli.conftest import Acme, Program
from tests.conftest import Serve
from tests.proxy import Canned, Fault, Proxy, answer

Begin = Callable[..., Acme]
HOUR = 3600
BOTH = pytest.mark.parametrize("crm", ["capsule", "capsule-v1"])


@pytest.fixture
def begin(serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Starts a sandbox of one of the APIs with switches, and connects `acme` to it."""
    monkeypatch.setattr(Capsule, "pauses", (0.0, 0.0))
    monkeypatch.setattr(CapsuleV1, "pauses", (0.0, 0.0))
    monkeypatch.setattr(orders, "PAUSES", (0.0,))
    monkeypatch.setattr(outbox, "CALL_SECONDS", 0.2)

    def start(crm: str, **switches: str) -> Acme:
        prefix = crm.upper().replace("-", "_")
        served = serve(20, crm, **{f"{prefix}_{name}": word for name, word in switches.items()})
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
        connect(crm, served.connection.url)
        return Acme(served, program)

    return start


def connect(crm: str, url: str) -> None:
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(f"connections:\n  acme:\n    crm: {crm}\n    url: {url}\n")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass."""
    real, passed = time.time, 0.0
    monkeypatch.setattr(time, "time", lambda: real() + passed)

    def wait(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return wait


def told(limit: int, left: int, reset: float) -> tuple[str, ...]:
    return (
        f"X-RateLimit-Limit: {limit}",
        f"X-RateLimit-Remaining: {left}",
        f"X-RateLimit-Reset: {int(reset)}",
    )


# -- jobs


def test_a_long_delete_says_how_far_it_is(begin: Begin) -> None:
    acme = begin("capsule", JOBS="parties", JOB_POLLS="4")
    ran = acme("delete", "acme/parties/1002", "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert [int(part) for part in re.findall(r"(\d+) % done", ran.err)] == [0, 25, 50, 75]
    acme("show", "acme/parties/1002").failed(3, "no access")


def test_a_job_that_fails_leaves_the_record(begin: Begin) -> None:
    acme = begin("capsule", JOBS="parties", JOB_OUTCOME="failed")
    ran = acme("delete", "acme/parties/1002", "--yes")
    assert ran.code == 6
    assert acme("show", "acme/parties/1002").code == 0
    assert acme("list", "acme/parties", "id=1002", "--offline").lines[0]["id"] == "1002"
    assert acme("outbox", "list", "acme").lines == []


def test_a_line_that_breaks_while_a_job_is_polled(begin: Begin) -> None:
    acme = begin("capsule", JOBS="parties", JOB_POLLS="2")
    with Proxy(acme.served.connection.url) as proxy:
        broken = True
        proxy.fault_of = lambda request: Fault(cut_response=0) if broken and b"/jobs/" in request else Fault()
        connect("capsule", proxy.url)
        ran = acme("delete", "acme/parties/1002", "--yes")
        assert ran.code == 9, ran
        [entry] = acme("outbox", "list", "acme").lines
        assert (entry["op"], entry["state"]) == ("delete", "unknown")
        assert entry["id"] in ran.err
        broken = False
        ran, calls = acme.calls("outbox", "send", "acme", entry["id"])
        assert ran.code == 0, ran
    connect("capsule", acme.served.connection.url)
    assert calls[0] == "GET /api/v2/parties/1002"
    assert acme("show", "acme/parties/1002").code == 3
    assert acme("outbox", "list", "acme").lines == []


# -- quota


@BOTH
def test_the_gauge_is_what_the_service_says_and_a_404_keeps_it(begin: Begin, crm: str) -> None:
    acme = begin(crm, CALLS_USED="1000")
    acme("list", "acme/parties", "--limit", "1")
    [before] = acme("quota", "acme").lines
    assert (before["used"] > 1000, before["limit"]) == (True, 4000)
    assert acme("show", "acme/parties/99999").code == 3
    [after] = acme("quota", "acme").lines
    assert (after["limit"], after["resets_at"]) == (4000, before["resets_at"])
    assert after["used"] >= before["used"]


@BOTH
@pytest.mark.parametrize("throttled", ["told", "bare"])
def test_after_a_429_nothing_leaves_until_the_reset(
    begin: Begin, crm: str, throttled: str, clock: Callable[[float], None]
) -> None:
    switches = {"THROTTLED": throttled} if crm == "capsule-v1" else {}
    acme = begin(crm, CALL_LIMIT="4", WINDOW="600", **switches)
    for _ in range(6):
        last = acme("list", "acme/tasks", "--limit", "1")
    last.failed(5)
    asked = len(acme.served.requests)
    for command in (
        ("list", "acme/parties"),
        ("show", "acme/parties/1002"),
        ("sync", "acme"),
        ("edit", "acme/parties/1002", "about=x"),
        ("delete", "acme/parties/1002", "--yes"),
    ):
        ran = acme(*command)
        assert ran.code == 5, (command, ran)
    assert len(acme.served.requests) == asked
    assert acme("outbox", "list", "acme").lines == []
    [quota] = acme("quota", "acme").lines
    assert (quota["used"], quota["limit"]) == (4, 4)
    clock(601)
    [quota] = acme("quota", "acme").lines
    assert quota["used"] is None
    with Canned(answer(404, b"{}")) as canned:
        connect(crm, canned.url)
        assert acme("show", "acme/parties/1002").code == 3
        assert canned.requests != []


@BOTH
def test_a_wrong_clock_blocks_no_longer_than_an_hour(
    begin: Begin, crm: str, clock: Callable[[float], None]
) -> None:
    acme = begin(crm)
    url = acme.served.connection.url
    assert acme("list", "acme/tasks", "--limit", "1").code == 0
    with Canned(answer(429, b"{}", *told(4000, 0, time.time() + 40 * HOUR))) as canned:
        connect(crm, canned.url)
        assert acme("list", "acme/tasks", "--limit", "1").code == 5
    connect(crm, url)
    clock(0.9 * HOUR)
    ran, calls = acme.calls("list", "acme/tasks", "--limit", "1")
    assert (ran.code, calls) == (5, [])
    clock(0.2 * HOUR)
    ran, calls = acme.calls("list", "acme/tasks", "--limit", "1")
    assert (ran.code, len(calls)) == (0, 1)


@BOTH
def test_a_reset_that_is_over_already_blocks_nothing(begin: Begin, crm: str) -> None:
    acme = begin(crm)
    url = acme.served.connection.url
    assert acme("list", "acme/tasks", "--limit", "1").code == 0
    with Canned(answer(429, b"{}", *told(4000, 0, time.time() - HOUR))) as canned:
        connect(crm, canned.url)
        assert acme("list", "acme/tasks", "--limit", "1").code == 5
    connect(crm, url)
    assert acme("list", "acme/tasks", "--limit", "1").code == 0


# -- 500


@pytest.mark.parametrize("format_", ["xml", "json"])
def test_the_report_of_a_500_holds_what_a_support_asks_for(begin: Begin, format_: str) -> None:
    acme = begin("capsule-v1", INVALID="500")
    with config_file().open("a") as file:
        file.write(f"    format: {format_}\n")
    party = acme.first_id("parties")
    ran = acme("new", "acme/opportunities", "name=Deal", f"party={party}", "milestone=New", "probability=999")
    assert ran.code == 8, ran
    [path] = re.findall(r"The report is (\S+) ", ran.err)
    report = Path(path).read_text("utf-8")
    host = acme.served.connection.url.removeprefix("http://")
    assert f"Sub-domain: {host}\n" in report
    assert re.search(r"\nTime: \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", report)
    assert f"Request: POST /api/party/{party}/opportunity\n" in report
    [sent] = [r.body.decode() for r in acme.served.sent("POST") if r.status == 500]
    assert sent.strip() in report
    assert acme.served.token not in report + ran.err
    assert Path(path).stat().st_mode & 0o077 == 0
    assert json.dumps(acme("outbox", "list", "acme").lines) == "[]"
