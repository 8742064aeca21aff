"""What waits in the outbox is sent behind the app: when the line is there, once, and without haste."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from crmtui.model.record import Ref
from crmtui.model.write import Op, State, Write
from crmtui.store.drafts import Draft
from crmtui.store.writes import Entry
from crmtui.workspace import courier as couriers
from crmtui.workspace.courier import _REST_SECONDS, Courier
from tests.proxy import Fault, answer
from tests.workspace.stage import Program, Stage, full_disk, until


class Case:
    """A person whose programs share one folder, and one record of the service."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.record = stage.make(name="Acme", phone="old", website="old.example")
        self.program = stage.open("person")
        self._writes = len(self._sent())

    def save(self, write: Write) -> Entry:
        """A write that keeps, as far as it came."""
        self.stage.run(self.program.outbox.save(write, self.stage.schema, keeps=True))
        return self.entry(write)

    def edit(self, **edits: str) -> Write:
        base = self.stage.values(self.record)
        return self.program.intent(Op.EDIT, self.record, {name: base[name] for name in edits}, **edits)

    def save_offline(self, write: Write) -> Entry:
        """A write that waits for the line, which is there again."""
        self.program.line(self.stage.nobody)
        entry = self.save(write)
        self.program.line()
        return entry

    def entry(self, write: Write) -> Entry:
        entry = self.program.account.writes.get(write.id)
        assert entry is not None
        return entry

    def state(self, write: Write) -> State:
        return self.entry(write).state

    def writes(self) -> int:
        """How many writes of ours reached the service."""
        return len(self._sent()) - self._writes

    def calls(self) -> int:
        """How many calls left, as the ledger has them."""
        return self.program.account.quota().used or 0

    def go(self, work: Callable[[Courier], Coroutine[Any, Any, None]]) -> None:
        """Something that happens while a courier is at work."""

        async def at_work() -> None:
            async with running(self.program) as courier:
                await work(courier)

        self.stage.run(at_work())

    def _sent(self) -> list[Any]:
        found = self.stage.served.sent("POST", "PATCH", "DELETE")
        return [r for r in found if r.status and r.headers.get("user-agent", "").startswith("crmtui")]


@asynccontextmanager
async def running(program: Program) -> AsyncIterator[Courier]:
    """A courier at work, ended as the app ends it."""
    courier = program.courier()
    task = asyncio.create_task(courier.run())
    try:
        yield courier
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await task


