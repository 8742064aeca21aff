"""How the service behaves where its documents leave a choice: every switch, the likelier word first."""

from dataclasses import dataclass
from typing import Self

from crmtui.sandbox.switches import Switches


@dataclass(frozen=True, slots=True)
class Dialect:
    """The choices, from switches named SOLVE360_<FIELD>."""

    start: int
    """The number of a list's first row."""
    default_limit: int
    """Rows of a list that names no limit."""
    put: str
    """What a PUT answers: the status alone, or the item too."""
    list_order: str
    """Whether a list's rows or its count come first."""
    list_text: str
    """Whether long texts of a list stand between line ends, as they did in 2009."""
    empty_fields: str
    """Which empty fields a record shows: the four of the document, or all."""
    dates: str
    """Whether a day is sent as its midnight or as YYYY-MM-DD."""
    viewed: str
    """Whether reading a record moves its `viewed`."""
    choices: str
    """The element around a select field's choices."""
    field_label: str
    """Whether a field's label is a text or, in JSON, an object with a title."""
    field_errors: str
    """Whether a refused value is reported under its field's name."""
    groups: str
    """Whether /ownership/ tells of groups."""
    relate: str
    """Whether only records of one owner can be related; others are passed over in silence."""
    category_reply: str
    """Where the answer to a new category has its id."""
    activity_reply: str
    """Whether the answer to a new activity holds more than its id."""
    activity_stamps: str
    """Whether a new or changed activity moves its record's `updated`."""
    report_roots: str
    """The names in the reports whose answers nobody has shown: the report's own, or `activities`."""
    report_json: str
    """Whether JSON keys the activities of their report by id, or lists them."""
    timerecords: str
    """The form of time records: of 2009, with the task, or of 2013, with the parent."""
    hook_status: int
    """The status of a new webhook: the document of creates says 201, the webhook page 200."""
    hook_list: str
    """Whether GET /hooks/ answers."""
    batch_cost: str
    """Whether a container counts as a call itself."""
    batch_access: str
    """Whether the container needs credentials, or each call in it alone."""
    inner_lengths: str
    """Whether Content-Length inside a batch is right; in the document it is not."""
    call_limit: int
    calls_used: int
    """Calls already spent when the service starts."""
    throttle_every: int
    """Every so manieth call is refused with 400; 0 for none."""
    private: frozenset[str]
    """Ids of records that this user has no access to."""
    closed: frozenset[str]
    """Kinds and reports that this user has no access to."""
    closed_status: int

    @classmethod
    def read(cls, switches: Switches) -> Self:
        """The dialect that the switches ask for."""

        def choice(name: str, *allowed: str) -> str:
            return switches.choice(f"SOLVE360_{name}", allowed)

        def number(name: str, default: int) -> int:
            found = switches.number(f"SOLVE360_{name}")
            return default if found is None else found

        return cls(
            start=int(choice("START", "0", "1")),
            default_limit=number("DEFAULT_LIMIT", 5000),
            put=choice("PUT", "status", "item"),
            list_order=choice("LIST_ORDER", "rows", "count"),
            list_text=choice("LIST_TEXT", "plain", "indented"),
            empty_fields=choice("EMPTY_FIELDS", "core", "all"),
            dates=choice("DATES", "midnight", "day"),
            viewed=choice("VIEWED", "kept", "moved"),
            choices=choice("CHOICES", "options", "values", "none"),
            field_label=choice("FIELD_LABEL", "text", "title"),
            field_errors=choice("FIELD_ERRORS", "named", "generic"),
            groups=choice("GROUPS", "told", "none"),
            relate=choice("RELATE", "same-owner", "any"),
            category_reply=choice("CATEGORY_REPLY", "flat", "nested"),
            activity_reply=choice("ACTIVITY_REPLY", "full", "id"),
            activity_stamps=choice("ACTIVITY_STAMPS", "alone", "item"),
            report_roots=choice("REPORT_ROOTS", "named", "activities"),
            report_json=choice("REPORT_JSON", "keyed", "listed"),
            timerecords=choice("TIMERECORDS", "task", "parent"),
            hook_status=int(choice("HOOK_STATUS", "201", "200")),
            hook_list=choice("HOOK_LIST", "none", "listed"),
            batch_cost=choice("BATCH_COST", "nested", "container"),
            batch_access=choice("BATCH_ACCESS", "container", "nested"),
            inner_lengths=choice("INNER_LENGTHS", "right", "wrong"),
            call_limit=number("CALL_LIMIT", 12_000),
            calls_used=number("CALLS_USED", 0),
            throttle_every=number("THROTTLE_EVERY", 0),
            private=switches.words("SOLVE360_PRIVATE"),
            closed=switches.words("SOLVE360_CLOSED"),
            closed_status=int(choice("CLOSED_STATUS", "403", "401", "404")),
        )
