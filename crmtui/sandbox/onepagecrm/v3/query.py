"""The parameters of lists: which records are asked for, and in what order."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crmtui.sandbox.onepagecrm import values
from crmtui.sandbox.onepagecrm.account import TOKEN_USER
from crmtui.sandbox.onepagecrm.entity import ENTITIES
from crmtui.sandbox.onepagecrm.office import Office
from crmtui.sandbox.onepagecrm.values import Wrong

from .message import Asked, wrong

Json = dict[str, Any]
_WORDS = {
    "contacts": (
        "search",
        "email",
        "phone",
        "url",
        "letter",
        "tag",
        "company_id",
        "status_id",
        "lead_source_id",
        "owner_id",
        "not_linked_with",
    ),
    "companies": ("name", "phone", "letter"),
    "deals": ("name", "search", "pipeline_id", "owner_id", "contact_id", "company_id", "tag"),
    "actions": ("status", "assignee_id", "contact_id", "company_id"),
    **dict.fromkeys(("notes", "calls", "meetings"), ("contact_id", "company_id")),
}
_FLAGS = {
    "contacts": ("starred", "pending_deal", "waiting", "has_actions", "has_actions_for_me"),
    "actions": ("done",),
}
_ONE_OF = {
    "contacts": (
        ("company_id", "tag", "filter_id"),
        ("has_actions", "has_actions_for_me"),
        ("lead_source", "lead_source_id"),
        ("company_id", "not_linked_with"),
    ),
    "deals": (("contact_id", "company_id", "tag", "filter_id"),),
    **dict.fromkeys(("actions", "notes", "calls", "meetings"), (("contact_id", "company_id"),)),
}
_STAMPS = {"created_at": "created", "modified_at": "modified", "updated_at": "modified"}
_DATES: Mapping[str, Mapping[str, str]] = {
    "contacts": _STAMPS,
    "companies": {},
    "deals": {**_STAMPS, "date": "date", "close_date": "closed", "expected_close_date": "expected"},
    "actions": {**_STAMPS, "date": "date", "close_date": "closed"},
    "notes": {**_STAMPS, "date": "date"},
    "calls": {**_STAMPS, "call_time": "time"},
    "meetings": {**_STAMPS, "meeting_time": "time"},
}
_SORTS = {
    "contacts": ("created_at", "modified_at", "first_name", "last_name", "company_name", "name"),
    "companies": ("created_at", "modified_at", "name"),
    "deals": ("created_at", "modified_at", "date", "close_date", "expected_close_date"),
    "actions": ("created_at", "modified_at"),
    "notes": ("created_at", "modified_at", "updated_at", "date"),
    **dict.fromkeys(("calls", "meetings"), ("created_at", "modified_at", "updated_at")),
}
_USUAL = {
    "contacts": ("name", False),
    "companies": ("name", False),
    "deals": ("modified_at", True),
    "actions": ("rank", False),
    **dict.fromkeys(("notes", "calls", "meetings"), ("modified_at", True)),
}


def conditions(asked: Asked, entity: str, office: Office, *, everyone: bool = False) -> Json:
    """The conditions that the parameters are, as the records of a kind know them.

    Contacts are the caller's own unless all (`team`) or another user's are asked for, or `everyone`'s.
    """
    given = asked.parameters
    for names in _ONE_OF.get(entity, ()):
        used = [name for name in names if given.get(name)]
        if len(used) > 1:
            raise wrong(used[1], f"cannot be used together with {used[0]}")
    found: Json = {name: given[name] for name in _WORDS[entity] if given.get(name)}
    for name in _FLAGS.get(entity, ()):
        flag = asked.flag(name)
        # Only of actions is there a choice of those that are not meant.
        if flag or (flag is not None and name == "done"):
            found[name] = int(flag)
    if entity == "contacts":
        found |= _of_contacts(asked, office, everyone=everyone or "owner_id" in found)
    if entity == "deals":
        found |= _of_deals(asked)
    if given.get("filter_id"):
        known = office.choices.conditions(given["filter_id"])
        found |= known if entity == "contacts" else {"contacts": _ids(office, known)}
    return {**found, **_times(asked, entity)}


def order(asked: Asked, entity: str) -> tuple[str, bool]:
    """The order that is asked for, or the usual one, and whether it is descending."""
    by = asked.parameters.get("sort_by", "")
    way = asked.parameters.get("order", "")
    if way not in ("", "asc", "desc"):
        raise wrong("order", "must be asc or desc")
    if by and by not in _SORTS[entity]:
        raise wrong("sort_by", f"must be one of {', '.join(_SORTS[entity])}")
    if by:
        return ("modified_at" if by == "updated_at" else by), way == "desc"
    ranged = asked.parameters.get("date_filter")
    if entity == "contacts" and ranged in _STAMPS:
        return ("created_at" if ranged == "created_at" else "modified_at"), way != "asc"
    usual, descending = _USUAL[entity]
    return usual, way == "desc" if way else descending


def _ids(office: Office, known: Json) -> tuple[str, ...]:
    return tuple(doc["id"] for doc in office.chosen("contacts", **known))


def _of_contacts(asked: Asked, office: Office, *, everyone: bool) -> Json:
    found: Json = {}
    given = asked.parameters
    mine = any(asked.flag(name) for name in ("has_actions", "has_actions_for_me", "has_actions_today"))
    if mine or not (everyone or asked.flag("team")):
        found["owner_id"] = TOKEN_USER
    if asked.flag("action_stream"):
        found["in_stream_of"] = TOKEN_USER
    if asked.flag("has_actions_today"):
        found["action_until"] = office.today()
    if given.get("lead_source"):
        known = {row["text"].casefold(): row["id"] for row in office.setup("lead_sources")}
        found["lead_source_id"] = known.get(given["lead_source"].casefold(), given["lead_source"])
    if given.get("custom_field_id"):
        found["custom_field"] = (given["custom_field_id"], given.get("custom_field_value", ""))
    return found


def _of_deals(asked: Asked) -> Json:
    found: Json = {}
    status = asked.parameters.get("status", "")
    if status == "closed":
        found["closed"] = 1
    elif status:
        found["status"] = status
    stage = asked.parameters.get("stage", "")
    if stage:
        if not stage.isdigit():
            raise wrong("stage", "must be an integer")
        found |= {"stage": int(stage), "status": "pending"}
    if asked.parameters.get("sales_pipeline_id"):
        found["pipeline_id"] = asked.parameters["sales_pipeline_id"]
    return found


def _times(asked: Asked, entity: str) -> Json:
    given = asked.parameters
    by = given.get("date_filter", "")
    found: Json = {}
    for name, bound in (("modified_since", "from"), ("unmodified_since", "to")):
        if given.get(name) and _DATES[entity]:
            if by:
                raise wrong(name, "cannot be used together with date_filter")
            found[f"modified_{bound}"] = _moment(name, given[name], "modified", bound)
    if by and by not in _DATES[entity]:
        raise wrong("date_filter", f"must be one of {', '.join(_DATES[entity])}")
    column = _DATES[entity].get(by, "modified")
    for name, bound in (("since", "from"), ("until", "to")):
        if given.get(name) and f"{column}_{bound}" in ENTITIES[entity].conditions:
            found[f"{column}_{bound}"] = _moment(name, given[name], column, bound)
    return found


def _moment(name: str, word: str, column: str, bound: str) -> str | int:
    """A day or a moment as a column has it; a day ends with its last second."""
    try:
        day = len(word) == 10 and not word.isdigit()
        told = f"{values.day(word)}T{'00:00:00' if bound == 'from' else '23:59:59'}Z" if day else word
        seconds = values.seconds(told) or 0
    except Wrong as error:
        raise wrong(name, str(error)) from error
    moment = datetime.fromtimestamp(seconds, UTC)
    match column:
        case "time":
            return seconds
        case "created" | "modified":
            return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return f"{moment:%Y-%m-%d}"
