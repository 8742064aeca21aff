"""What the user sold and is to sell: the block `sales`, and the calls on it."""

from datetime import date, timedelta
from typing import Any

from crmtui.sandbox.onepagecrm import sales
from crmtui.sandbox.onepagecrm.account import TARGET, TOKEN_USER
from crmtui.sandbox.onepagecrm.office import Office

from . import note, values
from .dialect import Dialect
from .message import Answered

Json = dict[str, Any]
_DAYS = 30


class Sales:
    """Sums of the user's deals: the period is the month."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect

    def block(self) -> Json:
        """The block `sales`; of this month."""
        return sales.summary(self._office)

    def index(self) -> Answered:
        """The sales of the last 30 days, and the deals that they are of."""
        since = self._today() - timedelta(days=_DAYS)
        first = self._today().replace(day=1)
        sums = {
            "won": self._sum("won", since),
            "pending": self._sum("pending"),
            "lost": self._sum("lost", since),
        }
        total = round(sums["won"] + sums["pending"] + sums["lost"], 2)
        return Answered(
            {
                "breakdown": {"data": {**sums, "total": total}, "length": _DAYS},
                "closed": self._told("won", since),
                "pendings": self._told("pending"),
                "target": {
                    "won": self._sum("won", first),
                    "date": values.day_told(first.isoformat()),
                    "type": "monthly",
                    "target": TARGET,
                },
            }
        )

    def closed(self) -> Answered:
        """All deals that are won, newest first."""
        return Answered(self._told("won"))

    def _told(self, status: str, since: date | None = None) -> list[Json]:
        docs = sorted(self._deals(status, since), key=lambda doc: (doc["date"], doc["id"]), reverse=True)
        pipeline = self._dialect.pipeline
        return [note.told(doc, pipeline, self._office.must("contacts", doc["contact_id"])) for doc in docs]

    def _sum(self, status: str, since: date | None = None) -> float:
        return sales.worth(self._office, status, since.isoformat() if since else "")

    def _deals(self, status: str, since: date | None = None) -> list[Json]:
        conditions: Json = {"owner_id": TOKEN_USER, "status": status}
        if since is not None:
            conditions["closed_from"] = since.isoformat()
        return self._office.chosen("deals", **conditions)

    def _today(self) -> date:
        return date.fromisoformat(self._office.today())
