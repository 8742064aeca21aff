"""Next: what follows on a thing that is done, in one line of text and one of a day."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static

from crmtui.model.errors import Invalid
from crmtui.model.schema import Then
from crmtui.model.text import clean
from crmtui.model.write import Write
from crmtui.tui.dialog_keys import dialog_keys
from crmtui.tui.screens.line_screen import LineScreen
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.path_line import TextLine

_KEYS = (("enter", "review"), ("tab", "the other line"), ("esc", "done, nothing next"))


class FollowingScreen(LineScreen[Write]):
    """A dialog that gives the write of what is next, None where nothing is."""

    NAME = "Next"
    IDS: ClassVar[Sequence[str]] = ("submit", "stop")
    CSS_PATH = "../styles/following.tcss"
    AUTO_FOCUS = "#text"

    def __init__(
        self, title: str, labels: tuple[str, str], then: Then, made: Callable[[str, str], Write]
    ) -> None:
        """`labels` name the text and the day; `made` gives the write of both, or raises `Invalid`."""
        super().__init__()
        self._modal = True
        self._title, self._labels, self._then, self._made = title, labels, then, made

    def compose(self) -> ComposeResult:
        words = ", ".join(word for word, _ in self._then.words if word)
        with Panel(id="dialog") as panel:
            panel.entitle(f"Done: {clean(self._title)}", "and next?")
            for label, id_, hint in zip(
                self._labels,
                ("text", "day"),
                ("empty: nothing next", f"fri, +3d, 2026-12-01, {words}; empty: no date"),
                strict=True,
            ):
                line = TextLine(placeholder=hint, id=id_)
                yield Horizontal(Label(Content(label), classes="label"), line, classes="row")
            yield Static(id="said")
            yield Static(dialog_keys(_KEYS), id="keys")

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong with it is another text now."""
        self._tell("")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line."""
        event.stop()
        await self.action_command("submit")

    def do_submit(self) -> None:
        """Gives the write, or says what cannot be sent."""
        text, day = (self.query_one(f"#{id_}", TextLine).value for id_ in ("text", "day"))
        if not text.strip() and not day.strip():
            self.dismiss(None)
            return
        try:
            self.dismiss(self._made(text, day))
        except Invalid as error:
            self._tell(error.message)

    def do_stop(self) -> None:
        """Nothing is next."""
        self.dismiss(None)

    def _tell(self, words: str) -> None:
        self.query_one("#said", Static).update(Content(f"✗ {clean(words)}" if words else ""))
