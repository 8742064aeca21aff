"""Records of Capsule v1 that take several requests: what is sent, and what is known where one fails."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.crm.capsule.v1.adapter import CapsuleV1
from crmtui.model.call import Call, unwatched
from crmtui.model.call import Progress as CallProgress
from crmtui.model.errors import CrmError, OutcomeUnknown
from crmtui.model.record import Record, Ref, Value
from crmtui.model.write import Op, State, Write
from crmtui.sandbox.capsule import Office
from crmtui.sandbox.text import fold
from crmtui.store.writes import Entry
from crmtui.workspace import outbox
from crmtui.workspace.desk import Desk
from crmtui.workspace.saved import Saved
from tests.conftest import Open, Serve, Served
from tests.proxy import Fault, Proxy, answer, closed_port
from tests.workspace.stage import Killed, Run, until

WRITES = (b"POST", b"PUT ", b"DELETE")
CUT = Fault(cut_response=0)


async def wait(entry: Entry, seconds: float) -> None:
    """Until an unanswered try can be asked after."""
    await asyncio.sleep(seconds)


class Person:
    """Somebody who edits parties of an account whose programs share one folder."""

    def __init__(self, served: Served, proxy: Proxy, open_served: Open, run: Run, office: Office) -> None:
        self.served = served
        self.office = office
        self.proxy = proxy
        self.run = run
        self._open = open_served
        self.desk = self.begin()
        self._looked = 0

    def begin(self) -> Desk:
        """Another program on the same files."""
        connection = msgspec.structs.replace(self.served.connection, url=self.proxy.url)
        desk = Desk(self._open(self.served, connection, "person"))
        self.run(desk.fields.schema("parties"))
        return desk

    def ref(self, id_: str = "") -> Ref:
        return Ref("acme", "parties", id_)

    def read(self, id_: str) -> Record:
        record: Record = self.run(self.desk.read(self.ref(id_)))
        return record

    def edit(self, id_: str, **edits: Value) -> Write:
        base = self.read(id_).values
        wanted = {name.replace("_", " "): value for name, value in edits.items()}
        self.calls()
        return self.desk.edits.intent(
            Op.EDIT, self.ref(id_), wanted, {name: base.get(name) for name in wanted}
        )

    def creation(self, **edits: Value) -> Write:
        wanted = {name.replace("_", " "): value for name, value in edits.items()}
        return self.desk.edits.intent(Op.CREATE, self.ref(), wanted)

    def save(self, write: Write, *, keeps: bool = False, patient: bool = False) -> Saved:
        schema = self.desk.schema("parties")
        saved: Saved = self.run(
            self.desk.outbox.save(write, schema, keeps=keeps, patience=wait if patient else None)
        )
        return saved

    def state(self, write: Write) -> State:
        entry = self.desk.account.writes.get(write.id)
        assert entry is not None
        return entry.state

    def calls(self) -> list[str]:
        """The requests that came since the last look."""
        new = self.served.requests[self._looked :]
        self._looked += len(new)
        return [f"{request.method} {request.path.removeprefix('/api')}" for request in new]

    def written(self) -> list[str]:
        """Those of them that write."""
        return [call for call in self.calls() if not call.startswith("GET")]

    def at_write(self, number: int, fault: Fault) -> None:
        """What meets the write of that number from now."""
        count = 0

        def fault_of(request: bytes) -> Fault:
            nonlocal count
            count += request.startswith(WRITES)
            return fault if request.startswith(WRITES) and count == number else Fault()

        self.proxy.fault_of = fault_of

    def there(self, id_: str) -> dict[str, Any]:
        """A party as the service has it: its own members, its tags and fields by their names."""
        doc = self.office.get("parties", int(id_))
        assert doc is not None
        fields = {row["definition"]["name"]: row["value"] for row in doc["fields"]}
        return doc | fields | {"tags": [tag["name"] for tag in doc["tags"]]}

    def mirrored(self, id_: str) -> dict[str, Value]:
        record = self.desk.account.mirror.get(self.ref(id_))
        assert record is not None
        return dict(record.values)

    def named(self, name: str) -> list[str]:
        return [str(doc["id"]) for doc in self.office.all("parties") if doc.get("lastName") == name]

    def line(self, url: str) -> None:
        """The next calls go to a url."""
        self.run(self.desk.account.hang_up())
        account = self.desk.account
        account.connection = msgspec.structs.replace(account.connection, url=url)


@pytest.fixture(params=["xml", "json"])
def person(
    request: pytest.FixtureRequest,
    serve: Serve,
    open_served: Open,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Person]:
    monkeypatch.setattr(CapsuleV1, "pauses", (0.0, 0.0))
    monkeypatch.setattr(outbox, "CALL_SECONDS", 0.3)
    served = serve(20, "capsule-v1")
    connection = msgspec.structs.replace(served.connection, format=request.param)
    served = Served(served.sandbox, connection, served.token)
    office = sqlite3.connect(tmp_path / "sandbox-0" / "capsule.db", timeout=10, isolation_level=None)
    office.create_function("fold", 1, fold, deterministic=True)
    with Proxy(served.connection.url) as proxy:
        yield Person(served, proxy, open_served, run, Office(office))
    office.close()


@pytest.fixture
def ann(person: Person) -> str:
    """A person with one tag and one custom field."""
    body = {"type": "person", "firstName": "Ann", "lastName": "Bolt", "tags": [{"name": "Customer"}]}
    body["fields"] = [{"definition": {"id": 305}, "value": "7"}]
    return str(person.office.create("parties", body)["id"])


def test_an_edit_takes_the_requests_of_what_it_changes(person: Person, ann: str) -> None:
    saved = person.save(person.edit(ann, jobTitle="Buyer"))
    assert person.calls() == [f"GET /party/{ann}", f"PUT /person/{ann}"]
    assert saved.record is not None
    assert (saved.record.values["jobTitle"], saved.record.values["tags"]) == ("Buyer", ["Customer"])
    saved = person.save(person.edit(ann, Lead_score="12.5"))
    assert person.calls() == [f"GET /party/{ann}/customfields", f"PUT /party/{ann}/customfields"]
    assert saved.record is not None
    assert saved.record.values["jobTitle"] == "Buyer"
    assert str(saved.record.values["Lead score"]) == "12.5"
    person.save(person.edit(ann, jobTitle="Head", tags=["Customer", "VIP"], Lead_source="Referral"))
    asked: list[str] = []
    written: list[str] = []
    for call in person.calls():
        (asked if call.startswith("GET") else written).append(call)
    assert sorted(asked) == [f"GET /party/{ann}", f"GET /party/{ann}/customfields", f"GET /party/{ann}/tag"]
    assert written == [f"PUT /person/{ann}", f"POST /party/{ann}/tag/VIP", f"PUT /party/{ann}/customfields"]
    there, here = person.there(ann), person.mirrored(ann)
    assert (there["jobTitle"], there["tags"], there["Lead source"]) == (
        "Head",
        ["Customer", "VIP"],
        "Referral",
    )
    assert (here["jobTitle"], here["tags"], here["Lead source"]) == ("Head", ["Customer", "VIP"], "Referral")
    assert here["lastName"] == "Bolt"


@pytest.mark.parametrize("status", [400, 401, 422, 500])
def test_a_part_is_refused_after_the_record_itself_was_written(person: Person, ann: str, status: int) -> None:
    write = person.edit(ann, jobTitle="Buyer", Lead_source="Referral")
    person.at_write(2, Fault(answer=answer(status, b'{"message": "Not this one"}')))
    with pytest.raises(CrmError) as caught:
        person.save(write)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert f"What came before it was done: PUT /api/person/{ann}." in caught.value.message
    assert person.state(write) is State.REFUSED
    assert (person.there(ann)["jobTitle"], person.there(ann).get("Lead source")) == ("Buyer", None)
    assert (person.mirrored(ann)["jobTitle"], person.mirrored(ann).get("Lead source")) == ("Buyer", None)
    person.proxy.fault_of = None
    person.calls()
    person.save(person.desk.edits.intent(Op.EDIT, write.ref, write.edits, write.base))
    assert person.written() == [f"PUT /party/{ann}/customfields"]
    assert (person.there(ann)["jobTitle"], person.there(ann)["Lead source"]) == ("Buyer", "Referral")


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("done", [True, False])
def test_a_part_that_is_not_answered_is_asked_after(
    person: Person, ann: str, number: int, *, done: bool
) -> None:
    write = person.edit(ann, jobTitle="Buyer", tags=["Customer", "VIP"], Lead_source="Referral")
    person.at_write(number, CUT if done else Fault(cut_request=20))
    with pytest.raises(OutcomeUnknown):
        person.save(write)
    assert person.state(write) is State.UNKNOWN
    person.proxy.fault_of = None
    came = len(person.written())
    assert came >= number - 1
    person.run(person.desk.outbox.send(write.id, patience=wait))
    assert person.state(write) is State.DONE
    order = [f"PUT /person/{ann}", f"POST /party/{ann}/tag/VIP", f"PUT /party/{ann}/customfields"]
    assert person.written() == order[number if done else number - 1 :]
    there, here = person.there(ann), person.mirrored(ann)
    for values in (there, here):
        assert (values["jobTitle"], values["Lead source"]) == ("Buyer", "Referral")
        assert values["tags"] == ["Customer", "VIP"]


def test_a_creation_is_followed_by_what_it_cannot_carry(person: Person) -> None:
    person.calls()
    saved = person.save(
        person.creation(
            type="person", lastName="Nut", tags=["VIP"], Lead_score="3", **{"NI Number": "AB123456C"}
        )
    )
    assert saved.record is not None
    id_ = saved.record.ref.id
    assert person.written() == [
        "POST /person",
        f"POST /party/{id_}/tag/VIP",
        f"PUT /party/{id_}/customfields",
    ]
    assert (person.there(id_)["tags"], person.there(id_)["NI Number"]) == (["VIP"], "AB123456C")
    assert (saved.record.values["tags"], saved.record.values["lastName"]) == (["VIP"], "Nut")
    assert person.desk.outbox.waiting() == []
    assert {entry.state for entry in person.desk.account.writes.all()} == {State.DONE}


def test_what_follows_a_creation_is_refused(person: Person) -> None:
    person.at_write(2, Fault(answer=answer(400, b'{"message": "No such field"}')))
    write = person.creation(type="person", lastName="Nut", tags=["VIP"])
    with pytest.raises(CrmError) as caught:
        person.save(write)
    [id_] = person.named("Nut")
    assert f"acme/parties/{id_} was made, but not all of it was written." in caught.value.message
    assert person.state(write) is State.DONE
    assert person.desk.outbox.waiting() == []


@pytest.mark.parametrize("keeps", [True, False], ids=["app", "command"])
def test_what_follows_a_creation_is_not_answered(person: Person, *, keeps: bool) -> None:
    person.at_write(2, CUT)
    write = person.creation(type="person", lastName="Nut", tags=["VIP"], Lead_score="3")
    if keeps:
        assert person.save(write, keeps=True).waits
    else:
        with pytest.raises(OutcomeUnknown) as caught:
            person.save(write)
    [id_] = person.named("Nut")
    [entry] = person.desk.outbox.waiting()
    if not keeps:
        assert f"acme/parties/{id_} was made, but not all of it is written" in caught.value.message
        assert entry.write.id in caught.value.message
    assert (entry.state, entry.write.ref.id) == (State.UNKNOWN, id_)
    person.proxy.fault_of = None
    person.written()
    person.run(person.desk.outbox.send(entry.write.id, patience=wait))
    assert person.written() == [f"PUT /party/{id_}/customfields"]
    assert person.there(id_)["tags"] == ["VIP"]
    assert person.named("Nut") == [id_]


def die(desk: Desk) -> None:
    """As a kill: files and locks are let go by the system."""
    for database in (desk.account._journal_file, desk.account._mirror_file):
        database.sql.close()
    instance = desk.account.writes._me
    if instance._handle is not None:
        os.close(instance._handle)
        instance._handle = None


def steps(desk: Desk, at: int, die: Callable[[Desk], None] = die) -> None:
    """The program ends at the step of that number: before or after a transaction or a call."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == at:
            die(desk)
            raise Killed

    send, write = desk.account.send, desk.account._journal_file.write

    async def sending(call: Call, progress: CallProgress = unwatched) -> Any:
        step()
        told = await send(call, progress)
        step()
        return told

    def writing(**options: bool) -> Any:
        step()
        return write(**options)

    vars(desk.account)["send"] = sending
    vars(desk.account._journal_file)["write"] = writing


