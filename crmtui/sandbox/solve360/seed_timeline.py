"""The activities of the world: one on every contact, opportunities, and a few diaries with all types."""

import json
from collections.abc import Iterator, Mapping
from html import escape

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import LONG, hostile_text
from crmtui.sandbox.text import storable
from crmtui.sandbox.world import DEALS, NEXT_STEPS

from .activities import ACTIVITIES, INTERVALS, STATUSES
from .field import Kind
from .kinds import COMPANIES, CONTACTS, PROJECTBLOGS, TICKETS
from .staff import ASSIGNABLE

Values = dict[str, str]
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
FIRST = 40_500_000
LIVELY = 10_000
"""So many contacts have activities, and a third as many opportunities there are: reports have no pages."""
FULL_DIARIES = 12
"""So many records of each kind have activities of every type, nested as projects have them."""
_TYPES = ("note", "call", "task", "followup", "event", "note", "website", "call", "eventex", "scheduledemail")
_STAGES = (("Qualified", 25), ("Proposal", 50), ("Won", 100), ("Lost", 0), ("Prospecting", 10))
_NOTES = (
    "Rang about the quote; wants a discount for three years",
    "Demo at their office,\nthree attendees",
    'Asked: "is 5 < 6 & so on?"',
    "Quarterly review: happy, asks for training",
    "Contract posted,\n\ntwo copies",
)


