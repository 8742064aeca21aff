"""The two files: made, migrated, shared, damaged, full."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crmtui.model.errors import ConfigError
from crmtui.model.record import Record, Ref
from crmtui.store.database import open_journal, open_mirror
from crmtui.store.drafts import Draft, Drafts
from crmtui.store.mirror import Mirror

REF = Ref("acme", "accounts", "1")


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as sql:
        return {name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type='table'")}


@pytest.mark.parametrize("begin", ["nothing", "empty file"])
def test_files_are_made_and_private(begin: str, tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    if begin == "empty file":
        folder.mkdir(mode=0o755)
        (folder / "mirror.db").touch()
        (folder / "journal.db").touch()
    open_mirror(folder / "mirror.db").close()
    open_journal(folder / "journal.db").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("mirror.db", "journal.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert {"record", "listing", "listing_row", "schema", "choices", "seen", "fact"} <= tables(
        folder / "mirror.db"
    )
    assert {"draft", "write", "attempt", "call", "quota"} <= tables(folder / "journal.db")
    assert not {"draft", "write"} & tables(folder / "mirror.db")


def test_opening_again_keeps_what_was_there(tmp_path: Path) -> None:
    for _ in range(2):
        database = open_mirror(tmp_path / "mirror.db")
        mirror = Mirror(database, "acme")
        known = mirror.get(REF)
        mirror.upsert([Record(REF, "Acme", {"n": (known.values["n"] + 1) if known else 1})])  # type: ignore[operator]
        database.close()
    database = open_mirror(tmp_path / "mirror.db")
    found = Mirror(database, "acme").get(REF)
    database.close()
    assert found is not None
    assert found.values == {"n": 2}


@pytest.mark.parametrize("which", ["mirror", "journal"])
def test_a_file_of_a_newer_version_is_left_alone(which: str, tmp_path: Path) -> None:
    path = tmp_path / f"{which}.db"
    with sqlite3.connect(path) as sql:
        sql.execute("PRAGMA user_version=9999")
        sql.execute("CREATE TABLE future (x)")
    with pytest.raises(ConfigError, match="newer crmtui"):
        (open_mirror if which == "mirror" else open_journal)(path)
    assert tables(path) == {"future"}
    assert [file.name for file in tmp_path.glob("*damaged*")] == []


def test_a_migration_that_breaks_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmtui.store import database as module

    folder = tmp_path / "steps"
    folder.mkdir()
    (folder / "journal_0001.sql").write_text("CREATE TABLE one (x);\nCREATE TABLE two (;\n")
    steps = [folder / "journal_0001.sql"]
    monkeypatch.setattr(module, "_steps", lambda schema: steps)
    with pytest.raises(ConfigError):
        open_journal(tmp_path / "journal.db")
    assert tables(tmp_path / "journal.db") == set()
    # Migrations of later versions run on what earlier ones made, and only those.
    (folder / "journal_0001.sql").write_text("CREATE TABLE one (x);\n")
    open_journal(tmp_path / "journal.db").close()
    (folder / "journal_0002.sql").write_text("ALTER TABLE one ADD COLUMN y;\nCREATE TABLE three (z);\n")
    steps.append(folder / "journal_0002.sql")
    open_journal(tmp_path / "journal.db").close()
    assert tables(tmp_path / "journal.db") == {"one", "three"}
    open_journal(tmp_path / "journal.db").close()


@pytest.mark.parametrize("damage", ["text", "zeros", "cut", "garbled", "facts"])
def test_a_damaged_mirror_is_set_aside_and_the_journal_kept(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "mirror.db"
    database = open_mirror(path)
    Mirror(database, "acme").upsert(
        Record(Ref("acme", "accounts", str(n)), f"Acme {n}", {}) for n in range(500)
    )
    database.close()
    journal = open_journal(tmp_path / "journal.db")
    Drafts(journal, "acme").keep(Draft(REF, {"name": "typed"}))
    journal.close()

    with sqlite3.connect(path) as sql:
        facts = sql.execute("SELECT rootpage FROM sqlite_master WHERE name='fact'").fetchone()[0] - 1
    sql.close()
    whole = path.read_bytes()
    harmed = {
        "text": b"this is no database\n" * 500,
        "zeros": bytes(len(whole)),
        "cut": whole[: len(whole) // 2],
        "facts": whole[: facts * 4096] + b"\x5a" * 4096 + whole[(facts + 1) * 4096 :],
        "garbled": whole[:100] + bytes(byte ^ 0x5A for byte in whole[100:4096]) + whole[4096:],
    }[damage]
    path.write_bytes(harmed)

    database = open_mirror(path)
    mirror = Mirror(database, "acme")
    assert mirror.get(REF) is None
    mirror.upsert([Record(REF, "Acme", {})])
    assert mirror.count("accounts") == 1
    database.close()
    [aside] = tmp_path.glob("mirror.db.damaged-*")
    assert aside.read_bytes() == harmed
    journal = open_journal(tmp_path / "journal.db")
    assert [draft.texts for draft in Drafts(journal, "acme").all()] == [{"name": "typed"}]
    journal.close()


def test_a_damaged_journal_is_never_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database\n" * 500)
    with pytest.raises(ConfigError, match="damaged"):
        open_journal(path)
    assert path.read_bytes() == b"this is no database\n" * 500
    assert list(tmp_path.glob("*damaged*")) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError):
        open_mirror(tmp_path / "file" / "mirror.db")
    (tmp_path / "mirror.db").mkdir()
    with pytest.raises(ConfigError, match="cannot be opened"):
        open_mirror(tmp_path / "mirror.db")


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    database = open_mirror(tmp_path / "mirror.db")
    mirror = Mirror(database, "acme")
    mirror.upsert([Record(REF, "Acme", {"phone": "1"})])
    pages: int = database.sql.execute("PRAGMA page_count").fetchone()[0]
    database.sql.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(ConfigError, match="free space"):
        mirror.upsert(
            [
                Record(REF, "Lost", {"fresh": "x"}),
                Record(Ref("acme", "accounts", "2"), "B", {"notes": "x" * 500_000}),
            ]
        )
    found = mirror.get(REF)
    assert found is not None
    assert (found.title, found.values) == ("Acme", {"phone": "1"})
    assert mirror.learnt.seen("accounts") == {"phone"}
    # The connection goes on working.
    database.sql.execute("PRAGMA max_page_count=100000")
    mirror.upsert([Record(REF, "Acme", {"fresh": "x"})])
    assert mirror.learnt.seen("accounts") == {"phone", "fresh"}
    database.close()


WRITER = """
import sys
from pathlib import Path
from crmtui.model.record import Record, Ref
from crmtui.store.database import open_journal, open_mirror
from crmtui.store.drafts import Draft, Drafts
from crmtui.store.mirror import Mirror

