"""Kinds that the plan or the user's rights leave out: remembered for a day, with the reason."""

from crmtui.model.call import Call
from crmtui.model.errors import Forbidden, NoRoute, NotFound
from crmtui.model.query import Page
from crmtui.store.known import DAY
from crmtui.workspace.account import Account


def why_closed(account: Account, kind: str) -> str | None:
    """Why a kind is not to be had, in the service's words; None where it is, or nobody asked yet."""
    return account.known.fact(_fact(kind), str, older=DAY) or None


async def first_page(account: Account, kind: str, call: Call) -> Page:
    """The beginning of a list; a refusal is remembered, an answer ends that."""
    try:
        page: Page = await account.send(call)
    except NoRoute:
        raise  # another way may lead there
    except (Forbidden, NotFound) as error:
        if not account.kind(kind).within:  # else it was refused of one record
            account.known.keep_fact(_fact(kind), error.message)
        raise
    if why_closed(account, kind):
        account.known.keep_fact(_fact(kind), "")
    return page


def _fact(kind: str) -> str:
    return f"closed {kind}"
