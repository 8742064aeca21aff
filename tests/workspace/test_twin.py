"""Whether a creation that was not answered was done: told by its twin, and by the service's clock."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from crmtui.model.errors import CrmError, OutcomeUnknown
from crmtui.model.write import Op, State, Write
from crmtui.sandbox.spotler import records
from crmtui.workspace.clock import Clock
from crmtui.workspace.settling import Doubt
from tests.proxy import Fault, answer
from tests.workspace.stage import Program, Stage

LOST, SWALLOWED = Fault(cut_response=0), Fault(cut_request=30)


class Case:
    """A creation whose answer does not come, and the next look at it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.program = stage.open("person")

    def create(self, fault: Fault, program: Program | None = None, **edits: str) -> Write:
        """A creation that meets a fault."""
        program = program or self.program
        write = program.wants(Op.CREATE, {"name": "Twin", "phone": "1", **edits})
        self.stage.line.writes = [fault]
        with pytest.raises(OutcomeUnknown):
            self.stage.run(program.outbox.save(write, self.stage.schema))
        return write

    def make(self, **values: str) -> str:
        """Somebody else's record of the same content."""
        return self.stage.make(**({"name": "Twin", "phone": "1"} | values))

    def look(self, write: Write, program: Program | None = None) -> str:
        """Settles a write and sends it if it was not done: the id of what it made."""
        program = program or self.program
        self.stage.run(program.outbox.send(write.id, patience=self.stage.patience))
        entry = program.account.writes.get(write.id)
        assert entry is not None
        assert entry.state is State.DONE
        return entry.write.ref.id

    def twins(self) -> list[str]:
        return self.stage.named("Twin")


@pytest.fixture
def case(stage: Stage) -> Case:
    return Case(stage)


# -- whose record it is


@pytest.mark.parametrize("zone", [0.0, 1.0, -3.5, 5.75, 13.0])
def test_a_service_in_another_zone_that_was_written_to_before(case: Case, zone: float) -> None:
    case.stage.time.zone = zone
    case.stage.run(case.program.outbox.save(case.program.intent(Op.CREATE, name="First"), case.stage.schema))
    older = case.make()
    case.stage.wait(60)
    write = case.create(LOST)
    made = case.look(write)
    assert made != older
    assert len(case.twins()) == 2


@pytest.mark.parametrize(("zone", "certain"), [(0.0, True), (1.0, False), (-9.5, False)])
def test_a_service_in_another_zone_that_never_was(case: Case, zone: float, certain: bool) -> None:
    case.stage.time.zone = zone
    write = case.create(LOST)
    [made] = case.twins()
    if certain:
        assert case.look(write) == made
    else:
        with pytest.raises(Doubt, match=made):
            case.look(write)
    assert case.twins() == [made]


@pytest.mark.parametrize("zone", [0.0, 1.0, -9.5])
def test_an_older_twin_in_any_zone_is_not_taken_for_it(case: Case, zone: float) -> None:
    case.stage.time.zone = zone
    older = case.make()
    case.stage.wait(7 * 60)
    made = case.look(case.create(SWALLOWED))
    assert sorted(case.twins()) == sorted([older, made])


def test_a_zone_that_puts_an_older_twin_at_the_moment_of_the_try_is_a_doubt(case: Case) -> None:
    older = case.make()
    case.stage.wait(3600)
    with pytest.raises(Doubt, match=older):
        case.look(case.create(SWALLOWED))


@pytest.mark.parametrize("skew", [-90.0, 90.0])
def test_a_clock_that_is_wrong(case: Case, skew: float) -> None:
    case.stage.time.skew = skew
    assert [case.look(case.create(LOST))] == case.twins()


@pytest.mark.parametrize("mark", ["Z", "+00:00"])
def test_a_clock_that_tells_its_zone(case: Case, mark: str) -> None:
    case.stage.time.mark = mark
    older = case.make()
    case.stage.wait(3600)
    made = case.look(case.create(SWALLOWED))
    assert sorted(case.twins()) == sorted([older, made])
    assert case.look(case.create(LOST, name="Other")) == case.stage.named("Other")[0]


def test_clocks_that_were_put_back_are_a_doubt_and_make_no_second_record(case: Case) -> None:
    case.stage.time.zone = 1.0
    case.stage.run(case.program.outbox.save(case.program.intent(Op.CREATE, name="First"), case.stage.schema))
    case.stage.time.zone = 0.0
    write = case.create(LOST)
    with pytest.raises(Doubt):
        case.look(write)
    assert len(case.twins()) == 1


def test_what_was_learnt_of_a_clock_is_not_believed_for_ever(case: Case) -> None:
    case.stage.time.skew = 7 * 60.0
    case.stage.run(case.program.outbox.save(case.program.intent(Op.CREATE, name="First"), case.stage.schema))
    case.stage.time.skew = 0.0
    case.stage.wait(30 * 3600)
    assert [case.look(case.create(LOST))] == case.twins()


def test_a_twin_of_somebody_else_at_the_same_second_makes_no_third(case: Case) -> None:
    write = case.create(LOST)
    case.make()
    assert case.look(write) in case.twins()
    assert len(case.twins()) == 2


