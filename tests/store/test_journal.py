"""The user's own file: writes and their tries, drafts, and the count of calls."""

from decimal import Decimal

import pytest

from crmtui.model.call import Call
from crmtui.model.quota import Quota
from crmtui.model.record import Ref, Value
from crmtui.model.write import Op, State, Write
from crmtui.store.database import Database
from crmtui.store.drafts import Draft, Drafts
from crmtui.store.ledger import Ledger
from crmtui.store.writes import Writes

REF = Ref("acme", "accounts", "1")
DAY = 86_400.0


@pytest.fixture
def writes(journal_file: Database) -> Writes:
    return Writes(journal_file, "acme")


def write(id_: str, created: float, op: Op = Op.EDIT, ref: Ref = REF, **edits: Value) -> Write:
    return Write(id_, op, ref, edits, {"name": "Old"}, created)


def states(writes: Writes) -> list[tuple[str, State, str]]:
    return [(entry.write.id, entry.state, entry.why) for entry in writes.all()]


def test_a_write_comes_back_as_it_was_decided(writes: Writes) -> None:
    meant = write("a", 5.25, value=Decimal("1000.10"), notes="", none=None, tags=["x"], big=10**30)
    writes.queue(meant)
    [entry] = writes.waiting()
    assert entry.write == meant
    assert repr(entry.write.edits) == repr(meant.edits)
    assert (entry.state, entry.why) == (State.QUEUED, "")


def test_the_outbox_holds_what_is_not_settled_oldest_first(writes: Writes) -> None:
    for number, state in enumerate(State):
        each = write(state.value, 10.0 - number)
        writes.queue(each)
        writes.begin(each)
        if state is not State.SENDING:
            writes.settle(each, state, f"why {state}")
    assert [entry.state for entry in writes.waiting()] == [State.UNKNOWN, State.SENDING, State.QUEUED]
    assert [entry.state for entry in writes.all()] == list(State)


def test_a_created_record_gets_its_name(writes: Writes) -> None:
    made = write("a", 1.0, Op.CREATE, Ref("acme", "accounts"))
    writes.queue(made)
    writes.begin(made)
    writes.settle(made, State.DONE, "", REF)
    [entry] = writes.all()
    assert entry.write.ref == REF
    assert writes.waiting() == []


def test_every_try_is_noted_with_its_outcome(writes: Writes, journal_file: Database) -> None:
    each = write("a", 1.0)
    writes.queue(each)
    for state in (State.QUEUED, State.UNKNOWN, State.DONE):
        writes.begin(each)
        writes.settle(each, state)
    found = journal_file.sql.execute("SELECT write, outcome FROM attempt ORDER BY number").fetchall()
    assert found == [("a", "queued"), ("a", "unknown"), ("a", "done")]


def test_one_write_is_never_stored_twice(writes: Writes) -> None:
    import sqlite3

    writes.queue(write("a", 1.0, name="first"))
    with pytest.raises(sqlite3.IntegrityError):
        writes.queue(write("a", 2.0, name="second"))
    assert [entry.write.edits for entry in writes.all()] == [{"name": "first"}]


def test_only_the_newest_are_told(writes: Writes) -> None:
    for number in range(5):
        writes.queue(write(str(number), float(number)))
    assert [entry.write.id for entry in writes.all(2)] == ["4", "3"]


def test_drafts(journal_file: Database) -> None:
    drafts = Drafts(journal_file, "acme")
    new = Ref("acme", "accounts", "+1")
    assert drafts.get(REF) is None
    drafts.keep(Draft(REF, {"name": "A"}, {"name": "Old", "value": Decimal("1.10")}, "name", 1))
    drafts.keep(Draft(new, {"name": "B\x1b"}))
    drafts.keep(Draft(REF, {"name": "AB", "notes": "line\nline"}, {"name": "Old"}, "notes", 4))
    found = drafts.get(REF)
    assert found is not None
    assert (found.texts, found.base) == ({"name": "AB", "notes": "line\nline"}, {"name": "Old"})
    assert (found.field, found.cursor) == ("notes", 4)
    assert found.updated_at > 1_700_000_000
    assert [draft.ref for draft in drafts.all()] == [REF, new]
    drafts.drop(REF)
    drafts.drop(REF)
    assert [draft.ref for draft in drafts.all()] == [new]


def noted(
    ledger: Ledger, at: float, cost: int = 1, status: int | None = 200, quota: Quota | None = None
) -> None:
    ms = None if status is None else 12
    ledger.record_call(Call("GET", "/accounts", "page", cost=cost), status, ms, quota, at)


def test_calls_are_counted_since_midnight(journal_file: Database) -> None:
    ledger = Ledger(journal_file, 1000)
    midnight = 20_000 * DAY
    noted(ledger, midnight - 1)
    noted(ledger, midnight)
    noted(ledger, midnight + 5, cost=3)
    noted(ledger, midnight + 6, status=None)
    found = ledger.quota(midnight + 10)
    assert (found.used, found.limit, found.resets_at, found.source) == (5, 1000, midnight + DAY, "counted")
    assert ledger.quota(midnight + DAY).used == 0
    assert [(e.at - midnight, e.status, e.ms, e.cost) for e in ledger.entries(2)] == [
        (6, None, None, 1),
        (5, 200, 12, 3),
    ]


def test_what_the_service_says_counts_more(journal_file: Database) -> None:
    ledger = Ledger(journal_file, 1000)
    noted(ledger, 100.0, quota=Quota(5, 60, 160.0, "reported", 100.0))
    noted(ledger, 101.0, quota=Quota(6, 60, 160.0, "reported", 101.0))
    noted(ledger, 102.0)
    found = ledger.quota(150.0)
    assert (found.used, found.limit, found.source) == (6, 60, "reported")
    assert ledger.quota(160.0).used is None
    assert ledger.quota(160.0).limit == 60
