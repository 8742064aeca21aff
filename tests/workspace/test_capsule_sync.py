"""The mirror made equal to Capsule, through both of its APIs: what is read, what it costs, what changes."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.crm.capsule.v1.adapter import CapsuleV1
from crmtui.crm.capsule.v2.adapter import Capsule
from crmtui.model.call import Call, unwatched
from crmtui.model.call import Progress as CallProgress
from crmtui.model.errors import CrmError
from crmtui.model.query import Query
from crmtui.model.record import Record
from crmtui.sandbox.capsule import Office
from crmtui.sandbox.text import fold
from crmtui.store.known import DAY
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.sync import Outcome, Sync
from crmtui.workspace.synced_list import SyncedList
from tests.conftest import Open, Serve, Served
from tests.proxy import Fault, Proxy
from tests.workspace.stage import Run

FED = ("parties", "opportunities", "kases")
"""The kinds of which both APIs tell what changed."""
BOTH = pytest.mark.parametrize("crm", ["capsule", "capsule-v1"])
SMALL_PAGES = {"capsule": {"CAPSULE_PAGE_CAP": "25"}, "capsule-v1": {"CAPSULE_V1_MAX_LIMIT": "25"}}
NO_FEED = {"capsule": {"CAPSULE_DELETED": "none"}, "capsule-v1": {"CAPSULE_V1_DELETED_TWINS": "none"}}


class Scene:
    """An account on a sandbox, and somebody else who works in the same office."""

    def __init__(self, account: Account, served: Served, run: Run, office: Office) -> None:
        self.account = account
        self.served = served
        self.office = office
        self._run = run
        self._looked = len(served.requests)

    def sync(self, *kinds: str) -> Outcome:
        outcome: Outcome = self._run(Sync(self.account, kinds).run())
        return outcome

    def run(self, work: Any) -> Any:
        return self._run(work)

    def calls(self) -> Counter[str]:
        """How often each kind was asked for since the last look, whatever of it."""
        paths = [request.path for request in self.served.requests[self._looked :]]
        self._looked += len(paths)
        return Counter(path.split("/")[3 if "/v2/" in path else 2] for path in paths)

    def there(self, kind: str) -> set[str]:
        return {str(doc["id"]) for doc in self.office.all(kind)}

    def here(self, kind: str) -> set[str]:
        return {record.ref.id for record in self.account.mirror.all(kind)}

    def read(self, kind: str, id_: str) -> Record | None:
        return self.account.mirror.get(self.account.ref(kind, id_))

    def rename(self, id_: str, name: str) -> None:
        self.office.update("opportunities", int(id_), {"name": name})

    def make(self, name: str = "Made elsewhere") -> str:
        return str(self.office.create("parties", {"type": "organisation", "name": name})["id"])

    def name(self, kind: str, id_: str) -> object:
        record = self.read(kind, id_)
        return record and record.values["name"]

    def meanwhile(self, at: int, deed: Callable[[], object]) -> None:
        """Does something just before the call of that number from now leaves."""
        send, count = self.account.send, 0

        async def sending(call: Call, progress: CallProgress = unwatched) -> Any:
            nonlocal count
            count += 1
            if count == at:
                deed()
            return await send(call, progress)

        self.account.send = sending  # type: ignore[method-assign]


Begin = Callable[..., Scene]


@pytest.fixture
def scene(
    serve: Serve, open_served: Open, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Begin]:
    monkeypatch.setattr(Capsule, "pauses", (0.0, 0.0))
    monkeypatch.setattr(CapsuleV1, "pauses", (0.0, 0.0))
    opened: list[sqlite3.Connection] = []

    def begin(crm: str, records: int = 20, url: str = "", **switches: str) -> Scene:
        served = serve(records, crm, **switches)
        office = sqlite3.connect(tmp_path / "sandbox-0" / "capsule.db", timeout=10, isolation_level=None)
        office.create_function("fold", 1, fold, deterministic=True)
        opened.append(office)
        return Scene(open_served(served), served, run, Office(office))

    yield begin
    for office in opened:
        office.close()


def is_equal(acme: Scene, *kinds: str) -> None:
    for kind in kinds:
        assert acme.here(kind) == acme.there(kind), kind


@BOTH
def test_everything_is_mirrored_and_then_little_is_asked(scene: Begin, crm: str) -> None:
    acme = scene(crm)
    first = acme.sync()
    kinds = [kind.name for kind in acme.account.adapter.kinds.values() if kind.can.listed]
    assert (first.rows, first.notes) == (sum(len(acme.here(kind)) for kind in kinds), [])
    is_equal(acme, *FED)
    open_ones = {str(d["id"]) for d in acme.office.all("tasks") if d["status"] == "OPEN"}
    assert acme.here("tasks") == (open_ones if crm == "capsule-v1" else acme.there("tasks"))
    acme.calls()
    again = acme.sync()
    words = FED if crm == "capsule" else ("party", "opportunity", "kase")
    expected = dict.fromkeys(words, 2) | {"tasks": 1}
    if crm == "capsule":
        expected["entries"] = 1
    assert acme.calls() == Counter(expected)
    assert (again.rows, again.gone, again.notes) == (0, 0, [])


@BOTH
@pytest.mark.parametrize("pages", ["as asked", "small"])
def test_what_others_do_arrives(scene: Begin, crm: str, pages: str) -> None:
    acme = scene(crm, 60, **SMALL_PAGES[crm] if pages == "small" else {})
    acme.sync()
    is_equal(acme, *FED)
    changed, gone, *_ = sorted(acme.there("opportunities"), key=int)
    acme.rename(changed, "Changed elsewhere")
    acme.office.delete("opportunities", int(gone))
    acme.office.delete("parties", int(max(acme.there("parties"), key=int)))
    made = acme.make()
    acme.calls()
    outcome = acme.sync(*FED)
    assert acme.name("opportunities", changed) == "Changed elsewhere"
    assert acme.name("parties", made) == "Made elsewhere"
    assert acme.read("opportunities", gone) is None
    assert outcome.gone >= 2
    is_equal(acme, *FED)
    assert acme.calls().total() == 6


@BOTH
def test_a_hundred_changes_arrive_in_small_pages(scene: Begin, crm: str) -> None:
    acme = scene(crm, 130, **SMALL_PAGES[crm])
    acme.sync("opportunities")
    for id_ in acme.there("opportunities"):
        acme.rename(id_, f"Now {id_}")
    acme.sync("opportunities")
    assert {acme.name("opportunities", id_) for id_ in acme.there("opportunities")} == {
        f"Now {id_}" for id_ in acme.there("opportunities")
    }


@BOTH
def test_a_deletion_that_is_not_told_is_found_once_a_day(
    scene: Begin, crm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = scene(crm, **NO_FEED[crm])
    acme.sync()
    gone = max(acme.there("parties"), key=int)
    acme.office.delete("parties", int(gone))
    assert acme.sync("parties").gone == 0
    assert acme.read("parties", gone) is not None
    monkeypatch.setattr(time, "time", later(time.time, 1.1 * DAY))
    outcome = acme.sync("parties")
    assert (outcome.gone, acme.read("parties", gone)) == (1, None)
    is_equal(acme, "parties")


def later(clock: Callable[[], float], seconds: float) -> Callable[[], float]:
    """A clock that is ahead."""
    return lambda: clock() + seconds


@BOTH
def test_a_task_that_is_gone_or_done_elsewhere_is_due_no_more(scene: Begin, crm: str) -> None:
    acme = scene(crm)
    acme.sync()
    done, gone, *_ = [str(d["id"]) for d in acme.office.all("tasks") if d["status"] == "OPEN"]
    acme.office.update("tasks", int(done), {"status": "COMPLETED"})
    acme.office.delete("tasks", int(gone))
    acme.sync("tasks")
    task = acme.read("tasks", done)
    assert task is None or task.values["status"] == "COMPLETED"
    assert acme.read("tasks", gone) is None


@BOTH
@pytest.mark.parametrize("answers", [0, 1, 2, 3, 5])
def test_a_first_sync_that_is_cut_goes_on(scene: Begin, crm: str, answers: int) -> None:
    acme = scene(crm, 130, **SMALL_PAGES[crm])
    left = answers

    def fault(request: bytes) -> Fault:
        nonlocal left
        left -= 1
        return Fault() if left >= 0 else Fault(cut_response=700)

    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = fault
        account = acme.account
        account.connection = msgspec.structs.replace(account.connection, url=proxy.url)
        with pytest.raises(CrmError) as caught:
            acme.sync("opportunities")
        assert "the same command goes on from there" in caught.value.message
        held = len(acme.here("opportunities"))
        assert bool(held) is (answers > 0)
        low = min(acme.there("opportunities"), key=int)
        acme.rename(low, "Meanwhile")
        proxy.fault_of = None
        acme.run(account.hang_up())
        acme.calls()
        acme.sync("opportunities")
    is_equal(acme, "opportunities")
    assert acme.name("opportunities", low) == "Meanwhile"
    whole = len(acme.there("opportunities"))
    assert acme.calls().total() <= (whole - held) // 24 + 5


@BOTH
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6, 7])
def test_what_changes_while_pages_are_read_is_not_missed(scene: Begin, crm: str, at: int) -> None:
    acme = scene(crm, 60, **SMALL_PAGES[crm])
    low, *_, high = sorted(acme.there("opportunities"), key=int)
    deleted = sorted(acme.there("opportunities"), key=int)[10]

    def deed() -> None:
        acme.rename(low, "Low")
        acme.rename(high, "High")
        acme.office.delete("opportunities", int(deleted))
        acme.office.create("opportunities", new)

    party, milestone = acme.office.get("opportunities", int(low))["party"], {"id": 81}  # type: ignore[index]
    new = {"name": "New", "party": {"id": party["id"]}, "milestone": milestone}
    acme.meanwhile(at, deed)
    acme.sync("opportunities")
    acme.sync("opportunities")  # there are fewer calls in the first than some numbers here
    acme.sync("opportunities")
    is_equal(acme, "opportunities")
    assert (acme.name("opportunities", low), acme.name("opportunities", high)) == ("Low", "High")


@BOTH
@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_changes_while_changes_are_read_is_not_missed(scene: Begin, crm: str, at: int) -> None:
    acme = scene(crm, 60, **SMALL_PAGES[crm])
    acme.sync("opportunities")
    ids = sorted(acme.there("opportunities"), key=int)
    for id_ in ids[10:45]:
        acme.rename(id_, "Before")
    again = (ids[0], ids[10], ids[44], ids[-1])

    def deed() -> None:
        for id_ in again:
            acme.rename(id_, "During")

    acme.meanwhile(at, deed)
    acme.sync("opportunities")
    acme.sync("opportunities")
    for id_ in again:
        assert acme.name("opportunities", id_) == "During"
    assert acme.name("opportunities", ids[20]) == "Before"


@BOTH
def test_a_synced_list_is_browsed_without_a_call(scene: Begin, crm: str) -> None:
    acme = scene(crm, 60, **SMALL_PAGES[crm])
    desk = Desk(acme.account)
    fields = acme.run(desk.fields.schema("opportunities")).by_name
    assert not isinstance(desk.list(Query("opportunities"), fields), SyncedList)
    acme.sync("opportunities")
    rows = desk.list(Query("opportunities"), fields)
    assert isinstance(rows, SyncedList)
    acme.calls()
    found = rows.rows(0, 1000)
    assert {record.ref.id for record in found.values()} == acme.there("opportunities")
    assert acme.calls().total() == 0
