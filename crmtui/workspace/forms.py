"""A form: what stands in the editors of one record, what of it is changed, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from crmtui.model.call import Call, cost_of
from crmtui.model.errors import CrmError, Invalid
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.text import clean
from crmtui.model.value import fold, parse
from crmtui.model.write import Op, Write, changed
from crmtui.store.drafts import Draft
from crmtui.workspace.desk import Desk
from crmtui.workspace.form_draft import FormDraft
from crmtui.workspace.form_lookups import FormLookups
from crmtui.workspace.form_texts import grouped, hint, is_editable, meant, preview, text_for


class FormField(msgspec.Struct):
    """One editor's state. Of a picked value `text` is the value; its label is `Form.shown`'s business.

    `base` is what the change starts from and `original` its text; `source` is the value that the editor
    began with and `begun` its text: they are others only in a record begun with another's values.
    """

    field: Field
    group: str
    base: Value
    original: str
    source: Value
    begun: str
    text: str
    error: str = ""

    @property
    def changed(self) -> bool:
        """Whether the editor holds something else than was read."""
        return self.text != self.original

    def start_from(self, base: Value) -> None:
        """Another value was read of the field."""
        self.base = self.source = base
        self.original = self.begun = text_for(self.field, base)


class Form:
    """The editable fields of a record, or of one yet to be made."""

    def __init__(
        self,
        desk: Desk,
        schema: Schema,
        record: Record | None,
        draft: Draft | None = None,
        *,
        ref: Ref | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> None:
        """Its draft is in it; `values` begin a new record without one; `ref` can name a new one's draft."""
        self.desk = desk
        self.schema = schema
        self.record = record
        self.is_new = record is None
        self.ref = record.ref if record else Ref(desk.account.name, ref.kind if ref else schema.kind)
        self.fields: dict[str, FormField] = {}
        self.lookups = FormLookups(desk, schema, record)
        self._values = dict(values or {})
        self._build()
        self.draft = FormDraft(self, draft, named=ref, prefilled=bool(values))

    # -- fields

    def field(self, name: str) -> Field:
        """What is known of a field."""
        return self.fields[name].field

    def first(self) -> str:
        """The field to begin with: the first that is written in, else the first."""
        known = ((name, self.field(name)) for name in self.fields)
        written = (name for name, f in known if not f.picked and f.type is not FieldType.BOOLEAN)
        return next(written, next(iter(self.fields), ""))

    def groups(self) -> list[tuple[str, list[FormField]]]:
        """The fields under their headings, in order."""
        found: dict[str, list[FormField]] = {}
        for each in self.fields.values():
            found.setdefault(each.group, []).append(each)
        return list(found.items())

    def lines(self) -> list[tuple[str, str]]:
        """Label and text of what is shown only, without the empty ones."""
        if self.record is None:
            return []
        labels = self.desk.labels(self.schema).of(self.record)
        values = self.record.values
        return [
            (field.title, labels.get(field.name) or text_for(field, values[field.name]))
            for field in self.schema.fields
            if field.name not in self.fields and not is_empty(values.get(field.name))
        ]

    def is_mixed(self, name: str) -> bool:
        """Whether the empty editor of a field stands for different values of several records."""
        return False

    def hint(self, name: str, today: date) -> str:
        """One line of help on a field, with the day that a typed date means."""
        each = self.fields[name]
        day = preview(each.field, each.text, today)
        return " · ".join(part for part in (f"= {day}" if day else "", hint(each.field)) if part)

    # -- what is typed

    def set(self, name: str, text: str) -> None:
        """An editor holds another text; the label of the value that was read means that value."""
        each = self.fields[name]
        if each.field.picked and text and fold(text) == fold(self.shown(name, each.original)):
            text = each.original
        each.text = text
        each.error = ""

    @property
    def changed(self) -> list[str]:
        """The fields that hold something else than was read."""
        return [name for name, each in self.fields.items() if each.changed]

    @property
    def touched(self) -> bool:
        """Whether anything is other than when the form was opened without a draft."""
        return any(each.text != each.begun for each in self.fields.values())

    def discard(self) -> None:
        """Everything as it was read, or as a new record began."""
        self.draft.drop()
        self._build()

    # -- texts

    def shown(self, name: str, text: str | None = None) -> str:
        """The text in the editor: the label of a picked value, else the text itself."""
        each = self.fields[name]
        text = each.text if text is None else text
        if not each.field.picked or not text:
            return text
        if self.record and text == each.original and (label := self.record.labels.get(name)):
            return clean(label)
        return clean(self.lookups.label(each.field, text))

    def candidates(self, name: str, typed: str) -> list[Choice]:
        """What a typed text could mean, the likeliest first; the present value among all for none typed."""
        each = self.fields[name]
        found = self.lookups.candidates(each.field, typed)
        if not typed and each.original and each.original not in {choice.value for choice in found}:
            found.insert(0, Choice(each.original, self.shown(name, each.original)))
        return found

    def changes(self, write: Write) -> list[tuple[str, str, str]]:
        """Label, old and new text of what would be written, ids by their labels."""
        return [
            (self.field(name).title, self._words(name, self.fields[name].base), self._words(name, value))
            for name, value in write.edits.items()
        ]

    def _words(self, name: str, value: Value) -> str:
        field = self.field(name)
        text = text_for(field, value)
        if field.type is FieldType.BOOLEAN:
            return {"true": "yes", "false": "no"}.get(text, text)
        return self.shown(name, text)

    # -- what would be written

    def edits(self, today: date) -> dict[str, Value]:
        """The values to write, by field; `Invalid` names every text that is no value."""
        wrong: dict[str, str] = {}
        values: dict[str, Value] = {}
        for name, each in self.fields.items():
            if each.changed:
                try:
                    values[name] = self.value(name, today)
                except ValueError as error:
                    wrong[name] = str(error)
        if wrong:
            raise Invalid("Nothing was sent.", wrong)
        if self.is_new:
            return {name: value for name, value in values.items() if not is_empty(value)}
        return changed(self.schema, self.base, values)

    def value(self, name: str, today: date) -> Value:
        """The value that stands in an editor; a `ValueError` says why its text is none."""
        each = self.fields[name]
        field, text = each.field, each.text
        if not text.strip() and field.type not in (FieldType.TEXT, FieldType.MULTILINE):
            return None
        if field.picked:
            return self.lookups.value(field, text, today)
        return parse(field, meant(field, each.source, text), today)

    @property
    def base(self) -> dict[str, Value]:
        """What the changes start from, as it was read; a member never read has no entry."""
        read = self.record.values if self.record else {}
        held = self.draft.base
        return {name: each.base for name, each in self.fields.items() if name in read or name in held}

    @property
    def title(self) -> str:
        """What the record is called as it stands in the editors."""
        texts = {name: self.shown(name) for name in self.fields}
        return self.desk.account.kind(self.ref.kind).title_of(self.ref.id, texts).strip()

    @property
    def op(self) -> Op:
        """What saving does."""
        return Op.CREATE if self.is_new else Op.EDIT

    def problems(self, today: date) -> dict[str, str]:
        """Why each field could not be written, as clauses; kept at the fields too."""
        found: dict[str, str] = {}
        try:
            self.desk.edits.check(self.schema, self.op, self.edits(today))
        except Invalid as error:
            found = error.fields
        self.blame(found)
        return found

    def problem(self, name: str, today: date) -> str:
        """Why one field could not be written, kept at it too: for when it is left."""
        each = self.fields[name]
        if each.changed:
            each.error = ""
            try:
                self.desk.edits.check(self.schema, Op.EDIT, {name: self.value(name, today)})
            except ValueError as error:
                each.error = str(error)
            except Invalid as error:
                each.error = error.fields.get(name, "")
        return each.error

    def blame(self, reasons: Mapping[str, str]) -> None:
        """Keeps a reason at each field that is named, and takes it from the others."""
        for name, each in self.fields.items():
            each.error = reasons.get(name, "")

    def write(self, today: date) -> Write:
        """The intent to save."""
        edits = self.edits(today)
        base = self.base
        return self.desk.edits.intent(self.op, self.ref, edits, {n: base[n] for n in edits if n in base})

    def calls(self, write: Write) -> Sequence[Call]:
        """The calls that saving takes, as they would leave now."""
        return self.desk.edits.calls(write, self.record, self.schema)

    def cost(self) -> str:
        """What saving would take, in words; empty where nobody can tell, or nothing may be written."""
        within = self.desk.account.kind(self.ref.kind).within
        place = {name: self.fields[name].text for name in within if name in self.fields}
        write = self.desk.edits.intent(self.op, self.ref, {**dict.fromkeys(self.changed), **place})
        try:
            return cost_of(self.calls(write))
        except CrmError:
            return ""

    def rebase(self, theirs: Record, decided: Mapping[str, Value]) -> None:
        """Others changed the record: what was not touched here becomes theirs, the rest starts there.

        `decided` are the values of the fields that both changed.
        """
        self.record = theirs
        self.draft.moved = ()
        for name, each in self.fields.items():
            untouched = not each.changed
            each.start_from(theirs.values.get(name))
            if name in decided:
                each.text = text_for(each.field, decided[name])
            elif untouched:
                each.text = each.original

    # -- inner parts

    def _build(self) -> None:
        read: Mapping[str, Value] = self.record.values if self.record else {}
        self.fields.clear()
        known = self.desk.account.adapter.built_in(self.schema.kind)
        # What was never read would look empty, and be emptied by whoever adds to it.
        fields = (f for f in self.schema.fields if self.is_new or f.listed or f.name in read)
        editable = [f for f in fields if is_editable(f, read.get(f.name))]
        for field, group in grouped(editable, [f.name for f in known.fields]):
            base = read.get(field.name)
            source = self._values.get(field.name, base)
            begun = text_for(field, source)
            self.fields[field.name] = FormField(
                field, group, base, text_for(field, base), source, begun, begun
            )
