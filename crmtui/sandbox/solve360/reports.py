"""The six activity reports (API document, "Activity reports")."""

from collections.abc import Callable

from .activities import (
    EVENT,
    EVENTEX,
    FOLLOWUP,
    OPPORTUNITY,
    STATUSES,
    TASK,
    TIMERECORD,
)
from .dialect import Dialect
from .field import Activity, Kind
from .items import Items
from .message import Problem, succeeded
from .report_arguments import Arguments, among, due_within, ids, incorrect, of_person, period
from .timeline import Entry, Timeline
from .tree import Listed, Members, Spread, Tree
from .values import marked
from .views import Pairs, Views

_ARGUMENTS = {
    "activities": "start end last types users categories itemtypes itemsdata",
    "nextactions": "filter due itemsdata",
    "calendar": "start end filter itemsdata",
    "followups": "responsible due itemsdata",
    "opportunities": "filter status due itemsdata",
    "timetracking": "start end filter itemtypes itemsdata",
}
_ROOTS = {"nextactions": "nextaction", "calendar": "event", "followups": "followup"}
"""Guessed: no document shows these reports."""
_LAST = {
    "created": "created",
    "updated": "updated",
    "changed": "max(created, updated)",
    "completed": "json_extract(data, '$.completedon')",
}
_STATES = {status.lower(): status for status in STATUSES}


