"""Fields with the values that are known of them, for an adapter that names those by ids of its service."""

from collections.abc import Mapping

import msgspec

from crmtui.model.schema import Choice, Field, FieldType
from crmtui.workspace.account import Account


def with_choices(account: Account, kind: str, fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """The fields of a kind with users, tags and lists as they were read last; no call is made."""
    found = dict(fields)
    for name, field in fields.items():
        if field.choices is None and (field.asks or field.type is FieldType.USER):
            found[name] = msgspec.structs.replace(field, choices=_known(account, kind, field))
    return found


def _known(account: Account, kind: str, field: Field) -> tuple[Choice, ...] | None:
    name = ("users", "") if field.type is FieldType.USER else (kind, field.name)
    return account.known.choices(*name, older=float("inf"))
