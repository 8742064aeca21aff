"""Tags, statuses and filters: what they are, and whom they choose."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from crmtui.sandbox.onepagecrm.office import Office

from .contact import VIP
from .message import Answered, Asked, Problem
from .views import Views

Json = dict[str, Any]
SYSTEM = (
    "recently_added",
    "recently_viewed",
    "recently_edited",
    "recently_imported",
    "pending_deals",
    "vip",
    "waiting",
)
"""The list of v1.1, and what v1.2 brought."""
_RECENT = timedelta(days=7)
_STATUSES = ("prospect", "inactive", "customer", "lead", "general")


class Labels:
    """What contacts are marked with and chosen by."""

    def __init__(self, office: Office, views: Views) -> None:
        self._office = office
        self._views = views

    def statuses(self) -> dict[str, str]:
        """The names of the statuses by id."""
        return {row["id"]: row["status"] for row in self._office.setup("statuses")}

    def status_counts(self) -> list[Json]:
        """The block `statuses`: all contacts, then those of each status, those of the account's own last."""
        by_name = {name: ident for ident, name in self.statuses().items()}
        names = [name for name in _STATUSES if name in by_name]
        names += [name for name in by_name if name not in _STATUSES]
        counted = [{"name": name, "count": self._count({"status_id": by_name[name]})} for name in names]
        return [{"name": "all", "count": self._count({})}, *counted]

    def tag_counts(self) -> Json:
        """The block `tags`."""
        system = [{"name": name, "count": self._count(self.system(name))} for name in SYSTEM]
        return {"system": system, "custom": self.custom()}

    def custom(self) -> list[Json]:
        """The tags of the account's own, also those that nobody has."""
        names = [row["name"] for row in self._office.setup("tags") if row["name"].upper() != VIP]
        return [{"name": name, "count": self._count({"tag": name})} for name in names]

    def system(self, name: str) -> Json:
        """The conditions of a system tag."""
        recent = f"{datetime.now(UTC) - _RECENT:%Y-%m-%d}"
        conditions: dict[str, Json] = {
            "recently_added": {"created_from": recent},
            "recently_viewed": {"among": json.dumps(list(self._views))},
            "recently_edited": {"modified_from": recent},
            "recently_imported": {"among": "[]"},
            "pending_deals": {"pending_deal": 1},
            "vip": {"starred": 1},
            "waiting": {"waiting": 1},
        }
        return conditions[name]

    def conditions(self, form: dict[str, str]) -> Json:
        """Whom a listing's filter, system tag or tag chooses: the first of these that is valid counts."""
        if form.get("filter_id"):
            return self._office.choices.conditions(form["filter_id"])
        if form.get("system_tag") in SYSTEM:
            return self.system(form["system_tag"])
        if form.get("tag", "").upper() == VIP:
            return {"starred": 1}
        return {"tag": form["tag"]} if form.get("tag") else {}

    def _count(self, conditions: Json) -> int:
        return self._office.total("contacts", conditions)

    def shown(self, name: str) -> Answered:
        """One tag."""
        for row in self.custom():
            if row["name"].casefold() == name.casefold():
                return Answered(row)
        raise Problem(106)

    def create(self, asked: Asked) -> Answered:
        """A new tag, which no contact has yet."""
        name = asked.arguments.get("name", "")
        if not name:
            raise Problem(109)
        if self._known(name):
            raise Problem(107)
        with self._office.change("tags"):
            self._office.tag(name)
        return Answered(blocks=("tags",))

    def rename(self, name: str, asked: Asked) -> Answered:
        """Give a tag another name, wherever it stands."""
        other = asked.arguments.get("name", "")
        if not other:
            raise Problem(109)
        self.shown(name)
        if other.casefold() != name.casefold() and self._known(other):
            raise Problem(107)
        self._office.choices.rename_tag(name, other)
        return Answered(blocks=("tags",))

    def delete(self, name: str) -> Answered:
        """Delete a tag, and take it from its contacts."""
        self.shown(name)
        self._office.choices.delete_tag(name)
        return Answered(blocks=("tags",))

    def remove_unused(self) -> Answered:
        """Delete the tags that nobody has."""
        self._office.choices.remove_unused_tags()
        return Answered(blocks=("tags",))

    def filters(self) -> Answered:
        """The filters of the account."""
        return Answered([_filter(row) for row in self._office.setup("filters")])

    def filter(self, ident: str) -> Answered:
        """One filter."""
        return Answered(_filter(self._office.choices.found("filters", ident)))

    def _known(self, name: str) -> bool:
        """Whether there is a tag of a name; VIP counts as one."""
        names = {row["name"].casefold() for row in self._office.setup("tags")}
        return name.casefold() in names | {VIP.casefold()}


def _filter(row: Json) -> Json:
    """A filter by what v1 has words for; it chooses by the rest of its conditions too."""

    def of(field: str) -> list[str]:
        return [value for name, _, value in row["conditions"] if name == field]

    countries = of("country")
    return {
        "id": row["id"],
        "name": row["name"],
        "contacts": of("status"),
        "tags": of("tag"),
        "deals": of("deal_status"),
        "vip": "true" in of("starred"),
        "address": {"type": "country_code", "value": countries[0]} if countries else {},
    }
