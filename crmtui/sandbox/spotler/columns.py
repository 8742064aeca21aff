"""The fields that several objects have, and short ways to write down the others."""

from .field import Field, Type


def flag(name: str, label: str) -> Field:
    """A standard checkbox, a number on the wire."""
    return Field(name, label, Type.CHECKBOX, default=0)


def custom_flag(name: str, label: str) -> Field:
    """A custom checkbox, a string on the wire."""
    return Field(name, label, Type.CHECKBOX, default="0", as_string=True)


def reference(
    name: str, label: str, refers_to: str, *, required: bool = False, default: int | None = None
) -> Field:
    """The id of a record of another object."""
    return Field(name, label, Type.NUMBER, required=required, refers_to=refers_to, default=default)


def choice(
    name: str, label: str, lookup: str, *, required: bool = False, default: str | None = None
) -> Field:
    """A text with a lookup list."""
    return Field(name, label, lookup=lookup, required=required, default=default)


def day(name: str, label: str) -> Field:
    """A date without a time of day."""
    return Field(name, label, Type.DATE, day_only=True)


ID = Field("id", "ID", Type.NUMBER, server_set=True)
OWNER = reference("ownerid", "Owner", "users")
CAMPAIGN = reference("campaignid", "Campaign", "campaigns", default=0)
NOTES = Field("notes", "Notes", Type.MEMO)
CREATED = Field("createddate", "Created Date", Type.DATE, server_set=True)
MODIFIED = Field("modifieddate", "Modified Date", Type.DATE, server_set=True)
CREATED_BY = Field("createdby", "Created By", Type.NUMBER, refers_to="users", server_set=True)
MODIFIED_BY = Field("modifiedby", "Modified By", Type.NUMBER, refers_to="users", server_set=True)
STAMPS = (CREATED_BY, MODIFIED_BY, CREATED, MODIFIED)
# The document's own answer to a POST leaves these parts of an address empty, not null, and fills the country.
PLACE = (
    Field("addresscity", "City", default=""),
    Field("addresscounty/state", "County/State", default=""),
    Field("addresspostcode/zip", "Postcode/Zip", default=""),
    Field("addresscountry", "Country", default="United Kingdom"),
)
