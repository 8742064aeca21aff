"""The record types of Solve360.

Source: the vendor's page "API Reference", section "Working with records".
"""

from collections.abc import Mapping
from typing import Final

from crmtui.crm.solve360.activity_kinds import hanging_on
from crmtui.model.schema import Can, Kind

CATEGORIES: Final = "categories"
"""The member that holds the ids of a record's category tags; lists leave it out."""
RELATED: Final = "relateditems"
"""The member that holds the records that a record is related to; lists leave it out."""
TYPES: Final = (("1", "contacts"), ("2", "projectblogs"), ("40", "companies"))
"""The kinds by the `typeid` of their records; tickets, whose own is not public, are related to nothing."""
COMPANY: Final = "company"
"""A contact's companies as one text; only lists have it."""

_CAN = Can(tags=CATEGORIES, notes=True, stamp="updated", created="created")

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "contacts",
            "Contacts",
            "contact",
            can=_CAN,
            title=("firstname", "lastname"),
            called="name",
            columns=(
                "name",
                "jobtitle",
                "company",
                "businessemail",
                "businessphonedirect",
                "assignedto",
                "updated",
            ),
            related=hanging_on("contacts"),
            order=("name",),
        ),
        Kind(
            "companies",
            "Companies",
            "company",
            can=_CAN,
            columns=("name", "phone", "website", "assignedto", "updated"),
            related=hanging_on("companies"),
            order=("name",),
        ),
        Kind(
            "projectblogs",
            "Project blogs",
            "project blog",
            can=_CAN,
            title=("title",),
            called="name",
            columns=("title", "description", "assignedto", "updated"),
            related=hanging_on("projectblogs"),
            order=("name",),
        ),
        Kind(
            "tickets",
            "Tickets",
            "ticket",
            can=_CAN,
            title=("title",),
            called="name",
            columns=("title", "assignedto", "description", "updated"),
            related=hanging_on("tickets"),
            order=("updated:desc",),
        ),
    )
}
