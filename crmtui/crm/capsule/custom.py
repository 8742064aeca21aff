"""What Capsule's custom fields are called here, the same in both of its APIs.

A field is called by its label; one of a data tag by the tag and its label, for two tags may have fields
of one label. Source: facts `capsule.md`, sections 1.3 and 2.3.
"""

from collections import Counter
from collections.abc import Collection, Iterable

import msgspec

from crmtui.model.schema import Field

CUSTOM = "customfields"
"""The part of a record that holds its custom fields, where that is read by itself."""


def name_of(label: str, tag: str, taken: Collection[str]) -> str:
    """The name of the field of a label, which is none of those that are built in."""
    name = f"{tag}/{label}" if tag else label
    return f"custom/{name}" if name in taken else name


def told_apart(fields: Iterable[tuple[Field, str]]) -> list[Field]:
    """Fields with their tags: where two have one label, the tag stands behind it."""
    known = list(fields)
    labels = Counter(field.label for field, _ in known)
    return [
        msgspec.structs.replace(field, label=f"{field.label} ({tag})")
        if tag and labels[field.label] > 1
        else field
        for field, tag in known
    ]
