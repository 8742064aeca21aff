"""The paths of the v1 API: what a path and method ask for (`crmtui.sandbox.capsule.v1`)."""

from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from crmtui.sandbox.capsule import account, places
from crmtui.sandbox.capsule.office import Office

from . import lookups, people, scalars
from .beneath import Beneath
from .deals import Deals
from .dialect import Dialect
from .element import holding, listed
from .message import Answered, Asked, Problem
from .people import People
from .shelf import SEGMENTS, Shelf
from .tasks import Tasks

Json = dict[str, Any]
_FIELDS = ("customfield", "customfields")
"""The second is the later name; every recorded GET uses the first."""
_MOVES = {"complete": "COMPLETED", "reopen": "OPEN"}
_FEEDS = {
    "opportunity": ("deletedOpportunities", "deletedOpportunity"),
    "party": ("deletedParties", "deletedParty"),
    "kase": ("deletedKases", "deletedKase"),
}


class Routes:
    """Answers calls whose credentials are known to be right."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect
        zone = ZoneInfo(account.USER_BY_ID[account.TOKEN_USER]["timezone"])
        self._shelf = Shelf(office, dialect)
        self._people = People(office, self._shelf, dialect)
        self._deals = Deals(office, self._shelf, dialect)
        self._beneath = Beneath(office, self._shelf, dialect)
        self._tasks = Tasks(office, self._shelf, dialect, zone)

    def answer(self, asked: Asked) -> Answered:
        """The outcome of a call; `Problem`, or what the rules refuse."""
        steps = [unquote(step) for step in asked.path.strip("/").split("/")]
        if steps[0] != "api":
            raise _no_path()
        match asked.method, steps[1:]:
            case "POST", [kind] if kind in people.TYPES:
                return self._people.create(kind, asked)
            case "PUT", [kind, number] if kind in people.TYPES:
                return self._people.update(kind, number, asked)
            case _, ["history", number]:
                return self._item(asked, self._beneath.item(number))
            case _, ["tasks" | "task", *rest]:
                return self._task(asked, steps[1], rest)
            case _, [segment, *rest] if segment in SEGMENTS:
                return self._sort(asked, segment, rest)
            case "GET", rest:
                return self._lookup(asked, rest)
        raise _no_path()

    def _sort(self, asked: Asked, segment: str, steps: list[str]) -> Answered:
        match asked.method, steps:
            case "GET", []:
                return (
                    self._people.listed(asked) if segment == "party" else self._deals.listed(segment, asked)
                )
            case "GET", ["milestones"] if segment == "opportunity":
                first = account.PIPELINES[0]["id"]
                found = [each for each in account.MILESTONES if each["pipeline"]["id"] == first]
                return Answered(lookups.milestones_element(found))
            case "GET", ["customfield", "definitions"]:
                return self._beneath.definitions(segment)
            case "GET", ["deleted"] if segment == "opportunity" or self._dialect.deleted_twins == "answered":
                return self._deleted(asked, segment)
            case _, [number, *rest]:
                record = self._shelf.found(SEGMENTS[segment], number)
                if segment == "party":
                    return self._party(asked, record, rest)
                return self._deal(asked, segment, record, rest)
        raise _no_path()

    def _party(self, asked: Asked, party: Json, steps: list[str]) -> Answered:
        match asked.method, steps:
            case "GET", []:
                return self._people.shown(party, asked)
            case "DELETE", []:
                return self._people.delete(party)
            case "GET", ["people"]:
                return self._people.employees(party, asked)
            case "DELETE", ["contact", number]:
                return self._people.delete_contact(party, number)
            case "GET", ["opportunity" | "kase" as segment]:
                return self._deals.listed(segment, asked, party)
            case "POST", ["opportunity" | "kase" as segment]:
                return self._deals.create(segment, party, asked)
            case "PUT", ["opportunity" | "kase" as segment, number]:
                deal = self._shelf.found(SEGMENTS[segment], number)
                return self._deals.update(segment, deal, asked, party)
        return self._hanging(asked, "party", party, steps)

    def _deal(self, asked: Asked, segment: str, deal: Json, steps: list[str]) -> Answered:
        match asked.method, steps:
            case "GET", []:
                return self._deals.shown(segment, deal)
            case "PUT", []:
                return self._deals.update(segment, deal, asked)
            case "DELETE", []:
                return self._deals.delete(segment, deal)
            case "GET", ["party"]:
                return self._deals.parties(segment, deal)
            case "POST", ["party", number]:
                return self._deals.add_party(segment, deal, self._shelf.found("parties", number))
            case "DELETE", ["party", number]:
                return self._deals.remove_party(segment, deal, self._shelf.found("parties", number))
        return self._hanging(asked, segment, deal, steps)

    def _hanging(self, asked: Asked, segment: str, record: Json, steps: list[str]) -> Answered:
        beneath = self._beneath
        match asked.method, steps:
            case "GET", ["tag"]:
                return beneath.tags(record)
            case "POST", ["tag", name]:
                return beneath.tag(segment, record, name)
            case "DELETE", ["tag", name]:
                return beneath.untag(segment, record, name)
            case "GET", [word] if word in _FIELDS:
                return beneath.fields(segment, record)
            case "PUT", [word] if word in _FIELDS:
                return beneath.put_fields(segment, record, asked)
            case "POST", ["customfield"]:
                return beneath.add_field(segment, record, asked)
            case "PUT", ["customfield", number]:
                return beneath.put_field(segment, record, number, asked)
            case "DELETE", ["customfield", number]:
                return beneath.delete_field(segment, record, number)
            case "GET", ["history"]:
                return beneath.history(segment, record, asked)
            case "POST", ["history"]:
                return beneath.add_note(segment, record, asked)
            case _, ["history", number]:
                return self._item(asked, beneath.item(number, segment, record))
            case "GET", ["tasks"]:
                return self._tasks.listed(asked, segment, record)
            case "POST", ["task"]:
                return self._tasks.create(asked, segment, record)
        raise _no_path()

    def _item(self, asked: Asked, entry: Json) -> Answered:
        match asked.method:
            case "GET":
                return self._beneath.shown_item(entry)
            case "PUT":
                return self._beneath.put_item(entry, asked)
            case "DELETE":
                return self._beneath.delete_item(entry)
        raise _no_path()

    def _task(self, asked: Asked, word: str, steps: list[str]) -> Answered:
        match asked.method, word, steps:
            case "GET", "tasks", []:
                return self._tasks.listed(asked)
            case "POST", "task", []:
                return self._tasks.create(asked)
            case "GET", "task", ["categories"]:
                names = [each["name"] for each in account.CATEGORIES]
                return Answered(lookups.words_element("taskCategories", "taskCategory", names))
            case _, "task", [number, *rest]:
                task = self._shelf.found("tasks", number)
                match asked.method, rest:
                    case "GET", []:
                        return self._tasks.shown(task)
                    case "PUT", []:
                        return self._tasks.update(task, asked)
                    case "DELETE", []:
                        return self._tasks.delete(task)
                    case "POST", [move] if move in _MOVES:
                        return self._tasks.move(task, _MOVES[move])
        raise _no_path()

    def _lookup(self, asked: Asked, steps: list[str]) -> Answered:
        match steps:
            case ["users"]:
                active = [user for user in account.USERS if user["status"] == "ACTIVE"]
                return Answered(lookups.users_element(active, account.TOKEN_USER))
            case ["tracks"]:
                return Answered(lookups.tracks_element(account.TRACKS, asked.arguments.get("direction")))
            case ["countries"] | ["resource", "country"]:
                names = [each["name"] for each in places.COUNTRIES]
                return Answered(lookups.words_element("countries", "country", names))
            case ["currencies"] | ["resource", "currency"]:
                codes = [each["code"] for each in places.CURRENCIES]
                return Answered(lookups.words_element("currencies", "currency", codes))
        raise _no_path()

    def _deleted(self, asked: Asked, segment: str) -> Answered:
        since = asked.arguments.get("since", "")
        if not since:
            raise Problem(400, "since is required")
        name, each = _FEEDS[segment]
        rows = self._office.deleted(SEGMENTS[segment], scalars.since(since))
        return Answered(
            listed(
                name, (holding(each, ("id", row["id"]), ("deletedDate", row["deletedAt"])) for row in rows)
            )
        )


def _no_path() -> Problem:
    return Problem(404, "Could not find resource")
