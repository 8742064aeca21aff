"""The record types of SpotlerCRM and what is known of their fields without asking.

Source: the vendor's page "CRM API Version 4.0" (record types, examples) and fields seen live.
"""

from collections.abc import Iterable, Mapping

from crmtui.model.schema import Can, Field, FieldType, Kind, Related, Timeline

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "..", "^=", "$=", "~", "|")
_CAN = Can(filter=OPERATORS, stamp="modifieddate", created="createddate", numbered_pages=True)
_UNSTAMPED = Can(filter=OPERATORS, numbered_pages=True)
_READ = Can(create=False, edit=False, delete=False, filter=OPERATORS, numbered_pages=True)

DOCUMENTS = "documents"
LINES = "opportunity_lines"
ROWS = "lines"
"""The member of an opportunity that holds its lines."""
HISTORIES = "opportunityhistories"


def _documents_of(word: str) -> tuple[Related, ...]:
    """The documents of a record: the kind of their parent stands beside its id, as one capitalised word."""
    return (Related(DOCUMENTS, "parentid", (("parentobject", word),)),)


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
            related=_documents_of("Account"),
        ),
        Kind(
            "contacts",
            "Contacts",
            "contact",
            can=_CAN,
            title=("first", "last"),
            columns=("last", "first", "jobtitle", "accountid", "email", "phone", "modifieddate"),
            order=("last", "first"),
            related=_documents_of("Contact"),
        ),
        Kind(
            "opportunities",
            "Opportunities",
            "opportunity",
            can=_CAN,
            columns=("name", "status", "value", "probability", "closedate", "accountid", "ownerid"),
            order=("closedate:desc",),
            related=_documents_of("Opportunity"),
        ),
        Kind(
            "activities",
            "Activities",
            "activity",
            can=_CAN,
            title=("type", "description"),
            columns=("date", "type", "status", "description", "accountid", "contactid"),
            order=("date:desc",),
            related=_documents_of("Activity"),
            timeline=Timeline("date"),
        ),
        Kind(
            "cases",
            "Cases",
            "case",
            can=_CAN,
            title=("subject",),
            columns=("subject", "status", "type", "accountid", "ownerid", "opened"),
            order=("opened:desc",),
            related=_documents_of("Case"),
        ),
        Kind(
            "campaigns",
            "Campaigns",
            "campaign",
            can=_CAN,
            columns=("name", "type", "status", "active", "members", "ownerid"),
            order=("name",),
            related=_documents_of("Campaign"),
        ),
        Kind(
            "campaignstages",
            "Campaign stages",
            "campaign stage",
            can=_UNSTAMPED,
            columns=("name", "campaignid", "sequence"),
            order=("campaignid", "sequence"),
        ),
        Kind(
            "campaigndetails",
            "Campaign details",
            "campaign detail",
            can=_UNSTAMPED,
            title=(),
            columns=("contactid", "campaignid", "campaignstageid", "status"),
            order=("campaignid",),
        ),
        Kind(
            DOCUMENTS,
            "Documents",
            "document",
            # A document tells only when it was changed last: when it was uploaded.
            can=Can(
                filter=OPERATORS, stamp="modified", created="modified", numbered_pages=True, content=True
            ),
            columns=("name", "parentobject", "size", "modified", "description"),
            order=("modified:desc",),
        ),
        Kind(
            LINES,
            "Lines",
            "line",
            can=_UNSTAMPED,
            title=("product",),
            columns=("product", "quantity", "unitprice", "opportunityid"),
            amount=("quantity", "unitprice"),
            order=("opportunityid",),
        ),
        Kind(
            HISTORIES,
            "Histories",
            "history",
            can=_CAN,
            title=("opportunitystatus",),
            columns=("modifieddate", "opportunitystatus", "value", "probability", "modifiedby"),
            order=("modifieddate:desc",),
            timeline=Timeline("modifieddate", trail=True),
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
STAMPS: Mapping[str, Field] = {field.name: field for field in _STAMPS}
"""What every table has, a custom one too, if its dictionary names it."""


_LINE = (
    Field("id", "Id", read_only=True),
    Field("product", "Product"),
    Field("quantity", "Quantity", _T.DECIMAL),
    Field("unitprice", "Unit price", _T.MONEY),
)
"""The members of a line inside its opportunity (section "Opportunity Lines")."""


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
        Field(ROWS, "Lines", _T.ROWS, refers_to=LINES, fields=_LINE),
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
    "cases": (
        Field("subject", "Subject", required=True),
        _choice("type", "Type"),
        _choice("status", "Status"),
        _ref("accountid", "Account", "accounts"),
        _ref("contactid", "Contact", "contacts"),
        _user("ownerid", "Owner"),
        Field("caselevelid", "Case level", _T.INTEGER),
        Field("opened", "Opened", _T.DATETIME),
        Field("description", "Description", _T.MULTILINE),
        *_STAMPS,
    ),
    "campaigns": (
        Field("name", "Name", required=True),
        _choice("type", "Type"),
        _choice("status", "Status"),
        Field("active", "Active", _T.BOOLEAN),
        Field("dripfeed", "Drip feed", _T.BOOLEAN),
        Field("members", "Members", _T.INTEGER, read_only=True),
        Field("opportunities", "Opportunities", _T.INTEGER, read_only=True),
        Field("sales", "Sales", _T.MONEY, read_only=True),
        _user("ownerid", "Owner"),
        *_STAMPS,
    ),
    "campaignstages": (
        _ref("campaignid", "Campaign", "campaigns", required=True),
        Field("name", "Name", required=True),
        Field("sequence", "Sequence", _T.INTEGER),
    ),
    "campaigndetails": (
        _ref("campaignid", "Campaign", "campaigns", required=True),
        _ref("contactid", "Contact", "contacts"),
        _ref("accountid", "Account", "accounts"),
        _ref("campaignstageid", "Stage", "campaignstages"),
        Field("status", "Status"),
    ),
    DOCUMENTS: (
        Field("name", "Name"),
        Field("description", "Description", _T.MULTILINE),
        Field("parentobject", "Belongs to"),
        Field("parentid", "Its id", _T.REFERENCE),
        Field("size", "Size in KB", _T.DECIMAL, read_only=True),
        Field("modified", "Modified", _T.DATETIME, read_only=True),
    ),
    LINES: (
        _ref("opportunityid", "Opportunity", "opportunities", required=True),
        _choice("product", "Product"),
        Field("quantity", "Quantity", _T.DECIMAL),
        Field("unitprice", "Unit price", _T.MONEY),
        *(field for field in _STAMPS if field.type is _T.USER),
    ),
    HISTORIES: (
        _ref("opportunityid", "Opportunity", "opportunities"),
        _choice("opportunitystatus", "Status"),
        _choice("forecast", "Forecast"),
        Field("value", "Value", _T.MONEY),
        Field("probability", "Probability", _T.PERCENT),
        Field("closedate", "Close date", _T.DATE),
        *(field for field in _STAMPS if field.name.startswith("modified")),
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
        word = singular(name)
        documents = _documents_of(word.capitalize())
        kind = Kind(name, name.capitalize(), word, can=_CAN, title=("name", "subject"), related=documents)
        known.setdefault(name, kind)
    return known


def singular(name: str) -> str:
    """The word for one record of a table: `policies` are of `policy`, `claims` of `claim`."""
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def stems(names: Iterable[str]) -> dict[str, str]:
    """The kinds by what stands before `id` in the name of a reference to one."""
    return {singular(name): name for name in names} | {"owner": "users"}


_STEMS = stems(KINDS)


def refers_to(name: str, stems: Mapping[str, str] = _STEMS) -> str | None:
    """The kind that a field's name says it refers to; an unknown stem stays a plain number."""
    if name in _USERS:
        return "users"
    return stems.get(name.removesuffix("id")) if name.endswith("id") else None
