"""Writes of activities: created, edited, moved, completed, deleted, and inserted from templates."""

from collections.abc import Mapping

from .activities import ACTIVITIES, TEMPLATE, TEMPLATES
from .dialect import Dialect
from .field import Activity, Kind
from .items import Item, Items
from .message import Answered, Problem, succeeded
from .reading import Data
from .timeline import Entry, Timeline
from .tree import Members
from .values import taken
from .views import Views


class Diary:
    """What clients do to the activities of records."""

    def __init__(self, items: Items, timeline: Timeline, views: Views, dialect: Dialect) -> None:
        self._items = items
        self._timeline = timeline
        self._views = views
        self._dialect = dialect

    def create(self, kind: Kind, activity: Activity, data: Mapping[str, Data]) -> Answered:
        """A new activity under a record or another activity."""
        item, parent = self._place(_id(data, "parent"), kind)
        values = taken(activity.by_name, _values(data), self._dialect)
        number = self._timeline.create(activity, item.number, parent, self._rank(parent, data), values)
        self._stamp(item)
        return self._answer(kind, activity, number)

    def insert_template(self, kind: Kind, data: Mapping[str, Data]) -> tuple[Answered, int]:
        """The activities of a template, and how many they are; the answer has the first one's id."""
        item, parent = self._place(_id(data, "parent"), kind)
        number = _id(_values(data), "templateid")
        if number not in TEMPLATES:
            raise Problem(400, templateid="Incorrect value of templateid")
        segment, titles = TEMPLATES[number]
        activity = ACTIVITIES[segment]
        created = [
            self._timeline.create(
                activity, item.number, parent, self._rank(parent, {}), {activity.title: title}
            )
            for title in reversed(titles)
        ]
        self._stamp(item)
        answer = Answered(succeeded(("id", created[-1])), 201, f"/{kind.segment}/{TEMPLATE}/{created[-1]}")
        return answer, len(created)

    def update(self, activity: Activity, number: int, data: Mapping[str, Data]) -> Answered:
        """Change an activity, and move it where a parent or a place is named."""
        entry = self._found(number)
        if entry.type is not activity:
            raise Problem(404, itemisnotfound="Item is not found")
        values = taken(activity.by_name, _values(data), self._dialect)
        item, parent = entry.item, entry.parent
        if "parent" in data:
            place, parent = self._place(_id(data, "parent"), None)
            item = place.number
            if parent == number or parent in self._timeline.under(number):
                raise Problem(400, parent="Incorrect value of parent")
        moved = parent != entry.parent or {"before", "after"} & data.keys()
        rank = self._rank(parent, data) if moved else entry.rank
        self._timeline.update(entry, values, item, parent, rank)
        found = self._items.find(item)
        if found:
            self._stamp(found)
        if self._dialect.put == "status":
            return Answered(succeeded())
        return Answered(self._told(number))

    def delete(self, number: int) -> Answered:
        """Delete an activity; the service does not look whether it is of the segment's type."""
        entry = self._found(number)
        self._timeline.delete(number)
        item = self._items.find(entry.item)
        if item:
            self._stamp(item)
        return Answered(succeeded())

    def forget(self, item: Item) -> None:
        """Delete the activities of a deleted record."""
        self._timeline.forget(item.number)

    def _answer(self, kind: Kind, activity: Activity, number: int) -> Answered:
        full = self._dialect.activity_reply == "full"
        members = self._told(number) if full else succeeded(("id", number))
        return Answered(members, 201, f"/{kind.segment}/{activity.segment}/{number}")

    def _told(self, number: int) -> Members:
        """An activity as a record shows it, its members beside the status."""
        entry = self._found(number)
        item = self._items.find(entry.item)
        rows = self._views.activities(item).rows if item else []
        return succeeded(*next(row.pairs for each, row in rows if each == number))

    def _found(self, number: int) -> Entry:
        entry = self._timeline.get(number)
        if entry is None:
            raise Problem(404, itemisnotfound="Item is not found")
        return entry

    def _place(self, parent: int, kind: Kind | None) -> tuple[Item, int]:
        """The record that a parent is or hangs on; a new activity's must be of the path's kind."""
        entry = self._timeline.get(parent)
        item = self._items.find(entry.item if entry else parent)
        if item is None or kind not in (None, item.kind):
            raise Problem(404, itemisnotfound="Item is not found")
        return item, parent

    def _rank(self, parent: int, data: Mapping[str, Data]) -> float:
        before = _id(data, "before") if "before" in data else None
        after = _id(data, "after") if "after" in data else None
        rank = self._timeline.rank(parent, before=before, after=after)
        if rank is None:
            name = "after" if before is None else "before"
            raise Problem(400, **{name: f"Incorrect value of {name}"})
        return rank

    def _stamp(self, item: Item) -> None:
        if self._dialect.activity_stamps == "item":
            self._items.touch(item, "updated")


def _values(data: Mapping[str, Data]) -> Mapping[str, Data]:
    """The fields of an activity, which stand under `data` beside its parent and place."""
    if not data.keys() <= {"parent", "data", "before", "after"}:
        raise Problem(400, incorrectfield="Incorrect field specified")
    values = data.get("data") or {}
    if not isinstance(values, dict):
        raise Problem(400, incorrectrequest="Incorrect data specified")
    return values


def _id(data: Mapping[str, Data], name: str) -> int:
    text = data.get(name, "")
    if not (isinstance(text, str) and text.strip().isdigit() and text.isascii() and len(text) < 19):
        raise Problem(400, **{name: f"Incorrect value of {name}"})
    return int(text)
