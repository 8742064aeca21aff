"""The rules of contacts."""

from collections.abc import Mapping
from typing import Any

from . import fields, values
from .account import CONTACT_TITLES, TOKEN_USER
from .countries import COUNTRY_CODES
from .entity import CONTACTS
from .records import Records
from .refusal import Invalid, invalid
from .values import Check, Wrong

Json = dict[str, Any]
PHONES = ("work", "mobile", "home", "direct", "fax", "company", "other")
EMAILS = ("work", "home", "other")
URLS = ("website", "blog", "twitter", "linkedin", "xing", "facebook", "google_plus", "other")
ADDRESSES = ("work", "home", "billing", "delivery", "other")
_PARTS = ("address", "city", "state", "zip_code")
_NAMELESS = "Either last name or company name are required to create a Contact."


def country(value: Any) -> str:
    """Takes the code of a country."""
    code = values.text(2)(value).upper()
    if code and code not in COUNTRY_CODES:
        raise Wrong("country_code is not included in the list")
    return str(code)


def address(row: Json) -> Json:
    """The parts of an address that are kept."""
    parts = {name: values.text(255)(row.get(name)) for name in _PARTS}
    return {**parts, "country_code": country(row.get("country_code"))}


def _addresses(value: Any) -> list[Json]:
    found = []
    for row in values.objects(value):
        kind = values.choice(ADDRESSES, empty="work")(row.get("type"))
        parts = address(row)
        if any(parts.values()):
            found.append({**parts, "type": kind})
    return found


def _one_of(records: Records, kind: str, what: str) -> Check:
    def check(value: Any) -> str:
        if value not in {row["id"] for row in records.setup(kind)}:
            raise Wrong(f"{what} not found")
        return str(value)

    return check


def _or_nothing(check: Check, nothing: str) -> Check:
    return lambda value: nothing if value in (None, "") else check(value)


def owner(records: Records) -> Check:
    """Takes the id of a user."""
    return _or_nothing(_one_of(records, "users", "owner"), TOKEN_USER)


def _checks(records: Records) -> Mapping[str, Check]:
    return {
        "title": values.choice(CONTACT_TITLES, empty=""),
        "first_name": values.text(25, cut=True),
        "last_name": values.text(25, cut=True),
        "job_title": values.text(1000),
        "starred": values.boolean,
        "company_id": values.text(24),
        "company_name": values.text(55, cut=True),
        "owner_id": owner(records),
        "status_id": _or_nothing(_one_of(records, "statuses", "status"), CONTACTS.empty["status_id"]),
        "tags": values.texts,
        "background": values.text(10_240),
        "lead_source_id": _or_nothing(_one_of(records, "lead_sources", "lead source"), ""),
        "custom_fields": fields.check("custom_fields", records.setup("custom_fields")),
        "address_list": _addresses,
        "urls": values.typed(URLS),
        "phones": values.typed(PHONES),
        "emails": values.typed(EMAILS),
    }


def changed(records: Records, old: Json | None, body: Json, *, partial: bool) -> Json:
    """A contact after a change, or a new one; a change that is not partial begins with an empty record."""
    given = values.taken(body, _checks(records))
    base = old if old is not None and partial else _empty(old)
    members = ("starred", "tags", "company_id", "company_name")
    doc = {**base, **{name: value for name, value in given.items() if name not in members}}
    if "starred" in given or not partial:
        doc["starred_by"] = starred(base if old is None else old, on=given.get("starred", False))
    if "tags" in given:
        doc["tags"] = [records.tag(name) for name in given["tags"]]
    _check_external(records, doc)
    if not doc["last_name"] and not given.get("company_name", old and old["company_name"]):
        raise Invalid("A validation error has occurred", {"lastname": _NAMELESS, "company": _NAMELESS})
    _employ(records, old, doc, given, partial=partial)
    if not doc["last_name"] and not doc["company_name"]:
        raise Invalid("A validation error has occurred", {"lastname": _NAMELESS, "company": _NAMELESS})
    return doc


def starred(doc: Json, *, on: bool) -> list[str]:
    """Who has a star on a contact, after the caller has set or taken theirs."""
    others = [user for user in doc["starred_by"] if user != TOKEN_USER]
    return [*others, TOKEN_USER] if on else others


def _empty(old: Json | None) -> Json:
    lasting = ("id", "created_at", "starred_by", "closed_sales", "photo_url")
    kept = {} if old is None else {name: old[name] for name in lasting}
    return CONTACTS.whole(kept)


def _employ(records: Records, old: Json | None, doc: Json, given: Json, *, partial: bool) -> None:
    """The company of a contact: by name it is found, renamed or made, by id it is found."""
    before = {"company_id": "", "company_name": ""} if old is None else old
    if "company_name" in given:
        company = records.employer({**doc, **_of(before)}, given["company_name"])
    elif old is not None and given.get("company_id"):
        found = records.kept("companies", given["company_id"])
        if found is None:
            raise invalid("company_id", "company not found")
        company = {"company_id": found["id"], "company_name": found["name"]}
    elif partial and "company_id" not in given:
        company = _of(before)
    else:
        company = {"company_id": "", "company_name": ""}
    doc |= company
    joined = records.kept("companies", doc["company_id"]) if doc["company_id"] else None
    if joined is not None and joined["syncing_status"]:
        # A company that keeps its contacts in one status does so with those who join it.
        moved = before["company_id"] != joined["id"]
        if moved or "status_id" not in given:
            doc["status_id"] = joined["synced_status_id"]


def _of(doc: Json) -> Json:
    return {"company_id": doc["company_id"], "company_name": doc["company_name"]}


def _check_external(records: Records, doc: Json) -> None:
    """The numbers of other systems are never the same twice."""
    for definition in records.setup("custom_fields"):
        value = doc["custom_fields"].get(definition["id"])
        if definition["type"] == "external_id" and value:
            holders = records.chosen("contacts", custom_field=(definition["id"], value))
            if any(holder["id"] != doc["id"] for holder in holders):
                raise invalid("custom_fields", f"{definition['name']} is already taken")
