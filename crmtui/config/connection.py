"""The configuration as the rest of the program sees it."""

import msgspec

from crmtui.config.services import SERVICES, Service


class Connection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account at one service."""

    name: str
    crm: str
    """A key of `SERVICES`."""
    url: str
    """Scheme, host and port; the adapter adds the API's path."""
    user: str | None = None
    format: str | None = None
    """One of the service's formats; None where it speaks one only and none was named."""
    call_limit: int | None = None
    """The calls of a period, where the service reports none."""
    read_only: bool = False
    mirror: bool = True
    """False keeps no copy of the records on disk."""
    kinds: tuple[str, ...] = ()
    """Custom tables to show besides the known kinds."""
    alerts: tuple[int, ...] = (80, 95)
    """Percents of the quota at which to say so, rising."""
    reserve: int = 20
    """Percent of the limit that background work leaves to the person."""
    token_command: tuple[str, ...] = ()
    """A program and its arguments that prints the token; empty for none."""
    token_file: str | None = None
    """A file that holds the token; relative to the configuration's folder."""

    @property
    def service(self) -> Service:
        """What is known of the service behind it."""
        return SERVICES[self.crm]


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that `config.yaml` says."""

    connections: dict[str, Connection] = {}
    alert_command: tuple[str, ...] = ()
    """A program and its arguments that gets each alert's sentence as one argument more; empty for none."""
    theme: str | None = None
    keys: dict[str, str] = {}
    """Keys by command id, several with commas between them."""
