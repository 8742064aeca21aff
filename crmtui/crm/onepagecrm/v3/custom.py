"""What custom fields are called here: by their label, unless that is the name of a built-in one.

Source: facts `onepagecrm.md`, section 6.
"""

from collections.abc import Collection

from crmtui.crm.onepagecrm.v3.fields import CUSTOM, FIELDS


def name_of(label: str, taken: Collection[str]) -> str:
    """The name of the field of a label, which is none of those that are taken."""
    name = label
    while name in taken:
        name = f"custom/{name}"
    return name


def taken_of(kind: str) -> frozenset[str]:
    """The names that no custom field of a kind can have."""
    return frozenset({"id", *CUSTOM.get(kind, ()), *(field.name for field in FIELDS[kind])})
