"""Transfer: where a document's file goes or comes from, and how far it is."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static
from textual.worker import Worker

from crmtui.model.errors import CrmError, OutcomeUnknown
from crmtui.model.record import Record, Ref
from crmtui.model.text import clean
from crmtui.model.value import text_of
from crmtui.model.write import Write
from crmtui.tui.behind import behind
from crmtui.tui.dialog_keys import dialog_keys
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.path_line import PathLine, TextLine
from crmtui.workspace.desk import Desk
from crmtui.workspace.documents import Documents
from crmtui.workspace.progress import Steps, amount, share, size
from crmtui.workspace.saved import Saved

T = TypeVar("T")
_CELLS = 24
_OFFERED = 8
"""Names that are shown of those a path may go on with."""


class TransferScreen(CommandScreen[T]):
    """A dialog with a path in it: `enter` (`do_submit`) goes on, `esc` (`do_stop`) leaves or stops."""

    IDS: ClassVar[Sequence[str]] = ("submit", "stop")
    CSS_PATH = "../styles/transfer.tcss"
    AUTO_FOCUS = "PathLine"
    KEYS: ClassVar[Sequence[tuple[str, str]]] = ()
    """Keys and what they do, in words."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._modal = True
        self.desk = desk
        self.documents = Documents(desk)
        self._moving = False
        self._steps = Steps()

    def on_mount(self) -> None:
        """The cursor stands at the end of the path."""
        line = self.query_one(PathLine)
        line.cursor_position = len(line.value)
        self._show_keys()

    def row(self, label: str, line: TextLine) -> Horizontal:
        """A field with its label."""
        return Horizontal(Label(Content(label), classes="label"), line, classes="row")

    def move(self, moving: bool) -> None:
        """Whether bytes move; the fields rest meanwhile."""
        self._moving = moving
        self._steps = Steps()
        for line in self.query(TextLine):
            line.disabled = moving
        if not moving:
            self.query_one(PathLine).focus()
        self.tell("asking …" if moving else "")
        self._show_keys()

    def tell(self, words: str, *, wrong: bool = False) -> None:
        """The line beneath the fields."""
        self.tell_content(Content(clean(f"✗ {words}" if wrong else words)))
        self.query_one("#said").set_class(wrong, "-wrong")

    def tell_content(self, content: Content) -> None:
        """The line beneath the fields, styled."""
        self.query_one("#said", Static).update(content)

    def progress(self, done: int, total: int | None) -> None:
        """How far it is, drawn when a tenth or a second went by."""
        if not self._steps.due(done, total) or not self.is_attached:
            return
        part = share(done, total)
        filled = round((part or 0) * _CELLS)
        bar = "" if part is None else f"{'▰' * filled}{'▱' * (_CELLS - filled)}  "
        self.tell_content(Content.assemble((bar, "$accent"), (amount(done, total), "$text-value")))

    def _show_keys(self) -> None:
        pairs = (("esc", "stop"),) if self._moving else self.KEYS
        self.query_one("#keys", Static).update(dialog_keys(pairs))

    def on_path_line_offered(self, event: PathLine.Offered) -> None:
        """What the path may go on with."""
        shown = "  ".join(event.names[:_OFFERED])
        more = len(event.names) - _OFFERED
        self.tell(f"{shown}  … {more} more" if more > 0 else shown)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong with it is another text now."""
        said = self.query_one("#said")
        if said.has_class("-wrong"):
            self.tell("")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field."""
        event.stop()
        await self.action_command("submit")