def test_an_older_twin_that_was_mirrored_is_known_however_often_it_is_read(case: Case) -> None:
    older = case.make()
    case.stage.run(case.program.desk.read(case.program.ref(older)))
    write = case.create(SWALLOWED)
    with pytest.raises(OutcomeUnknown, match="not done so far"):
        case.stage.run(case.program.outbox.send(write.id))
    case.stage.run(case.program.desk.read(case.program.ref(older)))
    made = case.look(write)
    assert sorted(case.twins()) == sorted([older, made])


def test_a_field_that_the_service_puts_into_a_form_of_its_own_leaves_it_to_the_person(case: Case) -> None:
    write = case.create(LOST)
    [made] = case.twins()
    case.stage.somebody("PATCH", f"/{made}", phone="+44 1")
    with pytest.raises(Doubt, match=f"{made} may be what it made"):
        case.look(write)
    assert case.twins() == [made]


def test_rows_that_a_listing_leaves_out_make_no_second_record(case: Case) -> None:
    write = case.create(LOST)
    [made] = case.twins()
    case.stage.line.reads = [
        Fault(answer=answer(200, b'{"list":[],"metadata":{"total_count":0,"has_more":false}}'))
    ]
    assert case.look(write) == made  # the second look, after the wait, finds it
    assert case.twins() == [made]


@pytest.mark.parametrize("bad", [answer(200, b"<html>"), answer(503), answer(500), answer(403)])
def test_a_search_that_fails_sends_nothing(case: Case, bad: bytes) -> None:
    write = case.create(LOST)
    case.stage.wait(60)
    case.stage.line.reads = [Fault(answer=bad)] * 3
    with pytest.raises(CrmError):
        case.look(write)
    entry = case.program.account.writes.get(write.id)
    assert entry is not None
    assert entry.state is State.UNKNOWN
    case.stage.line.mend()
    assert [case.look(write)] == case.twins()


def test_a_repeat_by_another_program_finds_what_the_first_made(case: Case) -> None:
    other = case.stage.open("person")
    first = case.create(LOST)
    again = other.wants(Op.CREATE, first.edits)
    saved = case.stage.run(other.outbox.save(again, case.stage.schema))
    assert [saved.record.ref.id] == case.twins()
    states = [(e.write.id, e.state) for e in other.account.writes.all()]
    assert states == [(again.id, State.REFUSED), (first.id, State.DONE)]


def test_the_same_creation_lost_by_two_programs_at_once_is_two_records(case: Case) -> None:
    programs = [case.program, case.stage.open("person")]
    intents = [program.intent(Op.CREATE, name="Twin", phone="1") for program in programs]
    case.stage.line.writes = [LOST, LOST]

    async def both() -> list[object]:
        saves = (p.outbox.save(w, case.stage.schema) for p, w in zip(programs, intents, strict=True))
        return await asyncio.gather(*saves, return_exceptions=True)

    assert [type(error) for error in case.stage.run(both())] == [OutcomeUnknown, OutcomeUnknown]
    made = [case.look(write) for write in intents]
    assert sorted(made) == sorted(case.twins())
    assert len(made) == 2


# -- the clock by itself


def stamp(seconds: float, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


@pytest.mark.parametrize(
    ("told", "when"),
    [
        (None, "unsure"),
        ("", "unsure"),
        (7, "unsure"),
        ("soon", "unsure"),
        ("2026-01-01", "unsure"),
        ("0001-01-01 00:00:00", "before"),
        ("9999-12-31 23:59:59", "after"),
        ("9999-12-31T23:59:59Z", "after"),
    ],
)
def test_what_is_no_moment_of_the_try(case: Case, told: object, when: str) -> None:
    assert Clock(case.program.account).compare(told, time.time()) == when  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("offset", "when"), [(-121, "before"), (-119, "after"), (0, "after"), (164, "after"), (3600, "unsure")]
)
def test_a_clock_never_compared_is_off_by_minutes_or_a_zone(case: Case, offset: int, when: str) -> None:
    now = float(int(time.time()))
    assert Clock(case.program.account).compare(stamp(now + offset), now) == when


@pytest.mark.parametrize(("offset", "when"), [(-6, "before"), (-4, "after"), (600, "after")])
def test_a_clock_that_was_compared_is_off_by_seconds(case: Case, offset: int, when: str) -> None:
    case.program.account.known.keep_fact("clock", 0.0)
    now = float(int(time.time()))
    assert Clock(case.program.account).compare(stamp(now + offset), now) == when


def test_a_clock_is_not_learnt_from_a_stamp_that_did_not_move(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = case.make()
    old = stamp(time.time() - 3600)
    monkeypatch.setattr(records, "_now", lambda: old)
    for phone in ("2", "3"):
        case.program.account.known.keep_fact("clock", 0.0)
        write = case.program.intent(Op.EDIT, id_, {"phone": case.stage.values(id_)["phone"]}, phone=phone)
        case.stage.run(case.program.outbox.save(write, case.stage.schema))
    assert case.program.account.known.fact("clock", float) == 0.0
