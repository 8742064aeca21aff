"""The data dictionary and the lookup lists, in every shape that the vendor's words allow.

Source: the vendor's page "CRM API Version 4.0", sections "Data Dictionary" and "Lookup lists/dropdowns".
No sample of either answer is public, so each plausible shape is read; none is relied on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmtui.crm.spotler.kinds import refers_to
from crmtui.crm.spotler.standard_fields import COMPUTED, FIELDS, STAMPS
from crmtui.model.errors import BadAnswer
from crmtui.model.schema import NUMBERS, Choice, Field, FieldType

_NAME_KEYS = ("name", "field", "fieldname", "field_name", "key", "column")
_LABEL_KEYS = ("label", "title", "caption", "description")
_TYPE_KEYS = ("type", "datatype", "data_type", "fieldtype")
_REQUIRED_KEYS = ("required", "mandatory", "is_required")
_LENGTH_KEYS = ("maxlength", "max_length", "maxLength", "length", "size", "max")
_LOOKUP_KEYS = ("lookup", "list", "lookup_list", "list_name", "lookuplist")
_READ_ONLY_KEYS = ("readonly", "read_only", "readOnly", "computed")
_HOLDERS = ("list", "fields", "items", "data", "record", "values", "lookup")
_YES = (True, 1, "1", "true", "yes", "y", "required")

_WORDS: Sequence[tuple[str, FieldType]] = (
    (r"multi ?selects?|multi ?line select|multi ?picklist", FieldType.CHOICES),
    (r"select(ion)?|drop ?downs?|look ?ups?( list)?|pick ?lists?|options?|enum", FieldType.CHOICE),
    (r"check|check ?box(es)?|bool|boolean|tinyint 1", FieldType.BOOLEAN),
    (r"date ?time|timestamp", FieldType.DATETIME),
    (r"date", FieldType.DATE),
    (r"e ?mail|mail", FieldType.EMAIL),
    (r"url|web|web ?(site|link)|(hyper)?link", FieldType.URL),
    (r"(tele)?phone|tel", FieldType.PHONE),
    (r"curr|currency|money", FieldType.MONEY),
    (r"perc|percent|percentage", FieldType.PERCENT),
    (r"dec|decimal|float|double|real|num|number|numeric", FieldType.DECIMAL),
    (r"(tiny|small|medium|big)?int|integer", FieldType.INTEGER),
    (r"memo|text ?area|long|(long|medium) ?text|multi ?line", FieldType.MULTILINE),
    (r"multi", FieldType.CHOICES),
)
"""Words of types, of which the first that stands whole in what is said counts: "GeoPoint" is no "int"."""
_TEXT_WORDS = r"(tiny)?text|string|str|(n?var)?char"


def fields_of(kind: str, said: Any, stems: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of a kind: those of the dictionary in its order, then the built-in ones it leaves out.

    `stems`: the kinds by what stands before `id` in the name of a reference to one.
    """
    known = {field.name: field for field in FIELDS.get(kind, ())}
    found: dict[str, Field] = {}
    for name, about in _entries(said):
        if name and name != "id":
            found.setdefault(name, _field(name, about, known.get(name) or STAMPS.get(name), stems))
    return (*found.values(), *(field for name, field in known.items() if name not in found))


def words_of(said: Any) -> tuple[int, tuple[str, ...]]:
    """How many fields the dictionary names, and its words for types that nobody foresaw."""
    about = {name: _type_words(about) for name, about in _entries(said) if name and name != "id"}
    return len(about), tuple(sorted({words.lower() for words in about.values() if not _is_foreseen(words)}))


def choices_of(said: Any) -> tuple[Choice, ...]:
    """The values of a lookup list, each once, in the service's order: the id is stored, the value shown."""
    found: dict[str, Choice] = {}
    for value, label in _choice_pairs(said):
        if value != "":
            found.setdefault(value, Choice(value, label or value))
    return tuple(found.values())


