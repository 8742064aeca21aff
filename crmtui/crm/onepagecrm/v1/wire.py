"""What OnePageCRM v1.2 wants written: whole records as form fields, and nothing that these cannot carry.

Source: facts `onepagecrm.md`, sections 1 and 4: a PUT replaces, and lists are `type|value,type|value`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.crm.onepagecrm.v1.fields import BY_NAME, ROW_MEMBERS, ROW_TYPES
from crmtui.model import dates
from crmtui.model.errors import Invalid
from crmtui.model.record import Value, is_empty
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import canonical, text_of

Form = dict[str, str]
Values = Mapping[str, Value]
Headers = tuple[tuple[str, str], ...]
SENDS: Headers = (("Content-Type", "application/x-www-form-urlencoded"),)
VIP: Final = "vip"
"""The tag that is no tag but a mark, in small letters."""

_CONTACT: Mapping[str, str] = {
    "firstname": "firstname",
    "lastname": "lastname",
    "company": "company",
    "job_title": "jobtitle",
    "address": "address",
    "city": "city",
    "state": "state",
    "zip_code": "zip",
    "country": "country",
    "description": "description",
    "phones": "phones",
    "emails": "emails",
    "urls": "urls",
    "vip": "vip",
    "status": "status",
    "tags": "tags",
}
"""What a request calls the members of a contact."""
_ACTION: Mapping[str, str] = {
    "name": "name",
    kinds.CONTACT: kinds.CONTACT,
    "date": "date",
    "next": "next",
    "waiting": "waiting",
}
_NOTE: Mapping[str, str] = {"body": "body", "date": "date"}
_DEAL: Mapping[str, str] = {
    **_NOTE,
    "amount": "amount",
    "status": "status",
    "deal_stage": "deal_stage",
    "exp_close": "exp_close",
}
MEMBERS: Mapping[str, Mapping[str, str]] = {
    kinds.CONTACTS: _CONTACT,
    kinds.ACTIONS: _ACTION,
    kinds.NOTES: _NOTE,
    kinds.DEALS: _DEAL,
}
"""The form fields of each kind, with the fields that they are written from."""


def path_of(kind: str, format_: str, id_: str = "") -> str:
    """The path of a kind's list, or of one record."""
    part = f"/{quote(id_, safe='')}" if id_ else ""
    return f"/api/{kinds.RESOURCES[kind]}{part}.{format_}"


def encode(form: Mapping[str, str]) -> bytes:
    """A form as a body."""
    return urlencode(form).encode()


def form_of(kind: str, values: Values, *, whole: bool = True) -> Form:
    """A record as a form; `Invalid`, each field named, where a form cannot carry it.

    `whole`: whether these are all its values.
    """
    wrong: dict[str, str] = {}
    form: Form = {}
    for name, ours in MEMBERS[kind].items():
        field = BY_NAME[kind][ours]
        value = values.get(ours)
        try:
            form[name] = _WRITERS.get(field.type, _text)(field, value)
        except ValueError as reason:
            wrong[ours] = str(reason)
    if kind == kinds.CONTACTS and not wrong:
        _mark_vip(form)
        if whole and not (form["lastname"].strip() or form["company"].strip()):
            wrong = dict.fromkeys(("lastname", "company"), "is required, or the other of the two")
    refuse(wrong)
    if kind == kinds.DEALS:
        # What a request calls these is not documented; unknown members are passed over.
        form |= {"type": "deal", "is_deal": "1"}
        form |= {"deal_amount": form["amount"], "deal_status": form["status"]}
    return form


def refuse(wrong: Mapping[str, str]) -> None:
    """Raises `Invalid` if there is something wrong with a field."""
    if wrong:
        named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
        raise Invalid(f"Nothing was sent: {named}.", wrong)


def _mark_vip(form: Form) -> None:
    """The tag VIP is the mark: the service takes it for that, and other clients write it so."""
    tags = [tag for tag in form["tags"].split(",") if tag]
    kept = [tag for tag in tags if tag.lower() != VIP]
    if len(kept) < len(tags):
        form |= {"tags": ",".join(kept), "vip": "1"}


def _text(field: Field, value: Value) -> str:
    text = text_of(value)
    if field.max_length is not None and len(text) > field.max_length:
        raise ValueError(f"is {len(text)} characters long, of which {field.max_length} would be kept")
    if field.name == "country":
        return "EL" if text.upper() == "GR" else text.upper()
    return text


def _day(field: Field, value: Value) -> str:
    if is_empty(value):
        return ""
    day = dates.day_of(text_of(value))
    if day is None:
        raise ValueError(f"is no date: {text_of(value)}")
    year, month, number = day.split("-")
    return f"{number}.{month}.{year}"


def _flag(field: Field, value: Value) -> str:
    return "1" if canonical(field, value) is True else "0"


def _tags(field: Field, value: Value) -> str:
    tags = [text_of(tag) for tag in value] if isinstance(value, list) else []
    for tag in tags:
        if "," in tag:
            raise ValueError(f'holds a comma in "{tag}", which parts tags from one another')
    return ",".join(tags)


def _rows(field: Field, value: Value) -> str:
    """`type|value,type|value`."""
    return ",".join(filter(None, map(_row_writer(field), value if isinstance(value, list) else [])))


def _row_writer(field: Field) -> Callable[[Value], str]:
    thing, types = ROW_MEMBERS[field.name], ROW_TYPES[field.name]

    def written(row: Value) -> str:
        if not isinstance(row, dict) or is_empty(row.get(thing)):
            return ""
        text, type_ = text_of(row[thing]), text_of(row.get("type"))
        if found := re.search("[,|]", text):
            named = {",": "a comma", "|": "a bar"}[found[0]]
            raise ValueError(f'holds {named} in "{text}", which parts entries from one another')
        if type_ not in types:
            raise ValueError(f'holds the type "{type_}"; v1.2 takes {", ".join(types)}')
        more = sorted(name for name in row if name not in ("type", thing) and not is_empty(row[name]))
        if more:
            raise ValueError(f"holds {more[0]}, which no request can carry")
        return f"{type_}|{text}"

    return written


_WRITERS: Mapping[FieldType, Callable[[Field, Value], str]] = {
    FieldType.DATE: _day,
    FieldType.BOOLEAN: _flag,
    FieldType.CHOICES: _tags,
    FieldType.ROWS: _rows,
}
