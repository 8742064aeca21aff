"""Writes of one program that get in each other's way, and answers that cannot be noted."""

import asyncio
import sqlite3

import msgspec
import pytest

from crmtui.model.errors import ConfigError, CrmError, NotFound, OutcomeUnknown, Unavailable
from crmtui.model.write import Op, State, Write
from crmtui.secrets import Token
from tests.proxy import Fault, answer
from tests.workspace.stage import Killed, Program, Stage, full_disk, until

SLOW = Fault(stall_response=0)


class Case:
    """One program, and what it saves."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.program: Program = stage.open("person")
        self.record = stage.make(name="Acme", phone="old")

    def create(self, name: str = "New") -> Write:
        return self.program.intent(Op.CREATE, name=name)

    def edit(self, phone: str = "mine", base: str = "old") -> Write:
        return self.program.intent(Op.EDIT, self.record, {"phone": base}, phone=phone)

    def state(self, write: Write) -> State:
        entry = self.program.account.writes.get(write.id)
        assert entry is not None
        return entry.state

    def posts(self) -> int:
        return len(self.stage.named("New"))


@pytest.fixture
def case(stage: Stage) -> Case:
    return Case(stage)


@pytest.mark.parametrize("op", [Op.CREATE, Op.EDIT])
def test_an_answer_that_cannot_be_noted_is_asked_after_and_nothing_is_sent_again(op: Op, case: Case) -> None:
    write = case.create() if op is Op.CREATE else case.edit()
    answered = False

    def fill(step: str) -> None:
        nonlocal answered
        if answered and step == "before storing":
            full_disk()
        answered = answered or step == "after a call"

    case.stage.run(case.program.desk.read(case.program.ref(case.record)))
    now = case.program.desk.record(write.ref) if op is Op.EDIT else None
    case.program.at_step = fill
    with pytest.raises(ConfigError, match="disk full"):
        case.stage.run(case.program.outbox.save(write, case.stage.schema, now, keeps=False))
    case.program.at_step = lambda step: None
    assert case.state(write) is State.SENDING  # it could not be noted either
    assert not case.program.outbox.is_under_way(case.program.outbox.waiting()[0])
    before = len(case.stage.served.sent("POST", "PATCH"))
    case.stage.run(case.program.outbox.send(write.id))
    assert case.state(write) is State.DONE
    assert len(case.stage.served.sent("POST", "PATCH")) == before


def test_a_mirror_that_cannot_be_written_does_not_make_a_write_a_failure_to_repeat(case: Case) -> None:
    write = case.create()
    vars(case.program.account.known)["keep_fact"] = lambda name, value: full_disk()
    saved = case.stage.run(case.program.outbox.save(write, case.stage.schema))
    assert saved.sent
    assert (case.state(write), case.posts()) == (State.DONE, 1)


def test_the_same_creation_again_while_the_first_is_under_way(case: Case) -> None:
    first, again = case.create(), case.create()
    case.stage.line.writes = [SLOW]

    async def both() -> None:
        saving = asyncio.create_task(case.program.outbox.save(first, case.stage.schema, keeps=True))
        await until(lambda: any(r.status for r in case.stage.served.sent("POST")[-1:]) and case.posts())
        repeat = asyncio.create_task(case.program.outbox.save(again, case.stage.schema, keeps=True))
        await until(lambda: any("is the same" in sentence for sentence in case.program.said))
        saving.cancel()
        saved = await repeat
        assert [saved.record.ref.id if saved.record else ""] == case.stage.named("New")

    case.stage.run(both())
    assert (case.state(first), case.state(again)) == (State.DONE, State.REFUSED)


def test_the_same_creation_again_while_nobody_can_tell_of_the_first_is_not_kept_beside_it(case: Case) -> None:
    first, again = case.create(), case.create()
    case.stage.line.writes = [Fault(cut_response=0)]
    with pytest.raises(OutcomeUnknown):
        case.stage.run(case.program.outbox.save(first, case.stage.schema))
    case.program.line(case.stage.nobody)
    with pytest.raises(Unavailable):
        case.stage.run(case.program.outbox.save(again, case.stage.schema, keeps=True))
    case.program.line()
    assert case.state(again) is State.REFUSED
    assert [entry.write.id for entry in case.program.outbox.waiting()] == [first.id]
    case.stage.run(case.program.outbox.send(first.id))
    assert case.posts() == 1


def test_what_is_being_sent_is_neither_given_up_nor_changed(case: Case) -> None:
    write = case.edit()
    case.stage.line.writes = [SLOW]

    async def meanwhile() -> None:
        saving = asyncio.create_task(case.program.outbox.save(write, case.stage.schema))
        await until(lambda: [e.state for e in case.program.outbox.waiting()] == [State.SENDING])
        with pytest.raises(Unavailable, match="being sent at this moment"):
            case.program.outbox.drop(write.id)
        with pytest.raises(Unavailable, match="being sent at this moment"):
            case.program.outbox.resolve(write)
        saving.cancel()
        await asyncio.wait([saving])

    case.stage.run(meanwhile())
    assert case.state(write) is State.UNKNOWN
    case.program.outbox.drop(write.id)
    assert case.state(write) is State.REFUSED
    with pytest.raises(NotFound, match="Nothing waits"):
        case.program.outbox.drop(write.id)


def test_what_a_person_resolved_is_anybodys(case: Case) -> None:
    other = case.stage.open("person")
    write = case.edit()
    case.program.line(case.stage.nobody)
    case.stage.run(case.program.outbox.save(write, case.stage.schema, keeps=True))
    case.stage.somebody("PATCH", f"/{case.record}", phone="theirs")
    with pytest.raises(CrmError, match="Somebody else changed phone"):
        case.stage.run(other.outbox.send(write.id))
    case.program.outbox.resolve(msgspec.structs.replace(write, base={"phone": "theirs"}))
    [entry] = other.outbox.waiting()
    assert not other.outbox.is_under_way(entry)
    case.stage.run(other.outbox.send(write.id))
    assert case.stage.values(case.record)["phone"] == "mine"


def test_a_clock_put_back_makes_nobody_wait_for_hours(case: Case) -> None:
    write = case.edit()
    case.stage.line.writes = [Fault(cut_request=30)]
    with pytest.raises(OutcomeUnknown):
        case.stage.run(case.program.outbox.save(write, case.stage.schema))
    case.stage.time.passed -= 7200
    waited: list[float] = []

    async def patience(entry: object, seconds: float) -> None:
        waited.append(seconds)

    case.stage.run(case.program.outbox.send(write.id, patience=patience))
    assert waited == [45.0]
    assert case.state(write) is State.DONE


def test_a_look_that_began_too_early_is_not_believed_because_it_took_long(case: Case) -> None:
    write = case.edit()
    case.stage.line.writes = [Fault(late=True)]
    with pytest.raises(OutcomeUnknown):
        case.stage.run(case.program.outbox.save(write, case.stage.schema))
    case.stage.time.passed += 40

    def take_long(step: str) -> None:
        case.stage.time.passed += 10 if step == "after a call" else 0

    case.program.at_step = take_long
    with pytest.raises(OutcomeUnknown, match="not done so far"):
        case.stage.run(case.program.outbox.send(write.id))
    case.stage.wait(1)  # and here it comes in late
    case.stage.run(case.program.outbox.send(write.id))
    assert len(case.stage.served.sent("PATCH")) == 1


def test_a_try_begins_when_the_token_is_there(case: Case) -> None:
    write = case.create()

    def asked() -> Token:
        case.stage.time.passed += 600  # the person looks for it
        return Token(case.stage.served.token, "typed")

    case.program.account._token = asked
    case.stage.line.writes = [Fault(cut_request=30)]
    with pytest.raises(OutcomeUnknown):
        case.stage.run(case.program.outbox.save(write, case.stage.schema))
    with pytest.raises(OutcomeUnknown, match="not done so far"):
        case.stage.run(case.program.outbox.send(write.id))


@pytest.mark.parametrize("keeps", [True, False])
def test_a_token_that_cannot_be_found_is_no_try(case: Case, keeps: bool) -> None:
    write = case.create()

    def missing() -> Token:
        raise ConfigError("token_command of acme cannot be started. Mend it in the configuration.")

    case.program.account._token = missing
    if keeps:
        saved = case.stage.run(case.program.outbox.save(write, case.stage.schema, keeps=True))
        assert "token_command" in saved.waits
        [entry] = case.program.outbox.waiting()
        assert (entry.state, entry.tries) == (State.QUEUED, 0)
        assert not entry.waits_for_person
    else:
        with pytest.raises(ConfigError, match="token_command"):
            case.stage.run(case.program.outbox.save(write, case.stage.schema))
        assert case.state(write) is State.REFUSED


def test_a_service_that_talks_nonsense_gives_nothing_up(case: Case) -> None:
    write = case.edit()
    case.stage.line.reads = [Fault(answer=answer(200, b"<html>Wi-Fi login</html>"))]
    saved = case.stage.run(case.program.outbox.save(write, case.stage.schema, keeps=True))
    assert saved.waits
    assert case.state(write) is State.QUEUED
    case.stage.run(case.program.outbox.send(write.id))
    assert case.state(write) is State.DONE


def test_a_deletion_that_waited_untried_is_compared_before_it_is_sent(case: Case) -> None:
    ref = case.program.ref(case.record)
    write = case.program.wants(Op.DELETE, {}, case.record, case.stage.run(case.program.desk.read(ref)).values)

    def kill(step: str) -> None:
        if step == "after storing":
            case.program.die()
            raise Killed

    case.program.at_step = kill
    with pytest.raises((Killed, sqlite3.ProgrammingError)):
        case.stage.run(case.program.outbox.save(write, case.stage.schema, keeps=True))
    case.stage.somebody("PATCH", f"/{case.record}", phone="theirs")
    case.program = case.stage.open("person")
    with pytest.raises(CrmError, match="Somebody else changed phone"):
        case.stage.run(case.program.outbox.send(write.id))
    assert case.stage.values(case.record)["phone"] == "theirs"
