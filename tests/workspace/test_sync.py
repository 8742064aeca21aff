"""The mirror made equal to the sandbox: what is read, what it costs, and what changes meanwhile."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.model.call import Call, unwatched
from crmtui.model.call import Progress as CallProgress
from crmtui.model.errors import ConfigError, Forbidden, QuotaSpent, RateLimited, Unavailable, UsageError
from crmtui.model.query import Order, Query
from crmtui.model.record import Ref
from crmtui.model.schema import Field, FieldType
from crmtui.sandbox.text import fold
from crmtui.store.drafts import Draft
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.due import synced_at
from crmtui.workspace.sync import Outcome, Progress, Sync
from crmtui.workspace.synced_list import SyncedList
from tests.conftest import Open, Serve, Served

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ID_BY_NAME = Field("no such field", type=FieldType.REFERENCE)
"""In the place of the id: a range that the service knows nothing of."""
SAME = "2030-03-03 03:03:03"


class Scene:
    """An account on a sandbox, and what others do at the service meanwhile."""

    def __init__(self, account: Account, served: Served, run: Run, home: Path) -> None:
        self.account = account
        self.served = served
        self.run = run
        self._database = home / "spotler.db"
        self._looked = len(served.requests)

    def sync(self, *kinds: str) -> Outcome:
        outcome: Outcome = self.run(Sync(self.account, kinds).run())
        return outcome

    def calls(self) -> list[str]:
        """The paths asked for since the last look."""
        paths = [request.path for request in self.served.requests[self._looked :]]
        self._looked += len(paths)
        return paths

    def do(self, statement: str, *values: object) -> list[Any]:
        with self._service() as sql:
            return sql.execute(statement, values).fetchall()

    def do_each(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """A statement for each of many rows, at once."""
        with self._service() as sql:
            sql.executemany(statement, rows)

    @contextmanager
    def _service(self) -> Iterator[sqlite3.Connection]:
        """The service's own data; what was done is kept."""
        with closing(sqlite3.connect(self._database, timeout=10)) as sql, sql:
            sql.create_function("fold", 1, fold, deterministic=True)
            yield sql

    def change(self, id_: str, stamp: str, name: str) -> None:
        self.do("UPDATE accounts SET name=?, modifieddate=? WHERE id=?", name, stamp, id_)

    def there(self, kind: str = "accounts") -> set[str]:
        return {str(id_) for (id_,) in self.do(f"SELECT id FROM {kind}")}

    def here(self, kind: str = "accounts") -> set[str]:
        return {record.ref.id for record in self.account.mirror.all(kind)}

    def name(self, id_: str) -> object:
        record = self.account.mirror.get(Ref("acme", "accounts", id_))
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


@pytest.fixture
def scene(serve: Serve, open_served: Open, run: Run, tmp_path: Path) -> Callable[..., Scene]:
    def begin(records: int = 450, **switches: str) -> Scene:
        served = serve(records, **switches)
        return Scene(open_served(served), served, run, tmp_path / "sandbox-0")

    return begin


Begin = Callable[..., Scene]


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"SPOTLER_PAGE_BASE": "0"},
        {"SPOTLER_TOTAL": "none"},
        {"SPOTLER_TOTAL": "none", "SPOTLER_HAS_MORE": "none", "SPOTLER_PAGE_BASE": "0"},
        {"SPOTLER_TOTAL": "text"},
    ],
)
def test_everything_is_mirrored_and_then_only_what_is_new(scene: Begin, switches: dict[str, str]) -> None:
    acme = scene(250, **switches)
    acme.sync()
    for kind in acme.account.adapter.kinds:
        assert acme.here(kind) == acme.there(kind), kind
        assert synced_at(acme.account, kind) is not None
    acme.calls()
    acme.sync()
    calls = acme.calls()
    stamped = [f"/{kind.name}" for kind in acme.account.adapter.kinds.values() if kind.can.stamp]
    assert calls == stamped
    [first, *_] = acme.there()
    acme.change(first, "2030-01-01 00:00:00", "Changed")
    assert acme.sync("accounts").rows == 1
    assert acme.calls() == ["/accounts"]
    assert acme.name(first) == "Changed"