class Reports:
    """Answers the reports, each a list of activities without pages."""

    def __init__(self, items: Items, timeline: Timeline, views: Views, dialect: Dialect) -> None:
        self._items = items
        self._timeline = timeline
        self._views = views
        self._dialect = dialect
        self._reports: dict[str, Callable[[Arguments], Members]] = {
            "activities": self._activities,
            "nextactions": lambda given: self._due(
                "nextactions", TASK, "assignedto", given.get("filter"), given
            ),
            "calendar": self._calendar,
            "followups": lambda given: self._due(
                "followups", FOLLOWUP, "assignedto", given.get("responsible"), given
            ),
            "opportunities": self._opportunities,
            "timetracking": self._timetracking,
        }

    def answer(self, name: str, given: Arguments) -> Members:
        """The report of a name."""
        report = self._reports.get(name)
        if report is None:
            raise Problem(404, uriisnotfound="Requested URI is not found")
        unknown = given.keys() - {*_ARGUMENTS[name].split(), "callback"}
        if unknown:
            raise incorrect(min(unknown))
        return report(given)

    def _activities(self, given: Arguments) -> Members:
        last = _LAST.get(given.get("last") or "updated")
        if last is None:
            raise incorrect("last")
        if given.get("categories") and not given.get("itemtypes"):
            raise incorrect("itemtypes")
        types, users, tags = (ids(given, name) for name in ("types", "users", "categories"))
        # Without types the service answers with nothing at all.
        condition, values = among("type", types) if types else ("0", [])
        start, end = period(given)
        condition += f" AND {last} >= ? AND {last} < ?"
        values += [start, end]
        if users:
            sql, more = among("creatorid", users)
            condition, values = f"{condition} AND {sql}", [*values, *more]
        if tags:
            sql, more = among("category", tags)
            condition += f" AND item IN (SELECT item FROM tagged WHERE {sql})"  # noqa: S608
            values += more
        entries = self._timeline.select(condition, values, f"{last} DESC, id DESC")
        rows = self._told(entries, given)
        if self._dialect.report_json == "keyed":
            return succeeded(("", Spread("activities", "activity", rows)))
        return succeeded(("activities", _listed("activity", rows)))

    def _due(self, name: str, kind: Activity, person: str, wanted: str | None, given: Arguments) -> Members:
        condition, values = of_person(person, wanted)
        due, more = due_within("duedate", given.get("due", ""))
        condition += f" AND {due} AND json_extract(data, '$.completed') IS NULL"
        return self._listed(name, kind, condition, [*values, *more], given)

    def _calendar(self, given: Arguments) -> Members:
        start, end = period(given)
        condition = "json_extract(data, '$.timestart') >= ? AND json_extract(data, '$.timestart') < ?"
        values: list[object] = [start, end]
        attendees = "coalesce(json_extract(data, '$.attendees'), '')"
        people = [each.strip() for each in given.get("filter", "").split(",") if each.strip()]
        terms = [
            f"{attendees} = ''" if each == "0" else f"instr(',' || {attendees} || ',', ?) > 0"
            for each in people
        ]
        if terms:
            condition += f" AND ({' OR '.join(terms)})"
            values += [f",{each}," for each in people if each != "0"]
        entries = [
            entry
            for kind in (EVENT, EVENTEX)
            for entry in self._timeline.select(f"type = {kind.type_id} AND {condition}", values)
        ]
        return self._rooted("calendar", sorted(entries, key=lambda entry: entry.values["timestart"]), given)

    def _opportunities(self, given: Arguments) -> Members:
        condition, values = of_person("responsible", given.get("filter"))
        if given.get("status"):
            status = _STATES.get(given["status"].lower())
            if status is None:
                raise incorrect("status")
            condition += " AND json_extract(data, '$.status') = ?"
            values.append(status)
        due, more = due_within("closingdate", given.get("due", ""))
        sql = f"type = {OPPORTUNITY.type_id} AND {condition} AND {due}"
        rows: list[Tree] = []
        for entry in self._timeline.select(sql, [*values, *more]):
            kind, name = self._title(entry)
            pairs: Pairs = [("id", entry.number), ("owner", entry.creator)]
            pairs += [("created", entry.created), ("modified", entry.updated)]
            pairs += [("itemid", entry.item), ("itemtype", kind.type_id), ("itemname", name or None)]
            # Days are short here, whatever they are elsewhere.
            pairs += [
                (field.name, value if field.name == "closingdate" else marked(field, value, self._dialect))
                for field in OPPORTUNITY.fields
                if (value := entry.values.get(field.name, ""))
            ]
            rows.append(Members([*pairs, *self._data(entry, given)]))
        return succeeded(("opportunities", Listed("opportunity", rows)))

    def _timetracking(self, given: Arguments) -> Members:
        start, end = period(given)
        condition = f"type = {TIMERECORD.type_id} AND json_extract(data, '$.date') BETWEEN ? AND ?"
        billable, invoiced = (f"json_extract(data, '$.{name}')" for name in ("billable", "invoiced"))
        states = {
            "": "1",
            "invoiced": f"{invoiced} IS NOT NULL",
            "billable": f"{billable} = '1'",
            "non-billable": f"{billable} IS NULL",
        }
        if given.get("filter", "") not in states:
            raise incorrect("filter")
        condition += f" AND {states[given.get('filter', '')]}"
        entries = self._timeline.select(condition, [start[:10], end[:10]])
        types = ids(given, "itemtypes")
        rows: list[Tree] = []
        for entry in entries:
            kind, name = self._title(entry)
            if not types or kind.type_id in types:
                rows.append(Members([*self._time_record(entry, kind, name), *self._data(entry, given)]))
        return succeeded(("timerecords", Listed("timerecord", rows)))

    def _time_record(self, entry: Entry, kind: Kind, name: str) -> Pairs:
        """A time record in the document's order, with its task or, as later, its parents by name."""
        task = self._timeline.get(entry.parent)
        above = self._timeline.get(task.parent) if task else None
        told = {field.name: entry.values.get(field.name, "") for field in TIMERECORD.fields}
        day = f"{told['date']}T00:00:00+00:00"
        pairs: Pairs = [("id", entry.number), ("type", TIMERECORD.type_id)]
        pairs += [("itemid", entry.item), ("itemtype", kind.type_id)]
        old = self._dialect.timerecords == "task"
        if old:
            pairs += [("tasklistid", above.number if above else None), ("taskid", entry.parent)]
        else:
            pairs += [("parenttype", task.type.type_id if task else None), ("parentid", entry.parent)]
            pairs += [("parentcn", task.name if task else None)]
            pairs += [("parentparentid", above.number if above else None)]
            pairs += [("parentparentcn", above.name if above else None)]
        pairs += [("owner", entry.creator), ("created", entry.created), ("billable", told["billable"] or "0")]
        pairs += [("person", told["person"]), ("hours", told["hours"]), ("date", day)]
        pairs += [("invoiced", told["invoiced"] or None), ("details", told["details"] or None)]
        pairs += [("itemname", name or None)]
        if old:
            pairs += [
                ("tasklistname", above.name if above else None),
                ("taskname", task.name if task else None),
            ]
        return pairs

    def _listed(
        self, name: str, kind: Activity, condition: str, values: list[object], given: Arguments
    ) -> Members:
        order = "coalesce(json_extract(data, '$.duedate'), '9999'), id"
        entries = self._timeline.select(f"type = {kind.type_id} AND {condition}", values, order)
        return self._rooted(name, entries, given)

    def _rooted(self, name: str, entries: list[Entry], given: Arguments) -> Members:
        rows = self._told(entries, given)
        if self._dialect.report_roots == "activities":
            return succeeded(("activities", _listed("activity", rows)))
        return succeeded((name, _listed(_ROOTS[name], rows)))

    def _told(self, entries: list[Entry], given: Arguments) -> list[tuple[int, Members]]:
        types = ids(given, "itemtypes")
        rows: list[tuple[int, Members]] = []
        for position, entry in enumerate(entries, 1):
            kind, name = self._title(entry)
            if types and kind.type_id not in types:
                continue
            parent = None if entry.parent == entry.item else self._timeline.get(entry.parent)
            parent_type = parent.type.type_id if parent else kind.type_id
            pairs: Pairs = [
                ("id", entry.number),
                ("typeid", entry.type.type_id),
                ("name", entry.name or None),
            ]
            pairs += [("comments", None), ("parent", entry.parent), ("parenttypeid", parent_type)]
            pairs += [("itemid", entry.item), ("itemtype", kind.type_id)]
            pairs += [("itemname", name or None), ("position", position)]
            pairs += [("modificatorid", entry.modifier or entry.creator)]
            pairs += [("created", entry.created), ("updated", entry.updated), ("viewed", entry.viewed)]
            pairs += [("fields", self._views.values(entry)), *self._data(entry, given)]
            rows.append((entry.number, Members(pairs)))
        return rows

    def _data(self, entry: Entry, given: Arguments) -> Pairs:
        """The record an activity hangs on, where the client asked for it."""
        item = self._items.find(entry.item) if given.get("itemsdata", "") == "1" else None
        return [("item", self._views.item(item))] if item else []

    def _title(self, entry: Entry) -> tuple[Kind, str]:
        found = self._items.title(entry.item)
        if found is None:
            raise LookupError(f"activity {entry.number} hangs on nothing")
        return found


def _listed(element: str, rows: list[tuple[int, Members]]) -> Listed:
    return Listed(element, [row for _, row in rows])
