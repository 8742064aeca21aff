"""How API v2 behaves where its documents leave a choice, and what can be provoked: the usual word first."""

from dataclasses import dataclass
from typing import Self

from crmtui.sandbox.switches import Switches


@dataclass(frozen=True, slots=True)
class Dialect:
    """The choices, from switches named CAPSULE_<FIELD>."""

    call_limit: int
    calls_used: int
    """Calls already spent when the service starts."""
    window: int
    """Seconds after which the calls begin anew."""
    throttle_at: int
    """The call of this number is refused with 429; 0 for none."""
    owner: str
    """Whether an owner may be written as a username, or as an id alone."""
    jobs: frozenset[str]
    """Entities, `tags` and ids of records whose deletes are jobs, which a 202 tells of."""
    job_polls: int
    """How often a job is asked for until it has ended."""
    job_outcome: str
    """How jobs end; the record stays there until then, and after a failure."""
    deleted: str
    """The array of what was deleted is named deletedParties, is named parties, or there is no such feed."""
    page_cap: int
    """The largest page that is given, however much more is asked for; 0 for what is asked for."""
    more: str
    """How a list tells that it goes on: by X-Pagination-Has-More and Link, or by one of them."""
    stamps: str
    """Whether moments have milliseconds."""
    closed: frozenset[str]
    """Entities and ids of records that this user has no access to."""
    closed_status: int

    @classmethod
    def read(cls, switches: Switches) -> Self:
        """The dialect that the switches ask for."""

        def choice(name: str, *allowed: str) -> str:
            return switches.choice(f"CAPSULE_{name}", allowed)

        def number(name: str, default: int) -> int:
            found = switches.number(f"CAPSULE_{name}")
            return default if found is None else found

        return cls(
            call_limit=number("CALL_LIMIT", 4000),
            calls_used=number("CALLS_USED", 0),
            window=number("WINDOW", 3600),
            throttle_at=number("THROTTLE_AT", 0),
            owner=choice("OWNER", "any", "id"),
            jobs=switches.words("CAPSULE_JOBS"),
            job_polls=number("JOB_POLLS", 3),
            job_outcome=choice("JOB_OUTCOME", "completed", "failed"),
            deleted=choice("DELETED", "named", "short", "none"),
            page_cap=number("PAGE_CAP", 0),
            more=choice("MORE", "both", "link", "header"),
            stamps=choice("STAMPS", "seconds", "milliseconds"),
            closed=switches.words("CAPSULE_CLOSED"),
            closed_status=int(choice("CLOSED_STATUS", "403", "404")),
        )