def test_records_with_one_stamp_are_neither_lost_nor_read_again(scene: Begin) -> None:
    acme = scene(450)
    acme.do("UPDATE accounts SET modifieddate=?", SAME)
    acme.sync("accounts")
    assert acme.here() == acme.there()
    acme.calls()
    # Once more in full, for the second in which they were written may not have been over.
    acme.sync("accounts")
    assert len(acme.calls()) <= 6
    acme.sync("accounts")
    assert acme.calls() == ["/accounts"]
    # One below the first page gets that very stamp again: only a total could tell, and the name is old.
    acme.do("INSERT INTO accounts (id, name, modifieddate) VALUES (1, 'One more', ?)", SAME)
    acme.sync("accounts")
    assert acme.here() == acme.there()


def test_changes_of_the_second_of_the_last_sync_are_found(scene: Begin) -> None:
    acme = scene(150)
    first, second, *_ = sorted(acme.there())
    acme.change(first, SAME, "One")
    acme.sync("accounts")
    acme.change(second, SAME, "Two")
    outcome = acme.sync("accounts")
    assert (acme.name(first), acme.name(second), outcome.rows) == ("One", "Two", 1)


def test_what_was_read_otherwise_ends_no_sync_early(scene: Begin) -> None:
    acme = scene(350)
    desk = Desk(acme.account)
    newest = Query("accounts", None, (Order("modifieddate", descending=True),))
    acme.run(desk.list(newest, {}).begin())
    for id_ in list(acme.there())[:3]:
        acme.run(desk.read(Ref("acme", "accounts", id_)))
    acme.sync("accounts")
    assert acme.here() == acme.there()


class Killed(BaseException):
    """The process ends, and nothing is tidied up."""


def die() -> None:
    raise Killed


@pytest.mark.parametrize("total", ["number", "none"])
@pytest.mark.parametrize("at", [1, 2, 4, 6])
def test_a_sync_that_died_goes_on_where_it_was(scene: Begin, at: int, total: str) -> None:
    acme = scene(650, SPOTLER_TOTAL=total)
    before = acme.account.send
    acme.meanwhile(at, die)
    with pytest.raises(Killed):
        acme.sync("accounts")
    acme.account.send = before  # type: ignore[method-assign]
    assert len(acme.here()) >= (at - 1) * 90
    # Meanwhile some changed and some are new.
    low, *_, high = sorted(acme.there())
    acme.change(low, "2030-01-01 00:00:01", "Low")
    acme.change(high, "2030-01-01 00:00:02", "High")
    acme.do("INSERT INTO accounts (id, name, modifieddate) VALUES (1, 'New', '2030-01-01 00:00:03')")
    acme.calls()
    acme.sync("accounts")
    assert len(acme.calls()) <= 7 - (at - 1) + 3 + (7 if total == "none" else 0)
    assert acme.here() == acme.there()
    assert (acme.name(low), acme.name(high), acme.name("1")) == ("Low", "High", "New")
    acme.sync("accounts")
    assert set(acme.calls()) == {"/accounts"}


@pytest.mark.parametrize("total", ["number", "none"])
@pytest.mark.parametrize(("first", "gone"), [(0, 1), (0, 30), (0, 120), (0, 500), (50, 500), (150, 300)])
def test_rows_that_move_up_while_reading_are_not_lost(
    scene: Begin, first: int, gone: int, total: str
) -> None:
    acme = scene(650, SPOTLER_TOTAL=total)
    rows = acme.do("SELECT id FROM accounts ORDER BY modifieddate DESC, id DESC")

    def delete() -> None:
        acme.do_each("DELETE FROM accounts WHERE id=?", rows[first : first + gone])

    acme.meanwhile(3, delete)
    acme.sync("accounts")
    assert acme.there() <= acme.here()
    assert total == "none" or acme.here() == acme.there()


def test_rows_that_move_down_while_reading_are_read_once(scene: Begin) -> None:
    acme = scene(450)

    def create() -> None:
        insert = "INSERT INTO accounts (id, name, modifieddate) VALUES (?, 'New', ?)"
        acme.do_each(insert, [(id_, SAME) for id_ in range(1, 131)])

    acme.meanwhile(3, create)
    acme.sync("accounts")
    assert acme.here() == acme.there()


