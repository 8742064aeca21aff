"""A write in words: what it is of, and each field with its old and its new text."""

from crmtui.model.record import Ref, Value
from crmtui.model.schema import FieldType
from crmtui.model.value import canonical
from crmtui.model.write import Op, Write
from crmtui.workspace import embedded_rows
from crmtui.workspace.desk import Desk
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.several import each_of

_TRUTH = {"true": "yes", "false": "no"}


class Wording:
    """Tells the values of one kind's fields, ids by their labels, from what is already here."""

    def __init__(self, desk: Desk, kind: str) -> None:
        self._schema = desk.schema(kind)
        self._labels = desk.labels(self._schema)

    def title(self, name: str) -> str:
        """What people call a field."""
        return self._schema.field(name).title

    def text(self, name: str, value: Value) -> str:
        """A value as people read it; nothing is empty."""
        field = self._schema.field(name)
        if field.embedded:
            return embedded_rows.told(field, value)
        if (label := self._labels.text(field, canonical(field, value))) is not None:
            return label
        text = text_for(field, value)
        return _TRUTH.get(text, text) if field.type is FieldType.BOOLEAN else text

    def changes(self, write: Write) -> list[tuple[str, str, str]]:
        """Label, old and new text of each field that a write sets."""
        found: list[tuple[str, str, str]] = []
        for name, value in write.edits.items():
            field, base = self._schema.field(name), write.base.get(name)
            if field.embedded:
                found += embedded_rows.changes(field, base, value)
            else:
                found.append((self.title(name), self.text(name, base), self.text(name, value)))
        return found


def titled(desk: Desk, ref: Ref) -> str:
    """What a record is called that a draft is of: one that is not made yet, or several, by its kind."""
    kind, refs = desk.account.kind(ref.kind), each_of(ref)
    if len(refs) > 1:
        return f"{len(refs)} {kind.label.lower()}"
    record = desk.shown(ref)
    return record.title if record else f"new {kind.singular}"


def title_of(desk: Desk, write: Write) -> str:
    """What the record of a write is called on the screen, or by the write itself."""
    ref = write.ref
    kind = desk.account.kind(ref.kind)
    if write.op is Op.CREATE:
        return kind.title_of("", write.edits).strip()
    record = desk.shown(ref)
    return record.title if record else kind.title_of(ref.id, write.base)
