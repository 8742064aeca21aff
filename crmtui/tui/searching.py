"""The search of a list: what was typed, in which kinds, and what the mirror has with those words."""

from typing import TYPE_CHECKING

from crmtui.model.record import Record
from crmtui.tui.behind import behind
from crmtui.tui.format import ago
from crmtui.tui.hit_source import HitSource, KindWords
from crmtui.workspace.coverage import Coverage, coverage
from crmtui.workspace.hits import hits

if TYPE_CHECKING:
    from crmtui.tui.widgets.list_pane import ListPane


class Searching:
    """Stands over the rows of a pane until it ends; it makes no call."""

    def __init__(self, pane: "ListPane") -> None:
        self._pane = pane
        self.text = ""
        self.everywhere = False
        """Whether all kinds are searched."""
        self.typing = True
        """Whether the line that it is typed into has the keys."""
        self.source: HitSource | None = None
        """What was found; None while nothing is typed."""
        self._done: tuple[str, bool] = ("", False)
        """What was looked for last, and where."""
        self._runs = False
        self._covered: Coverage | None = None
        self._words = KindWords(pane.desk)

    def type(self, text: str) -> None:
        """Another text: its hits come behind the screen, and take the place of those of an earlier one."""
        self.text = text
        self._follow()

    def widen(self) -> None:
        """All kinds, or the one of the list again."""
        self.everywhere = not self.everywhere
        self._covered = None
        self._follow()

    def _follow(self) -> None:
        if not self._runs:
            self._runs = True
            behind(self._pane, self._run(), "search", exclusive=False)

    async def _run(self) -> None:
        """Searches until it has come up with what is typed; letters in between are passed over."""
        try:
            await self._catch_up()
        finally:
            self._runs = False

    async def _catch_up(self) -> None:
        pane = self._pane
        while pane.searching is self and self._done != (wish := (self.text, self.everywhere)):
            source = None
            if self.text.strip():
                found = await hits(pane.desk.account, self.text, pane.kind.name, everywhere=self.everywhere)
                source = HitSource(pane.desk, self._words, found, everywhere=wish[1], marks=pane.marks)
            self._done = wish
            if wish == (self.text, self.everywhere) and pane.searching is self:
                self.source = source
                pane.show_source()

    def look_again(self) -> None:
        """The mirror changed: what was found is read again, and how much of all is mirrored."""
        self._covered = None
        if self.source is not None:
            self.source.forget()

    async def chosen(self) -> Record | None:
        """The record under the cursor, of what was typed last."""
        await self._catch_up()
        return self._pane.current if self.source else None

    # -- what the frame says

    @property
    def title(self) -> str:
        """What was searched."""
        where = "All kinds" if self.everywhere else self._pane.kind.label
        return f"{where} · / {self.text.strip()}"

    @property
    def figure(self) -> str:
        """How many were found, here and in all kinds."""
        if self.source is None:
            return ""
        here, everywhere = self.source.hits.counts
        label = self._pane.kind.label.lower()
        found, other = f"{here:,} {label}", f"{everywhere:,} in all kinds"
        if self.everywhere:
            found, other = other, found
        listed, of = self.source.total() or 0, everywhere if self.everywhere else here
        cut = f"first {listed:,} of " if listed < of else ""
        return f"{cut}{found} · {other}{', tab' if self.typing else ''}"

    def age(self, now: float) -> tuple[str, str]:
        """How old what is searched is, or what is missing and the key that helps; and the colour."""
        account = self._pane.desk.account
        covered = self._covered
        if covered is None:
            covered = coverage(account, None if self.everywhere else self._pane.kind.name)
            self._covered = covered
        if covered.since is not None:
            return f"synced {ago(covered.since, now)}", "$text-dim"
        if not account.connection.mirror:
            return f"{covered.held:,} in memory", "$text-dim"
        key = "esc, then S" if self.typing else "S"
        if covered.unknown:
            return f"{covered.held:,} mirrored so far · {key} syncs all", "$warning"
        return f"{covered.held:,} of {covered.total:,} mirrored · {key} syncs the rest", "$warning"

    @property
    def why_empty(self) -> str:
        """The sentence in the place of rows; nothing where there are some."""
        if self.source is None or self.source.total():
            return ""
        kind = self._pane.kind
        said = [f"Nothing mirrored of {kind.label.lower()} has “{self.text.strip()}”."]
        everywhere = self.source.hits.counts.everywhere
        if self.everywhere:
            said = [f"Nothing that is mirrored has “{self.text.strip()}”."]
        elif everywhere:
            said.append(f"tab shows {everywhere:,} of other kinds.")
        if self.typing and kind.title:
            said.append(f"enter asks the service for {kind.label.lower()} with this name: 1 call.")
        return " ".join(said)
