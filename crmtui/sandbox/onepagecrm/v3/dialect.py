"""How API v3 behaves where its documents leave a choice, and what can be provoked: the usual word first."""

from dataclasses import dataclass
from typing import Self

from crmtui.sandbox.switches import Switches


@dataclass(frozen=True, slots=True)
class Dialect:
    """The choices, from switches named ONEPAGECRM_<FIELD>; those of both dialects are in `terms`."""

    rate: int
    """Calls a second, 0 for any number."""
    burst: int
    """Calls at once after a pause."""
    throttle_at: int
    """The call of this number is refused as one too many; 0 for none."""
    page_cap: int
    """The largest page that is given, however much more is asked for; 0 for what is asked for."""
    per_page: str
    """More than 100 records a page are capped to that, or refused."""
    deep: str
    """Pages beyond the 10,000th contact are empty, refused, or given."""
    cascade: str
    """The cascade has the contacts of all users where they are asked for, or the caller's own only."""
    stream: str
    """The action stream ends with contacts without an action, or is tidy."""
    embeds: str
    """Deals, notes and calls stand beside a contact where they are asked for, or always."""
    no_address: str
    """A contact without an address has one of empty parts, or none."""
    call_time: str
    """The time of a call is text in the answer to its creation, or a number as elsewhere."""
    blocks: str
    """The counts beside an answer are told, empty, or not there."""
    sales: str
    """Answers to writes of deals tell the sales, or hide them."""
    notifications: str
    """Answers tell the restrictions that the account has reached as those of v1.2 do, or do not."""
    unknown: str
    """Members of bodies that the documents do not know are ignored, or refused."""
    closed: frozenset[str]
    """Kinds and ids of records that this user may not see."""

    @classmethod
    def read(cls, switches: Switches) -> Self:
        """The dialect that the switches ask for."""

        def choice(name: str, *allowed: str) -> str:
            return switches.choice(f"ONEPAGECRM_{name}", allowed)

        def number(name: str, default: int) -> int:
            found = switches.number(f"ONEPAGECRM_{name}")
            return default if found is None else found

        return cls(
            rate=number("RATE", 5),
            burst=number("BURST", 10),
            throttle_at=number("THROTTLE_AT", 0),
            page_cap=number("PAGE_CAP", 0),
            per_page=choice("PER_PAGE", "capped", "refused"),
            deep=choice("DEEP", "empty", "refused", "given"),
            cascade=choice("CASCADE", "asked", "own"),
            stream=choice("STREAM", "all", "tidy"),
            embeds=choice("EMBEDS", "asked", "always"),
            no_address=choice("NO_ADDRESS", "blank", "none"),
            call_time=choice("CALL_TIME", "text", "number"),
            blocks=choice("BLOCKS", "told", "empty", "none"),
            sales=choice("SALES", "told", "hidden"),
            notifications=choice("NOTIFICATIONS", "hidden", "told"),
            unknown=choice("UNKNOWN", "ignored", "refused"),
            closed=switches.words("ONEPAGECRM_CLOSED"),
        )
