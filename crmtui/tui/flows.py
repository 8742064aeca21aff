"""What takes several screens: editing, creating, deleting, going back to a draft."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Kind
from crmtui.model.write import Op
from crmtui.store.drafts import Draft
from crmtui.tui.behind import behind
from crmtui.tui.outbox_words import came_of, came_of_all
from crmtui.workspace import hanging
from crmtui.workspace.desk import Desk
from crmtui.workspace.notes import note_on, notes_of, why_none
from crmtui.workspace.saved import Saved, SavedAll
from crmtui.workspace.several import each_of, several
from crmtui.workspace.unplanned import tell_again
from crmtui.workspace.wording import titled

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui
    from crmtui.workspace.forms import Form


_OPS = {"new": Op.CREATE, "duplicate": Op.CREATE, "note": Op.CREATE, "delete": Op.DELETE}
"""What commands do to a record, those that edit it apart."""


class Flows:
    """The ways through the screens; each runs in a worker of the app, so that no screen owns it."""

    def __init__(self, app: "CrmTui") -> None:
        self._app = app

    # -- forms

    def edit(self, desk: Desk, ref: Ref, field: str | None = None) -> None:
        """The form of a record, at a field; afterwards the record with its new values is shown."""
        self._open_form(desk, ref, "edit", None, field)

    def edit_several(self, desk: Desk, refs: Sequence[Ref]) -> None:
        """One form for several records of a kind; one of them has its own."""
        self._open_form(desk, several(refs), "edit", None)

    def new(
        self,
        desk: Desk,
        kind: Kind,
        values: Mapping[str, Value] | None = None,
        field: str | None = None,
    ) -> None:
        """The form of a new record, with these values in it, at a field."""
        self._open_form(desk, Ref(desk.account.name, kind.name), "new", values, field)

    def note(self, desk: Desk, ref: Ref) -> None:
        """The form of a note on a record."""
        note = note_on(desk.account, ref)
        self.new(desk, note.kind, note.values, note.field)

    def open_draft(self, desk: Desk, draft: Draft) -> None:
        """A draft in its form, where it was left; one that is kept by now comes before it."""
        self._open_form(desk, draft.ref, "new" if draft.ref.id.startswith("+") else "edit", None, draft=draft)

    def newest_draft(self) -> None:
        """The draft that was typed in last, at its field, whichever account it is of."""
        drafts = self._drafts()
        if not drafts:
            self._app.say("There is no draft: what you type in a form is kept until it is sent.")
            return
        self.open_draft(*drafts[0])

    def tell_drafts(self) -> None:
        """Says which drafts wait; none opens by itself."""
        drafts = self._drafts()
        if not drafts:
            return
        several = len({desk.account.name for desk, _ in drafts}) > 1
        names = ", ".join(self._title(desk, draft.ref, of=several) for desk, draft in drafts[:3])
        count = f"{len(drafts)} drafts wait" if len(drafts) > 1 else "A draft waits"
        self._app.say(f"{count}: {names}. d opens the newest where you left it.", lasting=True)

    def _drafts(self) -> list[tuple[Desk, Draft]]:
        """The drafts of all accounts, the newest first."""
        found = [
            (desk, draft) for desk in self._app.desks.with_journal() for draft in desk.account.drafts.all()
        ]
        return sorted(found, key=lambda pair: pair[1].updated_at, reverse=True)

    def _title(self, desk: Desk, ref: Ref, *, of: bool) -> str:
        title = titled(desk, ref)
        return f"{title} ({desk.account.name})" if of else title

    def _open_form(
        self,
        desk: Desk,
        ref: Ref,
        id_: str,
        values: Mapping[str, Value] | None,
        field: str | None = None,
        draft: Draft | None = None,
    ) -> None:
        reason = self.why_not(desk, desk.account.kind(ref.kind), id_)
        if reason is None and desk.waiting().deletes(ref):
            reason = "It waits to be deleted; W shows that, and x there gives it up."
        if reason is not None:
            self._app.say(reason)
            return
        # What is typed from now on is meant for the form, and never for the screen below it.
        self._app.keys.hold()
        behind(self._app, self._form(desk, ref, values, field, draft), "form")

    async def _form(
        self,
        desk: Desk,
        ref: Ref,
        values: Mapping[str, Value] | None,
        field: str | None,
        draft: Draft | None,
    ) -> None:
        try:
            new = not ref.id or ref.id.startswith("+")
            records = [] if new else [desk.shown(one) or await desk.read(one) for one in each_of(ref)]
        except CrmError as error:
            self._app.keys.drop()
            self._app.say(error.message, error=True)
            return
        schema = desk.schema(ref.kind)
        if not schema.fetched_at:
            # Without a dictionary the built-in fields must do: a bad line keeps nobody from typing.
            with contextlib.suppress(CrmError):
                schema = await desk.fields.schema(ref.kind)
        from crmtui.tui.screens.form import FormScreen
        from crmtui.workspace.forms import Form
        from crmtui.workspace.several_form import SeveralForm

        draft = (desk.account.drafts.get(ref) if ref.id else None) or draft
        form = (
            SeveralForm(desk, schema, records, draft)
            if len(records) > 1
            else Form(desk, schema, records[0] if records else None, draft, ref=ref, values=values)
        )
        screen = FormScreen(form, field)
        waiting = self._app.push_screen(screen, wait_for_dismiss=True)
        await self._app.release_keys()
        saved = await waiting
        if isinstance(saved, SavedAll):
            self._app.mirror_changed()
            self._app.say(came_of_all(desk, saved), error=bool(saved.failed), lasting=bool(saved.failed))
        elif saved is not None:
            self._after_save(desk, screen.form, saved)

    def _after_save(self, desk: Desk, form: "Form", saved: Saved) -> None:
        from crmtui.tui.screens.record import RecordScreen

        record = desk.shown(saved.record.ref if saved.record else form.ref) or saved.record
        if record is not None:
            screen = self._app.screen
            taken = isinstance(screen, RecordScreen) and screen.take(record)
            if not taken and not desk.account.kind(record.ref.kind).within:
                self._app.open_record(desk, record.ref, None)
        self._app.say(came_of(form.op, record.title if record else form.title, saved))
        if saved.record is not None and not saved.waits:
            behind(self._app, self._tell_again(desk, saved.record), "told", exclusive=False)

    async def _tell_again(self, desk: Desk, record: Record) -> None:
        if await tell_again(desk, record):
            self._app.mirror_changed()

    # -- tags

    def tags(self, desk: Desk, ref: Ref) -> None:
        """A choice of a record's tags, then the review."""
        from crmtui.tui.tagging import tag

        behind(self._app, tag(self._app, desk, ref), "write", exclusive=False)

    # -- completing

    def complete(self, desk: Desk, record: Record) -> None:
        """Shows what would be sent, then completes a record, or opens it again; then what is next.

        Of a record that tells what is next on it, that is completed.
        """
        from crmtui.tui.completing import complete, complete_plan

        way = complete_plan if desk.account.kind(record.ref.kind).tells_plan else complete
        behind(self._app, way(self._app, desk, record), "write", exclusive=False)

    # -- deleting

    def delete(self, desk: Desk, record: Record) -> None:
        """Asks, then deletes."""
        behind(self._app, self._delete(desk, record), "write", exclusive=False)

    async def _delete(self, desk: Desk, record: Record) -> None:
        from crmtui.tui.screens.confirm import ConfirmScreen

        kind = desk.account.kind(record.ref.kind)
        beneath = len(hanging.under(desk.account, record)) if kind.within else 0
        also = f" and the {beneath} beneath it" if beneath else ""
        question = f"Delete the {kind.singular} {record.title}{also} at {desk.account.adapter.label}? 1 call."
        if not await self._app.push_screen_wait(ConfirmScreen("Delete", question)):
            return
        write = desk.edits.intent(Op.DELETE, record.ref, {}, record.values)
        try:
            saved = await desk.courier.save(write, desk.schema(record.ref.kind))
        except CrmError as error:
            self._app.say(error.message, error=True)
            return
        if not saved.waits:
            self.close(record.ref)
        self._app.mirror_changed()
        self._app.say(came_of(write.op, record.title, saved))

    def close(self, ref: Ref) -> None:
        """A record is no more: its screen closes."""
        from crmtui.tui.screens.record import RecordScreen

        screen = self._app.screen
        if isinstance(screen, RecordScreen) and screen.ref == ref:
            screen.dismiss()

    # -- reasons

    def why_no_report(self, desk: Desk) -> str | None:
        """Why there is nothing to tell a vendor's support; None if there is."""
        return None if desk.account.support_report else "No request failed that a support asks to be told of."

    def why_not(self, desk: Desk, kind: Kind, id_: str) -> str | None:
        """Why a record of this kind cannot be written, None if it can."""
        if id_ == "report":
            return self.why_no_report(desk)
        if id_ == "note" and (reason := why_none(desk.account, kind)):
            return reason
        if id_ == "complete" and not (kind.done or kind.tells_plan):
            return f"There is nothing to complete about {kind.label.lower()}."
        can = {
            "note": True,
            "complete": kind.can.edit,
            "edit": kind.can.edit,
            "edit_cell": kind.can.edit,
            "new": kind.can.create,
            "duplicate": kind.can.create,
            "delete": kind.can.delete,
            "tags": kind.can.edit,
        }
        if id_ not in can:
            return None
        if desk.account.connection.read_only:
            return f"{desk.account.name} is read-only (read_only: true in the configuration)."
        if kind.can.content and id_ in ("new", "duplicate"):
            return self._app.documents.how_to()
        if id_ == "tags" and kind.can.tags is None:
            return f"{desk.account.adapter.label} has no tags for {kind.label.lower()}."
        if not can[id_]:
            return kind.can.elsewhere or (
                f"{desk.account.adapter.label} lets nobody do that with {kind.label.lower()}."
            )
        if id_ == "note":
            kind = notes_of(desk.account, kind)
        return desk.account.restrictions.why_not(kind, _OPS.get(id_, Op.EDIT)) or None
