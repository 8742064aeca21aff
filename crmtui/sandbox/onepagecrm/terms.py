"""What the account may hold and its user may do, from switches that both dialects share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from crmtui.sandbox.switches import Switches

from .refusal import Forbidden, Full

DEALS, CONTACTS, TOO_MANY = "deals_limit_reached", "contacts_list_full", "too_many_contacts"


@dataclass(frozen=True, slots=True)
class Terms:
    """The choices, from switches named ONEPAGECRM_<FIELD>."""

    contact_limit: int | None
    """So many contacts the account may have, None for any number."""
    deal_limit: int | None
    lacking: frozenset[str]
    """Rights that the user does not have: `delete_contacts`, `delete_deals`, `admin` …"""
    second_asap: str
    """A second ASAP action of a user demotes the first one to a dated one, or is a conflict."""

    @classmethod
    def read(cls, switches: Switches) -> Self:
        """The terms that the switches ask for."""
        return cls(
            contact_limit=switches.number("ONEPAGECRM_CONTACT_LIMIT"),
            deal_limit=switches.number("ONEPAGECRM_DEAL_LIMIT"),
            lacking=switches.words("ONEPAGECRM_LACKING"),
            second_asap=switches.choice("ONEPAGECRM_SECOND_ASAP", ("demotes", "conflict")),
        )

    def notifications(self, count: Callable[[str], int]) -> list[str]:
        """The restrictions that the account has reached; `count` tells how many contacts or deals it has."""
        found = []
        if self.deal_limit is not None and count("deals") >= self.deal_limit:
            found.append(DEALS)
        if self.contact_limit is not None and count("contacts") >= self.contact_limit:
            found.append(CONTACTS if count("contacts") == self.contact_limit else TOO_MANY)
        return found

    def check(self, entity: str, count: Callable[[str], int], *, new: bool) -> None:
        """Refuse a change of a kind of record that the restrictions forbid."""
        reached = self.notifications(count)
        if TOO_MANY in reached:
            raise Full("contacts", "Allowed number of contacts exceeded")
        if new and entity in _FULL and reached:
            raise Full(*_FULL[entity])

    def require(self, right: str, rights: list[str]) -> None:
        """Refuse what a user without a right may not do."""
        if right in self.lacking or right not in rights:
            raise Forbidden(f"You need the right {right} to do this")


_FULL: Mapping[str, tuple[str, str]] = {
    "contacts": ("contacts", "User exceeded allowed number of contacts"),
    "deals": ("deals", "User exceeded allowed number of deals"),
}
