"""How a list is asked for: its first page by whichever way, and what that proves of the filter."""

from collections.abc import Callable, Mapping

from crmtui.model.bind import ID
from crmtui.model.errors import CrmError, NoRoute
from crmtui.model.match import matches, names_in
from crmtui.model.query import Asked, Page, Query
from crmtui.model.record import Record
from crmtui.model.schema import Field
from crmtui.workspace.account import NESTED, Account
from crmtui.workspace.closed import first_page


def as_read(record: Record) -> Record:
    """A record without more labels than its answer has."""
    return record


async def first_of(account: Account, kind: str, asked: Asked) -> tuple[Page, Asked]:
    """The first page; where the service knows no such way by the other one, and that is kept."""
    try:
        page = await first_page(account, kind, asked.call)
    except NoRoute as unknown:
        asked = asked.instead or asked
        try:
            page = await first_page(account, kind, asked.call)
        except CrmError:
            raise unknown.cause from None
        if page.records:
            account.adapter.nested = False
            account.known.keep_fact(NESTED, False)
    return page, asked


def doubted(
    asked: Asked,
    query: Query,
    page: Page,
    fields: Mapping[str, Field],
    labelled: Callable[[Record], Record],
) -> Asked:
    """The whole filter is done here once a page holds rows that do not pass: the service passed over it.

    Rows without a field that the filter looks at prove nothing, for a listing may leave it out.
    """
    where = query.where
    if where is None or asked.rest == where:
        return asked
    names = set(names_in(where)) - {ID.name}
    told = (labelled(record) for record in page.records if names <= record.values.keys())
    return asked if all(matches(where, record, fields) for record in told) else Asked(asked.call, where)


def note_total(account: Account, query: Query, total: int | None) -> None:
    """Keeps how many records of a kind there are, which every unfiltered list tells."""
    if query.where is None and total is not None:
        account.known.keep_fact(total_of(query.kind), total)


def total_of(kind: str) -> str:
    """The name of the fact that says how many records of a kind there are."""
    return f"total of {kind}"
