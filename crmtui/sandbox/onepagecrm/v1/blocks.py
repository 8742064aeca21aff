"""The blocks that come beside the data: tags, statuses and sales, by which a client renews what it shows."""

from collections.abc import Callable, Iterable
from typing import Any

from .dialect import Dialect
from .labels import Labels
from .sales import Sales


class Blocks:
    """Makes the blocks of an answer, as the dialect has it."""

    def __init__(self, labels: Labels, sales: Sales, dialect: Dialect) -> None:
        self._made: dict[str, Callable[[], Any]] = {
            "sales": sales.block,
            "statuses": labels.status_counts,
            "tags": labels.tag_counts,
        }
        self._policy = dialect.blocks

    def told(self, names: Iterable[str]) -> dict[str, Any]:
        """The blocks of an answer that usually comes with some."""
        if self._policy == "none":
            return {}
        if self._policy == "empty":
            return {name: [] if name == "statuses" else {} for name in names}
        wanted = self._made if self._policy == "every" else names
        return {name: self._made[name]() for name in wanted}
