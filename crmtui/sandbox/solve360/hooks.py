"""Webhooks: kept, told and forgotten; nothing is delivered, but what signs a delivery is here."""

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping

from crmtui.sandbox.text import restored, storable

from .dialect import Dialect
from .items import Items
from .message import Answered, Problem, succeeded
from .reading import Data
from .tree import Listed, Members, Tree, Unwrapped

SIGNATURE = "X-Solve360-Hmac-Sha256"
"""The header of a delivery that holds its signature."""
_MEMBERS = ("active", "type", "event", "title", "url", "contenttype", "secret", "constrainttype")
"""In the order of the webhook page's example."""
_DEFAULTS = {"active": "0", "type": "web", "contenttype": "xml", "constrainttype": "all"}
_CHOICES = {
    "active": ("0", "1"),
    "type": ("web",),
    "contenttype": ("xml", "json", "form"),
    "event": tuple(
        f"items.{verb}" for verb in ("create", "update", "delete", "restore", "categorize", "uncategorize")
    )
    + tuple(f"activities.{verb}" for verb in ("create", "update", "delete", "restore")),
}
_CONSTRAINTS = ("all", "contact", "projectblog", "company")


def signature(secret: str, body: bytes) -> str:
    """The signature of a delivery: the hexadecimal HMAC-SHA256 of its raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def create_table(connection: sqlite3.Connection) -> None:
    """The table of webhooks."""
    columns = ", ".join(f"{name} TEXT NOT NULL" for name in _MEMBERS)
    connection.execute(f"CREATE TABLE hook (id INTEGER PRIMARY KEY, {columns})")


class Hooks:
    """Creates, lists and deletes webhooks."""

    def __init__(self, connection: sqlite3.Connection, items: Items, dialect: Dialect) -> None:
        self._connection = connection
        self._items = items
        self._dialect = dialect

    def create(self, data: Mapping[str, Data]) -> Answered:
        """A new webhook."""
        given = {**dict.fromkeys(_MEMBERS, ""), **_DEFAULTS, **_checked(data)}
        number = self._items.next_id()
        places = ", ".join("?" * (len(_MEMBERS) + 1))
        row = [number, *(storable(given[name]) for name in _MEMBERS)]
        self._connection.execute(f"INSERT INTO hook VALUES ({places})", row)  # noqa: S608
        members = Members([*given.items(), ("id", number)])
        reply = succeeded(("", Unwrapped("hook", members)))
        return Answered(reply, self._dialect.hook_status, f"/hooks/{number}")

    def listed(self) -> Answered:
        """All webhooks, where the service tells of them."""
        if self._dialect.hook_list == "none":
            raise Problem(404, uriisnotfound="Requested URI is not found")
        rows: list[Tree] = [
            Members([*zip(_MEMBERS, map(restored, row[1:]), strict=True), ("id", row[0])])
            for row in self._connection.execute("SELECT * FROM hook ORDER BY id")
        ]
        return Answered(succeeded(("hooks", Listed("hook", rows))))

    def delete(self, number: int) -> Answered:
        """Delete a webhook."""
        if not self._connection.execute("DELETE FROM hook WHERE id = ?", [number]).rowcount:
            raise Problem(404, itemisnotfound="Item is not found")
        return Answered(succeeded())


def _checked(data: Mapping[str, Data]) -> dict[str, str]:
    given = {name: value for name, value in data.items() if isinstance(value, str)}
    if given.keys() != data.keys() or not given.keys() <= {*_MEMBERS}:
        raise Problem(400, incorrectfield="Incorrect field specified")
    refused = {
        name: f"Incorrect value of {name}"
        for name, allowed in _CHOICES.items()
        if given.get(name, _DEFAULTS.get(name, "")) not in allowed
    }
    if not given.get("url", "").startswith(("http://", "https://")):
        refused["url"] = "Incorrect value of url"
    of_items = given.get("event", "").startswith("items.")
    if of_items and given.get("constrainttype", "all") not in _CONSTRAINTS:
        refused["constrainttype"] = "Incorrect value of constrainttype"
    if refused:
        raise Problem(400, **refused)
    return given
