"""The ways of files through the screens: from a document to this machine, from here to a record."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmtui.model.record import Record
from crmtui.model.schema import Kind
from crmtui.tui.behind import behind
from crmtui.tui.command import Command, keys_of
from crmtui.tui.commands import COMMANDS
from crmtui.workspace.desk import Desk

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui
    from crmtui.workspace.documents import Documents

IDS = ("download", "upload")
"""The commands of this module."""


def foremost(commands: Sequence[Command], kind: Kind) -> list[Command]:
    """The commands of a screen, those of this module first where it shows files."""
    return sorted(commands, key=lambda command: kind.can.content and command.id not in IDS)


class DocumentFlows:
    """Saving and uploading; each runs in a worker of the app, as the ways through forms do."""

    def __init__(self, app: "CrmTui") -> None:
        self._app = app

    def why_not(self, desk: Desk, id_: str, record: Record | None) -> str | None:
        """Why the record's file cannot be saved, or nothing be uploaded to it; None if it can."""
        if record is None:
            return f"There is no {'document' if id_ == 'download' else 'record'} under the cursor."
        kind = desk.account.kind(record.ref.kind)
        key = keys_of(COMMANDS[id_], self._app.keymap)[0]
        if id_ == "download":
            return None if kind.can.content else f"{key} saves the file of a document; this is none."
        documents = _documents(desk)
        parent = documents.parent(record) if kind.can.content else record.ref
        if parent is None:
            return f"Nothing tells what this document belongs to: open that record, and press {key} there."
        return documents.why_not(desk.account.kind(parent.kind))

    def how_to(self) -> str:
        """How a document is made, since no form makes one."""
        key = keys_of(COMMANDS["upload"], self._app.keymap)[0]
        return f"A document is a file: {key} uploads one, on a record or on a document beside it."

    def download(self, desk: Desk, record: Record) -> None:
        """Asks where to, and saves the file of a document."""
        self._app.keys.hold()
        behind(self._app, self._download(desk, record), "form")

    async def _download(self, desk: Desk, record: Record) -> None:
        from crmtui.tui.screens.transfer import DownloadScreen

        waiting = self._app.push_screen(DownloadScreen(desk, record), wait_for_dismiss=True)
        await self._app.release_keys()
        path = await waiting
        if path is not None:
            self._app.say(f"Saved: {path}", lasting=True)

    def upload(self, desk: Desk, record: Record) -> None:
        """Asks for a file, and uploads it to a record, or to the one that a document belongs to."""
        self._app.keys.hold()
        behind(self._app, self._upload(desk, record), "form")

    async def _upload(self, desk: Desk, record: Record) -> None:
        from crmtui.tui.screens.transfer import UploadScreen

        kind = desk.account.kind(record.ref.kind)
        parent = _documents(desk).parent(record) if kind.can.content else record.ref
        if parent is None:
            self._app.keys.drop()
            return
        waiting = self._app.push_screen(UploadScreen(desk, parent), wait_for_dismiss=True)
        await self._app.release_keys()
        saved = await waiting
        if saved is not None and saved.record is not None:
            self._app.written(saved.record)
            self._app.say(f"Uploaded: {saved.record.title}.")


def _documents(desk: Desk) -> "Documents":
    from crmtui.workspace.documents import Documents

    return Documents(desk)
