"""Taking back what was written: by another write, compared like any other."""

from crmtui.model.errors import Invalid, NotFound, Restricted
from crmtui.model.record import Ref, Value, is_empty
from crmtui.model.row_merge import without_gone_ids
from crmtui.model.schema import FieldType, Schema
from crmtui.model.write import Op, State, Write
from crmtui.store.writes import Entry
from crmtui.workspace.desk import Desk
from crmtui.workspace.pointing import pointing


class Undoing:
    """The writes of an account that can be taken back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writes = desk.account.writes

    def all(self) -> list[Entry]:
        """What was done and not yet undone, and is no undo itself; the newest first."""
        return self._writes.undoable()

    def find(self, id_: str | None) -> Entry:
        """A write of the journal, the newest that can be undone where none is named."""
        name = self._desk.account.name
        if id_ is None:
            newest = next(iter(self._writes.undoable(1)), None)
            if newest is None:
                raise NotFound(f"There is nothing to undo: {name} has no write that was done here.")
            return newest
        entry = self._writes.get(id_)
        if entry is None:
            raise NotFound(f"The journal has no write {id_}; crmtui undo {name} --list shows what there is.")
        if entry.state is not State.DONE or entry.after is None:
            raise Invalid(f"{id_} cannot be undone: it was not done, or changed nothing.")
        if undone := self._writes.undo_of(id_):
            raise Invalid(f"{id_} is undone already, by {undone}.")
        return entry

    def intent(self, entry: Entry) -> Write:
        """The write that takes another back; `Restricted` where the service has no such write.

        A deleted record is restored where the service can do that, else made again as a new one.
        Rows that are part of a record and were removed come back as new ones, with ids of their own.
        """
        write, ref = entry.write, entry.write.ref
        before, after = dict(entry.before or {}), dict(entry.after or {})
        edits = self._desk.edits
        can = self._desk.account.kind(ref.kind).can
        if write.op in (Op.CREATE, Op.RESTORE):
            self._need(can.delete, "deletes", ref.kind)
            return edits.intent(Op.DELETE, ref, {}, after, write.id)
        if self._comes_back(write):
            return edits.intent(Op.RESTORE, ref, {}, before, write.id)
        if write.op is Op.DELETE:
            self._need(can.create, "creates", ref.kind)
            if can.restores_last:
                self._refuse_another(entry)
            schema = self._desk.schema(ref.kind)
            again = {
                name: _again(schema, name, value, None)
                for name, value in before.items()
                if _is_made(schema, name, value)
            }
            return edits.intent(Op.CREATE, Ref(ref.connection, ref.kind), again, None, write.id)
        if not before:
            raise Restricted(f"{write.id} cannot be undone: what was there before it is not known.")
        self._need(can.edit, "edits", ref.kind)
        base = {name: after[name] for name in before if name in after}
        schema = self._desk.schema(ref.kind)
        again = {name: _again(schema, name, value, base.get(name)) for name, value in before.items()}
        return edits.intent(Op.EDIT, ref, again, base, write.id)

    def warning(self, entry: Entry) -> str:
        """What undoing does not bring back, as a sentence; empty if all comes back."""
        write = entry.write
        if write.op is not Op.DELETE or self._comes_back(write):
            return ""
        account = self._desk.account
        kind = account.kind(write.ref.kind)
        count = sum(
            account.mirror.count_where(name, way.field, write.ref.id)
            for name, ways in pointing(self._desk, kind).items()
            for way in ways
            if not way.given
        )
        pointed = f"; {count} mirrored records pointed to the old one" if count else ""
        again = f"is made again as a new {kind.singular} with an id of its own{pointed}"
        if kind.can.restores_last:
            last = f"the {kind.singular} that it deleted last"
            return (
                f"{account.adapter.label} brings back {last}; if it has none to bring back, this one {again}."
            )
        return f"It {again}."

    def _refuse_another(self, entry: Entry) -> None:
        """Raises `Invalid` where the service would bring back another record, which was deleted later."""
        label = self._desk.account.adapter.label
        for later in self._writes.undoable():
            if later.write.id == entry.write.id:
                return
            if later.write.op is Op.DELETE and later.write.ref.kind == entry.write.ref.kind:
                raise Invalid(
                    f"Nothing was sent: {label} brings back what it deleted last, which was"
                    f" {later.write.ref}; undo {later.write.id} first."
                )

    def _comes_back(self, write: Write) -> bool:
        """Whether it is a deletion that the service itself takes back."""
        return write.op is Op.DELETE and self._desk.account.adapter.restore(write.ref) is not None

    def _need(self, can: bool, deed: str, kind: str) -> None:
        if not can:
            label = self._desk.account.adapter.label
            raise Restricted(f"This cannot be undone: at {label} nobody {deed} {kind} here.")


def _again(schema: Schema, name: str, value: Value, now: Value) -> Value:
    field = schema.field(name)
    return without_gone_ids(field, value, now) if field.embedded else value


def _is_made(schema: Schema, name: str, value: Value) -> bool:
    """Whether a field of a deleted record is given to the new one."""
    field = schema.field(name)
    of_its_own = field.type is not FieldType.ROWS or field.naming is not None or field.embedded
    return not field.read_only and of_its_own and not is_empty(value)
