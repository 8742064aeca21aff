"""Paths of tasks: by themselves, beneath a record, complete and reopen."""

from datetime import tzinfo
from typing import Any

from crmtui.sandbox.capsule.account import CATEGORIES, USERS
from crmtui.sandbox.capsule.office import Office

from .dialect import Dialect
from .documents import expect
from .element import listed
from .message import Answered, Asked, Problem
from .reading import document
from .shelf import Keep, Shelf, filled, together
from .task import task_body, task_element

Json = dict[str, Any]
ENTITY = "tasks"
STATUSES = ("OPEN", "COMPLETED")


class Tasks:
    """Answers what is asked of /tasks and /task."""

    def __init__(self, office: Office, shelf: Shelf, dialect: Dialect, zone: tzinfo) -> None:
        self._office = office
        self._shelf = shelf
        self._dialect = dialect
        self._zone = zone

    def listed(self, asked: Asked, segment: str = "", record: Json | None = None) -> Answered:
        """The tasks that `status` (open unless told otherwise), `category` and `user` leave."""
        arguments = asked.arguments
        status = arguments.get("status") or STATUSES[0]
        if status not in STATUSES:
            raise Problem(400, f"status must be one of {', '.join(STATUSES)}")
        keep = together(
            lambda kept: kept["status"] == status,
            _of(CATEGORIES, "name", "category", arguments.get("category", "")),
            _of(USERS, "username", "owner", arguments.get("user", "")),
        )
        within = (segment, record["id"]) if record else None
        rows, size = self._shelf.page(ENTITY, arguments, within=within, order="id", keep=keep)
        return Answered(listed("tasks", (task_element(row, self._zone) for row in rows), size))

    def shown(self, task: Json) -> Answered:
        """One task."""
        return Answered(task_element(task, self._zone))

    def create(self, asked: Asked, segment: str = "", record: Json | None = None) -> Answered:
        """Make a task, of a record where the path names one."""
        body = filled(task_body(expect(document(asked), "task"), self._zone))
        if record is not None:
            body[segment] = {"id": record["id"]}
        made = self._office.create(ENTITY, body)
        return Answered(status=201, location=f"/task/{made['id']}")

    def update(self, task: Json, asked: Asked) -> Answered:
        """Change what a document names."""
        body = task_body(expect(document(asked), "task"), self._zone)
        changed = self._office.update(ENTITY, task["id"], body)
        return Answered(None if self._dialect.put == "empty" else task_element(changed, self._zone))

    def delete(self, task: Json) -> Answered:
        """Delete a task."""
        self._office.delete(ENTITY, task["id"])
        return Answered()

    def move(self, task: Json, status: str) -> Answered:
        """Complete a task, or open it again."""
        self._office.update(ENTITY, task["id"], {"status": status})
        return Answered()


def _of(table: tuple[Json, ...], by: str, member: str, name: str) -> Keep | None:
    """Whether a task has the row of a table that a name means."""
    if not name:
        return None
    wanted = {row["id"] for row in table if row[by].casefold() == name.casefold()}
    return lambda kept: kept[member] in wanted
