"""The doctor: looks at everything that crmtui stands on, and says of each fault how it is mended."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from crmtui.config import Config, Connection, load
from crmtui.model.errors import ConfigError
from crmtui.workspace.checks_connection import ConnectionChecks
from crmtui.workspace.checks_machine import CONFIGURATION, machine_checks
from crmtui.workspace.finding import Check, Finding, examine
from crmtui.workspace.opening import connection_of
from crmtui.workspace.visit import Visit


class Report(msgspec.Struct, frozen=True):
    """What was found, in the order in which it was looked at, and what the calls of it cost."""

    findings: list[Finding]
    cost: int

    @property
    def exit_code(self) -> int:
        """The code of the first finding that is not ok, 0 where all are."""
        return next((finding.exit_code for finding in self.findings if not finding.ok), 0)


async def look(
    name: str | None,
    record: Path | None,
    *,
    terminal: Check,
    asker: Callable[[str], Callable[[], str] | None],
    begin: Callable[[str], None],
) -> Report:
    """Looks at the machine and at one connection or all; a name that is unknown is a `UsageError`.

    `terminal` is the check of the terminal, `asker` asks for a connection's token, `begin` is told of
    each check, and `record` is the folder that exchanges are saved in.
    """
    connections = _connections(name)
    findings = await examine([*machine_checks(connections or ()), terminal], begin)
    if connections is None:
        said = f"The connections could not be checked; first mend what is said of {CONFIGURATION}."
        return Report([*findings, Finding("connections", False, said, ConfigError.exit_code)], 0)
    cost = 0
    for connection in connections:
        visit = Visit(connection, asker(connection.name))
        try:
            findings += await examine(ConnectionChecks(visit, record).all(), begin)
        finally:
            cost += visit.cost
            await visit.close()
    return Report(findings, cost)


def _connections(name: str | None) -> Sequence[Connection] | None:
    """The connections to look at; None where the configuration does not tell them."""
    try:
        config: Config = load()
    except ConfigError:
        return None
    return list(config.connections.values()) if name is None else [connection_of(config, name)]