def test_deleted_records_leave_mirror_lists_and_search(scene: Begin) -> None:
    acme = scene(250)
    acme.sync("accounts")
    desk = Desk(acme.account)
    query = Query("accounts", None, (Order("name", descending=True),))
    listed = desk.list(query, desk.schema("accounts").by_name)
    acme.run(listed.begin())
    [gone, *_] = [record.ref.id for record in listed.rows(0, 5).values()]
    acme.change(gone, SAME, "Zyzzyva Unique")
    acme.sync("accounts")
    ref = Ref("acme", "accounts", gone)
    acme.account.drafts.keep(Draft(ref, {"name": "typed"}))
    assert [found.ref.id for found in acme.account.mirror.search("zyzzyva")] == [gone]
    acme.do("DELETE FROM accounts WHERE id=?", gone)
    outcome = acme.sync("accounts")
    assert (outcome.gone, acme.here()) == (1, acme.there())
    assert str(ref) in outcome.notes[0]
    assert "draft" in outcome.notes[0]
    assert acme.account.drafts.get(ref) is not None
    assert acme.account.mirror.search("zyzzyva") == []
    assert desk.list(query, {}).position(gone) is None
    acme.calls()
    acme.sync("accounts")
    assert acme.calls() == ["/accounts"]


def test_a_sweep_that_was_left_goes_on(scene: Begin) -> None:
    acme = scene(650)
    acme.sync("accounts")
    gone = sorted(acme.there())[300]
    acme.do("DELETE FROM accounts WHERE id=?", gone)
    before = acme.account.send
    acme.meanwhile(6, die)
    with pytest.raises(Killed):
        acme.sync("accounts")
    acme.account.send = before  # type: ignore[method-assign]
    acme.calls()
    assert acme.sync("accounts").gone == 1
    assert len(acme.calls()) <= 8
    assert acme.here() == acme.there()


def test_one_deletion_among_many_is_found_without_a_sweep(scene: Begin) -> None:
    acme = scene(records=2000)
    acme.sync("accounts")
    gone = sorted(acme.there())[1234]
    acme.do("DELETE FROM accounts WHERE id=?", gone)
    acme.calls()
    outcome = acme.sync("accounts")
    assert (outcome.gone, acme.here()) == (1, acme.there())
    # What is new, twice; then halves of the ids are counted, and one page is read.
    assert len(acme.calls()) <= 2 + 6
    assert acme.sync("accounts").gone == 0
    assert len(acme.calls()) == 1


