"""What is to be done at OnePageCRM, what has nothing planned, and deletions that it takes back."""

from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from typing import Any

import pytest

from crmtui.model.errors import Invalid, Restricted
from crmtui.model.record import Record, Ref, Value
from crmtui.model.write import Op, State, Write
from crmtui.workspace.account import Account
from crmtui.workspace.agenda import OVERDUE, SOON, TODAY, WAITING, Agenda
from crmtui.workspace.desk import Desk
from crmtui.workspace.following import following
from crmtui.workspace.undoing import Undoing
from crmtui.workspace.unplanned import planned
from tests.conftest import Open, Serve, Served

Run = Callable[[Coroutine[Any, Any, Any]], Any]
IDLE = "No next action"
NOW = date.today()


def day(count: int) -> str:
    return (NOW + timedelta(days=count)).isoformat()


@pytest.fixture
def served(serve: Serve) -> Served:
    """A small office, in which nothing of the past has to be done."""
    return serve(records=6, crm="onepagecrm")


@pytest.fixture
def account(served: Served, open_served: Open) -> Account:
    opened: Account = open_served(served)
    return opened


async def made(desk: Desk, kind: str, **values: Value) -> Record:
    schema = await desk.fields.schema(kind)
    write = desk.edits.intent(Op.CREATE, desk.account.ref(kind, ""), values)
    saved = await desk.outbox.save(write, schema)
    assert saved.record is not None
    return saved.record


async def delete(desk: Desk, ref: Ref) -> Write:
    record = await desk.read(ref)
    write = desk.edits.intent(Op.DELETE, ref, {}, record.values)
    await desk.outbox.save(write, desk.schema(ref.kind))
    return write


async def asked(desk: Desk, *, mine: bool = False) -> dict[str, list[str]]:
    """The ids in each group, once the service told all of it."""
    agenda = Agenda(desk, NOW)
    await agenda.ask()
    assert agenda.failure is None
    await agenda.look()
    return {name: [duty.record.ref.id for duty in duties] for name, duties in agenda.groups(mine=mine)}


def test_each_action_has_its_group(account: Account, run: Run) -> None:
    async def go() -> None:
        desk = Desk(account)
        contact = (await made(desk, "contacts", last_name="Acme")).ref.id

        async def action(text: str, **values: Value) -> str:
            return (await made(desk, "actions", text=text, contact_id=contact, **values)).ref.id

        late = await action("late", status="date", date=day(-3))
        now = await action("now", status="date", date=day(0))
        first = await action("first", status="asap")
        soon = await action("soon", status="date", date=day(5))
        await action("far", status="date", date=day(30))
        waits = await action("waits", status="waiting")
        groups = await asked(desk)
        assert late in groups[OVERDUE]
        assert groups[TODAY].index(first) < groups[TODAY].index(now)
        assert soon in groups[SOON]
        assert waits in groups[WAITING]
        assert list(groups)[-1] in (WAITING, IDLE)
        agenda = Agenda(desk, NOW)
        await agenda.look()
        duties = dict(agenda.groups(mine=False))[TODAY]
        assert next(duty for duty in duties if duty.record.ref.id == first).at_once == "ASAP"

    run(go())


def test_what_actions_are_for_is_named_by_one_call_of_the_stream(
    serve: Serve, open_served: Open, run: Run
) -> None:
    # More contacts than a page has: the list of those without a plan does not bring all of the others.
    served = serve(records=130, crm="onepagecrm")

    async def go() -> None:
        desk = Desk(open_served(served))
        agenda = Agenda(desk, NOW)
        cost = agenda.cost
        await agenda.ask()
        await agenda.look()
        assert [r.path for r in served.requests].count("/api/v3/action_stream") == 1
        assert len(served.requests) <= cost
        duties = [duty for name, some in agenda.groups(mine=False) if name != IDLE for duty in some]
        labels = desk.labels(desk.schema("actions"))
        assert duties
        assert all(labels.of(duty.record).get("contact_id") for duty in duties)
        before = len(served.requests)
        await agenda.ask()
        assert len(served.requests) - before == agenda.cost == 2
        assert "/api/v3/action_stream" not in [r.path for r in served.requests[before:]]

    run(go())


def test_contacts_without_a_next_action(account: Account, run: Run) -> None:
    async def go() -> None:
        desk = Desk(account)
        idle = await made(desk, "contacts", last_name="Idle")
        other = await made(desk, "contacts", last_name="Busy")
        await made(desk, "actions", text="Ring", contact_id=other.ref.id, status="date", date=day(1))
        found = (await asked(desk))[IDLE]
        assert idle.ref.id in found
        assert other.ref.id not in found
        plan = planned(desk, idle)
        assert plan is not None
        assert (plan.kind.name, plan.values) == ("actions", {"contact_id": idle.ref.id})
        await made(desk, "actions", text="Write", **plan.values, status="date", date=day(2))
        agenda = Agenda(desk, NOW)
        await agenda.look()
        groups = dict(agenda.groups(mine=False))
        assert idle.ref.id not in [duty.record.ref.id for duty in groups.get(IDLE, [])]
        assert "Write" in [duty.record.title for duty in groups[SOON]]

    run(go())


