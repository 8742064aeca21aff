"""A stage for writes: a service, a line that breaks as told, a clock of its own, and programs that die."""

import asyncio
import json
import os
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from crmtui.model.errors import ConfigError, CrmError
from crmtui.model.record import Ref, Value
from crmtui.model.schema import Schema
from crmtui.model.write import Op, Write
from crmtui.sandbox.spotler import records
from crmtui.store.database import Database
from crmtui.store.writes import Entry
from crmtui.workspace.account import Account
from crmtui.workspace.courier import Courier
from crmtui.workspace.desk import Desk
from tests.conftest import Open, Served
from tests.proxy import Fault, Proxy

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Step = Callable[[str], None]
KIND = "accounts"


class Killed(BaseException):
    """The program was killed; nothing that it would still do happens."""


class Time:
    """Our clock and the service's, which go on when a test says so.

    `zone`: the service's hours beside UTC, which its stamps do not tell. `skew`: the seconds by which it
    is wrong.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.passed = 0.0
        self.zone = 0.0
        self.skew = 0.0
        self.mark = ""
        real = time.time
        patch.setattr(time, "time", lambda: real() + self.passed)
        patch.setattr(records, "_now", self._now)

    def _now(self) -> str:
        at = datetime.fromtimestamp(time.time() + self.skew, UTC) + timedelta(hours=self.zone)
        return f"{at:%Y-%m-%d %H:%M:%S}{self.mark}"


class Line:
    """The way to the service: what meets the next requests, a fault each; after those all is well."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.reads: list[Fault] = []
        self.writes: list[Fault] = []
        proxy.fault_of = self._next

    def _next(self, request: bytes) -> Fault:
        faults = self.reads if request.startswith(b"GET") else self.writes
        return faults.pop(0) if faults else Fault()

    def mend(self) -> None:
        """All is well from now on."""
        self.reads, self.writes = [], []


class Program:
    """One running crmtui; it can be killed, interrupted or starved at a step of its choosing."""

    def __init__(self, account: Account, schema: Schema, run: Run) -> None:
        account.known.keep_schema(schema)
        self.account = account
        self.schema = schema
        self.desk = Desk(account)
        self.outbox = self.desk.outbox
        self.run = run
        self.lives = True
        self.starved = False
        """Whether the disk was full at one of its steps."""
        self.said: list[str] = []
        self.told: list[tuple[Entry, CrmError | None]] = []
        self.begun: list[str] = []
        self.at_step: Step = _go_on
        """Called before and after everything that lasts: a transaction, a request."""
        self.outbox.say = self.said.append
        self._url = account.connection.url
        self._mark(account)

    def ref(self, id_: str = "") -> Ref:
        """The name of an account of the service."""
        return Ref(self.account.name, KIND, id_)

    def wants(
        self, op: Op, edits: Mapping[str, Value], id_: str = "", base: Mapping[str, Value] | None = None
    ) -> Write:
        """What the person wants."""
        return self.desk.edits.intent(op, self.ref(id_), edits, base)

    def intent(self, op: Op, id_: str = "", base: Mapping[str, Value] | None = None, **edits: Value) -> Write:
        """The same, its edits by their names."""
        return self.wants(op, edits, id_, base)

    def courier(self) -> Courier:
        """What sends behind the app."""
        courier = Courier(self.account, self.desk.fields, self.desk.edits, self.outbox)
        courier.tell = lambda entry, error: self.told.append((entry, error))
        return courier

    def line(self, url: str | None = None) -> None:
        """The next calls go to a url, else to the service again."""
        self.run(self.account.hang_up())
        self.account.connection = msgspec.structs.replace(self.account.connection, url=url or self._url)

    def die(self) -> None:
        """As a kill: files and locks are let go by the system, in the middle of whatever it is."""
        self.lives = False
        self.at_step = _go_on
        for database in self._databases():
            database.sql.close()
        instance = self.account.writes._me
        if instance._handle is not None:
            os.close(instance._handle)
            instance._handle = None

    def bury(self) -> None:
        """Closes what the system closes of a program that ended."""
        self.lives = False
        self.run(self.account.hang_up())

    def _databases(self) -> tuple[Database, Database]:
        return self.account._journal_file, self.account._mirror_file

    def _mark(self, account: Account) -> None:
        """Puts a step before and after each transaction and each call."""
        send, begin = account.send, account.writes.begin

        async def sent(*arguments: Any) -> Any:
            self.at_step("before a call")
            answer = await send(*arguments)
            self.at_step("after a call")
            return answer

        def begun(write: Write) -> None:
            begin(write)
            self.begun.append(write.id)

        vars(account)["send"] = sent
        vars(account.writes)["begin"] = begun
        for database in self._databases():
            vars(database)["write"] = self._transaction(database.write)

    def _transaction(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def write(**options: bool) -> Iterator[sqlite3.Connection]:
            self.at_step("before storing")
            with real(**options) as sql:
                yield sql
            self.at_step("after storing")

        return write


class Stage:
    """A service with a clock and a line, and programs that share one folder."""

    def __init__(
        self,
        served: Served,
        proxy: Proxy,
        open_served: Open,
        run: Run,
        patch: pytest.MonkeyPatch,
        nobody: str = "",
    ) -> None:
        """`nobody` is a url at which nobody listens."""
        self.served = served
        self.nobody = nobody
        self.line = Line(proxy)
        self.time = Time(patch)
        self.run = run
        self._open = open_served
        self.late: Callable[[], object] = proxy.deliver
        """Brings to the service what was kept back on the line."""
        self._client = httpx.Client(
            base_url=served.connection.url,
            headers={"Authorization": f"Bearer {served.token}"},
            trust_env=False,
        )
        self.schema: Schema = self._learn()

    def open(self, folder: str) -> Program:
        """Another program on the files of a folder."""
        connection = msgspec.structs.replace(self.served.connection, url=self.line.proxy.url)
        return Program(self._open(self.served, connection, folder), self.schema, self.run)

    def somebody(self, method: str, path: str, **values: object) -> Any:
        """What another client of the service does."""
        return self._client.request(method, f"/{KIND}{path}", json=values or None).json()

    def make(self, **values: object) -> str:
        """A record of somebody else."""
        return str(self.somebody("POST", "", **values)["record"]["id"])

    def values(self, id_: str) -> Any:
        """What a record holds at the service; None once it is gone."""
        return self.somebody("GET", f"/{id_}").get("record")

    def named(self, name: str) -> list[str]:
        """The ids of the records of a name."""
        found = self._client.get(f"/{KIND}", params={"q": json.dumps({"name": name}), "limit": 100}).json()
        return [str(row["record"]["id"]) for row in found["list"]]

    def wait(self, seconds: float) -> None:
        """Time passes; what may still come in late has come in by then."""
        self.late()
        self.time.passed += seconds

    async def patience(self, entry: Entry, seconds: float) -> None:
        """Waits as long as an outbox asks."""
        self.wait(seconds + 0.01)

    def close(self) -> None:
        """Nobody else asks the service for anything."""
        self._client.close()

    def _learn(self) -> Schema:
        desk = Desk(self._open(self.served, None, "dictionary"))
        schema: Schema = self.run(desk.fields.schema(KIND))
        return schema


def _go_on(step: str) -> None:
    """Nothing happens."""


def full_disk() -> None:
    """A step at which nothing can be stored."""
    raise ConfigError("journal.db cannot be written: disk full. Check free space and rights.")


async def until(holds: Callable[[], object], seconds: float = 5.0) -> None:
    """Returns as soon as something holds."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.002)