def test_a_service_that_counts_no_ranges_is_swept(scene: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = scene(records=2000)
    acme.sync("accounts")
    acme.do("DELETE FROM accounts WHERE id=?", min(acme.there()))
    monkeypatch.setattr("crmtui.workspace.narrowing.ID", ID_BY_NAME)
    assert acme.sync("accounts").gone == 1
    assert acme.here() == acme.there()


def test_a_record_that_moves_during_a_sweep_is_not_taken_for_gone(scene: Begin) -> None:
    acme = scene(450)
    acme.sync("accounts")
    rows = acme.do("SELECT id FROM accounts ORDER BY modifieddate DESC, id DESC")
    acme.do("DELETE FROM accounts WHERE id=?", rows[0][0])
    moved = str(rows[-1][0])
    acme.meanwhile(5, lambda: acme.change(moved, SAME, "Moved"))
    acme.sync("accounts")
    assert acme.here() == acme.there()
    acme.sync("accounts")
    assert acme.name(moved) == "Moved"


def test_kinds_without_a_stamp_are_read_once_a_day_or_when_they_are_named(scene: Begin) -> None:
    acme = scene(20)
    acme.sync()
    acme.do("UPDATE campaignstages SET name='Renamed'")
    acme.calls()
    acme.sync()
    assert "/campaignstages" not in acme.calls()
    assert acme.account.mirror.search("renamed") == []
    acme.sync("campaignstages")
    assert acme.calls() == ["/campaignstages"]
    assert acme.account.mirror.search("renamed") != []


def test_closed_kinds_are_passed_over_unless_they_are_named(scene: Begin) -> None:
    acme = scene(20, SPOTLER_CLOSED="cases,campaigns")
    outcome = acme.sync()
    assert [note.split()[0] for note in outcome.notes] == ["cases", "campaigns"]
    acme.calls()
    assert acme.sync().notes == []
    assert not {"/cases", "/campaigns"} & set(acme.calls())
    with pytest.raises(Forbidden):
        acme.sync("cases")


def test_kinds_listed_beneath_a_record_are_passed_over(scene: Begin) -> None:
    acme = scene(20)
    kinds = acme.account.adapter.kinds
    cases = msgspec.structs.replace(
        kinds["cases"], can=msgspec.structs.replace(kinds["cases"].can, listed=False)
    )
    acme.account.adapter.kinds = {**kinds, "cases": cases}
    acme.sync()
    assert "/cases" not in acme.calls()
    with pytest.raises(UsageError, match="beneath"):
        acme.sync("cases")


def test_the_reserve_is_left_to_the_person(serve: Serve, open_served: Open, run: Run, tmp_path: Path) -> None:
    served = serve(650)
    account = open_served(served, msgspec.structs.replace(served.connection, call_limit=10, reserve=50))
    acme = Scene(account, served, run, tmp_path / "sandbox-0")
    with pytest.raises(QuotaSpent) as caught:
        acme.sync("accounts")
    assert len(acme.calls()) == 5
    assert "the same command goes on" in caught.value.message
    assert "5 of 10 calls" in caught.value.message
    with pytest.raises(QuotaSpent):
        acme.sync("accounts")
    assert acme.calls() == []


def test_a_service_that_wants_fewer_calls_is_left_alone(scene: Begin) -> None:
    acme = scene(450, SPOTLER_RATELIMIT="3")
    with pytest.raises((RateLimited, QuotaSpent)):
        acme.sync("accounts")
    acme.calls()
    with pytest.raises((RateLimited, QuotaSpent)):
        acme.sync("accounts")
    assert acme.calls() == []


def test_a_broken_line_loses_nothing_that_was_read(scene: Begin) -> None:
    acme = scene(450)
    before = acme.account.send

    def fail() -> None:
        raise Unavailable("The line broke.")

    acme.meanwhile(4, fail)
    with pytest.raises(Unavailable) as caught:
        acme.sync("accounts")
    assert "The line broke. 297 rows were read; still to be read: accounts 153 rows" in caught.value.message
    assert "the same command goes on from there" in caught.value.message
    acme.account.send = before  # type: ignore[method-assign]
    acme.calls()
    acme.sync("accounts")
    assert len(acme.calls()) <= 4
    assert acme.here() == acme.there()


def test_progress_tells_rows_and_at_most_so_many_calls(scene: Begin) -> None:
    acme = scene(450)
    seen: list[Progress] = []
    acme.run(Sync(acme.account, ["accounts"], seen.append).run())
    assert [p.calls for p in seen] == sorted({p.calls for p in seen})
    assert all(p.calls <= p.most_calls <= 6 for p in seen)
    assert (seen[0].rows, seen[0].most_rows, seen[-1].rows, seen[-1].most_rows) == (100, 450, 450, 450)
    assert seen[-1].seconds_left == 0


def test_without_a_mirror_nothing_is_synced(serve: Serve, open_served: Open, run: Run) -> None:
    served = serve()
    account = open_served(served, msgspec.structs.replace(served.connection, mirror=False))
    with pytest.raises(ConfigError, match="mirror: false"):
        run(Sync(account).run())
    assert served.requests == []


def test_a_sync_behind_a_screen_is_stopped_at_once(scene: Begin) -> None:
    acme = scene(650)

    async def work() -> Sync:
        begun = asyncio.Event()
        sync = Sync(acme.account, report=lambda progress: begun.set())
        sync.start()
        await begun.wait()
        assert sync.running
        # Another one leaves it to the first.
        assert (await Sync(acme.account).run(wait=False)).calls == 0
        await sync.stop()
        return sync

    sync = acme.run(work())
    assert not sync.running
    assert sync.failure is None
    acme.sync()
    assert acme.here("activities") == acme.there("activities")


def test_the_list_that_a_kind_begins_with_comes_from_the_mirror(scene: Begin) -> None:
    acme = scene(250)
    desk = Desk(acme.account)
    kind = acme.account.kind("accounts")
    query = Query("accounts", None, tuple(Order.parse(text) for text in kind.order))
    fields = desk.schema("accounts").by_name
    assert not isinstance(desk.list(query, fields), SyncedList)
    acme.sync("accounts")
    rows = desk.list(query, fields)
    assert isinstance(rows, SyncedList)
    acme.calls()
    names = [str(record.values["name"]) for record in rows.rows(0, 1000).values()]
    assert (len(names), rows.total) == (250, 250)
    assert names == sorted(names, key=str.casefold)
    assert acme.calls() == []
    last = rows.rows(249, 1)[249]
    assert rows.position(last.ref.id) == 249
    acme.change(last.ref.id, SAME, "AAA First")
    acme.run(rows.begin())
    assert acme.calls() == ["/accounts"]
    assert rows.rows(0, 1)[0].ref.id == last.ref.id
    opened = Query("opportunities", None, (Order("closedate", descending=True),))
    acme.sync("opportunities")
    dates = [r.values["closedate"] for r in desk.list(opened, {}).rows(0, 300).values()]
    given = [str(date) for date in dates if date]
    assert given == sorted(given, reverse=True)
    assert all(not date for date in dates[len(given) :])
