"""What is known of the fields of Solve360's record types without asking.

Source: public client code; the vendor lists them under Settings > My Account > API Reference alone.
"""

from collections.abc import Mapping

from crmtui.crm.solve360.activity_fields import FIELDS as ACTIVITY_FIELDS
from crmtui.crm.solve360.kinds import CATEGORIES, COMPANY, RELATED, TYPES
from crmtui.model.schema import Field, FieldType, Naming

_T = FieldType

COMPUTED: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("created", "Created", _T.DATETIME, read_only=True),
        Field("updated", "Updated", _T.DATETIME, read_only=True),
        Field("viewed", "Viewed", _T.DATETIME, read_only=True),
        Field("creatorid", "Created by", _T.USER, read_only=True),
        Field("creatorname", "Created by (name)", read_only=True),
        Field("creatordate", "Created (seconds since 1970)", _T.INTEGER, read_only=True),
        Field("modificatorid", "Modified by", _T.USER, read_only=True),
        Field("modificatorname", "Modified by (name)", read_only=True),
        Field("modificatordate", "Modified (seconds since 1970)", _T.INTEGER, read_only=True),
        Field("parentid", "Shared with", _T.USER, read_only=True),
        Field("typeid", "Type", read_only=True),
    )
}
"""Set by the service on every record; never written."""

_EVERY = (
    Field("ownership", "Owned by or shared with", _T.USER, listed=False),
    Field(CATEGORIES, "Categories", _T.CHOICES, asks=True, open=False, lookup=CATEGORIES, listed=False),
    Field("flagged", "Flagged", _T.BOOLEAN),
    *COMPUTED.values(),
)
_RELATED_ITEMS = Field(
    RELATED,
    "Related items",
    _T.ROWS,
    listed=False,
    naming=Naming("typeid", TYPES),
    fields=(
        Field("id", "Id", required=True),
        Field("name", "Name", read_only=True),
        Field("typeid", "Type", read_only=True),
        Field("note", "Note"),
    ),
)
_NAME = Field("name", "Name", read_only=True)
"""Made by the service of a record's first fields; a company's is a field of its own."""
_ASSIGNED = Field("assignedto", "Assigned to", _T.USER)
_BACKGROUND = Field("background", "Background", _T.MULTILINE)
_RELATED_TO = Field("relatedto", "Related to", read_only=True)
"""Related items have an element of their own: as a plain field it is not to be set."""
_ARCHIVE = Field("archive", "Archive", _T.BOOLEAN)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "contacts": (
        Field("firstname", "First name"),
        Field("lastname", "Last name"),
        Field("jobtitle", "Job title"),
        Field(COMPANY, "Company", read_only=True),
        Field("businessemail", "Business email", _T.EMAIL),
        Field("personalemail", "Personal email", _T.EMAIL),
        Field("otheremail", "Other email", _T.EMAIL),
        Field("businessphonedirect", "Business phone (direct)", _T.PHONE),
        Field("businessphonemain", "Business phone (main)", _T.PHONE),
        Field("businessphoneextension", "Extension"),
        Field("businessfax", "Business fax", _T.PHONE),
        Field("cellularphone", "Mobile", _T.PHONE),
        Field("homephone", "Home phone", _T.PHONE),
        Field("businessaddress", "Business address", _T.MULTILINE),
        Field("homeaddress", "Home address", _T.MULTILINE),
        Field("website", "Website", _T.URL),
        _BACKGROUND,
        _ASSIGNED,
        _RELATED_TO,
        _RELATED_ITEMS,
        _ARCHIVE,
        _NAME,
        *_EVERY,
    ),
    "companies": (
        Field("name", "Name"),
        Field("phone", "Phone", _T.PHONE),
        Field("fax", "Fax", _T.PHONE),
        Field("website", "Website", _T.URL),
        Field("mainaddress", "Main address", _T.MULTILINE),
        Field("billingaddress", "Billing address", _T.MULTILINE),
        Field("shippingaddress", "Shipping address", _T.MULTILINE),
        _BACKGROUND,
        _ASSIGNED,
        _RELATED_TO,
        _RELATED_ITEMS,
        *_EVERY,
    ),
    "projectblogs": (
        Field("title", "Title"),
        Field("description", "Description", _T.MULTILINE),
        _BACKGROUND,
        _ASSIGNED,
        _RELATED_TO,
        _RELATED_ITEMS,
        _ARCHIVE,
        _NAME,
        *_EVERY,
    ),
    "tickets": (
        Field("title", "Title"),
        Field("description", "Description", _T.MULTILINE),
        _ASSIGNED,
        _ARCHIVE,
        _NAME,
        *_EVERY,
    ),
    **ACTIVITY_FIELDS,
}
