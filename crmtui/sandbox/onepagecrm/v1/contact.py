"""A contact in the words of v1, and a form of v1 in those of the account."""

from typing import Any

from crmtui.sandbox.onepagecrm.account import LEAD, TOKEN_USER
from crmtui.sandbox.onepagecrm.countries import COUNTRY_CODES

from . import values
from .message import Problem

Json = dict[str, Any]
VIP = "VIP"
"""The tag that v1 takes for the mark of a VIP; those that v3 gave are not told, and not taken away."""
_NAMES = {
    "firstname": ("first_name", 25),
    "lastname": ("last_name", 25),
    "company": ("company_name", 55),
    "job_title": ("job_title", 1000),
    "description": ("background", 10_240),
}
"""Names in a form: those of the account, and the characters that are kept."""
_PLACE = {"address": "address", "city": "city", "state": "state", "zip_code": "zip_code"}


def item(doc: Json, statuses: dict[str, str], next_action: Json | None, *, pending: bool) -> Json:
    """A row of a listing; `statuses` are names by id, the action is as it is kept."""
    return {
        "id": doc["id"],
        "firstname": doc["first_name"] or None,
        "lastname": doc["last_name"] or None,
        "company": doc["company_name"] or None,
        "status": statuses[doc["status_id"]],
        "tags": [tag for tag in doc["tags"] if tag.upper() != VIP],
        "pendingdeal": pending,
        "vip": TOKEN_USER in doc["starred_by"],
        "nextaction": {} if next_action is None else _next(next_action),
    }


def _next(doc: Json) -> Json:
    return {"text": doc["text"], "next": doc["status"] == "asap", "date": values.day_told(doc["date"])}


def details(doc: Json, url_key: str) -> Json:
    """What one contact tells more than its row."""
    place = doc["address_list"][0] if doc["address_list"] else {}
    return {
        "jobtitle": doc["job_title"] or None,
        "address": place.get("address") or None,
        "city": place.get("city") or None,
        "state": place.get("state") or None,
        "zip": place.get("zip_code") or None,
        "country": place.get("country_code") or None,
        "description": doc["background"] or None,
        "phones": [{"type": row["type"], "number": row["value"]} for row in doc["phones"]],
        "emails": [{"type": row["type"], "address": row["value"]} for row in doc["emails"]],
        "urls": [{"type": row["type"], url_key: row["value"]} for row in doc["urls"]],
    }


def given(form: dict[str, str], old: Json | None, statuses: dict[str, str]) -> Json:
    """The whole of a form as a body of the account: what is missing is emptied, what is invalid ignored."""
    body: Json = {name: form.get(asked, "")[:most] for asked, (name, most) in _NAMES.items()}
    if not body["company_name"] and not body["last_name"]:
        raise Problem(109)
    tags = values.words(form.get("tags", ""))
    by_name = {name: ident for ident, name in statuses.items()}
    return {
        **body,
        "starred": values.flag(form.get("vip")) or any(tag.upper() == VIP for tag in tags),
        "status_id": by_name.get(form.get("status", "").lower(), LEAD),
        "tags": [tag for tag in tags if tag.upper() != VIP] + _hidden(old),
        "phones": values.pairs(form.get("phones", ""), values.PHONES),
        "emails": values.pairs(form.get("emails", ""), values.EMAILS),
        "urls": values.pairs(form.get("urls", ""), values.URLS),
        "address_list": _addresses(form, old),
    }


def _hidden(old: Json | None) -> list[str]:
    return [] if old is None else [tag for tag in old["tags"] if tag.upper() == VIP]


def _addresses(form: dict[str, str], old: Json | None) -> list[Json]:
    """The address of the form in the first place; v1 knows no other one."""
    before = [] if old is None else old["address_list"]
    place: Json = {name: form.get(asked, "")[:255] for asked, name in _PLACE.items()}
    code = form.get("country", "").upper()
    place["country_code"] = code if code in COUNTRY_CODES else ""
    if any(place.values()):
        return [{**place, "type": before[0]["type"] if before else "work"}, *before[1:]]
    return before[1:]
