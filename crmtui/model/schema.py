"""What a kind of record consists of, and what its service can do with it. Kinds and fields are data."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import takewhile

import msgspec

from crmtui.model.record import Value
from crmtui.model.text import clean


class FieldType(StrEnum):
    """How a field is typed in, compared and printed; a word nobody has seen is `UNKNOWN`, as text."""

    TEXT = "text"
    MULTILINE = "multiline"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CHOICE = "choice"
    CHOICES = "choices"
    REFERENCE = "reference"
    USER = "user"
    ROWS = "rows"
    UNKNOWN = "unknown"


NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
IDS = frozenset({FieldType.REFERENCE, FieldType.USER})
_LONGEST = 100
"""Characters of a text by which an entry of a timeline is called."""
_NAMED = IDS | {FieldType.CHOICE, FieldType.CHOICES}


class Choice(msgspec.Struct, frozen=True):
    """One value that a field can take, and the text that people know it by; `mail` is a user's address.

    `key`: how the service itself names it in some of its requests, where that is not the value.
    """

    value: str
    label: str
    mail: str = ""
    key: str = ""


class Naming(msgspec.Struct, frozen=True):
    """How rows name records by their `id`: the member `by` tells the kind, `kinds` by its values.

    `name` is the member that holds what the record is called, `note` the one that a person writes, if any.
    """

    by: str
    kinds: tuple[tuple[str, str], ...]
    name: str = "name"
    note: str = "note"


class Field(msgspec.Struct, frozen=True):
    """One field of a kind, named as on the wire.

    `choices`: the values it takes; None where it has no list, or where the service must be asked
    (`asks`). `open`: values outside the choices are taken. `refers_to`: the kind that a reference
    points at; of `rows` that are records of a kind of their own, that kind. `fields`: the members
    of a row of type `rows`. `listed`: lists hold it; else only a record read by itself tells it.
    `naming`: how rows that are no records themselves name some. `part`: the part of a record that holds
    it, where that is read and written by requests besides the record's own. `given`: a field, and the
    value of it that records have which have this one too. `key`: how the service itself names it, where
    that is not the name. `fixed`: it is given to a new record, and stays. `pattern`: a regular
    expression that a text of it must match. `unit`: the field that tells the unit of this one, and is
    cleared with it. `filters`: its values are filters that the account keeps: no record holds one, and
    only the service lists by it.
    """

    name: str
    label: str = ""
    type: FieldType = FieldType.TEXT
    required: bool = False
    read_only: bool = False
    max_length: int | None = None
    choices: tuple[Choice, ...] | None = None
    open: bool = True
    refers_to: str | None = None
    asks: bool = False
    lookup: str | None = None
    fields: tuple["Field", ...] = ()
    listed: bool = True
    naming: Naming | None = None
    part: str = ""
    given: tuple[str, str] | None = None
    key: tuple[str, ...] = ()
    fixed: bool = False
    pattern: str = ""
    unit: str = ""
    filters: bool = False

    @property
    def title(self) -> str:
        """The label, or the name where the service gives none."""
        return self.label or self.name

    @property
    def named(self) -> bool:
        """Whether its values can go by other texts: of records, users, and lists, one of numbers too."""
        return self.type in _NAMED or (self.asks and self.type in NUMBERS)

    @property
    def picked(self) -> bool:
        """Whether a form has its values picked by name, one or several."""
        return self.named or self.naming is not None

    @property
    def embedded(self) -> bool:
        """Whether it holds rows that are part of their record, and are written with it."""
        return (
            self.type is FieldType.ROWS
            and bool(self.fields)
            and not (self.read_only or self.refers_to or self.naming)
        )

    @property
    def members(self) -> tuple["Field", ...]:
        """What can be written in one of its rows."""
        return tuple(field for field in self.fields if not field.read_only and field.name != "id")

    @property
    def sorts(self) -> tuple["Field", ...]:
        """The members that tell of what sort a row is: the choices before all others."""
        return tuple(takewhile(lambda member: member.type is FieldType.CHOICE, self.members))

    @property
    def mains(self) -> tuple["Field", ...]:
        """The members that a row is there for; one without any of them is none."""
        return self.members[len(self.sorts) :]


class Can(msgspec.Struct, frozen=True):
    """What the service can do with a kind, so that no screen asks which CRM it is."""

    create: bool = True
    edit: bool = True
    delete: bool = True
    tags: str | None = None
    """The field of type choices that holds the tags of a record."""
    notes: bool = False
    filter: tuple[str, ...] = ()
    order: bool = True
    orders: tuple[str, ...] = ()
    """The fields that the service orders by; empty where `order` means all of them."""
    stamp: str | None = None
    """The field that tells when a record changed; with `order` the kind can be had newest first."""
    created: str | None = None
    """The field that tells when a record was made."""
    numbered_pages: bool = False
    reach: int | None = None
    """The rows of a list that can be asked for by position, None for all; the plain list can be read on."""
    listed: bool = True
    """Whether its records are listed by themselves, and not only beneath the one they hang on."""
    content: bool = False
    """Whether its records are files: one is made by uploading it to the record it belongs to."""
    single: bool = True
    """Whether one record can be asked for by itself, and not only with its list."""
    several: int = 0
    """The most records that one call brings by their ids, where its filter has no `|`."""
    changes: bool = False
    """Whether the service lists what changed since a moment, where it orders nothing by `stamp`."""
    restores_last: bool = False
    """Whether undoing a deletion brings the record itself back, if no other was deleted since."""
    elsewhere: str = ""
    """Of a kind that nobody writes: where its records are made and changed instead, in a sentence."""

    def orders_by(self, field: str) -> bool:
        """Whether the service can list the kind in the order of a field."""
        return self.order and (not self.orders or field in self.orders)


class Related(msgspec.Struct, frozen=True):
    """Records of `kind` point at this one through their field `field`, if others have the values `given`."""

    kind: str
    field: str
    given: tuple[tuple[str, str], ...] = ()


class Timeline(msgspec.Struct, frozen=True):
    """Records that stand on the timeline of those they point at, by the moment in their field `at`.

    `trail`: each is a state of the other record, told by what changed since the one before.
    `above`: the field that holds the id of the entry that one hangs on, or of the record itself.
    """

    at: str
    trail: bool = False
    above: str = ""


class Holder(msgspec.Struct, frozen=True):
    """What records hang on: its id is in their field `field`, the value of `told` stands for its kind."""

    field: str
    told: str
    kinds: Mapping[str, str]


class Deadline(msgspec.Struct, frozen=True):
    """Records that somebody has to see to by the moment in their field `by`.

    `whose`: the field of the users in charge. `state`: the field that tells of what is done: that it is
    true, or has one of the values `done`. `late`: whether what was not done in time is still to be done;
    an appointment is not. `undated`: whether what has no day is to be done all the same. `clock`: the
    field of the moment, where some have one besides the day. `sort`: the field whose values `at_once` are
    to be done first of all today, whatever their day, and are called by a word; those of `apart` wait.
    `text`: the field that tells what is to be done, where the record is what it is to be done for.
    """

    by: str
    whose: str = ""
    state: str = ""
    done: tuple[str, ...] = ()
    late: bool = True
    undated: bool = False
    clock: str = ""
    sort: str = ""
    at_once: tuple[tuple[str, str], ...] = ()
    apart: tuple[str, ...] = ()
    text: str = ""


class Idle(msgspec.Struct, frozen=True):
    """Records for which nothing is planned: those whose `fields` all hold nothing.

    `heading` stands over them. `plan` is the kind of what is planned, `by` its field that names the record;
    `whose`: the field of the users in charge.
    """

    heading: str
    fields: tuple[str, ...]
    plan: str
    by: str
    whose: str = ""


class Then(msgspec.Struct, frozen=True):
    """What is made next, once a thing is done: a record of the same kind with the same values of `keeps`.

    `text` and `day` are the fields that are typed. `words` can be typed for a day, the empty one too:
    each stands for the values of other fields.
    """

    text: str
    day: str
    keeps: tuple[str, ...] = ()
    words: tuple[tuple[str, Mapping[str, Value]], ...] = ()


class Done(msgspec.Struct, frozen=True):
    """The field that says whether a thing is done: by the value `yes`, or `no` where it is to be done.

    `then`: what follows on it, None where that is not asked for.
    """

    field: str
    yes: Value = True
    no: Value = False
    then: Then | None = None


class Kind(msgspec.Struct, frozen=True):
    """A sort of record that a service keeps: known before any call."""

    name: str
    label: str
    singular: str
    can: Can = Can()
    title: tuple[str, ...] = ("name",)
    """The fields whose texts, joined by a space, name a record."""
    called: str | None = None
    """The field that the service fills with what a record is called, where that is none of `title`."""
    columns: tuple[str, ...] = ()
    """The fields that a list shows unless told otherwise."""
    heading: str = ""
    """What stands over the names of its records, where the screen shows those for the fields of `title`."""
    order: tuple[str, ...] = ()
    """The order that a list begins with on the screen, `FIELD` or `FIELD:desc`."""
    related: tuple[Related, ...] = ()
    """Who points at it otherwise than by a reference field, which the schemas tell of."""
    timeline: Timeline | None = None
    """How its records stand on a timeline; None where they are listed."""
    amount: tuple[str, ...] = ()
    """The fields whose product is what a record comes to: a quantity and a price."""
    holder: Holder | None = None
    """What its records hang on, where no reference field alone tells."""
    deadline: Deadline | None = None
    """By when its records are to be seen to; None where nothing is due."""
    idle: Idle | None = None
    """How it is known that nothing is planned for a record; None where nothing has to be."""
    within: tuple[str, ...] = ()
    """The fields that hold the kind and the id of the record that its records are read with.

    All that hangs on that record is read at once; empty where records are read by themselves.
    """
    done: Done | None = None
    """How its records are completed; None where nobody completes them."""
    holds: tuple[str, ...] = ()
    """The kinds that people make beneath its records."""
    counted_by: str = ""
    """The field of the statuses by which answers count its records, as they do by tags (see `News`)."""
    note: str = ""
    """Of notes: the field that the text of one is typed in."""

    @property
    def is_order(self) -> bool:
        """Whether its records are orders to the service, which makes others of them and keeps none."""
        return bool(self.within) and self.timeline is None

    @property
    def tells_plan(self) -> bool:
        """Whether its records tell what is next on them, which is a record of another kind."""
        return self.idle is not None and self.deadline is not None and bool(self.deadline.text)

    def title_of(self, id_: str, values: Mapping[str, Value]) -> str:
        """What people call a record of these values; an entry of a timeline by the beginning of its text."""
        parts = [part for name in self.title if isinstance(part := values.get(name), str) and part.strip()]
        if self.timeline:
            parts = [_beginning(part) for part in parts]
        told = " ".join(map(clean, [self.singular, *parts] if parts and self.is_order else parts))
        return told or f"{self.singular} {id_}"


def _beginning(text: str) -> str:
    """The first line of a text, or the most of it."""
    first = text.strip().splitlines()[0]
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"


class Schema(msgspec.Struct, frozen=True):
    """The fields of a kind, in the order of a form; `fetched_at` is UTC seconds, 0 for built-in only.

    `told`: how many of them the service's dictionary named. `strange`: its type words that are not known.
    """

    kind: str
    fields: tuple[Field, ...]
    fetched_at: float = 0.0
    told: int = 0
    strange: tuple[str, ...] = ()

    @property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field:
        """The field of that name; one known only from an answer is unknown and read-only."""
        return self.by_name.get(name) or Field(name, type=FieldType.UNKNOWN, read_only=True)
