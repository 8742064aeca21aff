"""The objects of the edition's add-ons, its custom table and its users."""

from .columns import CREATED, ID, MODIFIED, OWNER, STAMPS, choice, custom_flag, day, flag, reference
from .field import Field, Kind, Type

CASES = Kind(
    "cases",
    "case",
    (
        ID,
        Field("subject", "Subject", required=True),
        choice("type", "Type", "casetype"),
        choice("status", "Status", "casestatus", default="Open"),
        reference("accountid", "Account", "accounts", required=True),
        reference("contactid", "Contact", "contacts"),
        OWNER,
        Field("caselevelid", "Case Level", Type.NUMBER, lookup="caselevel", default=1),
        Field("description", "Description", Type.MEMO),
        Field("opened", "Opened", Type.DATE),
        *STAMPS,
    ),
    330100,
    ("accountid", "contactid", "modifieddate"),
)
CAMPAIGNS = Kind(
    "campaigns",
    "campaign",
    (
        ID,
        Field("name", "Campaign Name", required=True),
        choice("type", "Type", "campaigntype"),
        choice("status", "Status", "campaignstatus"),
        flag("active", "Active"),
        flag("dripfeed", "Drip Feed"),
        Field("members", "Members", Type.NUMBER, server_set=True),
        Field("opportunities", "Opportunities", Type.NUMBER, server_set=True),
        Field("sales", "Sales", Type.CURRENCY, server_set=True),
        OWNER,
        *STAMPS,
    ),
    21100,
)
CAMPAIGN_STAGES = Kind(
    "campaignstages",
    "campaignstage",
    (
        ID,
        reference("campaignid", "Campaign", "campaigns", required=True),
        Field("name", "Stage", required=True),
        Field("sequence", "Sequence", Type.NUMBER),
    ),
    4100,
    ("campaignid",),
)
CAMPAIGN_DETAILS = Kind(
    "campaigndetails",
    "campaigndetail",
    (
        ID,
        reference("campaignid", "Campaign", "campaigns", required=True),
        reference("accountid", "Account", "accounts"),
        reference("contactid", "Contact", "contacts", required=True),
        reference("campaignstageid", "Stage", "campaignstages"),
        Field("status", "Status"),
        CREATED,
        MODIFIED,
    ),
    52100,
    ("campaignid", "contactid", "accountid"),
)
PARENT_OBJECT = Field("parentobject", "Parent Object", required=True)
DOCUMENT_PARENTS = ("Account", "Contact", "Opportunity", "Case", "Campaign", "Activity", "Claim")
DOCUMENTS = Kind(
    "documents",
    "document",
    (
        ID,
        Field("name", "Name", required=True),
        Field("description", "Description", Type.TEXTAREA),
        Field("size", "Size (KB)", Type.NUMBER, server_set=True),
        # This object's stamp is "modified", unlike everywhere else (seen in public client code).
        Field("modified", "Modified", Type.DATE, server_set=True),
        Field("parentid", "Parent ID", Type.NUMBER, required=True),
        PARENT_OBJECT,
    ),
    710100,
    ("parentid",),
)
CLAIMS = Kind(
    "claims",
    "claim",
    (
        ID,
        Field("name", "Claim Reference", required=True),
        reference("accountid", "Account", "accounts", required=True),
        choice("status", "Status", "claimstatus"),
        Field("amount", "Amount", Type.CURRENCY),
        day("lossdate", "Date of Loss"),
        custom_flag("claimpaidbyuw", "Claim Paid by U/W"),
        Field("inspection", "Inspection", Type.DATE),
        Field("notes", "Notes", Type.MEMO),
        *STAMPS,
    ),
    9100,
    ("accountid", "modifieddate"),
)
USERS = Kind(
    "users",
    "user",
    (
        ID,
        Field("first", "First Name"),
        Field("last", "Last Name"),
        Field("email", "Email", Type.EMAIL),
        flag("live", "Live"),
    ),
    90501,
    read_only=True,
)
