"""Records, activities and fields as the trees that answers hold (document 001, the example answers)."""

from collections import defaultdict
from collections.abc import Sequence

from .dialect import Dialect
from .field import Activity, Field, Kind, Type
from .items import Item
from .links import Links
from .message import succeeded
from .staff import NAMES
from .timeline import Entry, Timeline
from .tree import Keyed, Listed, Members, Tree
from .values import marked, unix

Pairs = list[tuple[str, Tree]]


class Views:
    """Makes answers of what is stored."""

    def __init__(self, links: Links, timeline: Timeline, dialect: Dialect) -> None:
        self._links = links
        self._timeline = timeline
        self._dialect = dialect

    def record(self, item: Item) -> Members:
        """A record with all that hangs on it, as SHOW and POST answer."""
        return succeeded(
            ("item", self.item(item)),
            ("activities", self.activities(item)),
            ("categories", self._links.categories_of(item.number)),
            ("relateditems", self._links.related_to(item.number)),
        )

    def item(self, item: Item) -> Members:
        """A record by itself."""
        head = item.head
        return Members(
            [
                ("id", head["id"]),
                ("name", head["name"] or None),
                ("typeid", item.kind.type_id),
                *((name, head[name]) for name in ("created", "viewed", "updated", "ownership", "flagged")),
                ("fields", Members(self._fields(item))),
            ]
        )

    def row(self, item: Item, names: frozenset[str] | None) -> Members:
        """A record in a list: the short row, or the full one with all or some of its fields."""
        head = item.head
        stamps: Pairs = [(name, head[name]) for name in ("created", "updated", "viewed")]
        start: Pairs = [("id", head["id"]), ("name", head["name"] or None)]
        if names is None:
            return Members(
                [*start, ("parentid", head["ownership"]), ("flagged", head["flagged"] or None), *stamps]
            )
        pairs: Pairs = [*start, *stamps, ("flagged", head["flagged"] or None)]
        if "company" in item.kind.by_name and (not names or "company" in names):
            companies = self._links.companies_of(item)
            pairs += [("company", self._indented(companies))] if companies else []
        for field in item.kind.stored:
            value = item.values[field.name]
            if value and field.name != "name" and (not names or field.name in names):
                tree = marked(field, value, self._dialect)
                pairs.append((field.name, self._indented(value) if field.type is Type.TEXTAREA else tree))
        return Members(pairs)

    def activities(self, item: Item) -> Keyed:
        """A record's activities, each followed by those that hang under it."""
        children: dict[int, list[Entry]] = defaultdict(list)
        for entry in self._timeline.of_item(item.number):
            children[entry.parent].append(entry)
        rows: list[tuple[int, Members]] = []

        def add(parent: int, level: int) -> None:
            for position, entry in enumerate(children[parent], 1):
                rows.append((entry.number, self.activity(entry, level, position)))
                if entry.number in children:
                    add(entry.number, level + 1)

        add(item.number, 0)
        return Keyed(rows)

    def activity(self, entry: Entry, level: int, position: int) -> Members:
        """One activity with its place: `level` counts the activities above it."""
        return Members(
            [
                ("id", entry.number),
                ("typeid", entry.type.type_id),
                ("name", entry.name or None),
                ("creatorid", entry.creator),
                ("parent", entry.parent),
                ("flagged", entry.flagged),
                ("level", level),
                ("position", position),
                ("created", entry.created),
                ("updated", entry.updated),
                ("viewed", entry.viewed),
                ("fields", self.values(entry)),
            ]
        )

    def values(self, entry: Entry) -> Members:
        """The fields of an activity that have a value."""
        return Members(
            [
                (field.name, marked(field, value, self._dialect))
                for field in entry.type.fields
                if (value := entry.values.get(field.name, ""))
            ]
        )

    def fields(self, kind: Kind | Activity) -> Members:
        """What fields a kind of record or a type of activity has."""
        return succeeded(("fields", Listed("field", [self._field(field) for field in kind.fields])))

    def _field(self, field: Field) -> Members:
        titled = self._dialect.field_label == "title"
        label: Tree = Members([("title", field.label)]) if titled else field.label
        pairs: Pairs = [("name", field.name), ("label", label), ("type", field.type.value)]
        if field.choices and self._dialect.choices != "none":
            element = self._dialect.choices
            pairs.append((element, Listed(element.removesuffix("s"), field.choices)))
        return Members(pairs)

    def _fields(self, item: Item) -> Pairs:
        everything = self._dialect.empty_fields == "all"
        pairs: Pairs = [
            (field.name, marked(field, value, self._dialect, labelled=True))
            for field in item.kind.shown
            if (value := item.values[field.name]) or everything or field.name in item.kind.core
        ]
        pairs += _person("creator", item.head["creatorid"], item.head["created"])
        if item.head["modificatorid"]:
            pairs += _person("modificator", item.head["modificatorid"], item.head["updated"])
        return pairs

    def _indented(self, text: str) -> str:
        return f"\n    {text}\n    " if self._dialect.list_text == "indented" else text


def _person(role: str, number: str, moment: str) -> Pairs:
    return [(f"{role}id", number), (f"{role}name", NAMES.get(int(number), "")), (f"{role}date", unix(moment))]


def rows_among(rows: Sequence[tuple[int, Members]], total: int, dialect: Dialect) -> Members:
    """The answer to a LIST; `count` is of all that match."""
    among: Pairs = [("", Keyed(rows)), ("count", total)]
    return succeeded(*(among if dialect.list_order == "rows" else reversed(among)))
