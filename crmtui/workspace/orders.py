"""Orders that a service is long at: a deletion of much, asked after until it is done."""

import asyncio
import time
from typing import Any

from crmtui.model.call import Pending, Progress
from crmtui.model.errors import CrmError, OutcomeUnknown
from crmtui.workspace.account import Account

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before the service is asked how far it is, the last again and again."""
_STANDSTILL = 60.0
"""Seconds without progress after which it is not waited for any longer."""


async def finished(account: Account, said: Any, progress: Progress) -> Any:
    """What an answer says, once the service is no longer at it; `progress` is told of percents.

    Raises `OutcomeUnknown` where it makes no way, or cannot be asked any more.
    """
    since, asked = time.monotonic(), 0
    while isinstance(said, Pending):
        progress(said.percent or 0, 100)
        await asyncio.sleep(PAUSES[min(asked, len(PAUSES) - 1)])
        asked += 1
        before = said
        try:
            said = await account.send(before.call)
        except CrmError as error:
            raise OutcomeUnknown(
                f"The service is at it, but cannot be asked how far. {error.message}"
            ) from error
        if not isinstance(said, Pending) or said.percent != before.percent:
            since = time.monotonic()
        elif time.monotonic() - since > _STANDSTILL:
            raise OutcomeUnknown("The service took it and has made no way for a minute.")
    return said
