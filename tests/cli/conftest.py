"""Runs the program in this process: arguments in; exit code, stdout and stderr out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crmtui.__main__ import main
from crmtui.paths import config_file, connection_dir
from crmtui.sandbox.traffic import Request
from crmtui.store.database import open_journal, open_mirror
from crmtui.store.mirror import Mirror
from tests.conftest import Served


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


@pytest.fixture
def acme(sandbox: Served, program: Program, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """A configured connection whose token is in the environment."""
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", sandbox.token)
    configure(sandbox.connection.url)
    return Acme(sandbox, program)


@pytest.fixture
def warm(acme: Acme) -> Acme:
    """The same with accounts, their schema and the users read already."""
    assert acme("list", "acme/accounts", "--all").code == 0
    return acme


@pytest.fixture
def journal() -> Callable[[], Path]:
    """Where the connection's journal lies, which exists."""

    def path() -> Path:
        found = connection_dir("acme") / "journal.db"
        open_journal(found).close()
        return found

    return path
