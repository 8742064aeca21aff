"""The records of an entity: lists, search, several by id, create, update, delete, and what belongs to one."""

from collections.abc import Callable
from typing import Any

from crmtui.sandbox.capsule import values
from crmtui.sandbox.capsule.entity import TAGGED
from crmtui.sandbox.capsule.office import WORDS, Office
from crmtui.sandbox.capsule.refusal import Missing, refused
from crmtui.sandbox.capsule.values import Wrong

from .dialect import Dialect
from .embeds import Embeds, embeds
from .filters import conditions
from .jobs import Jobs
from .message import BASE, Answered, Asked, invalid, nowhere
from .paging import MOST, paged

Json = dict[str, Any]
MOST_IDS = 10
MOST_ENTRIES = 50
"""Rows of a page of one record's entries; of other lists it is 100."""
_STATUSES = {"tasks": ("OPEN", "COMPLETED", "PENDING"), "kases": ("OPEN", "CLOSED")}
_DELETED = {
    "parties": "deletedParties",
    "opportunities": "deletedOpportunities",
    "kases": "deletedKases",
}
_BELONGING = {
    ("parties", "people"): ("parties", "organisation"),
    ("parties", "opportunities"): ("opportunities", "party"),
    ("parties", "kases"): ("kases", "party"),
    ("opportunities", "kases"): ("kases", "opportunity"),
    ("parties", "tasks"): ("tasks", "party"),
    ("opportunities", "tasks"): ("tasks", "opportunity"),
    ("kases", "tasks"): ("tasks", "kase"),
    ("parties", "entries"): ("entries", "party"),
    ("opportunities", "entries"): ("entries", "opportunity"),
    ("kases", "entries"): ("entries", "kase"),
}
"""What belongs to a record: its entity, and the member that says to whom."""


