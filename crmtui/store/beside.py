"""A thread with a connection of its own to a mirror, so that no screen waits for what it does."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from crmtui.model.query import Order
from crmtui.store.database import Database
from crmtui.store.mirror import Mirror

T = TypeVar("T")


class Beside:
    """Does one thing after the other to a mirror; one that is kept in memory has a single connection.

    Whoever is cancelled while waiting gets nothing: what was not begun is left out, and what was goes
    to its end.
    """

    def __init__(self, database: Database, mirror: Mirror, orders: Mapping[str, Sequence[Order]]) -> None:
        """`database` and `mirror` are those of the screens."""
        self._database = database
        self._shared = mirror
        self._orders = orders
        self._thread: ThreadPoolExecutor | None = None
        self._own: tuple[Database, Mirror] | None = None

    @property
    def is_apart(self) -> bool:
        """Whether there is another connection, so that what is done here holds nobody up."""
        return self._database.path is not None and self._database.is_kept

    async def do(self, work: Callable[[Mirror], T]) -> T:
        """What the work on the mirror gives."""
        if not self.is_apart:
            await asyncio.sleep(0)
            return work(self._shared)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "mirror")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    def _work(self, work: Callable[[Mirror], T]) -> T:
        if self._own is None:
            database = Database(self._database.path, "mirror", durable=False)
            self._own = database, Mirror(database, self._shared.connection, self._orders)
        return work(self._own[1])

    def close(self) -> None:
        """Waits for what is being done, and closes the connection; the next work opens another."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.submit(self._close)
            thread.shutdown()

    def _close(self) -> None:
        own, self._own = self._own, None
        if own is not None:
            own[0].close()
