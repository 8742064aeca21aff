"""The record types of Capsule, one set for both of its APIs.

Source: facts `capsule.md`, sections 1.1, 1.3, 2.2 and 2.3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.model.schema import Can, Deadline, Done, Kind, Related, Timeline

PARTIES: Final = "parties"
OPPORTUNITIES: Final = "opportunities"
KASES: Final = "kases"
TASKS: Final = "tasks"
ENTRIES: Final = "entries"
MAIN: Sequence[str] = (PARTIES, OPPORTUNITIES, KASES, TASKS)
SINGULAR: Mapping[str, str] = {
    PARTIES: "party",
    OPPORTUNITIES: "opportunity",
    KASES: "kase",
    TASKS: "task",
    ENTRIES: "entry",
}
"""What one record is called on the wire, and the field by which others point at it."""
TAGS: Final = "tags"
COMPLETED: Final = "COMPLETED"
OPEN: Final = "OPEN"
STAMP: Final = "updatedAt"
CREATED: Final = "createdAt"


def _can(filter_: tuple[str, ...] = (), *, notes: bool = True, several: int = 0, changes: bool = True) -> Can:
    return Can(
        tags=TAGS if notes else None,
        notes=notes,
        filter=filter_,
        order=False,
        stamp=STAMP,
        created=CREATED,
        several=several,
        changes=changes,
    )


def kinds(
    filters: Mapping[str, tuple[str, ...]], *, several: int = 0, lists_entries: bool = False
) -> Mapping[str, Kind]:
    """The kinds of an API that filters each by these operators, and brings so many records by their ids.

    `lists_entries`: whether entries are listed by themselves too.
    """

    def noted(kind: str) -> tuple[Related, ...]:
        return (Related(ENTRIES, SINGULAR[kind]),)

    return {
        kind.name: kind
        for kind in (
            Kind(
                PARTIES,
                "Parties",
                "party",
                can=_can(filters.get(PARTIES, ()), several=several),
                title=("firstName", "lastName", "name"),
                heading="Name",
                columns=("firstName", "lastName", "name", "jobTitle", "organisation", "owner", STAMP),
                related=noted(PARTIES),
            ),
            Kind(
                OPPORTUNITIES,
                "Opportunities",
                "opportunity",
                can=_can(filters.get(OPPORTUNITIES, ()), several=several),
                columns=("name", "milestone", "value", "currency", "expectedCloseOn", "party", "owner"),
                related=noted(OPPORTUNITIES),
            ),
            Kind(
                KASES,
                "Projects",
                "project",
                can=_can(filters.get(KASES, ()), several=several),
                columns=("name", "status", "party", "owner", STAMP),
                related=noted(KASES),
            ),
            Kind(
                TASKS,
                "Tasks",
                "task",
                can=_can(filters.get(TASKS, ()), notes=False, several=several, changes=False),
                title=("description",),
                columns=("description", "dueOn", "category", "status", "party", "opportunity", "owner"),
                deadline=Deadline("dueOn", whose="owner", state="status", done=(COMPLETED, "PENDING")),
                done=Done("status", COMPLETED, OPEN),
            ),
            Kind(
                ENTRIES,
                "History",
                "entry",
                can=Can(
                    filter=filters.get(ENTRIES, ()),
                    order=False,
                    stamp=STAMP if lists_entries else None,
                    created=CREATED if lists_entries else "entryAt",
                    listed=lists_entries,
                ),
                title=("subject", "content"),
                columns=("entryAt", "type", "subject", "content", "creator"),
                timeline=Timeline("entryAt"),
                note="content",
            ),
        )
    }
