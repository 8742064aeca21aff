"""What an account is not allowed at present, as its service said last: refused before a call is spent."""

import time

from crmtui.crm.adapter import Adapter
from crmtui.model.errors import Restricted
from crmtui.model.schema import Kind
from crmtui.model.text import clean
from crmtui.model.write import Op
from crmtui.store.notices import Notices

_BELIEVED = 15 * 60.0
"""Seconds after which the service is asked again by sending the write."""


class Restrictions:
    """The notices of one connection, and the writes that they refuse."""

    def __init__(self, name: str, adapter: Adapter, notices: Notices) -> None:
        self._name = name
        self._adapter = adapter
        self._notices = notices

    def hear(self, words: tuple[str, ...]) -> None:
        """A successful answer told these notices, or none."""
        self._notices.keep(words, time.time())

    def why_not(self, kind: Kind, op: Op) -> str:
        """Why a write would be refused, as sentences; empty where nothing is known to speak against it."""
        for word in self._believed():
            bar = self._adapter.bars.get(word)
            if bar is not None and op in bar.refused.get(kind.name, ()):
                asks = f"crmtui list {self._name}/{next(iter(self._adapter.kinds))} --limit 1"
                return f"{bar.why} Nothing was sent; {asks} asks the service again."
        return ""

    def refuse(self, kind: Kind, op: Op) -> None:
        """Raises `Restricted` for a write that the service said it would refuse."""
        if reason := self.why_not(kind, op):
            raise Restricted(reason)

    @property
    def told(self) -> list[str]:
        """What the service says, in sentences; a word that is not known as it is."""
        bars = self._adapter.bars
        return [bars[word].why if word in bars else clean(word) for word in self._believed()]

    @property
    def labels(self) -> list[str]:
        """The same in a few words each."""
        bars = self._adapter.bars
        return [bars[word].label if word in bars else clean(word) for word in self._believed()]

    def _believed(self) -> list[str]:
        now = time.time()
        return [word for word, at in self._notices.all() if 0 <= now - at < _BELIEVED]
