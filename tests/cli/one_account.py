"""One account that is worked on in one of its service's dialects, and looked at through the live one."""

from typing import Any

from crmtui.sandbox import Sandbox
from crmtui.sandbox.traffic import Request
from tests.cli.conftest import Program, Ran


class OneAccount:
    """Commands on the connection that is called by its dialect."""

    def __init__(self, program: Program, sandbox: Sandbox, way: str) -> None:
        self.program = program
        self.sandbox = sandbox
        self.way = way

    def run(self, *arguments: str) -> Ran:
        """A command on the connection of this dialect; `@` stands for its name."""
        return self.program(*(each.replace("@", self.way, 1) for each in arguments[:2]), *arguments[2:])

    def do(self, *arguments: str) -> Any:
        """The one record that a command prints."""
        ran = self.run(*arguments)
        assert (ran.code, len(ran.lines)) == (0, 1), ran
        return ran.lines[0]

    def asked(self, *arguments: str) -> tuple[Any, list[Request]]:
        """The record that a command prints, and the requests that it made."""
        before = len(self.sandbox.requests)
        record = self.do(*arguments)
        return record, self.sandbox.requests[before:]
