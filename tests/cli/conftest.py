"""Runs the program in this process: arguments in; exit code, stdout and stderr out."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crmtui.__main__ import main
from crmtui.config import Connection
from crmtui.paths import config_file, connection_dir, data_dir
from crmtui.sandbox import Sandbox
from crmtui.sandbox.traffic import Request
from crmtui.store.database import open_mirror
from crmtui.store.mirror import Mirror
from tests.conftest import Serve, Served


@dataclass(frozen=True)
class Ran:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout says as one JSON text, numbers as they are written."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """What stdout says as a JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def failed(self, code: int, *words: str) -> None:
        """It ended with this code, nothing on stdout and one line on stderr that holds the words."""
        assert (self.code, self.out) == (code, ""), self
        assert self.err.startswith("crmtui: "), self.err
        assert self.err.count("\n") == 1, self.err
        for word in words:
            assert word in self.err, self.err


Program = Callable[..., Ran]


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Program:
    """Runs crmtui with arguments."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


@dataclass(frozen=True)
class Acme:
    """A connection `acme` on a sandbox of the test's own, and the program."""

    served: Served
    program: Program

    def __call__(self, *arguments: str) -> Ran:
        return self.program(*arguments)

    def calls(self, *arguments: str) -> tuple[Ran, list[str]]:
        """How a run ended, and the requests that it made as `METHOD /path`."""
        before = len(self.served.requests)
        ran = self.program(*arguments)
        return ran, [f"{request.method} {request.path}" for request in self.served.requests[before:]]

    @property
    def last(self) -> Request:
        """The newest request."""
        return self.served.requests[-1]

    def first_id(self, kind: str = "accounts") -> str:
        """The id of a record of the kind, which is then mirrored."""
        ran = self.program("list", f"acme/{kind}", "--limit", "1", "--format", "json")
        return str(ran.json[0]["id"])

    @property
    def mirror(self) -> Mirror:
        """The connection's mirror."""
        return Mirror(open_mirror(connection_dir("acme") / "mirror.db"), "acme")


def configure(url: str, *more: str) -> None:
    """Writes a configuration with the one connection `acme`; `more` are further keys of it as lines."""
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "connections:",
        "  acme:",
        "    crm: spotler",
        f"    url: {url}",
        *(f"    {line}" for line in more),
    ]
    path.write_text("\n".join(lines) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fresh: writes into its sandbox, which is therefore its own")


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sandbox into which no test writes."""
    with Sandbox(tmp_path_factory.mktemp("sandbox"), records=20, crm="spotler") as running:
        reached = running.start()["spotler"]
        connection = Connection(name="acme", crm="spotler", url=reached["url"])
        yield Served(running, connection, reached["token"])


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, shared: Served, serve: Serve) -> Served:
    """The shared sandbox, or for a test that writes one of its own."""
    return serve() if request.node.get_closest_marker("fresh") else shared


@pytest.fixture
def acme(sandbox: Served, program: Program, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """A configured connection whose token is in the environment."""
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", sandbox.token)
    configure(sandbox.connection.url)
    return Acme(sandbox, program)


@pytest.fixture(scope="package")
def read_before(shared: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after accounts, their schema and the users of the shared sandbox were read."""
    home = tmp_path_factory.mktemp("read")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRMTUI_CONFIG_DIR", str(home / "config"))
        patch.setenv("CRMTUI_DATA_DIR", str(home / "data"))
        patch.setenv("CRMTUI_TOKEN_ACME", shared.token)
        configure(shared.connection.url)
        assert main(("list", "acme/accounts", "--all")) == 0
    return home / "data" / "connections"


@pytest.fixture
def warm(request: pytest.FixtureRequest, acme: Acme) -> Acme:
    """The connection with accounts, their schema and the users read already."""
    if request.node.get_closest_marker("fresh"):
        assert acme("list", "acme/accounts", "--all").code == 0
    else:
        shutil.copytree(request.getfixturevalue("read_before"), data_dir() / "connections")
    return acme
