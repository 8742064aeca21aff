"""The record types of SpotlerCRM, and which of them the name of a field refers to.

Source: the vendor's page "CRM API Version 4.0" (record types).
"""

from collections.abc import Iterable, Mapping

from crmtui.model.schema import Can, Deadline, Kind, Related, Timeline

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "..", "^=", "$=", "~", "|")
_CAN = Can(filter=OPERATORS, stamp="modifieddate", created="createddate", numbered_pages=True)
_UNSTAMPED = Can(filter=OPERATORS, numbered_pages=True)
_READ = Can(create=False, edit=False, delete=False, filter=OPERATORS, numbered_pages=True)

DOCUMENTS = "documents"
LINES = "opportunity_lines"
_DONE = ("Completed", "Complete", "Done", "Closed", "Cancelled")
"""The usual words for an activity that is not to be done any more; an account may have others."""
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
            deadline=Deadline("date", state="status", done=_DONE),
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