folder, name = Path(sys.argv[1]), sys.argv[2]
mirror = Mirror(open_mirror(folder / "mirror.db"), "acme")
drafts = Drafts(open_journal(folder / "journal.db"), "acme")
both = Ref("acme", "accounts", "both")
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    ref = Ref("acme", "accounts", f"{name}{number}")
    mirror.upsert([Record(ref, "t", {"v": number}), Record(both, "t", {name: number})])
    drafts.keep(Draft(ref, {"v": str(number)}))
"""


def test_two_instances_write_at_once(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "ab"
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=30)
        assert writer.returncode == 0
    mirror, journal = open_mirror(tmp_path / "mirror.db"), open_journal(tmp_path / "journal.db")
    assert Mirror(mirror, "acme").count("accounts") == 121
    both = Mirror(mirror, "acme").get(Ref("acme", "accounts", "both"))
    assert both is not None
    assert both.values == {"a": 59, "b": 59}
    assert len(Drafts(journal, "acme").all()) == 120
    mirror.close()
    journal.close()


def test_in_memory_nothing_is_written(tmp_path: Path) -> None:
    database = open_mirror(None)
    Mirror(database, "acme").upsert([Record(REF, "Acme", {})])
    assert Mirror(database, "acme").count("accounts") == 1
    database.close()
    assert not (tmp_path / "data").exists()
