"""The kinds of record of the account, with its own labels and custom fields."""

from crmtui.sandbox.world import SECTORS, TYPES

from .field import Field, Kind, Type

ASSIGNED = Field("assignedto", "Assigned to", Type.USER)
BACKGROUND = Field("background", "Background", Type.TEXTAREA)
WEBSITE = Field("website", "Website", Type.URL)
FLAGGED = Field("flagged", "Flagged", Type.CHECKBOX)
ARCHIVE = Field("archive", "Archive", Type.CHECKBOX)
RELATED = Field("relatedto", "Related to", computed=True)

CONTACTS = Kind(
    "contacts",
    1,
    479038,
    (
        Field("firstname", "First name"),
        Field("lastname", "Last name"),
        Field("jobtitle", "Job title"),
        Field("company", "Company", computed=True),
        Field("businessemail", "Email", Type.EMAIL),
        Field("personalemail", "Personal Email", Type.EMAIL),
        Field("otheremail", "Other Email", Type.EMAIL),
        Field("businessphonedirect", "Business phone (direct)", Type.PHONE),
        Field("businessphonemain", "Business phone (main)", Type.PHONE),
        Field("businessphoneextension", "Extension"),
        Field("businessfax", "Business fax", Type.PHONE),
        Field("cellularphone", "Mobile", Type.PHONE),
        Field("homephone", "Home phone", Type.PHONE),
        Field("businessaddress", "Business address", Type.TEXTAREA),
        Field("homeaddress", "Home address", Type.TEXTAREA),
        WEBSITE,
        BACKGROUND,
        ASSIGNED,
        RELATED,
        ARCHIVE,
        FLAGGED,
        Field("custom854307", "A description", Type.TEXTAREA),
        Field("custom854308", "Lead source", Type.SELECT, ("Web enquiry", "Referral", "Trade show", "R&D")),
        Field("custom854309", "Birthday", Type.DATE),
        Field("custom854310", "Lead score", Type.NUMBER),
        Field("custom854311", 'Label [/] "quoted" \x9b31m & <b>'),
    ),
    ("firstname", "lastname"),
    ("lastname", "personalemail", "firstname", "businessemail"),
)
COMPANIES = Kind(
    "companies",
    40,
    10_960_104,
    (
        Field("name", "Company"),
        Field("phone", "Phone", Type.PHONE),
        Field("fax", "Fax", Type.PHONE),
        WEBSITE,
        Field("mainaddress", "Main address", Type.TEXTAREA),
        Field("billingaddress", "Billing address", Type.TEXTAREA),
        Field("shippingaddress", "Shipping address", Type.TEXTAREA),
        BACKGROUND,
        ASSIGNED,
        RELATED,
        FLAGGED,
        Field("custom861200", "Type", Type.SELECT, TYPES),
        Field("custom861201", "Sector", Type.SELECT, SECTORS),
        Field("custom861202", "Employees", Type.NUMBER),
        Field("custom861203", "Credit limit", Type.CURRENCY),
        Field("custom861204", "Customer since", Type.DATE),
    ),
    ("name",),
    ("name",),
)
PROJECTBLOGS = Kind(
    "projectblogs",
    2,
    20_310_500,
    (
        Field("title", "Title"),
        Field("description", "Description", Type.TEXTAREA),
        BACKGROUND,
        ASSIGNED,
        RELATED,
        ARCHIVE,
        FLAGGED,
        Field("custom870010", "Start", Type.DATE),
        Field("custom870011", "Budget", Type.CURRENCY),
    ),
    ("title",),
    ("title",),
)
TICKETS = Kind(
    "tickets",
    # Neither the type id nor the fields of tickets are in any document.
    100,
    30_700_200,
    (
        Field("title", "Subject"),
        Field("description", "Description", Type.TEXTAREA),
        ASSIGNED,
        ARCHIVE,
        FLAGGED,
        Field("custom880001", "Priority", Type.SELECT, ("Low", "Normal", "High", "Critical")),
    ),
    ("title",),
    ("title",),
    relatable=False,
)
KINDS = {kind.segment: kind for kind in (CONTACTS, COMPANIES, PROJECTBLOGS, TICKETS)}
BY_TYPE = {kind.type_id: kind for kind in KINDS.values()}
CATEGORIES = {
    CONTACTS: ("Customer", "Prospect", "Newsletter", "VIP", "Press & Media", "Do not call"),
    COMPANIES: ("Key account", "Supplier", "Partner", "Former customer"),
    PROJECTBLOGS: ("Active", "On hold", "Finished"),
    TICKETS: ("Question", "Fault", "Change request", "Zinnia [/] \x9b31m"),
}
FIRST_CATEGORY = 123502088
"""The id of the first category; the others follow it."""
