"""What is due at an account, as the mirror has it: on which day, and whose."""

import time
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import pytest

from crmtui.config import Connection
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice
from crmtui.workspace.account import Account
from crmtui.workspace.agenda import OVERDUE, SOON, TODAY, UNDATED, Agenda
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import open_account

Run = Callable[[Coroutine[Any, Any, Any]], Any]
DAY = date(2026, 3, 10)
ME, OTHER = "5", "6"


@pytest.fixture
def account(tmp_path: Any, run: Run) -> Any:
    """An account of Solve360 that nobody asks anything."""
    connection = Connection(name="acme", crm="solve360", url="https://solve.invalid", user="Ann@Acme.example")
    opened = open_account(connection, tokens={"acme": "t"}, base=tmp_path)
    users = (Choice(OTHER, "Zoe", "zoe@acme.example"), Choice(ME, "Ann", "ann@acme.example"))
    opened.known.keep_choices("users", "", users)
    yield opened
    run(opened.close())


def mirrored(account: Account, kind: str, id_: str, **values: Value) -> None:
    account.mirror.upsert([Record(Ref("acme", kind, id_), f"{kind} {id_}", values, fetched_at=time.time())])


def due(account: Account, run: Run, *, mine: bool = False, day: date = DAY) -> dict[str, list[str]]:
    """The ids in each group."""
    agenda = Agenda(Desk(account), day)
    run(agenda.look())
    return {name: [duty.record.ref.id for duty in duties] for name, duties in agenda.groups(mine=mine)}


def test_each_day_has_its_group(account: Account, run: Run) -> None:
    for id_, day in (("1", "2026-03-09"), ("2", "2026-03-10"), ("3", "2026-03-17"), ("4", "2026-03-18")):
        mirrored(account, "followups", id_, duedate=f"{day}T00:00:00+00:00")
    mirrored(account, "followups", "5", duedate=None)
    mirrored(account, "nextactions", "6", duedate="2026-03-09", completed="1")
    mirrored(account, "nextactions", "7", duedate="2026-03-10", completed="0")
    mirrored(account, "opportunities", "8", closingdate=None, status="Pending")
    mirrored(account, "opportunities", "9", closingdate="2026-03-01", status="On-hold")
    mirrored(account, "opportunities", "10", closingdate="2026-03-01", status="lost")
    mirrored(account, "timerecords", "11", date="2026-03-10")
    assert due(account, run) == {OVERDUE: ["9", "1"], TODAY: ["2", "7"], SOON: ["3"], UNDATED: ["5"]}
    later = due(account, run, day=date(2026, 3, 18))
    assert (later[TODAY], later[OVERDUE]) == (["4"], ["9", "1", "2", "7", "3"])


@pytest.mark.parametrize(
    ("zone", "group"), [("UTC", SOON), ("America/New_York", TODAY), ("Asia/Tokyo", SOON)]
)
def test_an_appointment_is_on_the_day_of_the_clock_here(
    account: Account, run: Run, zone: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    mirrored(account, "calendar", "1", timestart="2026-03-11T01:30:00+00:00")
    mirrored(account, "calendar", "2", timestart="2026-03-09T09:30:00+00:00")
    mirrored(account, "followups", "3", duedate="2026-03-10T00:00:00+00:00")
    found = due(account, run)
    assert found[group][-1:] == ["1"]
    assert "3" in found[TODAY]
    assert OVERDUE not in found


def test_mine_is_what_names_me(account: Account, run: Run) -> None:
    mirrored(account, "followups", "1", duedate="2026-03-10", responsible=ME)
    mirrored(account, "followups", "2", duedate="2026-03-10", responsible=OTHER)
    mirrored(account, "followups", "3", duedate="2026-03-10")
    mirrored(account, "calendar", "4", timestart="2026-03-10T08:00:00+00:00", attendees=[OTHER, ME])
    mirrored(account, "calendar", "5", timestart="2026-03-10T08:00:00+00:00", attendees=[OTHER])
    assert Agenda(Desk(account), DAY).me == ME
    assert due(account, run, mine=True) == {TODAY: ["1", "4"]}
    assert due(account, run) == {TODAY: ["1", "2", "3", "4", "5"]}


def test_what_asking_costs(account: Account) -> None:
    agenda = Agenda(Desk(account), DAY)
    assert (agenda.cost, agenda.is_asked, agenda.read_at) == (4, False, None)
    account.known.forget_choices("users", "")
    assert agenda.cost == 5
    assert agenda.me == ME
