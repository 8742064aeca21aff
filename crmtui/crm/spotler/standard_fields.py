"""What is known of the fields of SpotlerCRM's own record types without asking.

Source: the vendor's page "CRM API Version 4.0" (examples) and fields seen live.
"""

from collections.abc import Mapping

from crmtui.crm.spotler.kinds import DOCUMENTS, HISTORIES, LINES, ROWS
from crmtui.model.schema import Field, FieldType

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
