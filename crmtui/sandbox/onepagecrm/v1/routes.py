"""The paths of the v1 API: what a path and method ask for."""

from crmtui.sandbox.onepagecrm.refusal import Full, Missing, Refused

from .beneath import Beneath
from .labels import Labels
from .message import Answered, Asked, Problem
from .people import People
from .sales import Sales
from .settings import Settings

_EITHER = ("GET", "POST")
"""Methods of the verbs; some take POST alone since 2.0."""


class Routes:
    """Answers calls whose signature is known to be right."""

    def __init__(
        self, people: People, beneath: Beneath, labels: Labels, sales: Sales, settings: Settings
    ) -> None:
        self._people = people
        self._beneath = beneath
        self._labels = labels
        self._sales = sales
        self._settings = settings

    def answer(self, asked: Asked) -> Answered:
        """The outcome of a call; `Problem` for what cannot be done."""
        try:
            return self._routed(asked)
        except Missing as missing:
            raise Problem(106) from missing
        except Full as full:
            raise Problem(201 if full.what == "contacts" else 202) from full
        except Refused as refused:
            raise Problem(108) from refused

    def _routed(self, asked: Asked) -> Answered:
        match asked.steps:
            case ["contacts", *rest]:
                return self._contacts(asked, rest)
            case ["actions", *rest]:
                return self._actions(asked, rest)
            case ["notes", *rest]:
                return self._notes(asked, rest)
            case ["tags", *rest]:
                return self._tags(asked, rest)
            case ["misc", verb] if asked.method in _EITHER:
                return self._verb(asked, verb)
            case ["settings", part] if asked.method in _EITHER:
                return self._settings.answer(asked, part)
            case ["filters"] if asked.method == "GET":
                return self._labels.filters()
            case ["filters", ident] if asked.method == "GET":
                return self._labels.filter(ident)
            case ["sales", "index"] if asked.method == "GET":
                return self._sales.index()
            case ["sales", "closed_deals"] if asked.method in _EITHER:
                return self._sales.closed()
        raise Problem(106)

    def _contacts(self, asked: Asked, rest: list[str]) -> Answered:
        match asked.method, rest:
            case "GET", []:
                return self._people.listed(asked)
            case "POST", []:
                return self._people.create(asked)
            case "GET", [ident]:
                return self._people.shown(ident)
            case "PUT", [ident]:
                return self._people.replace(ident, asked)
            case "DELETE", [ident]:
                return self._people.delete(ident)
        raise Problem(106)

    def _actions(self, asked: Asked, rest: list[str]) -> Answered:
        match asked.method, rest:
            case "GET", []:
                return self._beneath.list_actions(asked)
            case "POST", []:
                return self._beneath.create_action(asked)
            case "GET", [ident]:
                return self._beneath.show_action(ident)
            case "PUT", [ident]:
                return self._beneath.replace_action(ident, asked)
            case "DELETE", [ident]:
                return self._beneath.delete_action(ident)
        raise Problem(106)

    def _notes(self, asked: Asked, rest: list[str]) -> Answered:
        match asked.method, rest:
            case "GET", []:
                return self._beneath.list_notes(asked)
            case "POST", []:
                return self._beneath.create_note(asked)
            case "GET", [ident]:
                return self._beneath.show_note(ident)
            case "PUT", [ident]:
                return self._beneath.replace_note(ident, asked)
            case "DELETE", [ident]:
                return self._beneath.delete_note(ident)
        raise Problem(106)

    def _tags(self, asked: Asked, rest: list[str]) -> Answered:
        match asked.method, rest:
            case "GET", []:
                return Answered(self._labels.custom())
            case "POST", []:
                return self._labels.create(asked)
            case "GET", [name]:
                return self._labels.shown(name)
            case "PUT", [name]:
                return self._labels.rename(name, asked)
            case "DELETE", [name]:
                return self._labels.delete(name)
        raise Problem(106)

    def _verb(self, asked: Asked, verb: str) -> Answered:
        match verb:
            case "mark_action_as_done":
                return self._beneath.complete(asked)
            case "undo_action_completion":
                return self._beneath.resume(asked)
            case "undo_contact_deletion":
                return self._people.restore()
            case "assign_tag":
                return self._people.tag(asked, on=True)
            case "unassign_tag":
                return self._people.tag(asked, on=False)
            case "remove_unused_tags":
                return self._labels.remove_unused()
        raise Problem(106)
