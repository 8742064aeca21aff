"""A screen with records of one account: what can be done with the record that its cursor is on."""

from crmtui.model.record import Record
from crmtui.tui.screens.base import CommandScreen
from crmtui.workspace.desk import Desk


class DeskScreen(CommandScreen[None]):
    """The commands that are the same wherever a record is shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def subject(self) -> Record | None:
        """The record that commands are for; None where the cursor is on none."""
        return None

    def of_file(self, id_: str) -> Record | None:
        """The record that a command of files is for."""
        return self.subject

    # -- the record

    def do_duplicate(self) -> None:
        """The form of a new record, filled with this one's values."""
        if subject := self.subject:
            self.tui.flows.new(self.desk, self.desk.account.kind(subject.ref.kind), subject.values)

    def do_tags(self) -> None:
        """A choice of its tags."""
        if subject := self.subject:
            self.tui.flows.tags(self.desk, subject.ref)

    @property
    def noted(self) -> Record | None:
        """The record that a note is added to."""
        return self.subject

    def do_note(self) -> None:
        """The form of a note on the record."""
        if record := self.noted:
            self.tui.flows.note(self.desk, record.ref)

    def do_delete(self) -> None:
        """Asks, then deletes."""
        if subject := self.subject:
            self.tui.flows.delete(self.desk, subject)

    def do_undo(self) -> None:
        """Takes back the newest write."""
        self.tui.writes.undo(self.desk)

    def do_copy(self) -> None:
        """The record's name to the clipboard."""
        if subject := self.subject:
            self.tui.copy_record(subject)

    def do_download(self) -> None:
        """Saves the file of a document."""
        if record := self.of_file("download"):
            self.tui.documents.download(self.desk, record)

    def do_upload(self) -> None:
        """Uploads a file to the record, or to the one that the document belongs to."""
        if record := self.of_file("upload"):
            self.tui.documents.upload(self.desk, record)

    # -- elsewhere

    def do_drafts(self) -> None:
        """The newest draft, at its field."""
        self.tui.flows.newest_draft()

    def do_today(self) -> None:
        """What is due."""
        self.tui.show_today(self.desk)

    def do_outbox(self) -> None:
        """What waits, and what was done."""
        self.tui.show_outbox(self.desk)

    def do_connections(self) -> None:
        """Another connection."""
        self.tui.show_connections()

    def do_report(self) -> None:
        """The report that the vendor's support asks for, to the clipboard."""
        self.tui.copy_report(self.desk)

    def do_token(self) -> None:
        """Another token."""
        self.tui.tokens.replace(self.desk)

    def do_quit(self) -> None:
        """Leaves."""
        self.tui.exit(0)
