"""What a service's adapter offers: pure functions from wishes to Calls and from answers to records."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from crmtui.crm.webhooks import Webhooks
from crmtui.model.call import Answer, Call
from crmtui.model.news import Bar, News
from crmtui.model.pace import Pace
from crmtui.model.query import Asked, Page, Query
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, Kind, Schema
from crmtui.model.write import Write


class Batch(NamedTuple):
    """How several Calls leave as one request: the `most` of them, and that request's Call.

    `unpack` gives the answers in its answer, in their order, or raises `BadAnswer`.
    """

    most: int
    pack: Callable[[Sequence[Call]], Call]
    unpack: Callable[[Answer], Sequence[Answer]]


class Adapter(Protocol):
    """One service, sans I/O. Nothing here waits, and nothing here knows the token but `sign`."""

    label: str
    """The service's name for people."""
    kinds: Mapping[str, Kind]
    """The kinds that are built in or named by the connection, in the order of a sidebar."""
    main_kinds: Sequence[str]
    """The kinds that people work with; the others hang on these. Those named by the connection apart."""
    page_size: int
    """The most rows that one list call brings."""
    pages_from: int | None
    """The number of a list's first page; reading a list may prove it another than it was thought to be.

    None where pages have no numbers, and there is nothing to prove.
    """
    nested: bool
    """Whether lists beneath a record are asked for by its path; asking may prove that there are none."""
    users_kind: str | None
    """The kind whose records are the users; None where users are no records."""
    pauses: Sequence[float] | None
    """Seconds before the two repeats of a read whose answer `passes`, if it wants longer ones."""
    batch: Batch | None
    """How Calls that are made at once leave together; None where each is a request of its own."""
    waits_for_reset: bool
    """Whether the service wants no call at all, once they are spent, before they start anew."""
    pace: Pace | None
    """How fast the service lets itself be asked by all programs of a person; None where it does not say."""
    bars: Mapping[str, Bar]
    """What the service's notices (see `News`) stand for, by their words."""
    token_help: str
    """Where a person finds the token in the service's own settings, in one sentence."""
    hooks: Webhooks | None
    """The service's webhooks; None where it has none."""

    def sign(self, call: Call, token: str) -> Mapping[str, str]:
        """The headers that carry the token."""

    def login(self, secret: str) -> Call | None:
        """Exchanges a password for the token that signs calls; None where the secret is that itself.

        It is not signed, and reads to the token.
        """

    def check(self) -> Call:
        """The cheapest call that only a good token answers."""

    def samples(self) -> Sequence[Call]:
        """One record of each kind, with all that can hang on it: what is recorded for the developers."""

    def schema(self, kind: str) -> Call | None:
        """Asks for the fields of a kind; None where they are all built in. Reads to `Schema`."""

    def built_in(self, kind: str) -> Schema:
        """The fields that are known without asking."""

    def users(self) -> Call | None:
        """Asks for the users, where they are no records. Reads to a tuple of `Choice`."""

    def choices(self, kind: str, field: Field) -> Call | None:
        """Asks for a field's values; None where it has no list. Reads to a tuple of `Choice`."""

    def add_choices(self, kind: str, field: Field, values: Sequence[str], list_name: str) -> Call | None:
        """Adds values to a list of that name; None where the service cannot. Tells nothing of the list."""

    def list(self, query: Query, fields: Mapping[str, Field], size: int) -> Asked:
        """The first page of a list of `size` rows a page. Reads to `Page`."""

    def next_page(self, call: Call, page: Page, seen: int) -> Call | None:
        """The Call after `call` brought `page`; `seen` are the different rows read so far."""

    def page_at(self, call: Call, number: int) -> Call:
        """Any page of the list that `call` began, counted from 0, where pages are numbered."""

    def resized(self, call: Call, size: int, number: int) -> Call:
        """A page of another size of the list that `call` began, by the service's own number."""

    def stretch(self, call: Call, place: int, most: int) -> tuple[int, Call]:
        """The page of `most` rows at most that begins at a place or before, and reaches as far as can be.

        `call` began the list; with the page comes where it begins. Where a service does not tell what
        it counts from, it may begin one row later than that, but not after `place`.
        """

    def show(self, ref: Ref, known: Record | None = None) -> Call:
        """One record, `known` as it was last read. Reads to `Record`.

        One that is read `within` another (see `Kind`) reads to that other, and is among those `beneath` it.
        """

    def part(self, ref: Ref, name: str) -> Call:
        """What the record's own request leaves out (see `Field.part`). Reads to `Part`."""

    def changed(self, kind: str, since: str) -> Call:
        """What changed since a stamp, of a kind with `can.changes`. Reads to `Page`."""

    def deleted(self, kind: str, since: str) -> Call | None:
        """What was deleted since a stamp; None where the service does not tell. Reads to a tuple of ids."""

    def write(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """The Calls of a write, given the record as it is now.

        Each reads to what it tells of the record: `Record`, a `Part`, the `Ref` of a new one, a `Pending`
        that is asked after until it is something else, or None.
        """

    def restore(self, ref: Ref) -> Call | None:
        """Brings a deleted record back with its id; None where the service cannot.

        Reads to `Record`, or None where the answer does not tell it.
        """

    def download(self, ref: Ref, name: str) -> Call:
        """The file of a record of a kind with `can.content`, known as `name`. Reads to `Attachment`."""

    def read(self, call: Call, answer: Answer) -> Any:
        """What an answer says, in model words; raises the typed error it is."""

    def quota(self, answer: Answer, now: float) -> Quota | None:
        """What an answer says of the quota, None where it says nothing."""

    def news(self, answer: Answer) -> News | None:
        """What an answer tells of the account besides; None where answers tell nothing of it."""

    def passes(self, answer: Answer) -> bool:
        """Whether an error answer to a read may be gone a moment later."""


class Whole:
    """What an adapter says whose records come whole, and whose lists are had newest first."""

    waits_for_reset = False
    bars: Mapping[str, Bar] = {}
    pace: Pace | None = None

    def part(self, ref: Ref, name: str) -> Call:
        """No field is of a part."""
        raise ValueError(f"{ref.kind} have no part {name}")

    def changed(self, kind: str, since: str) -> Call:
        """No kind has `can.changes`."""
        raise ValueError(f"{kind} are not listed by what changed")

    def deleted(self, kind: str, since: str) -> Call | None:
        """The service does not tell."""
        return None

    def restore(self, ref: Ref) -> Call | None:
        """What is deleted is gone."""
        return None

    def login(self, secret: str) -> Call | None:
        """The token is had from the service's own pages."""
        return None

    def news(self, answer: Answer) -> News | None:
        """Answers tell what was asked for, and no more."""
        return None
