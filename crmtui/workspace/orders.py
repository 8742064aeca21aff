"""Orders that a service is long at: a deletion of much, asked after until it is done."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from crmtui.model.call import Pending
from crmtui.model.errors import CrmError, Invalid, OutcomeUnknown
from crmtui.workspace.account import Account

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before the service is asked how far it is, the last again and again."""
_STANDSTILL = 60.0
"""Seconds without progress after which it is not waited for any longer."""


async def finished(account: Account, said: Any, tell: Callable[[str], None]) -> Any:
    """What an answer says, once the service is no longer at it; `tell` is told how far that is, in words.

    Raises `OutcomeUnknown` where it makes no way, or cannot be asked any more.
    """
    since, asked, told = time.monotonic(), 0, -1
    while isinstance(said, Pending):
        percent = said.percent or 0
        if percent != told:
            since, told = time.monotonic(), percent
            tell(f"the service is at it, {percent} % done.")
        elif time.monotonic() - since > _STANDSTILL:
            raise OutcomeUnknown("The service took it and has made no way for a minute.")
        await asyncio.sleep(PAUSES[min(asked, len(PAUSES) - 1)])
        asked += 1
        try:
            said = await account.send(said.call)
        except Invalid:  # it gave up
            raise
        except CrmError as error:
            raise OutcomeUnknown(
                f"The service is at it, but cannot be asked how far. {error.message}"
            ) from error
    return said
