"""Programs that are killed while they write: nothing that was stored is lost, nothing is done twice."""

import asyncio
import os
import random
import select
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from crmtui.crm import driver  # noqa: F401 (loaded once, before the forks)
from crmtui.model.errors import CrmError
from crmtui.model.record import Ref
from crmtui.model.schema import Schema
from crmtui.model.write import Op, State, Write
from crmtui.workspace import outbox
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import open_account
from tests.conftest import Served
from tests.workspace.stage import Stage

KILLS = 30
SEED = 3
_FOLDER = "killed"


def test_thirty_programs_that_are_killed_lose_nothing_and_double_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CALL_SECONDS", 0.5)
    record = stage.make(name="Acme", phone="0", website="0")
    stage.open(_FOLDER)  # makes the files
    chance = random.Random(SEED)
    acknowledged: list[str] = []
    for number in range(KILLS):
        acknowledged += _killed(stage, tmp_path, record, number, chance.uniform(0.0, 0.12))
    program = stage.open(_FOLDER)
    for entry in program.outbox.waiting():
        try:
            stage.run(program.outbox.send(entry.write.id, patience=_wait))
        except CrmError as error:
            pytest.fail(f"{entry} {error}")
    assert program.outbox.waiting() == []
    entries = {entry.write.id: entry for entry in program.account.writes.all()}
    assert len(acknowledged) > KILLS / 2
    for id_ in acknowledged:
        assert entries[id_].state is State.DONE, entries[id_]
    sent = [r for r in stage.served.sent("POST", "PATCH") if r.headers["user-agent"].startswith("crmtui")]
    bodies = [request.body for request in sent if request.body]  # none where only the head had left
    assert len(set(bodies)) == len(bodies), "a write came twice"
    for entry in entries.values():
        write = entry.write
        [word] = map(str, write.edits.values())
        came = [body for body in bodies if f'"{word}"'.encode() in body]
        assert len(came) == (entry.state is State.DONE), entry
        if write.op is Op.CREATE:
            assert len(stage.named(word)) == len(came)


async def _wait(entry: object, seconds: float) -> None:
    await asyncio.sleep(seconds)


def _killed(stage: Stage, folder: Path, record: str, number: int, seconds: float) -> list[str]:
    """The ids of the writes that a program had stored when it was killed, some time after its first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            asyncio.run(_write(stage.served, stage.schema, folder / _FOLDER, record, number, writing))
        finally:
            os._exit(1)
    os.close(writing)
    with open(reading, "rb", buffering=0) as told:
        ready, _, _ = select.select([told], [], [], 10)
        assert ready, "the program stores nothing"
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said = b""
        while piece := told.read(4096):
            said += piece
    return said.decode().split()


async def _write(served: Served, schema: Schema, base: Path, record: str, number: int, told: int) -> None:
    """Writes one thing after the other for ever, and tells of each once it is stored."""
    account = open_account(served.connection, tokens={served.connection.name: served.token}, base=base)
    account.known.keep_schema(schema)
    desk = Desk(account)
    queue = account.writes.queue

    def queued(write: Write, **options: Any) -> None:
        queue(write, **options)
        os.write(told, f"{write.id} ".encode())

    vars(account.writes)["queue"] = queued
    for step in range(1000):
        word = f"killed-{number}-{step}"
        if step % 2:
            write = desk.edits.intent(Op.CREATE, Ref(account.name, "accounts"), {"name": word})
        else:
            ref = Ref(account.name, "accounts", record)
            await desk.outbox.clear(ref, _wait)
            old = str((await desk.edits.read(ref)).values["phone"])
            write = desk.edits.intent(Op.EDIT, ref, {"phone": word}, {"phone": old})
        await desk.outbox.save(write, schema, keeps=True, patience=_wait)
