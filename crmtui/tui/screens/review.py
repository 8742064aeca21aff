"""Review: what a save would change, the requests it would send, and what they cost."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crmtui.model.call import Call, cost_of
from crmtui.model.quota import Quota
from crmtui.model.text import clean
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.widgets.columns import cut, fit
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk

_WIDTH = 104
"""Cells of the dialog, as its style sheet has them."""
_LABEL = 20
_LONGEST = 160
"""Characters of a value that are shown."""
_BODY = 4000


class ReviewScreen(CommandScreen[bool]):
    """Nothing leaves before enter; esc goes back to the form."""

    NAME = "Review"
    IDS: ClassVar[Sequence[str]] = ("submit", "back")
    CSS_PATH = "../styles/review.tcss"
    AUTO_FOCUS = "#changes"

    def __init__(
        self,
        desk: Desk,
        title: str,
        changes: Sequence[tuple[str, str, str]],
        calls: Sequence[Call],
        *,
        new: bool = False,
        back: str = "back to the form",
        note: str = "",
        warning: str = "",
    ) -> None:
        """`back` says where esc leads; `note` and `warning` stand above the changes."""
        super().__init__()
        self._desk = desk
        self._title = title
        self._changes = changes
        self._calls = calls
        self._new = new
        self._back, self._note, self._warning = back, note, warning

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Panel(id="review") as panel:
            fields = len(self._changes)
            count = f"{fields} field{'' if fields == 1 else 's'}" if fields else ""
            panel.entitle(f"Review · {clean(self._title)}", count)
            panel.tell(cost_words(self._calls, self._desk.account.quota()))
            with VerticalScroll(id="changes", can_focus=True):
                if self._note or self._warning:
                    yield Static(self._text(), id="words")
                if self._changes:
                    yield Static(self._table(self.app.size.width), id="table")
                yield Static(requests(self._calls), id="requests")
            yield Static(self._keys(), id="foot")

    def on_mount(self) -> None:
        """Whose record it is stands above it."""
        self.tui.status.show(self.query_one(TitleBar), self._desk)

    def on_resize(self) -> None:
        """The width is another."""
        for table in self.query("#table").results(Static):
            table.update(self._table(self.size.width))

    def _text(self) -> Content:
        parts = [Content.styled(clean(self._note), "$text-value")] if self._note else []
        if self._warning:
            parts.append(Content.styled(f"! {clean(self._warning)}", "$warning"))
        return Content("\n").join([*parts, Content("")])

    def _table(self, width: int) -> Content:
        room = min(width, _WIDTH) - 8
        words = "value" if self._new else "old → new"
        longest = max(Content(clean(label)).cell_length for label, _, _ in self._changes)
        label = min(max(_LABEL, longest), room // 3)
        heading = Content.styled(f"{fit('field', label)}  {words}", "bold $text-label")
        rows = [line(*change, width=room, new_record=self._new, labels=label) for change in self._changes]
        return Content("\n").join([heading, *rows, Content("")])

    def _keys(self) -> Content:
        return Content.assemble(
            ("enter", "bold $accent"),
            (" send    ", "$text-value"),
            ("esc", "bold $accent"),
            (f" {self._back}", "$text-label"),
        )

    def do_submit(self) -> None:
        """Sends."""
        self.dismiss(True)

    def do_back(self) -> None:
        """To the form, with nothing sent."""
        self.dismiss(False)


def line(
    label: str, old: str, new: str, *, width: int, new_record: bool = False, labels: int = _LABEL
) -> Content:
    """One change: the label, what was, and what will be; on two lines where one is too short."""
    was = Content.styled(short(old), "$text-dim strike" if old else "$text-dim")
    will = Content.styled(short(new), "$text-value" if new else "$text-dim")
    becomes = Content.assemble(("→ ", "$text-dim"), will)
    room = max(20, width - labels - 2)
    if new_record:
        lines = will.wrap(room)
    elif was.cell_length + 1 + becomes.cell_length <= room:
        lines = [Content(" ").join([was, becomes])]
    else:
        lines = [*was.wrap(room), *becomes.wrap(room)]
    name = Content.styled(f"{fit(clean(label), labels)}  ", "$text-label")
    return name + Content("\n" + " " * (labels + 2)).join(lines)


def short(text: str) -> str:
    """A value on one line, cut where it is long, with its length then; empty as `—`."""
    if not text:
        return "—"
    one = clean(text)
    if len(one) <= _LONGEST:
        return one
    return f"{one[:_LONGEST].rstrip()}… ({len(text):,} characters)"


def requests(calls: Sequence[Call]) -> Content:
    """Each request in one line, as it will leave; the token is no part of it."""
    lines = []
    for call in calls:
        body = clean(call.body_text)
        lines.append(f"{call.method} {clean(call.target)}  {cut(body, _BODY)}".rstrip())
    return Content.styled("\n".join(lines), "$text-dim")


def cost_words(calls: Sequence[Call], quota: Quota) -> str:
    """What it costs, and what is left where that is known."""
    words = cost_of(calls)
    if quota.used is not None and quota.limit:
        left = f"{max(0, quota.limit - quota.used):,} left"
        return f"{words} · {left}" if any(call.beside for call in calls) else f"{words} of {left}"
    return words
