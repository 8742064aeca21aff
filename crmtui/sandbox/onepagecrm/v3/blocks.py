"""What stands beside the data of an answer: the counts of contacts, and the restrictions reached."""

from typing import Any

from crmtui.sandbox.onepagecrm.counts import Counts
from crmtui.sandbox.onepagecrm.office import Office

from .dialect import Dialect

Json = dict[str, Any]


class Blocks:
    """Tells the counts of the moment, in the shapes in which a client replaces its own by them."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect
        self._counts = Counts(office)

    def of(self, entity: str) -> Json:
        """The blocks beside an answer about a kind of record: answers about contacts have them."""
        if entity != "contacts" or self._dialect.blocks == "none":
            return {}
        told = self.all()
        return (
            told if self._dialect.blocks == "told" else {name: type(block)() for name, block in told.items()}
        )

    def all(self) -> Json:
        """All blocks, as the data for starting up have them."""
        return {
            "lead_sources": self._counts.lead_sources(),
            "statuses": [{"status": row} for row in self._counts.statuses()],
            "tags": {"tags": self._counts.tags(), "system_tags": [self._counts.starred()]},
            "contacts_count": self._counts.letters(),
            "team_stream": self._counts.streams(),
        }

    def always(self) -> Json:
        """What every answer may tell."""
        reached = self._office.notifications if self._dialect.notifications == "told" else []
        return {"notifications": reached} if reached else {}

    @property
    def counts(self) -> Counts:
        """The counts themselves."""
        return self._counts
