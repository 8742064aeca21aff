"""The person's own program for alerts, run beside the work and never in its way."""

import asyncio
import os
from collections.abc import Callable, Sequence

from crmtui.paths import reason

DEADLINE = 5.0
"""Seconds after which the program is ended."""


class AlertCommand:
    """`alert_command` of the configuration: it gets each sentence as one argument more, and no shell."""

    def __init__(self, argv: Sequence[str], complain: Callable[[str], None]) -> None:
        """`complain` is told once that the program does not work."""
        self._argv = tuple(argv)
        self._complain = complain
        self._complained = False
        self._running: set[asyncio.Task[None]] = set()

    def __bool__(self) -> bool:
        return bool(self._argv)

    def tell(self, sentence: str) -> None:
        """Starts the program, if one is named."""
        if self._argv:
            task = asyncio.create_task(self._run(sentence))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Waits until what was started has ended, which its deadline makes sure of."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, sentence: str) -> None:
        from crmtui.secrets.process import run

        # Its argument must hold no end of a text, and its environment none of the tokens.
        argv = [*self._argv, sentence.replace("\0", "")]
        env = {name: value for name, value in os.environ.items() if not name.startswith("CRMTUI_TOKEN_")}
        try:
            ended = await asyncio.to_thread(run, argv, DEADLINE, None, env)
        except (OSError, ValueError) as error:
            self._failed(f"cannot be started ({reason(error) if isinstance(error, OSError) else error})")
            return
        if ended.status is None:
            self._failed(f"did not end within {DEADLINE:g} seconds and was stopped")
        elif ended.status:
            self._failed(f"failed with status {ended.status}")

    def _failed(self, how: str) -> None:
        if not self._complained:
            self._complained = True
            self._complain(f"alert_command ({self._argv[0]}) {how}; mend it in the configuration.")