def _entries(said: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(name, what is said of it) for each field, whatever the shape around them."""
    holder = _unwrap(said)
    if isinstance(holder, list):
        for item in holder:
            about = item.get("record", item) if isinstance(item, dict) else item
            if isinstance(about, str):
                yield about, {}
            elif isinstance(about, dict):
                name = _first(about, _NAME_KEYS)
                if isinstance(name, str):
                    yield name, about
    elif isinstance(holder, dict):
        for name, about in holder.items():
            if name == "metadata":
                continue
            if isinstance(about, str):
                yield name, {"type": about}
            elif isinstance(about, dict):
                yield name, about
    else:
        raise BadAnswer("The service's data dictionary is neither a list nor an object.")


def _unwrap(said: Any) -> Any:
    """The list or map inside `{"list": …}`, `{"data": {"fields": …}}` and the like."""
    while isinstance(said, dict):
        inner = next((said[key] for key in _HOLDERS if isinstance(said.get(key), (list, dict))), None)
        if inner is None or _is_entry(inner):
            return said
        said = said[next(key for key in _HOLDERS if said.get(key) is inner)]
    return said


def _is_entry(inner: Any) -> bool:
    """Whether this is what a dictionary says of a field that happens to be called `list` or `data`."""
    return (
        isinstance(inner, dict)
        and bool(inner)
        and any(isinstance(inner.get(key), str) for key in (*_TYPE_KEYS, *_REQUIRED_KEYS))
    )


def _field(name: str, about: Mapping[str, Any], known: Field | None, stems: Mapping[str, str]) -> Field:
    words = _type_words(about)
    lookup = _first(about, _LOOKUP_KEYS)
    asks = bool(lookup) or (known is not None and known.asks)
    refers = refers_to(name, stems)
    type_ = _type(words, known, asks, refers)
    label = _first(about, _LABEL_KEYS)
    length = _first(about, _LENGTH_KEYS) or _in_brackets(words)
    required = _first(about, _REQUIRED_KEYS)
    return Field(
        name,
        label if isinstance(label, str) else known.label if known else "",
        type_,
        # What is known of standard fields is a guess there, and must not refuse what the service takes.
        required=_is_yes(required) if required is not None else bool(known and known.required),
        read_only=name in COMPUTED
        or _is_yes(_first(about, _READ_ONLY_KEYS))
        or bool(known and known.read_only),
        max_length=_length(length) if type_ not in NUMBERS else None,
        asks=asks or type_ in (FieldType.CHOICE, FieldType.CHOICES, FieldType.USER),
        lookup=lookup if isinstance(lookup, str) else None,
        refers_to=refers or (known.refers_to if known else None),
        fields=known.fields if known else (),
    )


def _type_words(about: Mapping[str, Any]) -> str:
    return str(_first(about, _TYPE_KEYS) or "").strip()


def _said(words: str) -> FieldType | None:
    return next((type_ for pattern, type_ in _WORDS if _stands_in(words, pattern)), None)


def _is_foreseen(words: str) -> bool:
    return not words or _said(words) is not None or _stands_in(words, _TEXT_WORDS)


def _stands_in(words: str, pattern: str) -> bool:
    """Whether one of a pattern's words stands whole in a text, whatever stands between them."""
    parts = re.findall("[A-Z]*[a-z]+|[A-Z]+|[0-9]+", words)
    plain = " ".join(parts).lower()
    return re.search(rf"\b(?:{pattern})\b", plain) is not None


def _type(words: str, known: Field | None, asks: bool, refers: str | None) -> FieldType:
    """A reference by its name; else what the dictionary says, unless the built-in table knows better."""
    if refers is not None:
        return FieldType.USER if refers == "users" else FieldType.REFERENCE
    said = _said(words) or FieldType.TEXT
    if asks and said in (FieldType.TEXT, FieldType.MULTILINE, FieldType.UNKNOWN):
        return FieldType.CHOICE
    if known is not None and said is FieldType.TEXT:
        return known.type
    # The dictionary's "Date" and "Number" are wider words than what is known of standard fields.
    if known is not None and {said, known.type} in (
        {FieldType.DATE, FieldType.DATETIME},
        {FieldType.DECIMAL, FieldType.MONEY},
        {FieldType.DECIMAL, FieldType.PERCENT},
        {FieldType.DECIMAL, FieldType.INTEGER},
        {FieldType.DECIMAL, FieldType.BOOLEAN},
        {FieldType.INTEGER, FieldType.BOOLEAN},
        {FieldType.DECIMAL, FieldType.REFERENCE},
        {FieldType.INTEGER, FieldType.REFERENCE},
    ):
        return known.type
    return said


def _choice_pairs(said: Any) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict):
        items = next(
            (said[key] for key in ("items", "list", "values", "data", "lookup") if key in said), None
        )
        if items is None:
            items = {key: value for key, value in said.items() if key not in ("metadata", "message")}
    else:
        items = said
    if isinstance(items, dict):
        for key, value in items.items():
            if isinstance(value, (str, int)):
                yield str(key), str(value)
        return
    if not isinstance(items, list):
        raise BadAnswer("The service's lookup list is neither a list nor an object.")
    for item in items:
        about = item.get("record", item) if isinstance(item, dict) else item
        if isinstance(about, dict):
            label = _first(about, ("value", "name", "label", "text"))
            value = _first(about, ("id", "key", "value", "name", "label"))
            if value is not None:
                yield str(value), str(value if label is None else label)
        elif isinstance(about, (str, int)) and not isinstance(about, bool):
            yield str(about), str(about)


def _first(about: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """The first of several spellings of one thing; some writers capitalise them."""
    for key in keys:
        for spelling in (key, key.capitalize(), key.upper()):
            if about.get(spelling) is not None:
                return about[spelling]
    return None


def _is_yes(value: Any) -> bool:
    return (value.strip().lower() if isinstance(value, str) else value) in _YES


def _in_brackets(words: str) -> str | None:
    found = re.search(r"(?:char|text)\w*\s*\((\d{1,6})\)", words.lower())
    return found.group(1) if found else None


def _length(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) else None
