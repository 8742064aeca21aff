"""What the rules of all kinds need of the account."""

from typing import Any, Protocol

Json = dict[str, Any]


class Records(Protocol):
    """The account, as the rules see it."""

    def kept(self, entity: str, ident: str) -> Json | None:
        """A record as it is kept."""

    def chosen(self, entity: str, **conditions: Any) -> list[Json]:
        """The records that meet conditions, as they are kept."""

    def setup(self, kind: str) -> list[Json]:
        """What the account has set up: `statuses`, `lead_sources`, `users`, `custom_fields` …"""

    def tag(self, name: str) -> str:
        """A tag's name as the account has it, which is made where there is none."""

    def employer(self, doc: Json, name: str) -> Json:
        """The company of a name, which is found, renamed or made for a contact."""

    def now(self) -> str:
        """The moment of the change."""

    def today(self) -> str:
        """Its day."""
