"""The tags and custom fields that an entity can have: `/{entity}/tags` and `/{entity}/fields/definitions`."""

from typing import Any

from crmtui.sandbox.capsule import values
from crmtui.sandbox.capsule.account import by_id
from crmtui.sandbox.capsule.office import Office
from crmtui.sandbox.capsule.refusal import Missing, refused

from .dialect import Dialect
from .jobs import Jobs
from .message import BASE, Answered, Asked, nowhere
from .paging import paged, rows_of

Json = dict[str, Any]
_CHECKS = {"name": values.text, "description": values.text}


class Labels:
    """Answers calls about tags and custom fields."""

    def __init__(self, office: Office, jobs: Jobs, dialect: Dialect) -> None:
        self._office = office
        self._jobs = jobs
        self._dialect = dialect

    def definitions(self, asked: Asked, entity: str, number: str | None) -> Answered:
        """The custom fields of an entity, or one of them."""
        found = [
            {name: value for name, value in row.items() if name != "pattern"}
            for row in self._office.definitions(entity)
        ]
        if number is None:
            return paged(asked, self._dialect, "definitions", rows_of(found))
        row = by_id(found).get(_number(number))
        if row is None:
            raise Missing("definition")
        return Answered({"definition": row})

    def tags(self, asked: Asked, entity: str, number: str | None) -> Answered:
        """The tags of an entity, or what is asked of one of them."""
        known = by_id(self._office.tags(entity))
        match asked.method, number:
            case "GET", None:
                return paged(asked, self._dialect, "tags", rows_of(list(known.values())))
            case "POST", None:
                return self._create(asked, entity, list(known.values()))
        tag = known.get(_number(number or ""))
        if tag is None:
            raise Missing("tag")
        match asked.method:
            case "GET":
                return Answered({"tag": tag})
            case "PUT":
                return Answered({"tag": self._changed(asked, entity, tag, list(known.values()))})
            case "DELETE":
                return self._delete(entity, tag["id"])
        raise nowhere()

    def _create(self, asked: Asked, entity: str, known: list[Json]) -> Answered:
        given = self._given(asked, known)
        if not given.get("name"):
            raise refused("name is required", "tag", "name")
        tag = {"id": self._office.next_id(), "description": None, "dataTag": False, **given}
        self._office.save_tag(entity, tag)
        place = f"{asked.origin}{BASE}/{entity}/tags/{tag['id']}"
        return Answered({"tag": tag}, 201, (("Location", place),))

    def _changed(self, asked: Asked, entity: str, tag: Json, known: list[Json]) -> Json:
        given = self._given(asked, [each for each in known if each["id"] != tag["id"]])
        changed = {**tag, **given}
        values.required(changed, ["name"], "tag")
        self._office.save_tag(entity, changed)
        return changed

    def _given(self, asked: Asked, others: list[Json]) -> Json:
        given = values.taken(asked.wrapped("tag"), _CHECKS, ("id", "dataTag"), "tag")
        name = (given.get("name") or "").casefold()
        if any(tag["name"].casefold() == name for tag in others):
            raise refused("name has already been taken", "tag", "name")
        return given

    def _delete(self, entity: str, number: int) -> Answered:
        if self._dialect.jobs & {"tags", str(number)}:
            return self._jobs.start("Deleting Tag", lambda: self._office.delete_tag(entity, number))
        self._office.delete_tag(entity, number)
        return Answered(None, 204)


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0
