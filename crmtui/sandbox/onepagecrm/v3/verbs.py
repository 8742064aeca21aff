"""The calls that change one thing about a contact, a company or an action."""

from collections.abc import Callable, Mapping
from typing import Any

from crmtui.sandbox.onepagecrm.office import Office

from .blocks import Blocks
from .entries import Entries
from .message import Answered, Asked, missing, wrong

Json = dict[str, Any]
_STARRED = ("star", "unstar", "assign_tag", "unassign_tag", "change_status", "change_owner")
"""The verbs whose answers tell the counts, which they change."""


class Verbs:
    """Answers the calls of verbs."""

    def __init__(self, office: Office, entries: Entries, blocks: Blocks) -> None:
        people, steps = office.people, office.steps
        self._office = office
        self._entries = entries
        self._blocks = blocks
        self._named: Mapping[str, Callable[[str, str], Json]] = {
            "assign_tag": people.assign_tag,
            "unassign_tag": people.unassign_tag,
            "change_status": people.change_status,
            "change_owner": people.change_owner,
        }
        self._plain: Mapping[str, Callable[[str, Json], Json]] = {
            "star": lambda ident, _: people.star(ident, on=True),
            "unstar": lambda ident, _: people.star(ident, on=False),
            "close_sales_cycle": lambda ident, body: people.close_sales(ident, body.get("comment")),
            "force_close_sales_cycle": lambda ident, body: people.close_sales(
                ident, body.get("comment"), force=True
            ),
            "reopen_sales_cycle": lambda ident, _: people.reopen_sales(ident),
            "split": lambda ident, body: people.split(ident, _text(body, "company_name")),
        }
        self._steps: Mapping[str, Callable[[str, Json], Json]] = {
            "mark_as_done": lambda ident, _: steps.finish(ident),
            "undo_completion": lambda ident, _: steps.resume(ident),
            "promote": lambda ident, _: steps.promote(ident),
            # It no longer changes anything.
            "revert_promotion": lambda ident, _: office.found("actions", ident),
            "swap": lambda ident, _: steps.swap(ident),
            "unlink": lambda ident, _: steps.unlink(ident),
            "unassign": lambda ident, body: steps.unassign(ident, _text(body, "assignee_id")),
        }

    def of_contact(self, asked: Asked, ident: str, verb: str, name: str | None) -> Answered:
        """A contact after a verb, perhaps with the name of a tag or the id of what it gets."""
        if name is not None and verb in self._named:
            record = self._named[verb](ident, name)
        elif name is None and verb in self._plain:
            record = self._plain[verb](ident, asked.json())
        else:
            raise missing("resource")
        beside = self._blocks.of("contacts") if verb in _STARRED else {}
        return Answered(self._entries.person(record), beside=beside)

    def of_action(self, asked: Asked, ident: str, verb: str) -> Answered:
        """An action after a verb."""
        if verb not in self._steps:
            raise missing("resource")
        return Answered({"action": self._steps[verb](ident, asked.json())})

    def sync_status(self, asked: Asked, ident: str) -> Answered:
        """A company that keeps its contacts in one status from now on, or no longer."""
        status = _text(asked.json(), "status_id") if asked.method == "POST" else None
        if status == "":
            raise wrong("status_id", "is required")
        record = self._office.people.sync_status(ident, status)
        return Answered({"company": record}, 201 if asked.method == "POST" else 200)


def _text(body: Json, name: str) -> str:
    found = body.get(name) or ""
    if not isinstance(found, str):
        raise wrong(name, "must be a string")
    return found.strip()
