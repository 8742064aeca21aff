"""`sync`, `search`, `forget` and a mirror that is damaged, gone, shared or not to be written."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crmtui.model.record import Ref
from crmtui.model.write import Op, Write
from crmtui.paths import connection_dir, data_dir
from crmtui.store.database import open_journal, open_mirror
from crmtui.store.drafts import Draft, Drafts
from crmtui.store.mirror import Mirror
from crmtui.store.writes import Writes
from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve


def child(*arguments: str) -> "subprocess.Popen[str]":
    """The program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "crmtui", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_sync_says_nothing_and_a_second_one_costs_a_call_a_kind(acme: Acme) -> None:
    ran = acme("sync", "acme")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    ran, calls = acme.calls("sync", "acme")
    assert (ran.code, ran.out) == (0, "")
    assert len(calls) == len(set(calls)) == 8
    ran, calls = acme.calls("sync", "acme", "accounts", "campaignstages")
    assert calls == ["GET /accounts", "GET /campaignstages"]
    acme("sync", "acme", "nonsense").failed(3, "nonsense")
    acme("sync", "nobody").failed(2, "nobody")


def test_offline_lists_are_complete_after_a_sync(acme: Acme) -> None:
    before = acme("list", "acme/contacts", "--offline")
    assert (before.code, before.out) == (0, "")
    assert "crmtui sync acme" in before.err
    acme("list", "acme/contacts", "--limit", "3")
    assert "incomplete" in acme("list", "acme/contacts", "--offline").err
    acme("sync", "acme")
    ran, calls = acme.calls("list", "acme/contacts", "--offline", "--all")
    assert (len(ran.lines), ran.err, calls) == (20, "", [])


def test_search_prints_records_of_all_kinds_without_a_call(acme: Acme) -> None:
    empty = acme("search", "acme", "anything")
    assert (empty.code, empty.out) == (0, "")
    assert "crmtui sync acme" in empty.err
    acme("sync", "acme")
    ran, calls = acme.calls("search", "acme", "acme ltd", "--format", "json")
    assert (ran.code, calls) == (0, [])
    assert (ran.json[0]["kind"], ran.json[0]["title"]) == ("accounts", "Acme Ltd")
    assert list(ran.json[0]) == ["connection", "kind", "id", "title", "modified", "values", "labels"]
    table = acme("search", "acme", "acme ltd", "--format", "table")
    assert table.out.splitlines()[0].split() == ["id", "kind", "title", "modified"]
    assert (
        acme("search", "acme", "acme ltd", "--format", "csv").out.splitlines()[0] == "id,kind,title,modified"
    )
    few = acme("search", "acme", "a", "--limit", "2")
    total = int(few.err.split(" of ")[1].split()[0])
    assert (len(few.lines), few.err.split(" of ")[0]) == (2, "crmtui: 2")
    assert len(acme("search", "acme", "a", "--all").lines) == total
    for hostile in ('"', "*", "NEAR(", "-acme", "AND"):
        ran = acme("search", "acme", "--", hostile)
        assert (ran.code, ran.err.count("rror")) == (0, 0)
    acme("search", "acme", "a", "--all", "--limit", "3").failed(2, "--all")


@pytest.mark.fresh
def test_a_kind_named_and_refused_is_exit_4(serve: Serve, acme: Acme) -> None:
    closed = serve(SPOTLER_CLOSED="cases")
    configure(closed.connection.url)
    os.environ["CRMTUI_TOKEN_ACME"] = closed.token
    acme("sync", "acme", "cases").failed(4, "price plan")
    ran = acme("sync", "acme")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.fresh
def test_the_reserve_ends_a_sync_with_exit_5(acme: Acme) -> None:
    configure(acme.served.connection.url, "call_limit: 10", "reserve: 50")
    acme("sync", "acme").failed(5, "5 of 10 calls", "same command")
    ran, calls = acme.calls("sync", "acme")
    assert (ran.code, calls) == (5, [])
    assert acme("list", "acme/accounts", "--limit", "1").code == 0


def test_without_a_mirror_it_is_said(acme: Acme) -> None:
    configure(acme.served.connection.url, "mirror: false")
    acme("sync", "acme").failed(2, "mirror: false")
    assert "mirror: false" in acme("search", "acme", "x").err
    assert acme("list", "acme/accounts", "--limit", "1").code == 0
    assert not (connection_dir("acme") / "mirror.db").exists()


def test_forget_wipes_mirror_and_journal(acme: Acme) -> None:
    acme("sync", "acme", "accounts")
    (connection_dir("acme") / "mirror.db.damaged-1").touch()
    ran = acme("forget", "acme")
    assert (ran.code, ran.out) == (0, "")
    assert list(connection_dir("acme").iterdir()) == []
    assert acme("list", "acme/accounts", "--offline").out == ""
    assert acme("list", "acme/accounts", "--limit", "1").code == 0
    acme("forget", "nobody").failed(2, "nobody")


