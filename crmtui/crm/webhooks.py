"""What an adapter offers of its service's webhooks."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from crmtui.model.call import Call
from crmtui.model.hook import Hook


class Webhooks(Protocol):
    """The webhooks of one service, sans I/O. Only the Call of a creation holds a secret, in its body."""

    events: Sequence[str]
    """What can be told of."""
    contents: Sequence[str]
    """The forms that it can be told in."""
    where: str
    """Where a person finds webhooks in the service's own settings."""

    def constraints(self, event: str) -> Sequence[str]:
        """The sorts of things that an event can be narrowed to; empty where they are not known."""

    def problems(self, hook: Hook) -> Mapping[str, str]:
        """Why a webhook would be refused, as clauses by its members."""

    def list(self) -> Call:
        """Asks for all; `NoRoute` where the service does not tell. Reads to a tuple of `Hook`."""

    def create(self, hook: Hook, secret: str) -> Call:
        """Makes one. Reads to the `Hook` with its id."""

    def delete(self, id_: str) -> Call:
        """Deletes one. Reads to None."""
