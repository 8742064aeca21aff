"""The record types of SpotlerCRM and what is known of their fields without asking.

Source: the vendor's page "CRM API Version 4.0" (record types, examples) and fields seen live.
"""

from collections.abc import Iterable, Mapping

from crmtui.model.schema import Can, Field, FieldType, Kind, Related

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "..", "^=", "$=", "~", "|")
_CAN = Can(filter=OPERATORS, stamp="modifieddate", numbered_pages=True)
_READ = Can(create=False, edit=False, delete=False, filter=OPERATORS, numbered_pages=True)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "accounts",
            "Accounts",
            "account",
            can=_CAN,
            columns=("name", "type", "sector", "ownerid", "phone", "modifieddate"),
            order=("name",),
            related=(
                Related("contacts", "accountid"),
                Related("opportunities", "accountid"),
                Related("activities", "accountid"),
            ),
        ),
        Kind(
            "contacts",
            "Contacts",
            "contact",
            can=_CAN,
            title=("first", "last"),
            columns=("last", "first", "jobtitle", "accountid", "email", "phone", "modifieddate"),
            order=("last", "first"),
            related=(Related("opportunities", "contactid"), Related("activities", "contactid")),
        ),
        Kind(
            "opportunities",
            "Opportunities",
            "opportunity",
            can=_CAN,
            columns=("name", "status", "value", "probability", "closedate", "accountid", "ownerid"),
            order=("closedate:desc",),
        ),
        Kind(
            "activities",
            "Activities",
            "activity",
            can=_CAN,
            title=("type", "description"),
            columns=("date", "type", "status", "description", "accountid", "contactid"),
            order=("date:desc",),
        ),
        Kind(
            "users",
            "Users",
            "user",
            can=_READ,
            title=("first", "last"),
            columns=("first", "last", "email", "live"),
            order=("last",),
        ),
    )
}

_STEMS = {kind.singular: kind.name for kind in KINDS.values()} | {
    "owner": "users",
    "campaign": "campaigns",
    "case": "cases",
    "document": "documents",
}
_USERS = ("createdby", "modifiedby")

COMPUTED = frozenset({"createddate", "modifieddate", "createdby", "modifiedby"})
"""Set by the service on every record; never written."""

_T = FieldType
_PLACE = (
    Field("addresscity", "City"),
    Field("addresscounty/state", "County/State"),
    Field("addresspostcode/zip", "Postcode/Zip"),
    Field("addresscountry", "Country"),
)
_ADDRESS = (Field("addressline", "Address", _T.MULTILINE), *_PLACE)
_STAMPS = (
    Field("createdby", "Created by", _T.USER, read_only=True, refers_to="users"),
    Field("createddate", "Created", _T.DATETIME, read_only=True),
    Field("modifiedby", "Modified by", _T.USER, read_only=True, refers_to="users"),
    Field("modifieddate", "Modified", _T.DATETIME, read_only=True),
)


def _user(name: str, label: str) -> Field:
    return Field(name, label, _T.USER, refers_to="users", asks=True)


def _ref(name: str, label: str, kind: str, *, required: bool = False) -> Field:
    return Field(name, label, _T.REFERENCE, required=required, refers_to=kind)


def _choice(name: str, label: str, *, required: bool = False) -> Field:
    return Field(name, label, _T.CHOICE, required=required, asks=True)


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "accounts": (
        Field("name", "Name", required=True),
        _choice("type", "Type"),
        _choice("sector", "Sector"),
        _choice("source", "Source"),
        Field("phone", "Phone", _T.PHONE),
        Field("website", "Website", _T.URL),
        *_ADDRESS,
        _user("ownerid", "Owner"),
        _ref("campaignid", "Campaign", "campaigns"),
        Field("slaid", "SLA", _T.INTEGER),
        Field("notes", "Notes", _T.MULTILINE),
        *_STAMPS,
    ),
    "contacts": (
        _ref("accountid", "Account", "accounts", required=True),
        _choice("salutation", "Salutation"),
        Field("first", "First name"),
        Field("middle", "Middle name"),
        Field("last", "Last name", required=True),
        Field("jobtitle", "Job title"),
        Field("email", "E-mail", _T.EMAIL),
        Field("phone", "Phone", _T.PHONE),
        Field("mobile", "Mobile", _T.PHONE),
        Field("direct", "Direct line", _T.PHONE),
        Field("department", "Department"),
        Field("decisionmaker", "Decision maker", _T.BOOLEAN),
        Field("leftcompany", "Left company", _T.BOOLEAN),
        Field("hold", "On hold", _T.BOOLEAN),
        Field("leadscore", "Lead score", _T.INTEGER),
        *_PLACE,
        *_STAMPS,
    ),
    "opportunities": (
        Field("name", "Name", required=True),
        _ref("accountid", "Account", "accounts", required=True),
        _ref("contactid", "Contact", "contacts"),
        _choice("status", "Status"),
        _choice("forecast", "Forecast"),
        Field("value", "Value", _T.MONEY),
        Field("probability", "Probability", _T.PERCENT),
        Field("closedate", "Close date", _T.DATE),
        Field("nextstep", "Next step"),
        _choice("source", "Source"),
        Field("repeat", "Repeat"),
        _user("ownerid", "Owner"),
        *_STAMPS,
    ),
    "activities": (
        _choice("type", "Type", required=True),
        _choice("status", "Status"),
        Field("date", "Date", _T.DATETIME, required=True),
        Field("allday", "All day", _T.BOOLEAN),
        _ref("accountid", "Account", "accounts", required=True),
        _ref("contactid", "Contact", "contacts"),
        _ref("caseid", "Case", "cases"),
        Field("priority", "Priority", _T.INTEGER),
        Field("description", "Description", _T.MULTILINE),
        *_STAMPS,
    ),
    "users": (
        Field("first", "First name", read_only=True),
        Field("last", "Last name", read_only=True),
        Field("email", "E-mail", _T.EMAIL, read_only=True),
        Field("live", "Live", _T.BOOLEAN, read_only=True),
    ),
}


def kinds(custom: Iterable[str]) -> dict[str, Kind]:
    """The built-in kinds, then the connection's custom tables, all of whose fields must be asked for."""
    known = dict(KINDS)
    for name in custom:
        known.setdefault(name, Kind(name, name.capitalize(), name, can=_CAN, title=("name", "subject")))
    return known


def refers_to(name: str) -> str | None:
    """The kind that a field's name says it refers to; an unknown stem stays a plain number."""
    if name in _USERS:
        return "users"
    return _STEMS.get(name.removesuffix("id")) if name.endswith("id") else None
