"""What every test stands on: folders of its own, no network but this machine's, no tokens, no keyring."""

import asyncio
import gc
import ipaddress
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from crmtui.config import Connection
from crmtui.crm import driver
from crmtui.crm.solve360.adapter import Solve360
from crmtui.sandbox import Sandbox
from crmtui.sandbox.traffic import Request
from crmtui.secrets import Redactor
from crmtui.workspace import courier, opening, outbox
from crmtui.workspace.account import Account
from crmtui.workspace.opening import open_account

T = TypeVar("T")
_MEMORY = "/dev/shm"
_FOREIGN = ("CRMTUI_TOKEN_", "SPOTLER_", "CAPSULE_", "ONEPAGECRM_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "recordings: needs the folder that CRMTUI_RECORDINGS names")
    # Every write is synced to disk: a disk in memory, where there is one, takes a fifth of the time off.
    if os.access(_MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _MEMORY)
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None) and not hasattr(config, "workerinput"):
        # The programs that tests start would each compile everything anew.
        kept = tempfile.mkdtemp(prefix="bytecode-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        os.environ["PYTHONPYCACHEPREFIX"] = kept
        config.add_cleanup(partial(shutil.rmtree, kept, ignore_errors=True))
    # Apps come and go by the hundred: looking for their cycles less often saves a fifth of the time.
    gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CRMTUI_RECORDINGS"):
        return
    left_out = [item for item in items if item.get_closest_marker("recordings")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


class OutsideCall(AssertionError):
    """Something tried to leave this machine."""


@pytest.fixture(autouse=True, scope="session")
def certificates_read_once() -> Iterator[None]:
    """Each request that a test makes by itself would read all the system's certificates, and needs none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the machine is seen, and nothing of the test stays on it."""
    monkeypatch.setenv("CRMTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("CRMTUI_DATA_DIR", str(tmp_path / "data"))
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with monkeypatch.context() as clock:
        clock.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def no_tokens() -> None:
    """The tokens of the tests before are forgotten: the more are known, the longer each text is looked at."""
    vars(opening.redactor).update(vars(Redactor()))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried at once; the tests of the pauses themselves put them back."""
    monkeypatch.setattr(driver, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(Solve360, "pauses", (0.0, 0.0))
    monkeypatch.setattr(courier, "_REST_SECONDS", 0.05)
    monkeypatch.setattr(courier, "_LEAST_SECONDS", 0.001)
    monkeypatch.setattr(outbox, "_LOOK_SECONDS", 0.002)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection to another machine, and any look-up of its name, fails the test."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self.family, address)
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name and not _is_here(name):
            raise OutsideCall(f"a test looked up {name}")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


def _check(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
        raise OutsideCall(f"a test connected to {address[0]}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def run() -> Iterator[Callable[[Coroutine[Any, Any, T]], T]]:
    """Runs coroutines one after the other on one loop, so that connections stay open between them."""
    with asyncio.Runner() as runner:
        yield runner.run


@dataclass(frozen=True)
class Served:
    """A running sandbox of one service, and how to reach it."""

    sandbox: Sandbox
    connection: Connection
    token: str

    @property
    def requests(self) -> list[Request]:
        """What clients sent so far."""
        return self.sandbox.requests

    def sent(self, *methods: str) -> list[Request]:
        """The requests of some methods."""
        return [request for request in self.requests if request.method in methods]


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Path]:
    """The data of a sandbox in which nobody wrote yet, made once: records and service in, its file out."""

    @cache
    def made(records: int, crm: str) -> Path:
        folder = tmp_path_factory.mktemp("world")
        with Sandbox(folder, records=records, crm=crm):
            pass
        # Both dialects of a service serve one account.
        return folder / f"{crm.removesuffix('-v1')}.db"

    return made


@pytest.fixture
def serve(tmp_path: Path, world: Callable[[int, str], Path]) -> Iterator[Serve]:
    """Starts sandboxes of the test's own: `serve(records=…, crm=…, SWITCH="…")`."""
    started: list[Sandbox] = []

    def start(records: int = 20, crm: str = "spotler", **switches: str) -> Served:
        place = tmp_path / f"sandbox-{len(started)}"
        place.mkdir()
        shutil.copy(world(records, crm), place)
        sandbox = Sandbox(place, records=records, crm=crm, switches=switches)
        started.append(sandbox)
        reached = sandbox.start()[crm]
        connection = Connection(
            name="acme", crm=crm, url=reached["url"], user=reached.get("user"), format=reached.get("format")
        )
        return Served(sandbox, connection, reached["token"])

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def sandbox(serve: Serve) -> Served:
    """A fresh sandbox of SpotlerCRM with 20 records of each main kind."""
    return serve()


Open = Callable[..., Account]


@pytest.fixture
def open_served(run: Callable[[Coroutine[Any, Any, None]], None], tmp_path: Path) -> Iterator[Open]:
    """Opens accounts on sandboxes, each with a data folder of its own unless `folder` names one."""
    opened: list[Account] = []

    def start(served: Served, connection: Connection | None = None, folder: str = "") -> Account:
        base = tmp_path / (folder or f"account-{len(opened)}")
        account = open_account(
            connection or served.connection, tokens={served.connection.name: served.token}, base=base
        )
        opened.append(account)
        return account

    yield start
    for account in opened:
        run(account.close())


@pytest.fixture
def account(open_served: Open, sandbox: Served) -> Account:
    """An account on the fresh sandbox."""
    return open_served(sandbox)
