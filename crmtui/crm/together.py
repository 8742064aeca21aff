"""Calls that are made at the same time leave as one request, where the service takes such."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from crmtui.crm.adapter import Batch
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer, OutcomeUnknown

_QUIET_TURNS = 5
"""Turns of the loop without another call, after which what has come together leaves."""
_NO_BATCH = (404, 405, 406, 501)
"""What a service answers that has no such address after all; nothing was done then."""
_GOOD, _FAILED = 200, 500


class Waiting(NamedTuple):
    """A call that waits for company, since when, and by when it must be answered (`time.monotonic`)."""

    call: Call
    since: float
    deadline: float
    answer: asyncio.Future[Answer]


class Together:
    """Gathers the calls of one connection; reads and writes leave apart, so that reads can be repeated.

    One that stays alone leaves as itself. Whoever makes many calls at once need not know of it.
    """

    def __init__(self, batch: Batch, exchange: Callable[[Call, float], Awaitable[Answer]]) -> None:
        """`exchange` sends one request and gives its answer, or raises why there is none."""
        self._batch = batch
        self._exchange = exchange
        self._waiting: dict[bool, list[Waiting]] = {True: [], False: []}
        self._at_work: set[asyncio.Task[None]] = set()
        self._alone = False

    async def exchange(self, call: Call, deadline: float) -> Answer:
        """The answer to a call, in whichever company it left; raises what `exchange` does."""
        if self._alone:
            return await self._exchange(call, deadline)
        waiting = self._waiting[call.safe]
        one = Waiting(call, time.monotonic(), deadline, asyncio.get_running_loop().create_future())
        waiting.append(one)
        if len(waiting) == 1:
            task = asyncio.create_task(self._leave(waiting))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
        try:
            return await one.answer
        finally:
            if one in waiting:
                waiting.remove(one)  # whoever made it went away before it left

    def close(self) -> None:
        """Gives up what is under way."""
        for task in self._at_work:
            task.cancel()

    async def _leave(self, waiting: list[Waiting]) -> None:
        """Sends what has come together once no more comes, in containers as large as can be."""
        count = quiet = 0
        while quiet < _QUIET_TURNS:
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(waiting) == count else 0
            count = len(waiting)
        ready = waiting.copy()
        waiting.clear()
        most = self._batch.most
        # One after the other: what the first answer says of the calls left comes before the second leaves.
        for at in range(0, len(ready), most):
            await self._send(ready[at : at + most])

    async def _send(self, ready: Sequence[Waiting]) -> None:
        """One request, and to each who waits the answer or the error that is theirs."""
        try:
            answers = await self._answers(ready)
        except asyncio.CancelledError:
            _fail(ready, ConnectionAbortedError("the line was closed"))
            raise
        except Exception as error:  # whatever it is, it belongs to those who wait
            _fail(ready, error)
            return
        if answers is None:
            await asyncio.gather(*(self._send([one]) for one in ready))
            return
        for one, answer in zip(ready, answers, strict=True):
            if not one.answer.done():
                one.answer.set_result(answer)

    async def _answers(self, ready: Sequence[Waiting]) -> Sequence[Answer] | None:
        """The answers in the order of the calls; None where each must be asked for by itself."""
        # The turn that was waited for is not the service's time.
        now = time.monotonic()
        deadline = max(one.deadline + now - one.since for one in ready)
        if len(ready) == 1:
            return [await self._exchange(ready[0].call, deadline)]
        container = self._batch.pack([one.call for one in ready])
        answer = await self._exchange(container, deadline)
        if answer.status in _NO_BATCH:
            self._alone = True
            return None
        if not container.safe and answer.status >= _FAILED:
            # What of it was done before it failed is not said.
            raise OutcomeUnknown(f"The service failed ({answer.status}) while it worked on several writes.")
        if answer.status != _GOOD:
            return [answer] * len(ready)
        try:
            answers = self._batch.unpack(answer)
            if len(answers) != len(ready):
                raise BadAnswer(f"The service gave {len(answers)} answers to {len(ready)} requests.")
        except BadAnswer as error:
            if container.safe:
                raise
            raise OutcomeUnknown(f"Several writes were answered, but not each of them. {error}") from error
        return answers


def _fail(ready: Sequence[Waiting], error: Exception) -> None:
    for one in ready:
        if not one.answer.done():
            one.answer.set_exception(error)
