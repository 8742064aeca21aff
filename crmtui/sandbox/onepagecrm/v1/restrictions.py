"""What may not be done because the account has too much: `notifications`, and their refusals."""

from typing import Any

from crmtui.sandbox.onepagecrm.office import Office

from .dialect import Dialect
from .message import Asked, Problem

_DEALS, _FULL, _TOO_MANY = "deals_limit_reached", "contacts_list_full", "too_many_contacts"
_EDITED = ("contacts", "notes", "tags", "actions", "misc")


class Restrictions:
    """The restrictions in force, by the numbers of the account or because a switch says so."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect

    def told(self) -> dict[str, Any]:
        """The part of an answer that tells them, while there are any."""
        found = self._found()
        return {"notifications": found} if found else {}

    def check(self, asked: Asked) -> None:
        """Refuse a call that edits what must not be edited, or adds a contact where none may be added."""
        steps = asked.steps
        first = steps[0] if steps else ""
        if first not in _EDITED or (asked.method == "GET" and first != "misc"):
            return
        found = self._found()
        deletes = asked.method == "DELETE" and first == "contacts"
        if _TOO_MANY in found and not deletes:
            raise Problem(201)
        adds = (asked.method, steps) == ("POST", ["contacts"]) or steps == ["misc", "undo_contact_deletion"]
        if adds:
            self._refuse_more(found)

    def check_new_deal(self) -> None:
        """Refuse one more deal."""
        self._refuse_more(self._found())

    @staticmethod
    def _refuse_more(found: list[str]) -> None:
        """Where there is no room for contacts there is none for deals, and the other way round."""
        if _FULL in found:
            raise Problem(201)
        if _DEALS in found:
            raise Problem(202)

    def _found(self) -> list[str]:
        return sorted({*self._office.notifications, *self._dialect.notify})
