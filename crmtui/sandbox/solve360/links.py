"""What ties records together: category tags and related items."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from crmtui.sandbox.text import restored, storable

from .dialect import Dialect
from .field import Kind
from .items import Item, Items
from .kinds import BY_TYPE
from .message import Problem
from .reading import Data, several
from .tree import Listed, Members

Relation = tuple[int, str]
"""The id of the other record, and how the two relate."""


def create_tables(connection: sqlite3.Connection) -> None:
    """The tables of categories and relations; a relation has a row for each of its ends."""
    connection.execute(
        "CREATE TABLE category (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE tagged (item INTEGER, category INTEGER, PRIMARY KEY (item, category)) WITHOUT ROWID"
    )
    connection.execute(
        "CREATE TABLE related (item INTEGER, other INTEGER, type INTEGER NOT NULL, note TEXT NOT NULL,"
        " PRIMARY KEY (item, other)) WITHOUT ROWID"
    )


def create_indexes(connection: sqlite3.Connection) -> None:
    """The index by which a category finds its records."""
    connection.execute('CREATE INDEX "tagged by category" ON tagged (category, item)')


class Links:
    """Reads and changes the categories and related items of records."""

    def __init__(self, connection: sqlite3.Connection, items: Items, dialect: Dialect) -> None:
        self._connection = connection
        self._items = items
        self._dialect = dialect

    def categories(self, kind: Kind) -> Listed:
        """All categories of a kind."""
        return self._listed("SELECT id, name FROM category WHERE kind = ? ORDER BY id", kind.segment)

    def create_category(self, kind: Kind, name: str) -> int:
        """A new category, or the one that has this name already."""
        sql = "SELECT id FROM category WHERE kind = ? AND name = ?"
        found = self._connection.execute(sql, [kind.segment, storable(name)]).fetchone()
        if found:
            return int(found[0])
        number = self._items.next_id()
        row = [number, kind.segment, storable(name)]
        self._connection.execute("INSERT INTO category VALUES (?, ?, ?)", row)
        return number

    def categories_of(self, number: int) -> Listed:
        """The categories of a record."""
        sql = "SELECT id, name FROM category JOIN tagged ON category = id WHERE item = ? ORDER BY id"
        return self._listed(sql, number)

    def related_to(self, number: int) -> Listed:
        """The records that a record is related to."""
        found = self._connection.execute(
            "SELECT other, type, note FROM related WHERE item = ? ORDER BY other", [number]
        ).fetchall()
        rows = []
        for other, type_id, note in found:
            item = self._items.get(BY_TYPE[type_id], other)
            name = item.head["name"] if item else ""
            pairs = [
                ("id", other),
                ("name", name or None),
                ("typeid", type_id),
                ("note", restored(note) or None),
            ]
            rows.append(Members([*pairs]))
        return Listed("relatedto", rows)

    def companies_of(self, item: Item) -> str:
        """The names of the companies that a record is related to, as lists show them."""
        names = self._connection.execute(
            "SELECT name FROM related JOIN companies ON companies.id = other WHERE item = ? ORDER BY other",
            [item.number],
        )
        return ", ".join(restored(name) for (name,) in names)

    def changes(self, kind: Kind, data: Mapping[str, Data]) -> tuple["Changes", "Changes"]:
        """What a write adds to and removes from a record's categories and related items."""
        tags = _grouped(data.get("categories"), "category")
        known = {
            str(number)
            for (number,) in self._connection.execute(
                "SELECT id FROM category WHERE kind = ?", [kind.segment]
            )
        }
        for relation in (*tags[0], *tags[1]):
            if str(relation[0]) not in known:
                raise Problem(400, categories="Incorrect category specified")
        return tags, _grouped(data.get("relateditems"), "relatedto")

    def apply(self, item: Item, tags: "Changes", relations: "Changes") -> None:
        """Add and remove categories and related items."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO tagged VALUES (?, ?)", [(item.number, tag) for tag, _ in tags[0]]
        )
        self._connection.executemany(
            "DELETE FROM tagged WHERE item = ? AND category = ?", [(item.number, tag) for tag, _ in tags[1]]
        )
        for other, note in relations[0]:
            self._relate(item, other, note)
        for other, _ in relations[1]:
            both = [item.number, other, other, item.number]
            self._connection.execute(
                "DELETE FROM related WHERE (item = ? AND other = ?) OR (item = ? AND other = ?)", both
            )

    def forget(self, number: int) -> None:
        """Remove all ties of a deleted record."""
        self._connection.execute("DELETE FROM tagged WHERE item = ?", [number])
        self._connection.execute("DELETE FROM related WHERE item = ? OR other = ?", [number, number])

    def _relate(self, item: Item, number: int, note: str) -> None:
        # What cannot be related is passed over in silence; so Norada describes its own service.
        other = self._items.find(number)
        if other is None or number == item.number or not (item.kind.relatable and other.kind.relatable):
            return
        owners = {item.head["ownership"], other.head["ownership"]}
        if self._dialect.relate == "same-owner" and len(owners) > 1:
            return
        rows = [
            (item.number, number, other.kind.type_id, storable(note)),
            (number, item.number, item.kind.type_id, storable(note)),
        ]
        self._connection.executemany("INSERT OR REPLACE INTO related VALUES (?, ?, ?, ?)", rows)

    def _listed(self, sql: str, value: object) -> Listed:
        rows = self._connection.execute(sql, [value])
        return Listed(
            "category", [Members([("id", number), ("name", restored(name))]) for number, name in rows]
        )


Changes = tuple[list[Relation], list[Relation]]
"""What is added, and what is removed."""


def _grouped(data: Data | None, element: str) -> Changes:
    if not data:
        return [], []
    if not isinstance(data, dict) or not data.keys() <= {"add", "remove"}:
        raise Problem(400, incorrectrequest=f"Incorrect {element} specified")
    return _relations(data.get("add"), element), _relations(data.get("remove"), element)


def _relations(data: Data | None, element: str) -> list[Relation]:
    """The ids of a group: elements of XML, or an array of ids or objects in JSON and forms."""
    if isinstance(data, dict) and element in data:
        data = data[element]
    return [_relation(each, element) for each in several(data)]


def _relation(data: Data, element: str) -> Relation:
    number = data.get("id", "") if isinstance(data, dict) else data
    note = data.get("note", "") if isinstance(data, dict) else ""
    texts: Iterable[object] | Sequence[object] = (number, note)
    if not all(isinstance(text, str) for text in texts):
        raise Problem(400, incorrectrequest=f"Incorrect {element} specified")
    digits = str(number).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise Problem(400, incorrectrequest=f"Incorrect {element} specified")
    return int(digits), str(note)
