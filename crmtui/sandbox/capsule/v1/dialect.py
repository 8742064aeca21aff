"""How v1 behaves where its documents leave a choice: every switch, the likelier word first."""

from dataclasses import dataclass
from typing import Self

from crmtui.sandbox.switches import Switches


@dataclass(frozen=True, slots=True)
class Dialect:
    """The choices, from switches named CAPSULE_V1_<FIELD>."""

    default_limit: int
    """Rows of a list that names no limit."""
    max_limit: int
    """Rows of a list at most, whatever limit it names."""
    size: str
    """Whether a list's `size` is of the page, or of all that match."""
    tag_ids: str
    """Whether tags have ids; in 2013 they had none."""
    put: str
    """Whether PUT of an organisation, opportunity, case or task answers the record, as of a person."""
    embed: str
    """Whether `embed=tags` works on lists of parties."""
    deleted_twins: str
    """Whether the deleted feed of opportunities has twins for parties and cases."""
    data_tag: str
    """Whether setting a field of a data tag also puts the tag on the record."""
    party_of_new: str
    """Whether an employee's new opportunity is the organisation's, with the employee as a contact."""
    definitions: str
    """What definitions tell besides tag, label, type, options: their id, nothing, all of later years."""
    number_field: str
    """The element of a custom field's number."""
    size_beside_rows: str
    """Whether JSON tells `@size` beside rows, or of empty lists only."""
    slashes: str
    """Whether JSON escapes slashes."""
    json_errors: str
    """Whether JSON tells a refusal's message bare, or within `response` as XML does."""
    invalid: int
    """The status of values that the account's rules refuse."""
    throttled: str
    """Whether a 429 tells the quota."""
    rights: str
    """Whether the token's user may write; who may not gets 401."""
    private: frozenset[str]
    """Ids of records that this user has no access to: to them they do not exist."""
    call_limit: int
    calls_used: int
    """Calls already spent when the service starts."""
    window: int
    """Seconds after which the calls begin anew."""
    throttle_at: int
    """The call of this number is refused with 429; 0 for none."""

    @classmethod
    def read(cls, switches: Switches) -> Self:
        """The dialect that the switches ask for."""

        def choice(name: str, *allowed: str) -> str:
            return switches.choice(f"CAPSULE_V1_{name}", allowed)

        def number(name: str, default: int) -> int:
            found = switches.number(f"CAPSULE_V1_{name}")
            return default if found is None else found

        return cls(
            default_limit=number("DEFAULT_LIMIT", 100),
            max_limit=number("MAX_LIMIT", 500),
            size=choice("SIZE", "page", "total"),
            tag_ids=choice("TAG_IDS", "told", "none"),
            put=choice("PUT", "record", "empty"),
            embed=choice("EMBED", "tags", "ignored"),
            deleted_twins=choice("DELETED_TWINS", "answered", "none"),
            data_tag=choice("DATA_TAG", "apart", "attached"),
            party_of_new=choice("PARTY_OF_NEW", "organisation", "person"),
            definitions=choice("DEFINITIONS", "id", "bare", "full"),
            number_field=choice("NUMBER_FIELD", "number", "text"),
            size_beside_rows=choice("SIZE_BESIDE_ROWS", "told", "none"),
            slashes=choice("SLASHES", "plain", "escaped"),
            json_errors=choice("JSON_ERRORS", "bare", "response"),
            invalid=int(choice("INVALID", "400", "500")),
            throttled=choice("THROTTLED", "told", "bare"),
            rights=choice("RIGHTS", "all", "read"),
            private=switches.words("CAPSULE_V1_PRIVATE"),
            call_limit=number("CALL_LIMIT", 4000),
            calls_used=number("CALLS_USED", 0),
            window=number("WINDOW", 3600),
            throttle_at=number("THROTTLE_AT", 0),
        )