def test_what_was_completed_here_is_due_no_more(account: Account, run: Run) -> None:
    async def go() -> None:
        desk = Desk(account)
        contact = await made(desk, "contacts", last_name="Acme")
        action = await made(desk, "actions", text="Ring", contact_id=contact.ref.id, date=day(0))
        assert action.ref.id in (await asked(desk))[TODAY]
        write = desk.edits.intent(Op.EDIT, action.ref, {"done": True}, {"done": False})
        await desk.outbox.save(write, desk.schema("actions"))
        agenda = Agenda(desk, NOW)
        await agenda.look()
        found = [duty.record.ref for _, duties in agenda.groups(mine=False) for duty in duties]
        assert action.ref not in found

    run(go())


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("2026-12-01", {"date": "2026-12-01"}),
        ("fri", {"date": "2026-11-27"}),
        ("+3d", {"date": "2026-11-25"}),
        (" ASAP ", {"status": "asap"}),
        ("waiting", {"status": "waiting"}),
        ("", {"status": "queued"}),
    ],
)
def test_the_next_one_is_for_the_same_contact(account: Account, typed: str, values: dict[str, str]) -> None:
    desk, then = Desk(account), account.kind("actions").done.then  # type: ignore[union-attr]
    assert then is not None
    record = Record(
        Ref("acme", "actions", "1"), "Ring", {"contact_id": "c", "assignee_id": "u", "text": "Ring"}
    )
    write = following(desk, record, then, " Send it ", typed, date(2026, 11, 22))
    assert (write.op, write.ref) == (Op.CREATE, Ref("acme", "actions"))
    assert write.edits == {"contact_id": "c", "assignee_id": "u", "text": "Send it", **values}


@pytest.mark.parametrize(
    ("text", "typed", "words"),
    [
        ("Send it", "soonish", "asap, waiting"),
        ("", "fri", "text is required"),
        ("x" * 141, "fri", "text"),
    ],
)
def test_a_next_one_that_cannot_be_sent_is_told(account: Account, text: str, typed: str, words: str) -> None:
    then = account.kind("actions").done.then  # type: ignore[union-attr]
    assert then is not None
    record = Record(Ref("acme", "actions", "1"), "Ring", {"contact_id": "c"})
    with pytest.raises(Invalid, match=words):
        following(Desk(account), record, then, text, typed, NOW)


@pytest.mark.parametrize("kind", ["contacts", "actions"])
def test_a_deletion_is_taken_back_by_the_service(
    account: Account, run: Run, served: Served, kind: str
) -> None:
    async def go() -> None:
        desk = Desk(account)
        record = await made(desk, "contacts", last_name="Acme", background="Old friends")
        if kind == "actions":
            record = await made(desk, kind, text="Ring", contact_id=record.ref.id, date=day(1))
        write = await delete(desk, record.ref)
        undoing = Undoing(desk)
        entry = undoing.find(None)
        assert entry.write.id == write.id
        intent = undoing.intent(entry)
        assert (intent.op, intent.ref) == (Op.RESTORE, record.ref)
        assert undoing.warning(entry) == ""
        saved = await desk.outbox.save(intent, desk.schema(kind))
        assert saved.record is not None
        assert saved.record.ref == record.ref
        sent = served.sent("DELETE")[-1]
        assert (sent.path, sent.query) == (f"/api/v3/{kind}/{record.ref.id}", "undo=true")
        assert account.mirror.get(record.ref) is not None
        again = await desk.read(record.ref)
        assert again.title == record.title
        kept = account.writes.get(intent.id)
        assert kept is not None
        assert (kept.state, kept.write.op) == (State.DONE, Op.RESTORE)
        assert account.writes.undo_of(write.id) == intent.id

    run(go())


def test_what_the_service_does_not_bring_back_is_made_again(account: Account, run: Run) -> None:
    async def go() -> None:
        desk = Desk(account)
        contact = await made(desk, "contacts", last_name="Acme")
        note = await made(desk, "notes", text="Hello", contact_id=contact.ref.id)
        await delete(desk, note.ref)
        intent = Undoing(desk).intent(Undoing(desk).find(None))
        assert intent.op is Op.CREATE
        restore = desk.edits.intent(Op.RESTORE, note.ref, {})
        with pytest.raises(Restricted, match="brings no deleted notes back"):
            await desk.outbox.save(restore, desk.schema("notes"))

    run(go())
