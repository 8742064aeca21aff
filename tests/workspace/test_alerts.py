"""Alerts: what is due after a call is said once, to the person and to the program that they named."""

import json
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.config import Connection
from crmtui.model.call import Call
from crmtui.model.errors import CrmError
from crmtui.workspace import alert_command
from crmtui.workspace.account import Account
from crmtui.workspace.opening import open_account
from tests.conftest import Served
from tests.proxy import Canned, Script, answer, closed_port
from tests.secrets.jwt import token

DAY = 86_400
Run = Callable[[Coroutine[Any, Any, Any]], Any]
LOOK = Call("GET", "/accounts", "page", args={"kind": "accounts"})
NONE = answer(200, b'{"metadata":{"total_count":0,"has_more":false},"list":[]}')
WRITE = Call("POST", "/accounts", "record", args={"kind": "accounts", "what": "x"}, safe=False)


class Watched:
    """An account whose alerts are kept."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.said: list[str] = []
        account.on_alert = lambda alert: self.said.append(alert.sentence)

    async def calls(self, number: int = 1, call: Call = LOOK) -> None:
        for _ in range(number):
            try:
                await self.account.send(call)
            except CrmError as error:
                self.error = error


@contextmanager
def watched(
    run: Run, url: str, folder: Path, *, token: str = "some-token", command: tuple[str, ...] = (), **own: Any
) -> Iterator[Watched]:
    connection = Connection(name="acme", crm="spotler", url=url, **own)
    account = open_account(connection, tokens={"acme": token}, base=folder, alert_command=command)
    watching = Watched(account)
    yield watching
    run(account.close())


def limited(served: Served, limit: int, *alerts: int) -> dict[str, Any]:
    return {"url": served.connection.url, "token": served.token, "call_limit": limit, "alerts": alerts}


def test_each_percentage_is_told_once_a_day(run: Run, sandbox: Served, tmp_path: Path) -> None:
    with watched(run, folder=tmp_path, **limited(sandbox, 10, 80, 95)) as acme:
        run(acme.calls(7))
        assert acme.said == []
        run(acme.calls(1))
        assert acme.said == ["acme has used 80 % of its 10 API calls; they start anew at 00:00 UTC."]
        run(acme.calls(3))
        assert [said.split(" of ")[0] for said in acme.said] == ["acme has used 80 %", "acme has used 100 %"]


def test_neither_a_second_start_nor_a_second_instance_tells_it_again(
    run: Run, sandbox: Served, tmp_path: Path
) -> None:
    ways = limited(sandbox, 12_000, 1)
    with watched(run, folder=tmp_path, **ways) as first, watched(run, folder=tmp_path, **ways) as second:
        big = msgspec.structs.replace(LOOK, cost=120)
        run(first.calls(1, big))
        run(second.calls(1, big))
        assert (len(first.said), second.said) == (1, [])
        assert first.said[0].startswith("acme has used 1 % of its 12,000 API calls;")
    with watched(run, folder=tmp_path, **ways) as third:
        run(third.calls())
        assert third.said == []


def test_percents_that_are_passed_together_are_told_as_one(run: Run, sandbox: Served, tmp_path: Path) -> None:
    with watched(run, folder=tmp_path, **limited(sandbox, 100, 10, 29, 80)) as acme:
        run(acme.calls(1, msgspec.structs.replace(LOOK, cost=29)))
        assert [said.split(" of ")[0] for said in acme.said] == ["acme has used 29 %"]


def test_a_window_that_the_service_reports(run: Run, tmp_path: Path) -> None:
    def said(left: int, reset: int) -> bytes:
        headers = ("X-RateLimit-Limit: 60", f"X-RateLimit-Remaining: {left}", f"X-RateLimit-Reset: {reset}")
        return answer(200, b'{"list":[]}', *headers)

    now = int(time.time())
    # The seconds that are left are rounded by the service, so that the end of a window moves to and fro.
    answers = [said(20, now + 500), said(10, now + 500), said(9, now + 501), said(4, now - 1)]
    with Canned(*answers) as canned, watched(run, canned.url, tmp_path, alerts=(80,)) as acme:
        run(acme.calls(3))
        assert [words.split(";")[0] for words in acme.said] == ["acme has used 83 % of its 60 API calls"]
        run(acme.calls(1))
        assert len(acme.said) == 1, "a window that is over has nothing used"


def test_without_a_limit_or_percents_nothing_is_due(run: Run, sandbox: Served, tmp_path: Path) -> None:
    ways = limited(sandbox, 1) | {"call_limit": None, "alerts": (80,)}
    with watched(run, folder=tmp_path / "a", **ways) as acme:
        run(acme.calls(3))
        assert acme.said == []
    with watched(run, folder=tmp_path / "b", **limited(sandbox, 1)) as acme:
        run(acme.calls(3))
        assert acme.said == []


FAILED: list[Script] = [
    answer(500, b'{"message":"Oops"}'),
    answer(403, b'{"message":"Unauthenticated."}'),
    answer(429, b'{"message":"API call limit reached"}', "Retry-After: 900"),
    answer(200, b'{"message":"Check API Usage"}'),
    answer(302, b"", "Location: https://elsewhere.invalid/"),
]
ANSWERED: list[Script] = [
    answer(404, b'{"message":"Record not found"}'),
    answer(403, b'{"message":"Not in your plan."}'),
    answer(422, b'{"message":"The given data was invalid."}'),
    answer(500, b'{"message":"Invalid record type (accounts)"}'),
    NONE,
]


@pytest.mark.parametrize("script", FAILED)
def test_a_failed_call_is_told_once_for_its_cause(run: Run, tmp_path: Path, script: Script) -> None:
    with Canned(script) as canned, watched(run, canned.url, tmp_path) as acme:
        run(acme.calls(3))
        assert acme.said == [f"acme: {acme.error.message}"]


@pytest.mark.parametrize("script", ANSWERED)
def test_what_was_answered_as_it_should_be_has_not_failed(run: Run, tmp_path: Path, script: Script) -> None:
    with Canned(script) as canned, watched(run, canned.url, tmp_path) as acme:
        run(acme.calls(2))
        assert acme.said == []


def test_causes_are_told_apart(run: Run, tmp_path: Path) -> None:
    with Canned(*FAILED[:3]) as canned, watched(run, canned.url, tmp_path) as acme:
        # A read is asked for three times where it may pass, a write never again.
        run(acme.calls(1, WRITE))
        run(acme.calls(1, WRITE))
        run(acme.calls(1, WRITE))
        assert [said.split(".")[0] for said in acme.said] == [
            "acme: The service failed (500), nothing was done",
            "acme: The token was refused",
            "acme: The service wants fewer calls",
        ]
    with closed_port() as url, watched(run, url, tmp_path) as acme:
        run(acme.calls(2))
        assert len(acme.said) == 1
        assert "cannot be reached" in acme.said[0]


def test_nobody_listens_and_nothing_is_lost(run: Run, tmp_path: Path) -> None:
    """An account that nobody looks at leaves the alert to the next one."""
    with Canned(FAILED[1]) as canned:
        with watched(run, canned.url, tmp_path) as deaf:
            deaf.account.alerts.say = None
            run(deaf.calls())
        with watched(run, canned.url, tmp_path) as acme:
            run(acme.calls())
            assert len(acme.said) == 1


# -- the program that the configuration names

NOTE = "import sys, os, json; json.dump([sys.argv[2:], dict(os.environ)], open(sys.argv[1], 'w'))"


def test_the_program_gets_the_sentence_and_no_token(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_OTHER", "another-secret")
    told = tmp_path / "told.json"
    said = answer(403, b'{"message":"Unauthenticated: se\\/cret $(touch x) \\u001b[31m\\u0000"}')
    command = (sys.executable, "-c", NOTE, str(told), "two words", "$HOME")
    with (
        Canned(said) as canned,
        watched(run, canned.url, tmp_path, token="se/cret", command=command) as acme,
    ):
        run(acme.calls())
    arguments, environment = json.loads(told.read_text())
    assert arguments == ["two words", "$HOME", acme.said[0]]
    assert "•••" in arguments[-1]
    assert "se/cret" not in arguments[-1]
    assert arguments[-1].isprintable()
    assert not [name for name in environment if name.startswith("CRMTUI_TOKEN_")]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("/nowhere/notify",), "cannot be started"),
        ((sys.executable, "-c", "raise SystemExit(3)"), "failed with status 3"),
        ((sys.executable, "-c", "import time; time.sleep(60)"), "did not end within 0.5 seconds"),
    ],
)
def test_a_program_that_fails_is_said_once_and_disturbs_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(alert_command, "DEADLINE", 0.5)
    with Canned(*FAILED[:3]) as canned, watched(run, canned.url, tmp_path, command=command) as acme:
        run(acme.calls(3, WRITE))
    complaints = [said for said in acme.said if said.startswith("alert_command")]
    assert len(complaints) == 1
    assert words in complaints[0]
    assert "mend it in the configuration" in complaints[0]
    assert len(acme.said) == 4


def test_a_slow_program_does_not_hold_up_the_work(run: Run, sandbox: Served, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    waits = "import sys, os\nwhile not os.path.exists(sys.argv[1]): pass"
    ways = limited(sandbox, 1, 50) | {"command": (sys.executable, "-c", waits, str(flag))}

    async def work(acme: Watched) -> None:
        await acme.calls(3)
        assert len(acme.said) == 1
        assert len(sandbox.requests) == 3
        flag.touch()

    with watched(run, folder=tmp_path, **ways) as acme:
        run(work(acme))
    assert len(acme.said) == 1, "and it ended well"


# -- the end of a token


def ending(days: float) -> str:
    return token(sub="1", aud="2", exp=int(time.time() + days * DAY))


def test_a_near_end_is_told_once_a_day(run: Run, tmp_path: Path) -> None:
    with Canned(NONE) as canned:
        for expected in (1, 0):
            with watched(run, canned.url, tmp_path, token=ending(12.5)) as acme:
                acme.account.alerts.tells_end = True
                run(acme.calls(2))
                assert len(acme.said) == expected
                if expected:
                    assert "The token of acme ends on " in acme.said[0]
                    assert "crmtui connect acme --replace" in acme.said[0]
                    assert "Manage API Keys" in acme.said[0]


@pytest.mark.parametrize("days", [31, 366])
def test_a_far_end_is_not_told(run: Run, tmp_path: Path, days: float) -> None:
    with Canned(NONE) as canned, watched(run, canned.url, tmp_path, token=ending(days)) as acme:
        acme.account.alerts.tells_end = True
        run(acme.calls())
        assert acme.said == []


def test_a_refusal_names_the_end_of_a_token_that_ended(run: Run, tmp_path: Path) -> None:
    ended = token(sub="1", exp=1_800_000_000 - 10 * 366 * DAY)
    with Canned(FAILED[1]) as canned:
        with watched(run, canned.url, tmp_path / "a", token=ended) as acme:
            run(acme.calls())
            assert "The token ended on 7 Jan 2017." in acme.error.message
        with watched(run, canned.url, tmp_path / "b", token=ending(5)) as acme:
            run(acme.calls())
            assert "ended" not in acme.error.message


def test_a_renewed_token_goes_on_with_the_count(run: Run, tmp_path: Path) -> None:
    used: list[int | None] = []
    with Canned(NONE) as canned:
        for each in (ending(5), ending(300), "another"):
            with watched(run, canned.url, tmp_path, token=each, call_limit=10) as acme:
                run(acme.calls(2))
                used.append(acme.account.quota().used)
    assert used == [2, 4, 2]
