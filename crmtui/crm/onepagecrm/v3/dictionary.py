"""The fields of a kind and the values that they take, as `/bootstrap` and the lists tell them.

Source: facts `onepagecrm.md`, section 6, "Data dictionary for edit forms".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crmtui.crm.onepagecrm.filters import FILTER
from crmtui.crm.onepagecrm.v3 import kinds
from crmtui.crm.onepagecrm.v3.custom import name_of, taken_of
from crmtui.crm.onepagecrm.v3.envelope import unwrapped
from crmtui.crm.onepagecrm.v3.fields import CUSTOM, FIELDS
from crmtui.crm.onepagecrm.v3.said import text_in
from crmtui.model.schema import Choice, Field, FieldType

_WORDS: Mapping[str, FieldType] = {
    "single_line_text": FieldType.TEXT,
    "multi_line_text": FieldType.MULTILINE,
    "external_id": FieldType.TEXT,
    "number": FieldType.DECIMAL,
    "date": FieldType.DATE,
    "anniversary": FieldType.DATE,
    "select_box": FieldType.CHOICE,
    "multiple_choice": FieldType.CHOICES,
}
_DIVIDER = "section_divider"
_LISTS = (FieldType.CHOICE, FieldType.CHOICES)
LISTED = frozenset(
    {
        "title",
        "status_id",
        "synced_status_id",
        "lead_source_id",
        "call_result",
        "pipeline_id",
        "sales_pipeline_id",
        "stage",
        kinds.TAGS,
        FILTER,
    }
)
"""The fields whose values `/bootstrap` tells."""
COUNTRY = "country_code"


def definitions_of(kind: str, said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The custom fields of a kind in their order, headings left out."""
    defined, about = CUSTOM.get(kind, ("", ""))
    rows = unwrapped(_data(said).get(defined), about)
    return [row for row in rows if text_in(row, "id") and text_in(row, "type") != _DIVIDER]


def schema_fields(kind: str, said: Mapping[str, Any]) -> tuple[Field, ...]:
    """The built-in fields of a kind with the values that they take, then those that the account defines."""
    return (
        *(_with_choices(field, said) for field in FIELDS[kind]),
        *_custom(kind, definitions_of(kind, said)),
    )


def strange_words(definitions: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The words for types that nobody foresaw."""
    return tuple(sorted({text_in(about, "type") for about in definitions} - _WORDS.keys()))


def choices_of(name: str, said: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The values of a field that `/bootstrap` tells."""
    data = _data(said)
    match name:
        case "status_id" | "synced_status_id":
            return _named(unwrapped(_block(said, "statuses"), "status"))
        case "lead_source_id":
            return _named(unwrapped(_block(said, "lead_sources"), "lead_source"))
        case "pipeline_id" | "sales_pipeline_id":
            return _named(_pipelines(data))
        case "filter_id":
            return _named(unwrapped(data.get("filters"), "filter"))
        case "stage":
            return _stages(data)
        case "call_result":
            return _results(data)
        case "title":
            titles = data.get("contact_titles")
            return tuple(Choice(each, each) for each in titles or () if isinstance(each, str))
        case _:
            tags = _block(said, "tags")
            rows = tags.get("tags") if isinstance(tags, dict) else None
            names = dict.fromkeys(text_in(row, "name") for row in unwrapped(rows, "tag"))
            return tuple(Choice(each, each) for each in names if each)


def users_of(said: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The users by their names."""
    rows = unwrapped(said.get("data"), "user")
    return tuple(
        Choice(text_in(row, "id"), _person(row) or text_in(row, "email"), text_in(row, "email"))
        for row in rows
        if text_in(row, "id")
    )


def countries_of(said: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The countries by their names."""
    rows = unwrapped(_data(said).get("countries"), "country")
    return tuple(Choice(text_in(row, "code"), text_in(row, "name")) for row in rows if text_in(row, "code"))


def _data(said: Mapping[str, Any]) -> Mapping[str, Any]:
    data = said.get("data")
    return data if isinstance(data, dict) else {}


def _block(said: Mapping[str, Any], name: str) -> Any:
    """A block at the top of the answer, or GUESS in its data."""
    return said.get(name) or _data(said).get(name)


def _with_choices(field: Field, said: Mapping[str, Any]) -> Field:
    """Tags are asked for when they are wanted: people make new ones all the time."""
    if field.name not in LISTED or field.name == kinds.TAGS:
        return field
    found = choices_of(field.name, said)
    return msgspec.structs.replace(field, choices=found) if found else field


def _custom(kind: str, definitions: Sequence[Mapping[str, Any]]) -> list[Field]:
    taken = set(taken_of(kind))
    found: list[Field] = []
    for about in definitions:
        id_ = text_in(about, "id")
        label = text_in(about, "name") or id_
        name = name_of(label, taken)
        taken.add(name)
        type_ = _WORDS.get(text_in(about, "type"), FieldType.UNKNOWN)
        options = dict.fromkeys(each for each in about.get("choices") or () if isinstance(each, str))
        choices = tuple(Choice(each, each) for each in options) if type_ in _LISTS else None
        found.append(Field(name, label, type_, choices=choices, open=type_ not in _LISTS, key=(id_,)))
    return found


def _named(rows: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(text_in(row, "id"), text_in(row, "text") or text_in(row, "name") or text_in(row, "id"))
        for row in rows
        if text_in(row, "id")
    )


def _pipelines(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    settings = data.get("settings")
    return unwrapped(settings.get("pipelines"), "pipeline") if isinstance(settings, dict) else []


def _stages(data: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The stages by their numbers; one that is called otherwise in another pipeline has all of its names."""
    settings = data.get("settings")
    plain = settings.get("deal_stages") if isinstance(settings, dict) else None
    lists = [pipeline.get("stages") for pipeline in _pipelines(data)] or [plain]
    labels: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for rows in lists:
        for row in unwrapped(rows, "deal_stage"):
            stage = row.get("stage")
            if isinstance(stage, int) and not isinstance(stage, bool):
                labels[stage] |= dict.fromkeys(filter(None, [text_in(row, "label")]))
    return tuple(Choice(str(stage), " / ".join(labels[stage]) or str(stage)) for stage in sorted(labels))


def _results(data: Mapping[str, Any]) -> tuple[Choice, ...]:
    """What calls can come to, in the account's order where it has one."""
    held, order = data.get("call_results"), data.get("call_results_order")
    known = (
        {key: label for key, label in held.items() if isinstance(label, str)}
        if isinstance(held, dict)
        else {}
    )
    first = [key for key in order if key in known] if isinstance(order, list) else []
    return tuple(Choice(key, known[key] or key) for key in dict.fromkeys([*first, *known]))


def _person(row: Mapping[str, Any]) -> str:
    return " ".join(text for name in ("first_name", "last_name") if (text := text_in(row, name)))