@pytest.fixture
def case(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(couriers, "_LOOK_SECONDS", 0.02)
    return Case(stage)


def test_what_waits_goes_when_its_time_has_come(case: Case) -> None:
    write = case.edit(phone="mine")
    entry = case.save_offline(write)
    assert (entry.state, entry.keeps) == (State.QUEUED, True)
    assert "cannot be reached" in entry.why

    async def wait(courier: Courier) -> None:
        await asyncio.sleep(0.1)
        assert case.calls() == 0
        case.stage.wait(16)
        await until(lambda: case.state(write) is State.DONE)

    case.go(wait)
    assert case.stage.values(case.record)["phone"] == "mine"
    assert [(e.write.id, error) for e, error in case.program.told] == [(write.id, None)]


def test_what_waits_goes_as_soon_as_anything_is_answered(case: Case) -> None:
    other = case.stage.make(name="Other", phone="old")
    writes = [case.edit(phone="mine"), case.program.intent(Op.EDIT, other, {"phone": "old"}, phone="too")]
    for write in writes:
        case.save_offline(write)

    async def look(courier: Courier) -> None:
        await case.program.desk.read(case.program.ref(case.record))
        await until(lambda: all(case.state(write) is State.DONE for write in writes))

    case.go(look)
    assert case.writes() == 2


def test_a_line_that_is_back_right_after_a_try_is_not_missed(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.wait(400)
    case.stage.line.reads = [Fault(cut_request=30)] * 3

    async def go(courier: Courier) -> None:
        await until(lambda: "(the line broke" in case.entry(write).why or case.calls() >= 3)
        await until(
            lambda: case.entry(write).next_try > 0 and not case.program.outbox.is_under_way(case.entry(write))
        )
        courier.hurry()  # while it still rests from the last try
        await until(lambda: case.state(write) is State.DONE)

    case.go(go)


def test_a_write_that_cannot_be_sent_is_tried_no_more_than_it_is_worth(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "_REST_SECONDS", _REST_SECONDS)
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.wait(16)
    case.stage.line.reads = [Fault(answer=answer(503))] * 100

    async def go(courier: Courier) -> None:
        await until(lambda: case.calls() >= 3)
        for _ in range(50):
            courier.hurry()
            await asyncio.sleep(0.002)

    case.go(go)
    assert case.calls() == 3  # one try of a read
    assert case.state(write) is State.QUEUED


def test_writes_of_a_read_only_connection_rest(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.wait(16)
    tries: list[str] = []

    def refuse() -> None:
        tries.append(write.id)
        full_disk()

    monkeypatch.setattr(couriers, "_REST_SECONDS", 60.0)
    vars(case.program.account)["refuse_writes"] = refuse
    case.go(lambda courier: asyncio.sleep(0.1))
    assert tries == [write.id]
    assert case.state(write) is State.QUEUED


def test_a_spent_quota_is_waited_for(case: Case) -> None:
    write = case.edit(phone="mine")
    case.stage.line.reads = [Fault(answer=answer(429, b"{}", "Retry-After: 200"))] * 9
    case.save(write)
    case.stage.line.mend()
    before = case.calls()

    async def go(courier: Courier) -> None:
        for _ in range(3):
            case.stage.wait(60)
            await asyncio.sleep(0.03)
        assert case.calls() == before
        case.stage.wait(30)
        await until(lambda: case.state(write) is State.DONE)

    case.go(go)
    assert case.writes() == 1


def test_what_is_refused_is_a_draft_again_and_told(case: Case) -> None:
    write = case.program.intent(Op.EDIT, case.record, {"name": "Acme", "phone": "old"}, name="", phone="new")
    case.save_offline(write)
    case.stage.wait(16)
    case.go(lambda courier: until(lambda: case.program.told))
    [(entry, error)] = case.program.told
    assert (entry.write.id, case.state(write)) == (write.id, State.REFUSED)
    assert error is not None
    assert "name is required" in error.message
    draft = case.program.account.drafts.get(write.ref)
    assert draft is not None
    assert draft.texts == {"name": "", "phone": "new"}


def test_a_refused_creation_is_a_draft_of_its_own(case: Case) -> None:
    write = case.program.intent(Op.CREATE, phone="new")
    case.save_offline(write)
    case.stage.wait(16)
    case.go(lambda courier: until(lambda: case.program.told))
    draft = case.program.account.drafts.get(Ref("acme", "accounts", f"+{write.id}"))
    assert draft is not None
    assert draft.texts == {"phone": "new"}


def test_a_newer_draft_stays(case: Case) -> None:
    write = case.program.intent(Op.EDIT, case.record, {"name": "Acme"}, name="")
    case.save_offline(write)
    case.program.account.drafts.keep(Draft(write.ref, {"phone": "newer"}))
    case.stage.wait(16)
    case.go(lambda courier: until(lambda: case.program.told))
    draft = case.program.account.drafts.get(write.ref)
    assert draft is not None
    assert draft.texts == {"phone": "newer"}


def test_a_conflict_waits_for_the_person_and_is_told_once(case: Case) -> None:
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.somebody("PATCH", f"/{case.record}", phone="theirs")
    case.stage.wait(16)

    async def go(courier: Courier) -> None:
        await until(lambda: case.program.told)
        for _ in range(5):
            case.stage.wait(400)
            courier.hurry()
            await asyncio.sleep(0.06)

    case.go(go)
    assert [(e.write.id, str(error)) for e, error in case.program.told] == [
        (write.id, "Somebody else changed phone in the meantime; nothing was sent.")
    ]
    assert case.entry(write).waits_for_person
    assert case.writes() == 0
    # The person wants it nevertheless.
    overwriting = case.program.intent(Op.EDIT, case.record, {"phone": "theirs"}, phone="mine")
    case.program.outbox.resolve(msgspec.structs.replace(overwriting, id=write.id, created=write.created))
    case.go(lambda courier: until(lambda: case.state(write) is State.DONE))
    assert case.stage.values(case.record)["phone"] == "mine"


def test_a_creation_of_which_nobody_can_tell_waits_for_the_person(case: Case) -> None:
    write = case.program.intent(Op.CREATE, name="New", phone="1")
    case.stage.line.writes = [Fault(cut_response=0)]
    assert case.save(write).state is State.UNKNOWN
    [made] = case.stage.named("New")
    case.stage.somebody("PATCH", f"/{made}", phone="+44 1")
    case.stage.wait(50)

    async def go(courier: Courier) -> None:
        await until(lambda: case.program.told)
        case.stage.wait(400)
        courier.hurry()
        await asyncio.sleep(0.1)

    case.go(go)
    [(_, error)] = case.program.told
    assert error is not None
    assert f"acme/accounts/{made} may be what it made" in error.message
    assert case.entry(write).waits_for_person
    assert case.stage.named("New") == [made]


def test_a_refused_token_gives_nothing_up(case: Case) -> None:
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.line.reads = [Fault(answer=answer(401))] * 2
    case.stage.wait(16)

    async def go(courier: Courier) -> None:
        await until(lambda: "token was refused" in case.entry(write).why)
        await asyncio.sleep(0.1)
        assert case.calls() == 1
        case.stage.line.mend()
        case.stage.wait(301)
        await until(lambda: case.state(write) is State.DONE)

    case.go(go)


def test_an_app_that_closes_in_the_middle_of_a_send_leaves_it_to_the_next(case: Case) -> None:
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.line.writes = [Fault(stall_response=0)]
    case.stage.wait(16)
    case.go(lambda courier: until(lambda: case.writes() == 1))
    assert (case.state(write), case.entry(write).next_try) == (State.UNKNOWN, 0.0)
    case.program = case.stage.open("person")
    case.go(lambda courier: until(lambda: case.state(write) is State.DONE))
    assert case.writes() == 1


def test_it_ends_even_if_it_is_woken_in_the_same_moment(case: Case) -> None:
    async def go(courier: Courier) -> None:
        await asyncio.sleep(0.01)
        courier.hurry()

    for _ in range(5):
        case.go(go)


def test_two_couriers_send_nothing_twice(case: Case) -> None:
    other = case.stage.open("person")
    writes = [
        case.edit(phone="mine"),
        *(case.program.intent(Op.CREATE, name=f"New {number}") for number in range(5)),
    ]
    for write in writes:
        case.save_offline(write)
    case.stage.wait(16)

    async def both() -> None:
        async with running(case.program), running(other):
            await until(lambda: not case.program.outbox.waiting())

    case.stage.run(both())
    assert case.writes() == len(writes)
    assert {case.state(write) for write in writes} == {State.DONE}
    told = [e.write.id for e, _ in (*case.program.told, *other.told)]
    assert sorted(told) == sorted(write.id for write in writes)


def test_a_full_disk_ends_nothing(case: Case) -> None:
    write = case.edit(phone="mine")
    case.save_offline(write)
    case.stage.wait(16)
    case.program.at_step = lambda step: full_disk() if step == "before storing" else None

    async def go(courier: Courier) -> None:
        await asyncio.sleep(0.1)
        case.program.at_step = lambda step: None
        case.stage.wait(400)
        await until(lambda: case.state(write) is State.DONE)

    case.go(go)
    assert case.writes() == 1