def test_forget_wants_a_word_where_something_would_be_lost(acme: Acme) -> None:
    acme("sync", "acme", "accounts")
    journal = open_journal(connection_dir("acme") / "journal.db")
    ref = Ref("acme", "accounts", "1")
    Drafts(journal, "acme").keep(Draft(ref, {"name": "typed"}))
    Writes(journal, "acme").queue(Write("w1", Op.EDIT, ref, {"name": "x"}, {}, time.time()))
    journal.close()
    acme("forget", "acme").failed(2, "1 draft and 1 write in the outbox", "--yes")
    assert (connection_dir("acme") / "mirror.db").exists()
    assert "1 draft" in acme("forget", "acme", "--yes").err
    assert list(connection_dir("acme").iterdir()) == []


@pytest.mark.fresh
def test_a_killed_sync_goes_on(serve: Serve, acme: Acme) -> None:
    served = serve(1500)
    configure(served.connection.url)
    os.environ["CRMTUI_TOKEN_ACME"] = served.token
    for times in (1, 2):
        sync = child("sync", "acme", "contacts")
        wanted = len(served.requests) + 4
        while len(served.requests) < wanted and sync.poll() is None:
            pass
        sync.send_signal(signal.SIGKILL)
        sync.communicate()
        assert sync.returncode == -signal.SIGKILL, times
    read = len(served.requests)
    ran = acme("sync", "acme", "contacts")
    assert (ran.code, ran.out) == (0, "")
    # What was read is not read again, but for the top and where pages overlap.
    assert len(served.requests) - read <= 16 - read + 6
    assert acme.mirror.count("contacts") == 1500


@pytest.mark.fresh
def test_two_syncs_at_once_share_the_work(serve: Serve, acme: Acme) -> None:
    served = serve(800)
    configure(served.connection.url)
    os.environ["CRMTUI_TOKEN_ACME"] = served.token
    both = [child("sync", "acme", "accounts", "contacts") for _ in range(2)]
    ends = [(*sync.communicate(timeout=60), sync.returncode) for sync in both]
    assert [(out, code) for out, _, code in ends] == [("", 0)] * 2
    # The second one finds nothing new: one call a kind.
    assert len(served.requests) <= 2 * 9 + 2 + 2
    assert (acme.mirror.count("accounts"), acme.mirror.count("contacts")) == (800, 800)


def spoil(path: Path, table: str) -> None:
    """Writes rubbish over one page of a table, as after a power cut: no start looks at it."""
    with sqlite3.connect(path) as sql:
        page = sql.execute("SELECT rootpage FROM sqlite_master WHERE name=?", (table,)).fetchone()[0]
        size = sql.execute("PRAGMA page_size").fetchone()[0]
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sql.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x5a" * size)
    path.with_name("mirror.db-wal").touch()


def test_a_mirror_damaged_by_an_unclean_end_is_set_aside(acme: Acme) -> None:
    acme("sync", "acme", "accounts")
    folder = connection_dir("acme")
    assert not (folder / "mirror.db-wal").exists()
    spoil(folder / "mirror.db", "record_by_sort")
    ran = acme("list", "acme/accounts", "--limit", "1")
    assert ran.code == 0
    assert "was damaged" in ran.err
    assert "set aside" in ran.err
    assert len(list(folder.glob("mirror.db.damaged-*"))) >= 1
    ran = acme("sync", "acme")
    assert (ran.code, ran.err) == (0, "")
    assert acme.mirror.count("accounts") == 20


def test_an_unclean_end_alone_loses_nothing(acme: Acme) -> None:
    acme("sync", "acme", "accounts")
    (connection_dir("acme") / "mirror.db-wal").touch()
    ran = acme("list", "acme/accounts", "--offline", "--all")
    assert (len(ran.lines), ran.err) == (20, "")


READER = """
import ctypes, sys
# All capabilities are given up: without them root, too, has only the rights that the files give.
none = (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), none) == 0
from crmtui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="gives up capabilities")
@pytest.mark.parametrize("known", [True, False])
def test_a_folder_that_cannot_be_written_still_browses(known: bool, acme: Acme) -> None:
    if known:
        acme("sync", "acme", "accounts")
    else:
        data_dir().mkdir(parents=True, exist_ok=True)
    for path in (data_dir(), *data_dir().rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", READER, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    offline = run("list", "acme/accounts", "--offline", "--all")
    assert (offline.returncode, len(offline.stdout.splitlines())) == (0, 20 if known else 0), offline.stderr
    assert "cannot be written" in offline.stderr
    asked = run("list", "acme/accounts", "--all")
    assert (asked.returncode, len(asked.stdout.splitlines())) == (0, 20), asked.stderr
    assert asked.stderr.count("cannot be written") == 1
    refused = run("edit", "acme/accounts/95920978", "name=x")
    assert refused.returncode == 6, refused.stderr


def test_on_a_network_file_system_there_is_no_write_ahead_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmtui.store import place

    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/home {tmp_path}/far nfs4 rw 0 0\n")
    monkeypatch.setattr(place, "_MOUNTS", mounts)
    for name, mode in (("far", "delete"), ("near", "wal")):
        database = open_mirror(tmp_path / name / "mirror.db")
        Mirror(database, "acme").upsert([])
        assert database.sql.execute("PRAGMA journal_mode").fetchone()[0] == mode
        database.close()


def test_names_of_commands_are_listed(program: Program) -> None:
    said = program("--help").out
    assert all(f"  {name}  " in said for name in ("sync", "search", "forget"))