class Records:
    """Answers calls about records."""

    def __init__(self, office: Office, jobs: Jobs, dialect: Dialect) -> None:
        self._office = office
        self._jobs = jobs
        self._dialect = dialect
        self._embeds = Embeds(office, dialect)

    def list(self, asked: Asked, entity: str) -> Answered:
        """A page of all records, or of those that the parameters want."""
        keep = _kept(asked, entity)
        since = _since(asked) if entity in TAGGED and "since" in asked.parameters else None
        order = "newest" if entity == "entries" else "id"
        return self._page(asked, entity, since=since, order=order, keep=keep)

    def search(self, asked: Asked, entity: str) -> Answered:
        """A page of the records whose name has the words of `q`."""
        words = asked.parameters.get("q", "").strip()
        if not words:
            raise invalid("q is required", "query", "q")
        return self._page(asked, entity, words=words)

    def filter(self, asked: Asked, entity: str) -> Answered:
        """A page of the records that meet a filter."""
        return self._page(asked, entity, keep=conditions(asked.json(), entity, self._office))

    def deleted(self, asked: Asked, entity: str) -> Answered:
        """A page of what was deleted since a moment."""
        if self._dialect.deleted == "none":
            raise nowhere()
        since = _since(asked)
        key = _DELETED[entity] if self._dialect.deleted == "named" else entity

        def part(start: int, limit: int) -> list[Json]:
            return self._office.deleted(entity, since)[start : start + limit]

        return paged(asked, self._dialect, key, part)

    def show(self, asked: Asked, entity: str, word: str) -> Answered:
        """One record, or several by their ids."""
        wanted = embeds(asked, entity)
        numbers = [_number(each, entity) for each in word.split(",")]
        if len(numbers) == 1:
            return Answered({WORDS[entity]: self._told(entity, numbers[0], wanted)})
        if entity == "entries":
            raise nowhere()
        if len(numbers) > MOST_IDS:
            raise invalid("too many ids", "query", "id")
        return Answered({entity: [self._told(entity, number, wanted) for number in numbers]})

    def create(self, asked: Asked, entity: str) -> Answered:
        """A new record, told where it is and whole."""
        wanted = embeds(asked, entity)
        record = self._office.create(entity, self._body(asked, entity))
        place = f"{asked.origin}{BASE}/{entity}/{record['id']}"
        body = {WORDS[entity]: self._embeds.told(entity, record, wanted)}
        return Answered(body, 201, (("Location", place),))

    def update(self, asked: Asked, entity: str, word: str) -> Answered:
        """A record after a change."""
        wanted = embeds(asked, entity)
        record = self._office.update(entity, _number(word, entity), self._body(asked, entity))
        return Answered({WORDS[entity]: self._embeds.told(entity, record, wanted)})

    def delete(self, entity: str, word: str) -> Answered:
        """Delete a record, at once or by a job."""
        number = _number(word, entity)
        self._office.found(entity, number)
        if self._dialect.jobs & {entity, word}:
            action = f"Deleting {WORDS[entity].title()}"
            return self._jobs.start(action, lambda: self._office.delete(entity, number))
        self._office.delete(entity, number)
        return Answered(None, 204)

    def belonging(self, asked: Asked, entity: str, word: str, name: str) -> Answered:
        """A page of what belongs to a record."""
        number = _number(word, entity)
        self._office.found(entity, number)
        if name == "parties" and entity in ("opportunities", "kases"):
            return self._additional(asked, entity, number)
        if (entity, name) not in _BELONGING:
            raise nowhere()
        other, member = _BELONGING[entity, name]
        most = MOST_ENTRIES if other == "entries" else MOST
        order = "newest" if other == "entries" else "id"
        keep = _kept(asked, other)
        return self._page(asked, other, most=most, within=(member, number), order=order, keep=keep)

    def relate(self, asked: Asked, entity: str, word: str, party: str) -> Answered:
        """Add or take away an additional party."""
        change = self._office.add_party if asked.method == "POST" else self._office.remove_party
        change(entity, _number(word, entity), _number(party, "parties"))
        return Answered(None, 204)

    def _additional(self, asked: Asked, entity: str, number: int) -> Answered:
        wanted = embeds(asked, "parties")

        def part(start: int, limit: int) -> list[Json]:
            found = self._office.parties(entity, number)[start : start + limit]
            return [self._embeds.told("parties", record, wanted) for record in found]

        return paged(asked, self._dialect, "parties", part)

    def _page(self, asked: Asked, entity: str, *, most: int = MOST, **chosen: Any) -> Answered:
        wanted = embeds(asked, entity)

        def part(start: int, limit: int) -> list[Json]:
            found = self._office.select(entity, start, limit, **chosen)
            return [self._embeds.told(entity, record, wanted) for record in found]

        return paged(asked, self._dialect, entity, part, most)

    def _told(self, entity: str, number: int, wanted: frozenset[str]) -> Json:
        return self._embeds.told(entity, self._office.found(entity, number), wanted)

    def _body(self, asked: Asked, entity: str) -> Json:
        body = asked.wrapped(WORDS[entity])
        owner = body.get("owner")
        if self._dialect.owner == "id" and isinstance(owner, dict) and not isinstance(owner.get("id"), int):
            raise refused("owner not found", WORDS[entity], "owner")
        return body


def _number(word: str, entity: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise Missing(WORDS[entity])
    return int(word)


def _since(asked: Asked) -> str:
    word = asked.parameters.get("since", "")
    try:
        found = values.moment(word)
    except Wrong as wrong:
        raise invalid("invalid since", "query", "since") from wrong
    if found is None:
        raise invalid("since is required", "query", "since")
    return str(found)


def _kept(asked: Asked, entity: str) -> Callable[[Json], bool] | None:
    """The choice that `status` and, of tasks, `owner` make; of tasks the open ones are the usual choice."""
    if entity not in _STATUSES:
        return None
    given = asked.parameters.get("status", "open" if entity == "tasks" else "")
    statuses = {word.strip().upper() for word in given.split(",") if word.strip()}
    if not statuses <= set(_STATUSES[entity]):
        raise invalid(f"options are: {', '.join(_STATUSES[entity])}", "query", "status")
    owner = asked.parameters.get("owner", "") if entity == "tasks" else ""
    if owner and not owner.isdigit():
        raise invalid("owner must be an integer", "query", "owner")
    if not statuses and not owner:
        return None
    return lambda doc: (not statuses or doc["status"] in statuses) and owner in ("", str(doc["owner"]))
