"""The rules of parties: persons and organisations."""

from typing import Any

from . import draft, rows, values
from .account import TITLES, TOKEN_USER
from .draft import Records
from .entity import PARTIES
from .refusal import refused

Json = dict[str, Any]
_TITLES = {row["title"] for row in TITLES}


def _title(value: Any) -> str | None:
    found = values.text(value)
    if found is not None and found not in _TITLES:
        raise values.Wrong("unknown title")
    return found


def _organisation(value: Any) -> Any:
    """An id, or the name of an organisation that is found or made."""
    if isinstance(value, dict) and value.get("id") is None and isinstance(value.get("name"), str):
        return values.text(value["name"])
    return values.record(value)


_COMMON = {
    "about": values.text,
    **draft.OWNED,
    **draft.TAGGED,
    **dict.fromkeys(rows.CHILDREN, values.objects),
}
_PERSON = {
    "title": _title,
    "firstName": values.text,
    "lastName": values.text,
    "jobTitle": values.text,
    "organisation": _organisation,
}
_ORGANISATION = {"name": values.text}


def changed(records: Records, old: Json | None, body: Json) -> Json:
    """A party after a change, or a new one."""
    kind = values.one_of("person", "organisation")
    if old is None:
        word = values.taken({"type": body.get("type")}, {"type": kind}, (), "party")["type"]
        if word is None:
            raise refused("type is required", "party", "type")
        old = {**PARTIES.empty, "type": word, "owner": TOKEN_USER}
    own = _PERSON if old["type"] == "person" else _ORGANISATION
    checks = {"type": draft.fixed(old["type"]), **own, **_COMMON}
    given = values.taken(body, checks, draft.TOLD, "party")
    plain = {name: value for name, value in given.items() if name not in (*rows.CHILDREN, *draft.TAGGED)}
    doc = {**old, **plain}
    if isinstance(doc["organisation"], str):
        doc["organisation"] = records.employer(doc["organisation"])
    _check(records, doc)
    for name in rows.CHILDREN:
        if name in given:
            doc[name] = rows.children(name, old[name], given[name], records.next_id)
    return {**doc, **draft.tagged(records, "parties", old, given)}


def _check(records: Records, doc: Json) -> None:
    if doc["type"] == "organisation":
        values.required(doc, ["name"], "party")
    elif not doc["firstName"] and not doc["lastName"]:
        raise refused("firstName or lastName is required", "party", "lastName")
    if doc["organisation"] is not None:
        employer = records.kept("parties", doc["organisation"])
        if employer is None or employer["type"] != "organisation":
            raise refused("organisation not found", "party", "organisation")
    draft.check_team(doc, "party")
