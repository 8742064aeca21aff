"""A second connection on a thread: what it writes is seen, and a mirror in memory does without."""

import asyncio
import threading
from functools import partial
from pathlib import Path

from crmtui.model.record import Record, Ref
from crmtui.store.beside import Beside
from crmtui.store.database import Database, open_mirror
from crmtui.store.mirror import Mirror

ROWS = [Record(Ref("acme", "accounts", str(at)), f"Acme {at}", {"name": f"Acme {at}"}) for at in range(30)]


def test_what_a_thread_writes_is_seen_at_once(mirror_file: Database, mirror: Mirror) -> None:
    beside = Beside(mirror_file, mirror, {})
    assert (mirror.count("accounts"), mirror.learnt.seen("accounts")) == (0, set())
    asyncio.run(beside.do(partial(Mirror.upsert, records=ROWS)))
    assert mirror.count("accounts") == 30
    assert mirror.learnt.seen("accounts") == {"name"}
    assert len(mirror.search("acme")) == 30
    assert asyncio.run(beside.do(lambda _: threading.current_thread())) is not threading.current_thread()
    mirror.remove(ROWS[0].ref)
    assert asyncio.run(beside.do(lambda other: other.count("accounts"))) == 29
    beside.close()


def test_it_opens_again_after_it_was_closed(mirror_file: Database, mirror: Mirror) -> None:
    beside = Beside(mirror_file, mirror, {})
    for at in range(3):
        asyncio.run(beside.do(partial(Mirror.upsert, records=ROWS[at : at + 1])))
        beside.close()
    assert mirror.count("accounts") == 3


def test_whoever_is_cancelled_leaves_nothing_half_written(mirror_file: Database, mirror: Mirror) -> None:
    beside = Beside(mirror_file, mirror, {})

    async def give_up() -> None:
        task = asyncio.create_task(beside.do(partial(Mirror.upsert, records=ROWS)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(give_up())
    beside.close()
    assert mirror.count("accounts") in (0, 30)
    assert len(mirror.search("acme")) == mirror.count("accounts")


def test_a_mirror_in_memory_has_one_connection() -> None:
    database = open_mirror(None)
    mirror = Mirror(database, "acme")
    beside = Beside(database, mirror, {})
    assert not beside.is_apart
    asyncio.run(beside.do(partial(Mirror.upsert, records=ROWS)))
    assert mirror.count("accounts") == 30
    beside.close()
    database.close()


def test_a_file_that_is_the_same_has_one_lock(tmp_path: Path) -> None:
    """The second connection of a process takes the first one's end for no unclean one."""
    database = open_mirror(tmp_path / "mirror.db")
    beside = Beside(database, Mirror(database, "acme"), {})
    asyncio.run(beside.do(partial(Mirror.upsert, records=ROWS)))
    beside.close()
    database.close()
    again = open_mirror(tmp_path / "mirror.db")
    assert not again.is_suspect
    again.close()