@pytest.mark.parametrize("at", range(1, 19))
def test_a_program_that_is_killed_while_it_creates(person: Person, at: int) -> None:
    steps(person.desk, at)
    write = person.creation(type="person", lastName="Nut", tags=["VIP"], Lead_score="3")
    person.calls()
    with contextlib.suppress(Killed, sqlite3.ProgrammingError):
        person.save(write, keeps=True)
    person.desk = person.begin()
    stored = person.desk.account.writes.get(write.id) is not None
    while waiting := person.desk.outbox.waiting():
        person.run(person.desk.outbox.send(waiting[0].write.id, patience=wait))
    if not stored:
        assert (at, person.written()) == (1, [])
        return
    [id_] = person.named("Nut")
    assert (person.there(id_)["tags"], float(person.there(id_)["Lead score"])) == (["VIP"], 3)
    order = ["POST /person", f"POST /party/{id_}/tag/VIP", f"PUT /party/{id_}/customfields"]
    assert person.written() == order
    assert person.state(write) is State.DONE


@pytest.mark.parametrize("at", range(2, 27))
def test_a_person_who_interrupts_a_creation_loses_no_part_of_it_unsaid(person: Person, at: int) -> None:
    steps(person.desk, at, die=lambda desk: None)
    write = person.creation(type="person", lastName="Nut", tags=["VIP"], Lead_score="3")
    with contextlib.suppress(Killed):
        person.save(write)
    said = person.desk.outbox.unsure(write.id)
    waiting = person.desk.outbox.waiting()
    assert bool(said) is bool(waiting)
    assert not waiting or any(entry.write.id in said for entry in waiting)
    while waiting := person.desk.outbox.waiting():
        person.run(person.desk.outbox.send(waiting[-1].write.id, patience=wait))
    for id_ in person.named("Nut"):
        assert (person.there(id_)["tags"], float(person.there(id_)["Lead score"])) == (["VIP"], 3)


def test_a_creation_and_what_follows_wait_for_the_line(person: Person) -> None:
    write = person.creation(type="person", lastName="Nut", tags=["VIP"], Lead_score="3")
    with closed_port() as nobody:
        person.line(nobody)
        assert "cannot be reached" in person.save(write, keeps=True).waits
        assert [entry.write.id for entry in person.desk.outbox.waiting()] == [write.id]
    person.line(person.proxy.url)
    person.calls()

    async def go() -> None:
        person.desk.courier.start()
        person.desk.courier.hurry()
        await until(lambda: not person.desk.outbox.waiting())
        await person.desk.courier.close(1)

    person.run(go())
    [id_] = person.named("Nut")
    assert person.written() == [
        "POST /person",
        f"POST /party/{id_}/tag/VIP",
        f"PUT /party/{id_}/customfields",
    ]
    assert {entry.state for entry in person.desk.account.writes.all()} == {State.DONE}
    assert person.mirrored(id_)["tags"] == ["VIP"]