class DownloadScreen(TransferScreen[Path]):
    """Gives the path of the file once it is whole, None where it was left."""

    NAME = "Save file"
    KEYS = (("enter", "save"), ("tab", "complete"), ("esc", "cancel"))

    def __init__(self, desk: Desk, document: Record) -> None:
        super().__init__(desk)
        self._document = document

    def compose(self) -> ComposeResult:
        with Panel(id="dialog") as panel:
            panel.entitle(f"Save file · {clean(self._document.title)}")
            panel.tell("1 call")
            yield self.row("Save as", PathLine(self.documents.default_place(self._document), id="path"))
            yield Static(id="said")
            yield Static(id="keys")

    def do_submit(self) -> None:
        """Fetches the file."""
        if not self._moving:
            self.move(True)
            behind(self, self._fetch(self.query_one(PathLine).value), "transfer")

    async def _fetch(self, place: str) -> None:
        try:
            path = await self.documents.download(self._document.ref, place, self.progress)
        except CrmError as error:
            self.move(False)
            self.tell(error.message, wrong=True)
        else:
            self.dismiss(path)

    def do_stop(self) -> None:
        """Leaves; what came of a file is taken away."""
        if self._moving:
            self.workers.cancel_group(self, "transfer")
            self.tui.say("Stopped; nothing of the file is kept.")
        self.dismiss(None)


class UploadScreen(TransferScreen[Saved]):
    """Gives what was saved once the service has it, None where it was left."""

    NAME = "Upload"
    KEYS = (("enter", "review"), ("tab", "complete, next field"), ("esc", "cancel"))

    def __init__(self, desk: Desk, parent: Ref) -> None:
        super().__init__(desk)
        kind, record = desk.account.kind(parent.kind), desk.record(parent)
        self._holder = parent
        self._whose = f"{kind.singular} {clean(record.title) if record else parent.id}"
        self._sending: Worker[None] | None = None
        self._done: Saved | None = None

    def compose(self) -> ComposeResult:
        with Panel(id="dialog") as panel:
            panel.entitle(f"Upload · to the {self._whose}")
            yield self.row("File", PathLine(placeholder="its path", id="path"))
            yield self.row("Description", TextLine(placeholder="may stay empty", id="description"))
            yield Static(id="said")
            yield Static(id="keys")

    def do_submit(self) -> None:
        """Looks at the file, then shows what would be sent."""
        if self._moving:
            return
        path, description = (self.query_one(f"#{id_}", TextLine).value for id_ in ("path", "description"))
        if not path.strip():
            self.tell("Write the path of the file.", wrong=True)
            return
        try:
            write = self.documents.plan(self._holder, Path(path), description.strip())
            calls = self.documents.calls(write)
            bytes_ = Path(text_of(write.edits["file"])).stat().st_size
        except (CrmError, OSError) as error:
            self.tell(str(error), wrong=True)
            return
        rows = [("File", "", f"{write.edits['file']} · {size(bytes_)}"), ("Belongs to", "", self._whose)]
        if description.strip():
            rows.append(("Description", "", description.strip()))

        def send(yes: bool | None) -> None:
            if yes:
                self._send(write)

        self.app.push_screen(ReviewScreen(self.desk, "upload", rows, calls, new=True), send)

    def _send(self, write: Write) -> None:
        self.move(True)
        # The write belongs to no screen: it ends when the app does, or when a person stops it.
        self._sending = self.app.run_worker(
            self._upload(write), group="write", description=f"upload to {self._holder}", exit_on_error=False
        )

    async def _upload(self, write: Write) -> None:
        try:
            saved = await self.documents.upload(write, self.progress)
        except OutcomeUnknown as error:
            self.tui.say(f"{error.message} {_LOOK}", error=True)
            self._end(None)
        except CrmError as error:
            self.move(False)
            self.tell(error.message, wrong=True)
        except asyncio.CancelledError:
            self.tui.say(f"Stopped: whether the service has the file is not known. {_LOOK}", error=True)
            raise
        else:
            self._end(saved)

    def _end(self, saved: Saved | None) -> None:
        """Goes away; a question whether to stop goes first."""
        self._moving = False
        self._done = saved
        if self.is_current:
            self.dismiss(saved)

    def do_stop(self) -> None:
        """Leaves; what is on its way is stopped only when that is meant."""
        if not self._moving:
            self.dismiss(None)
            return

        def answered(yes: bool | None) -> None:
            if not self._moving:
                self.dismiss(self._done)
            elif yes and self._sending is not None:
                self._sending.cancel()
                self.dismiss(None)

        self.app.push_screen(ConfirmScreen("Stop the upload", _STOP, "stop it", "go on"), answered)


_LOOK = "Look at the record's documents before you upload it again."
_STOP = "What has left cannot be called back, and the service may have it. Stop the upload?"
