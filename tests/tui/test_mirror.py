"""The mirror in the app: what it says of itself, `S`, what is new at a start, and what goes wrong."""

import re
import sqlite3
from pathlib import Path

from crmtui.paths import connection_dir
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.widgets.mirror_foot import MirrorFoot
from crmtui.tui.widgets.sidebar import Sidebar
from crmtui.workspace.due import synced_at
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, WIDE, Driven, browsing, opened, played, sizes


def foot(app: Driven) -> str:
    return app.painted(MirrorFoot)


async def synced(app: Driven) -> Driven:
    """Everything is mirrored, by its key."""
    await app.press("S")
    await app.until(lambda: "Synced" in foot(app), "the end of the sync")
    return await app.settle()


@played
async def test_what_a_first_sync_costs_is_said_and_none_begins_by_itself(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        assert re.search(r"S mirrors all: +", foot(app))
        assert re.search(r"[0-9]+\+ calls", foot(app))
        assert not [request for request in sandbox.requests if request.path == "/contacts"]


@sizes
@played
async def test_a_sync_of_all_kinds_and_what_came(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await synced(app)
        assert re.search(r"just now", foot(app))
        assert re.search(r"[0-9,]+ new", foot(app))
        account = app.app.desks["acme"].account
        counts = {item.id: item.figure for item in app.one(Sidebar).items}
        assert counts["contacts"] == str(account.mirror.count("contacts")) != "0"
        await app.shows("synced just now")
        before = len(sandbox.requests)
        await synced(app)
        await app.until(lambda: "nothing new" in foot(app), "that nothing came")
        assert 0 < len(sandbox.requests) - before <= len(account.adapter.kinds)


@played
async def test_what_is_still_due_to_be_told_of_a_sync_ends_with_the_app(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await synced(app)
        desk = app.app.desks["acme"]
    told = app.app.mirrors._progress, app.app.status._syncing
    app.app.mirrors._show(desk)  # a timer that was due when the accounts were closed
    assert told == ({}, {})


@played
async def test_a_sync_is_stopped_by_its_key_and_goes_on_by_it(serve: Serve) -> None:
    served = serve(records=900)
    async with browsing(served, size=WIDE) as app:
        await app.press("S")
        await app.until(lambda: "S stops" in foot(app), "the sync")

        def tells_how_far() -> bool:
            app.app.mirrors.give_way()  # as a key does, so that there is time to look
            return re.search(r"[0-9,]+ of [0-9,]+", foot(app)) is not None and "syncing" in app.lines[0]

        await app.until(tells_how_far, "how far it is")
        await app.press("S")
        await app.until(lambda: "Sync stopped" in foot(app) and "S goes on" in foot(app), "its end")
        assert "syncing" not in app.lines[0]
        account = app.app.desks["acme"].account
        came = sum(map(account.mirror.count, account.adapter.kinds))
        await synced(app)
        assert 100 <= came < sum(map(account.mirror.count, account.adapter.kinds))
        assert account.mirror.count("contacts") == 900


@played
async def test_a_start_asks_what_is_new_of_what_was_synced(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await synced(app)
        account = app.app.desks["acme"].account
        first = synced_at(account, "contacts")
        # As if that had been an hour ago.
        with account._mirror_file.write() as sql:
            sql.execute(
                "UPDATE fact SET body=? WHERE name LIKE 'synced %'", (str((first or 0) - 3600).encode(),)
            )
        kinds = [kind.name for kind in account.adapter.kinds.values() if kind.can.listed and kind.can.stamp]
    before = len(sandbox.requests)
    async with opened(sandbox) as app:
        assert re.search(r"Synced[ ─]+│.*\n│ +(today|yesterday) ", app.text)
        account = app.app.desks["acme"].account
        await app.until(
            lambda: (synced_at(account, "contacts") or 0) > (first or 0), "the contacts of this start"
        )
        await app.settle()
    asked = [request.path.strip("/") for request in sandbox.requests[before:]]
    assert all(asked.count(kind) <= 1 for kind in kinds), asked


@played
async def test_the_last_calls_are_left_to_the_person(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE, call_limit=5) as app:
        await app.press("S")
        await app.until(lambda: "Sync paused" in foot(app), "the pause")
        assert "reserve reached" in foot(app)
        await app.shows("of 5 calls are used", "kept for the person", "S goes on from there")
        assert "✗" not in app.text


@played
async def test_a_sync_without_a_line_is_no_alarm(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        sandbox.sandbox.stop()
        await app.press("S")
        await app.until(lambda: "Sync paused" in foot(app), "the pause")
        await app.list_has("Acme Ltd")


@played
async def test_an_account_without_a_mirror_says_why_it_is_not_synced(sandbox: Served) -> None:
    async with browsing(sandbox, mirror=False) as app:
        assert not foot(app).strip()
        before = len(sandbox.requests)
        await app.press("S")
        await app.shows("keeps no mirror")
        assert len(sandbox.requests) == before


@played
async def test_a_record_says_when_a_sync_last_saw_it_as_it_is(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        await synced(app)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("synced just now")
        await app.press("r")
        await app.shows("read just now")


@played
async def test_a_mirror_that_was_damaged_is_set_aside_behind_the_first_frame(
    sandbox: Served, tmp_path: Path
) -> None:
    async with browsing(sandbox, base=tmp_path) as app:
        await app.list_has("Acme Ltd")
    path = connection_dir("acme", tmp_path) / "mirror.db"
    # As after a power cut: the log is still there, and a page of records is torn.
    with sqlite3.connect(path) as sql:
        root = sql.execute("SELECT rootpage FROM sqlite_master WHERE name='swept'").fetchone()[0]
        size = sql.execute("PRAGMA page_size").fetchone()[0]
    sql.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
    path.with_name("mirror.db-wal").write_bytes(b"")
    async with opened(sandbox, base=tmp_path, target=None) as app:
        await app.shows("was damaged", "read anew")
    assert list(path.parent.glob("mirror.db.damaged-*"))