class Diaries:
    """Generates the rows of activities, in the order of the table's columns."""

    def __init__(self, sizes: Mapping[Kind, int], clock: Clock) -> None:
        self._sizes = sizes
        self._clock = clock
        self._next = FIRST

    def rows(self) -> Iterator[tuple[object, ...]]:
        """All activities."""
        size = self._sizes[CONTACTS]
        for index in range(min(size, LIVELY)):
            segment = _TYPES[index % len(_TYPES)]
            hostile = hostile_text(index, size)
            text = storable(hostile) if hostile else _NOTES[index % len(_NOTES)]
            if hostile and index % 2:
                text = LONG
            values = self._values(segment, index, text)
            yield self._row(segment, CONTACTS.first_id + index, None, index, values)
        for index in range(min(self._sizes[COMPANIES], LIVELY // 3)):
            kind = (COMPANIES, CONTACTS, PROJECTBLOGS)[index % 3]
            hostile = hostile_text(index, self._sizes[COMPANIES])
            values = self._opportunity(index, hostile and storable(hostile))
            yield self._row("opportunity", kind.first_id + index, None, index, values)
        for kind in (COMPANIES, PROJECTBLOGS, CONTACTS, TICKETS):
            for index in range(min(FULL_DIARIES, self._sizes[kind])):
                yield from self._full(kind.first_id + index, index)

    def _full(self, item: int, index: int) -> Iterator[tuple[object, ...]]:
        """Every type once, and what hangs under others: tasks in lists, hours on tasks, photos, comments."""
        under = {"task": "tasklist", "timerecord": "task", "photo": "photolist", "comment": "note"}
        made: dict[str, int] = {}
        order = ["tasklist", "task", "photolist", "note", *(each for each in ACTIVITIES if each not in under)]
        for segment in dict.fromkeys([*order, *under]):
            values = self._values(segment, index, _NOTES[(index + len(made)) % len(_NOTES)])
            made[segment] = self._next
            yield self._row(segment, item, made.get(under.get(segment, "")), index, values)
        for more in range(1, 3):
            done = {**self._values("task", index + more, NEXT_STEPS[more]), "completed": "1"}
            done |= {"completedby": _user(index), "completedon": self._moment(-more, 60)}
            yield self._row("task", item, made["tasklist"], index + more, done)

    def _row(
        self, segment: str, item: int, parent: int | None, index: int, values: Values
    ) -> tuple[object, ...]:
        number = self._next
        self._next += 1
        made = self._moment(-1 - index % 900, index * 7)
        data = _ENCODE({name: value for name, value in values.items() if value})
        kind = ACTIVITIES[segment].type_id
        above = item if parent is None else parent
        flag = "1" if index % 13 == 5 else ""
        user, modifier = _user(index), _user(index + 1) if index % 3 else None
        return number, item, above, kind, float(-number), flag, user, modifier, made, made, made, data

    def _values(self, segment: str, index: int, text: str) -> Values:
        """The values of an activity; notes and their like are HTML, with or without a line end at a break."""
        html = escape(text, quote=False).replace("\n", "<br />\n" if index % 2 else "<br />")
        day = self._clock.day(index * 3 % 41 - 8)
        person = _user(index) if index % 5 else ""
        match segment:
            case "note" | "comment":
                return {"details": html}
            case "call":
                length = "?" if index % 4 == 3 else str(index % 45 + 1)
                when = self._moment(-(index * 3 % 200), index)
                return {"details": html, "dateoccured": when, "duration": length, "assignedto": person}
            case "task":
                due = day if index % 7 else ""
                return {
                    "title": _line(text),
                    "assignedto": person,
                    "duedate": due,
                    "priority": str(index % 3),
                }
            case "followup":
                dated = {"duedate": day} if index % 3 else {"nodate": "1"}
                return {"details": html, "assignedto": person, **dated, "priority": str(index % 3)}
            case "event" | "eventex" | "recurringevent":
                attendees = ",".join(dict.fromkeys([_user(index), _user(index + 2)])) if index % 4 else ""
                times = {
                    "timestart": self._moment(index * 3 % 41 - 8, index * 15),
                    "timeend": self._moment(index * 3 % 41 - 8, index * 15 + 45),
                }
                return {"title": _line(text), **times, "details": html, "attendees": attendees}
            case "timerecord":
                hours = {"hours": f"{index % 8 / 2 + 0.5:g}", "date": self._clock.day(-(index % 30))}
                billable = {"billable": "1"} if index % 2 else {}
                invoiced = {"invoiced": "42263"} if index % 4 == 1 else {}
                return {**hours, "person": _user(index), **billable, **invoiced, "details": html}
            case "tasklist":
                return {"name": "Launch" if index % 2 else "Onboarding", "milestonedate": day}
            case _:
                return self._others(segment, index, text)

    def _others(self, segment: str, index: int, text: str) -> Values:
        """The smaller types: what links, files and widgets show."""
        made = ACTIVITIES[segment]
        values = {name: text[:100] for name in made.by_name if name in ("caption", "subject", "details")}
        if "url" in made.by_name:
            values["url"] = f"https://www.example.com/{segment}/{index}"
        if "filename" in made.by_name:
            values["filename"] = ("Offer.pdf", "見積書.xlsx", "../../etc/passwd", "Plan.docx")[index % 4]
        if segment == "photolist":
            values["name"] = "Site visit"
        if segment == "scheduledemail":
            values["date"] = self._moment(index % 30, index)
        if segment == "opportunity":
            return self._opportunity(index, None)
        if segment == "xerowidget":
            return {"account": f"XR-{index:05d}", "balance": f"{index * 37 % 900}.00"}
        return values

    def _opportunity(self, index: int, hostile: str | None) -> Values:
        stage, probability = _STAGES[index % 5]
        # Won and lost deals were closed already; the others are to close in the year to come.
        close = -(index * 7 % 300) if stage in ("Won", "Lost") else (index * 11 + 40) % 330 - 20
        return {
            "description": hostile or DEALS[index * 3 % 10],
            "status": stage if stage in STATUSES else ("Discussion", "Pending", "On-hold")[index % 3],
            "stage": stage,
            "probability": str(probability),
            "closingdate": self._clock.day(close),
            "valueunit": "" if index % 17 == 9 else str((index * 7919 % 480 + 4) * 250),
            "valuecurrency": ("EUR", "GBP", "USD", "JPY")[index % 4],
            "valueinterval": INTERVALS[index % 7],
            "responsible": _user(index),
            "custom890001": NEXT_STEPS[index % 6],
        }

    def _moment(self, distance: int, minute: int) -> str:
        moment = self._clock.moment(distance, minute)
        return f"{moment[:10]}T{moment[11:]}+00:00"


def _line(text: str) -> str:
    return text[:100].replace("\n\n", " ").replace("\n", " ")


def _user(index: int) -> str:
    return str(ASSIGNABLE[index * 3 % len(ASSIGNABLE)])
