"""Paths of opportunities and cases: by themselves, beneath a party, and their additional parties."""

from typing import Any

from crmtui.sandbox.capsule.account import MILESTONES, TRACKS
from crmtui.sandbox.capsule.office import Office

from .deal import kase_body, kase_element, opportunity_body, opportunity_element
from .dialect import Dialect
from .documents import expect
from .element import Element, listed
from .message import Answered, Asked, not_found
from .party import parties_element
from .reading import document
from .shelf import SEGMENTS, Shelf, filled, together

Json = dict[str, Any]
_LISTS = {"opportunity": "opportunities", "kase": "kases"}
_RULES = {"opportunity": "OPPORTUNITY", "kase": "CASEFILE"}


class Deals:
    """Answers what is asked of /opportunity and /kase; `segment` is one of the two."""

    def __init__(self, office: Office, shelf: Shelf, dialect: Dialect) -> None:
        self._office = office
        self._shelf = shelf
        self._dialect = dialect

    def listed(self, segment: str, asked: Asked, party: Json | None = None) -> Answered:
        """Those that `tag`, `lastmodified` and `milestone` leave, by name; of one party, or of all."""
        arguments = asked.arguments
        tag, milestone = arguments.get("tag", ""), arguments.get("milestone", "")
        wanted = {each["id"] for each in MILESTONES if each["name"].casefold() == milestone.casefold()}
        keep = together(
            self._shelf.tagged(SEGMENTS[segment], tag) if tag else None,
            (lambda kept: kept["milestone"] in wanted) if milestone and segment == "opportunity" else None,
        )
        within = ("party", party["id"]) if party else None
        rows, size = self._shelf.page(SEGMENTS[segment], arguments, within=within, keep=keep)
        return Answered(listed(_LISTS[segment], (_element(segment, row) for row in rows), size))

    def shown(self, segment: str, deal: Json) -> Answered:
        """One of them."""
        return Answered(_element(segment, deal))

    def create(self, segment: str, party: Json, asked: Asked) -> Answered:
        """Make one beneath a party, with the track that the query names."""
        body = filled(_body(segment, expect(document(asked), segment), {}))
        employer = party.get("organisation") if self._dialect.party_of_new == "organisation" else None
        moved = employer is not None and segment == "opportunity"
        body["party"] = {"id": employer["id"] if employer is not None and moved else party["id"]}
        body |= _track(segment, asked.arguments)
        made = self._office.create(SEGMENTS[segment], body)
        if moved:
            self._office.add_party(SEGMENTS[segment], made["id"], party["id"])
        return Answered(status=201, location=f"/{segment}/{made['id']}")

    def update(self, segment: str, deal: Json, asked: Asked, party: Json | None = None) -> Answered:
        """Change what a document names; put beneath a party it moves there, with or without a document."""
        body: Json = {} if party is None else {"party": {"id": party["id"]}}
        if party is None or asked.body.strip():
            body = {**_body(segment, expect(document(asked), segment), deal), **body}
        changed = self._office.update(SEGMENTS[segment], deal["id"], body)
        return Answered(None if self._dialect.put == "empty" else _element(segment, changed))

    def delete(self, segment: str, deal: Json) -> Answered:
        """Delete one of them."""
        self._office.delete(SEGMENTS[segment], deal["id"])
        return Answered()

    def parties(self, segment: str, deal: Json) -> Answered:
        """The additional parties."""
        return Answered(parties_element(self._office.parties(SEGMENTS[segment], deal["id"])))

    def add_party(self, segment: str, deal: Json, party: Json) -> Answered:
        """Add an additional party."""
        self._office.add_party(SEGMENTS[segment], deal["id"], party["id"])
        return Answered()

    def remove_party(self, segment: str, deal: Json, party: Json) -> Answered:
        """Take an additional party away."""
        self._office.remove_party(SEGMENTS[segment], deal["id"], party["id"])
        return Answered()


def _element(segment: str, deal: Json) -> Element:
    return opportunity_element(deal) if segment == "opportunity" else kase_element(deal)


def _body(segment: str, element: Element, current: Json) -> Json:
    return opportunity_body(element, current) if segment == "opportunity" else kase_body(element, current)


def _track(segment: str, arguments: dict[str, str]) -> Json:
    number = arguments.get("trackId", "")
    if not number:
        return {}
    known = {str(track["id"]) for track in TRACKS if track["captureRule"] == _RULES[segment]}
    if number not in known:
        raise not_found("track")
    # Cases of the account keep no track.
    return {"tracks": [int(number)]} if segment == "opportunity" else {}
