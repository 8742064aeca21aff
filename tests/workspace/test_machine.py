"""The outbox under all that can happen to it, step by step, beside a model of the service that is a dict.

`CRMTUI_STEPS=30000` runs that many steps, each time others; without it the same 2,000 are run.
"""

import asyncio
import json
import os
import time
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from crmtui.model.errors import CrmError
from crmtui.model.record import Value
from crmtui.model.write import Op, State, Write
from crmtui.store.writes import Entry
from crmtui.workspace.undoing import Undoing
from tests.proxy import Fault, answer
from tests.workspace.stage import Killed, Program, Stage, full_disk

STEPS = int(os.environ.get("CRMTUI_STEPS", "0"))
_LENGTH = 25
PROFILE = settings(
    max_examples=(STEPS or 2000) // _LENGTH,
    stateful_step_count=_LENGTH,
    derandomize=not STEPS,
    database=None,
    deadline=None,
    print_blob=False,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FIELDS = ("phone", "website")
FAULTS: Mapping[str, Fault] = {
    "well": Fault(),
    "answer lost": Fault(cut_response=0),
    "answer reset": Fault(cut_response=0, reset=True),
    "answer broken off": Fault(cut_response=60),
    "gateway gave up on what is done": Fault(garble=lambda _: answer(504)),
    "swallowed": Fault(cut_request=30),
    "late": Fault(late=True),
    "500": Fault(answer=answer(500)),
    "503": Fault(answer=answer(503)),
    "429": Fault(answer=answer(429)),
    "401": Fault(answer=answer(401)),
    "no JSON": Fault(answer=answer(200, b"<html>")),
}
numbers = st.integers(0, 5)
steps = st.integers(0, 16)
faults = st.lists(st.sampled_from(list(FAULTS)), max_size=2)
deaths = st.sampled_from(["", "", "", "", "", "killed", "cancelled", "full"])
troubles = st.tuples(faults, st.sampled_from([[], [], [], *([name] * 3 for name in FAULTS)]), deaths, steps)
"""The faults of writes and of reads, and what ends the program after how many steps."""
Trouble = tuple[list[str], list[str], str, int]


@dataclass
class Intent:
    """A write that a person decided on, and what the service saw of it."""

    write: Write
    begun: int = 0
    last: int = 0
    """Which of all tries its last one is."""
    arrived: int = 0
    allowed: int = 1
    """How often it may arrive: once, and again when the person insists."""
    waited: bool = False
    told: bool = False
    ended: bool = False
    in_vain: bool = False
    """Given up, or overruled by the person: what arrives of it late is out of order."""


class Machine(RuleBasedStateMachine):
    """Programs on the same files, other people at the service, and a bad line."""

    stage: ClassVar[Stage]
    steps: ClassVar[int] = 0
    _examples: ClassVar[Iterator[int]] = count()

    def __init__(self) -> None:
        super().__init__()
        self.example = next(self._examples)
        self.words = (f"{self.example}.{number}" for number in count())
        self.tries = count()
        self.records: dict[str, dict[str, Any]] = {}
        self.held: dict[tuple[str, str], set[Any]] = {}
        self.last: dict[str, float] = {}
        self.intents: dict[str, Intent] = {}
        self.programs: list[Program] = []
        self.seen = self.stage.served.requests[-1]
        self.stage.line.mend()
        self.stage.late = self._deliver

    # -- beginning

    @initialize()
    def begin(self) -> None:
        for _ in range(2):
            self._make_theirs()
        self.start()

    def start(self) -> Program:
        program = self.stage.open(f"machine-{self.example}")
        self.programs.append(program)
        return program

    # -- what the person does

    @rule(
        which=numbers,
        record=numbers,
        fields=st.sets(st.sampled_from(FIELDS), min_size=1),
        keeps=st.booleans(),
        patient=st.booleans(),
        trouble=troubles,
    )
    def edit(
        self, which: int, record: int, fields: set[str], keeps: bool, patient: bool, trouble: Trouble
    ) -> None:
        program = self._program(which)
        write = self._edit(program, record, sorted(fields))
        self._do(program, self._save(program, write, keeps=keeps, patient=patient), trouble, write)

    @rule(which=numbers, record=numbers, keeps=st.booleans(), trouble=troubles)
    def edit_what_is_refused(self, which: int, record: int, keeps: bool, trouble: Trouble) -> None:
        program = self._program(which)
        id_ = self._record(record)
        write = program.intent(Op.EDIT, id_, {"name": self.records[id_]["name"]}, name="")
        self._do(program, self._save(program, write, keeps=keeps, patient=False), trouble, write)

    @rule(which=numbers, keeps=st.booleans(), patient=st.booleans(), trouble=troubles)
    def create(self, which: int, keeps: bool, patient: bool, trouble: Trouble) -> None:
        program = self._program(which)
        write = program.intent(Op.CREATE, name=next(self.words), phone=next(self.words))
        self._do(program, self._save(program, write, keeps=keeps, patient=patient), trouble, write)

    @rule(which=numbers, again=numbers, keeps=st.booleans(), trouble=troubles)
    def create_the_same_again(self, which: int, again: int, keeps: bool, trouble: Trouble) -> None:
        program = self._program(which)
        waiting = [e for e in program.outbox.waiting() if e.write.op is Op.CREATE]
        if not waiting:
            return
        entry = waiting[again % len(waiting)]
        write = program.wants(Op.CREATE, entry.write.edits)
        self._do(program, self._save(program, write, keeps=keeps, patient=True), trouble, write)
        if entry.state is State.UNKNOWN and (twice := self.intents.get(write.id)):
            first = self.intents[entry.write.id]
            assert first.arrived + twice.arrived <= first.allowed, (
                f"a repeat of {entry.write} made a second record"
            )

    @rule(which=numbers, record=numbers, keeps=st.booleans(), trouble=troubles)
    def delete(self, which: int, record: int, keeps: bool, trouble: Trouble) -> None:
        program = self._program(which)
        if len(self.records) < 2:
            self._make_theirs()
        id_ = self._record(record)
        mirrored = program.account.mirror.get(program.ref(id_))
        seen = mirrored.values if mirrored else self.stage.values(id_)
        write = program.intent(Op.DELETE, id_, {name: seen[name] for name in ("name", *FIELDS)})
        self._do(program, self._save(program, write, keeps=keeps, patient=False), trouble, write)

    @rule(which=numbers, back=numbers, trouble=troubles)
    def undo(self, which: int, back: int, trouble: Trouble) -> None:
        program = self._program(which)
        undoing = Undoing(program.desk)
        undoable = undoing.all()
        if not undoable:
            return
        entry = undoable[back % len(undoable)]

        async def undo() -> None:
            await program.outbox.clear(entry.write.ref, self.stage.patience)
            write = undoing.intent(undoing.find(entry.write.id))
            self._decide(write)
            await self._save(program, write, keeps=False, patient=True)

        self._do(program, undo(), trouble)

    @rule(which=numbers, other=numbers, records=st.tuples(numbers, numbers), trouble=troubles)
    def two_edits_at_once(self, which: int, other: int, records: tuple[int, int], trouble: Trouble) -> None:
        programs = [self._program(which), self._program(other)]
        writes = [self._edit(p, r, ["phone"]) for p, r in zip(programs, records, strict=True)]
        saves = [
            self._save(p, write, keeps=True, patient=True) for p, write in zip(programs, writes, strict=True)
        ]
        self._do(programs[0], _both(*saves), (*trouble[:2], "", 0), *writes)

    @rule(which=numbers, at=numbers, insist=st.booleans(), patient=st.booleans(), trouble=troubles)
    def send(self, which: int, at: int, insist: bool, patient: bool, trouble: Trouble) -> None:
        program = self._program(which)
        if waiting := program.outbox.waiting():
            entry = waiting[at % len(waiting)]
            self._do(program, self._send(program, entry, insist=insist, patient=patient), trouble)

    @rule(which=numbers, other=numbers, at=numbers, trouble=troubles)
    def send_the_same_at_once(self, which: int, other: int, at: int, trouble: Trouble) -> None:
        programs = [self._program(which), self._program(other)]
        if waiting := programs[0].outbox.waiting():
            entry = waiting[at % len(waiting)]
            sends = [self._send(program, entry, insist=False, patient=True) for program in programs]
            self._do(programs[0], _both(*sends), (*trouble[:2], "", 0))

    @rule(which=numbers, at=numbers)
    def drop(self, which: int, at: int) -> None:
        program = self._program(which)
        if waiting := [e for e in program.outbox.waiting() if not program.outbox.is_under_way(e)]:
            write = program.outbox.drop(waiting[at % len(waiting)].write.id).write
            self.intents[write.id].told = self.intents[write.id].in_vain = True

    @rule(which=numbers, at=numbers)
    def resolve(self, which: int, at: int) -> None:
        """The person looks at a conflict, and wants the write nevertheless."""
        program = self._program(which)
        waiting = [e for e in program.outbox.waiting() if e.waits_for_person and e.write.op is Op.EDIT]
        if waiting and not self._starved():
            write = waiting[at % len(waiting)].write
            theirs = self.records.get(write.ref.id)
            if theirs is not None:
                self._resolve(program, write, theirs)

    # -- what the programs do by themselves

    @rule(which=st.sets(numbers, min_size=1, max_size=2), rounds=st.integers(1, 40), trouble=troubles)
    def couriers_go_round(self, which: set[int], rounds: int, trouble: Trouble) -> None:
        programs = {id(p): p for p in map(self._program, sorted(which))}.values()

        async def go_round() -> None:
            tasks = [asyncio.create_task(program.courier().run()) for program in programs]
            try:
                await asyncio.wait(tasks, timeout=rounds / 1000)
            finally:
                for task in tasks:
                    task.cancel()
                for ended in await asyncio.gather(*tasks, return_exceptions=True):
                    if isinstance(ended, BaseException) and not isinstance(ended, asyncio.CancelledError):
                        raise ended

        first = next(iter(programs))
        self._do(first, go_round(), trouble if len(programs) == 1 else (*trouble[:2], "", 0), calm=False)

    @rule(which=numbers)
    def crash(self, which: int) -> None:
        program = self._program(which)
        program.die()
        self._bury(program)

    @rule(which=numbers)
    def close(self, which: int) -> None:
        self._close(self._program(which))

    @rule()
    def start_another(self) -> None:
        if len(self.programs) < 3:
            self.start()

    # -- what others and the world do

    @rule(record=numbers, field=st.sampled_from(FIELDS))
    def somebody_edits(self, record: int, field: str) -> None:
        self.stage.somebody("PATCH", f"/{self._record(record)}", **{field: next(self.words)})
        self._digest()

    @rule(record=numbers)
    def somebody_deletes(self, record: int) -> None:
        if len(self.records) > 2:
            self.stage.somebody("DELETE", f"/{self._record(record)}")
            self._digest()

    @rule(seconds=st.sampled_from([1, 30, 50, 400]))
    def time_passes(self, seconds: int) -> None:
        self.stage.wait(seconds)

    @rule()
    def what_is_late_comes_in(self) -> None:
        self._deliver()

    @rule(which=numbers)
    def line_goes_down(self, which: int) -> None:
        self._program(which).line(self.stage.nobody)

    @rule(which=numbers)
    def line_is_there_again(self, which: int) -> None:
        self._program(which).line()

    # -- what holds at all times

    @invariant()
    def nothing_is_under_way_that_nobody_does(self) -> None:
        type(self).steps += 1
        for program in self.programs if not self._starved() else ():
            for entry in program.outbox.waiting():
                assert entry.state is not State.SENDING, f"it is being sent for ever: {entry}"
                assert not program.outbox.is_under_way(entry), f"it is held for ever: {entry}"

    @invariant()
    def what_was_decided_is_done_or_waits_or_was_refused(self) -> None:
        if not self.programs:
            return
        writes = self.programs[0].account.writes
        for id_, intent in list(self.intents.items()):
            entry = writes.get(id_)
            if entry is None:
                assert not intent.begun, f"it was sent and is not stored: {intent}"
                assert intent.ended, f"it was lost: {intent}"
                del self.intents[id_]
            elif entry.state is State.DONE:
                self._check_done(entry)
            elif entry.state is State.REFUSED:
                self._check_refused(entry, intent)

    def teardown(self) -> None:
        """In the end all is settled, or waits for a person who then decides."""
        try:
            self._end()
        finally:
            for program in self.programs:
                program.run(program.account.close())

    # -- inner parts

    def _end(self) -> None:
        self.stage.line.mend()
        for program in [program for program in self.programs if program.starved]:
            program.line()
            self._do(program, self._settle_own(program), ([], [], "", 0))
            # What waits for a person it holds until it ends.
            self._close(program)
        self.nothing_is_under_way_that_nobody_does()
        program = self.start()
        for _ in range(6):
            self.stage.wait(400)
            for entry in program.outbox.waiting():
                if not entry.waits_for_person:
                    self._do(program, self._send(program, entry, insist=False, patient=True), ([], [], "", 0))
        self.what_was_decided_is_done_or_waits_or_was_refused()
        for entry in program.outbox.waiting():
            before = [e for e in program.outbox.waiting() if e.write.ref == entry.write.ref]
            assert any(e.waits_for_person for e in before), f"it is never sent: {entry}"
        for entry in program.outbox.waiting():
            if entry.write.op is Op.CREATE:
                self._do(program, self._send(program, entry, insist=True, patient=True), ([], [], "", 0))
            else:
                program.outbox.drop(entry.write.id)
                self.intents[entry.write.id].told = True
        assert program.outbox.waiting() == []
        self.what_was_decided_is_done_or_waits_or_was_refused()

    async def _settle_own(self, program: Program) -> None:
        """A program does what it could not store before, without being told to."""
        self.stage.late()
        task = asyncio.create_task(program.courier().run())
        held = program.account.writes.held
        while any(held(e.write.id) and not e.waits_for_person for e in program.outbox.waiting()):
            self.stage.time.passed += 400
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])

    def _close(self, program: Program) -> None:
        program.lives = False
        program.run(program.account.close())
        self.programs.remove(program)

    def _program(self, which: int) -> Program:
        return self.programs[which % len(self.programs)] if self.programs else self.start()

    def _starved(self) -> bool:
        """Whether a program may hold what it could not let go of, as nothing could be stored."""
        return any(program.starved for program in self.programs)

    def _record(self, record: int) -> str:
        ids = list(self.records)
        return ids[record % len(ids)]

    def _make_theirs(self) -> None:
        self.stage.make(name=next(self.words), phone=next(self.words), website=next(self.words))
        self._digest()

    def _edit(self, program: Program, record: int, fields: list[str]) -> Write:
        """An edit of what the person sees: the mirrored record, as the waiting edits will have it."""
        id_ = self._record(record)
        mirrored = program.account.mirror.get(program.ref(id_))
        sees = dict(mirrored.values if mirrored else self.stage.values(id_))
        sees |= program.outbox.pending(program.ref(id_))
        return program.intent(
            Op.EDIT, id_, {f: sees[f] for f in fields}, **{f: next(self.words) for f in fields}
        )

    def _decide(self, write: Write) -> None:
        self.intents[write.id] = Intent(write)

    async def _save(self, program: Program, write: Write, *, keeps: bool, patient: bool) -> None:
        self._decide(write) if write.id not in self.intents else None
        intent = self.intents[write.id]
        patience = self.stage.patience if patient else None
        try:
            saved = await program.outbox.save(write, self.stage.schema, keeps=keeps, patience=patience)
            assert not saved.waits or keeps
        finally:
            intent.told = intent.ended = True

    async def _send(self, program: Program, entry: Entry, *, insist: bool, patient: bool) -> None:
        intent = self.intents[entry.write.id]
        patience = self.stage.patience if patient else None
        if insist and entry.write.op is Op.CREATE:
            intent.allowed += 1
        try:
            await program.outbox.send(entry.write.id, insist=insist, patience=patience)
        except CrmError:
            intent.told = True
            raise

    def _resolve(self, program: Program, write: Write, theirs: Mapping[str, Value]) -> None:
        intent = self.intents[write.id]
        changed = msgspec.structs.replace(write, base={**write.base, **{f: theirs[f] for f in write.edits}})
        program.outbox.resolve(changed)
        intent.write, intent.allowed = changed, intent.allowed + 1

    def _do(
        self,
        program: Program,
        work: Coroutine[Any, Any, None],
        trouble: Trouble,
        *writes: Write,
        calm: bool = True,
    ) -> None:
        """Something that a program does, under trouble; what a person is told of it is noted.

        `calm`: it is over when it ends; else calls of it may be under way.
        """
        for write in writes:
            self._decide(write)
        self.stage.line.writes = [FAULTS[name] for name in trouble[0]]
        self.stage.line.reads = [FAULTS[name] for name in trouble[1]]
        try:
            program.run(self._troubled(program, work, *trouble[2:]))
        except CrmError as error:
            self._check_error(error)
        except asyncio.CancelledError:
            self._all_interrupted()
            self._calm_down()
        except BaseException:
            if program.lives:
                raise
        program.at_step = lambda step: None
        self.stage.line.mend()
        if not calm:
            self._calm_down()
        self._listen()
        self._digest()
        for intent in self.intents.values():
            intent.waited = True
        if not program.lives:
            self._bury(program)

    def _check_error(self, error: CrmError) -> None:
        assert "does not end" not in error.message or self._starved(), error.message

    async def _troubled(
        self, program: Program, work: Coroutine[Any, Any, None], death: str, after: int
    ) -> None:
        task = asyncio.create_task(work)
        steps = count()

        def step(name: str) -> None:
            if (death == "full" and name != "before storing") or next(steps) != after:
                return
            if death == "killed":
                program.die()
                raise Killed
            if death == "cancelled":
                task.cancel()
            if death == "full":
                program.starved = True
                full_disk()

        program.at_step = step
        await task

    def _calm_down(self) -> None:
        """What interrupted calls left on the line arrives."""
        for program in self.programs:
            if program.lives:
                program.run(program.account.hang_up())
        self.stage.line.proxy.calm_down()

    def _listen(self) -> None:
        """What the programs told the person."""
        for program in self.programs:
            for id_ in program.begun:
                self.intents[id_].begun += 1
                self.intents[id_].last = next(self.tries)
            ids = {entry.write.id for entry, _ in program.told}
            ids |= {id_ for id_ in self.intents for sentence in program.said if id_ in sentence}
            for id_ in ids & self.intents.keys():
                self.intents[id_].told = True
            program.begun, program.told = [], []
            program.said.clear()

    def _bury(self, program: Program) -> None:
        """A program is gone; whoever sees it gone knows that it did not tell how its writes ended."""
        program.bury()
        self.programs.remove(program)
        self._all_interrupted()

    def _all_interrupted(self) -> None:
        for intent in self.intents.values():
            intent.told = intent.ended = True

    def _deliver(self) -> None:
        self._listen()
        self._digest()
        self.stage.line.proxy.deliver()
        self._digest(late=True)

    def _digest(self, *, late: bool = False) -> None:
        """What the service was told to do since the last look, checked and done to the model."""
        new = []
        for request in reversed(self.stage.served.requests):
            if request is self.seen:
                break
            new.append(request)
        for request in reversed(new):
            self.seen = request
            while not request.status:  # a client that hung up does not wait for the answer
                time.sleep(0.001)
            if request.method == "GET" or not 200 <= request.status < 300:
                continue
            body = json.loads(request.body) if request.body else {}
            id_ = request.path.removeprefix("/accounts").removeprefix("/")
            tracked = {name: body[name] for name in ("name", *FIELDS) if name in body}
            mine = request.headers.get("user-agent", "").startswith("crmtui")
            if mine:
                self._check_arrival(request.method, id_, tracked, late=late)
            self._apply(request.method, id_, tracked)

    def _apply(self, method: str, id_: str, values: dict[str, Any]) -> None:
        if method == "DELETE":
            name = self.records.pop(id_)["name"]
            for intent in self.intents.values():
                # One that was not answered cannot tell that it was done and undone by somebody.
                intent.allowed += intent.write.op is Op.CREATE and intent.write.edits["name"] == name
            return
        if method == "POST":
            id_ = min(set(self.stage.named(values["name"])) - self.records.keys(), key=int)
            self.records[id_] = dict.fromkeys(FIELDS)
        self.records[id_] |= values
        for name, value in values.items():
            self.held.setdefault((id_, name), set()).add(value)

    def _check_arrival(self, method: str, id_: str, values: dict[str, Any], *, late: bool) -> None:
        """A write of ours arrives: it was decided on, comes once, in order, and overwrites nobody."""
        op = {"POST": Op.CREATE, "PATCH": Op.EDIT, "DELETE": Op.DELETE}[method]
        candidates = [
            intent
            for intent in self.intents.values()
            if (intent.write.op, intent.write.ref.id) == (op, id_)
            and values.items() <= intent.write.edits.items()
            and intent.arrived < intent.begun
        ]
        assert candidates, f"nobody decided on it, or it comes twice: {method} {id_} {values}"
        # Of intents of one content any may be meant; the newest try comes first, but for late ones.
        intent = min(candidates, key=lambda intent: (intent.arrived, intent.last if late else -intent.last))
        write = intent.write
        intent.arrived += 1
        assert intent.arrived <= intent.allowed, f"it comes once more: {intent}"
        if op is Op.CREATE or (late and intent.in_vain):
            return
        assert write.created >= self.last.get(id_, 0.0), f"out of order: {intent}"
        self.last[id_] = write.created
        if late:
            return
        for name, value in values.items() if op is Op.EDIT else ():
            assert self.records[id_][name] in (write.base[name], value), f"overwrites theirs: {intent}"
        if op is Op.DELETE and intent.waited:
            theirs = {f: v for f, v in self.records[id_].items() if v != write.base.get(f)}
            assert not theirs, f"deletes what somebody changed: {intent} {theirs}"

    def _check_done(self, entry: Entry) -> None:
        write = entry.write
        if write.op is Op.DELETE:
            assert write.ref.id not in self.records, f"not deleted: {entry}"
        for name, value in write.edits.items() if write.op is Op.EDIT else ():
            assert value in self.held[write.ref.id, name], f"not done: {entry}"
        if write.op is Op.CREATE:
            assert write.edits["name"] in self.held[write.ref.id, "name"], f"not made: {entry}"

    def _check_refused(self, entry: Entry, intent: Intent) -> None:
        assert entry.why, f"refused without a reason: {entry}"
        assert intent.told, f"nobody was told that it was refused: {entry}"
        known_not_done = "Interrupted before anything was sent." in entry.why
        assert not (known_not_done and intent.arrived), f"it was sent, and is said not to be: {entry}"


async def _both(*work: Coroutine[Any, Any, None]) -> None:
    """Both at once; each may fail as it may alone."""
    for ended in await asyncio.gather(*work, return_exceptions=True):
        if ended is not None and not isinstance(ended, CrmError):
            raise ended
        if isinstance(ended, CrmError):
            assert "does not end" not in ended.message, ended.message


def test_no_edit_is_lost_doubled_or_laid_over_another(stage: Stage) -> None:
    Machine.stage = stage
    Machine.steps = 0
    run_machine(Machine, settings=PROFILE)
    assert Machine.steps > PROFILE.max_examples
    if STEPS:
        print(f"{Machine.steps} steps")
