"""A form: what stands in the editors of one record, what of it is changed, and what is wrong with it."""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date

from crmtui.model.call import Call, cost_of
from crmtui.model.errors import CrmError, Invalid
from crmtui.model.given import can_have
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.row_merge import merge_rows
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.text import clean
from crmtui.model.value import fold, parse
from crmtui.model.write import Op, Write, changed
from crmtui.store.drafts import Draft
from crmtui.workspace import embedded_rows
from crmtui.workspace.desk import Desk
from crmtui.workspace.form_draft import FormDraft
from crmtui.workspace.form_field import FormField
from crmtui.workspace.form_lookups import FormLookups
from crmtui.workspace.form_rows import FormRows, unfolds
from crmtui.workspace.form_texts import grouped, hint, is_editable, meant, not_read, preview, text_for


class Form:
    """The editable fields of a record, or of one yet to be made.

    A field whose rows are part of the record has an editor for each member of each row.
    """

    unfolded = True
    """Whether rows have editors."""

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
        self.rows: dict[str, FormRows] = {}
        self.lookups = FormLookups(desk, schema, record)
        self._values = dict(values or {})
        self._given: dict[str, Value] = {}
        if self.is_new:
            self._begin_given()
        self._build()
        self.draft = FormDraft(self, draft, named=ref, prefilled=bool(values))
        self._learn_given(*self._given)

    # -- fields

    def field(self, name: str) -> Field:
        """What is known of a field."""
        return self.fields[name].field

    def label(self, name: str) -> str:
        """What an editor is called when it is told of: a member of a row by the field that holds the row."""
        each = self.fields[name]
        return self.schema.field(each.rows).title if each.rows else each.field.title

    def is_shown(self, name: str) -> bool:
        """Whether a record of what stands in the form can have a field; of an existing one it has all."""
        each = self.fields[name]
        return not self.is_new or can_have(self.schema, self.schema.field(each.rows or name), self._given)

    def place(self, name: str) -> str:
        """The editor that a field's name means, of rows the first; a name that means none is itself."""
        field = name if name in self.rows else name.partition(".")[0]
        return self.rows[field].place(name) if field in self.rows else name

    def first(self) -> str:
        """The field to begin with: the first that is written in, else the first."""
        known = ((n, each.field) for n, each in self.fields.items() if self.is_shown(n) and not each.rows)
        written = (name for name, f in known if not f.picked and f.type is not FieldType.BOOLEAN)
        return next(written, next(iter(self.fields), ""))

    def groups(self) -> list[tuple[str, list[FormField]]]:
        """The fields under their headings, in order."""
        found: dict[str, list[FormField]] = {}
        for each in self.fields.values():
            found.setdefault(each.group, []).append(each)
        return list(found.items())

    def lines(self) -> list[tuple[str, str]]:
        """Label and text of what is shown only, without the empty ones, and of what is yet to be read."""
        if self.record is None:
            return []
        labels = self.desk.labels(self.schema).of(self.record)
        values = self.record.values
        return not_read(self.schema, values) + [
            (field.title, labels.get(field.name) or text_for(field, values[field.name]))
            for field in self.schema.fields
            if field.name not in (*self.fields, *self.rows) and not is_empty(values.get(field.name))
        ]

    def is_mixed(self, name: str) -> bool:
        """Whether the empty editor of a field stands for different values of several records."""
        return False

    def hint(self, name: str, today: date) -> str:
        """One line of help on a field, with the day that a typed date means."""
        each = self.fields[name]
        day = preview(each.field, each.text, today)
        removes = "emptied, the row goes" if each.rows and each.original and not each.field.picked else ""
        return " · ".join(part for part in (f"= {day}" if day else "", hint(each.field), removes) if part)

    # -- what is typed

    def set(self, name: str, text: str) -> None:
        """An editor holds another text; the label of the value that was read means that value."""
        each = self.fields[name]
        if each.field.picked and text and fold(text) == fold(self.shown(name, each.original)):
            text = each.original
        each.text = text
        each.error = ""
        if each.rows:
            self.rows[each.rows].grow()
        if name in self._given:
            self._learn_given(name)

    @property
    def changed(self) -> list[str]:
        """The fields that hold something else than was read."""
        return [name for name, each in self.fields.items() if each.changed and self.is_shown(name)]

    @property
    def touched(self) -> bool:
        """Whether anything is other than when the form was opened without a draft."""
        return any(each.text != each.begun for each in self.fields.values())

    def discard(self) -> None:
        """Everything as it was read, or as a new record began."""
        self.draft.drop()
        self._build()
        self._learn_given(*self._given)

    # -- texts

    @property
    def texts(self) -> Mapping[str, str]:
        """What stands in every editor, by field."""
        return {name: each.text for name, each in self.fields.items()}

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
        found: list[tuple[str, str, str]] = []
        for name, value in write.edits.items():
            if rows := self.rows.get(name):
                found += embedded_rows.changes(rows.field, rows.base(), value)
            else:
                old = self._words(name, self.fields[name].base)
                found.append((self.field(name).title, old, self._words(name, value)))
        return found

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
        for name in self.changed:
            if not self.fields[name].rows:
                try:
                    values[name] = self.value(name, today)
                except ValueError as error:
                    wrong[name] = str(error)
        for name in {self.fields[name].rows: None for name in self.changed if self.fields[name].rows}:
            values[name] = self.rows[name].value(lambda editor: self.value(editor, today), wrong)
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
        plain = {name: each.base for name, each in self.fields.items() if name in read or name in held}
        return plain | {name: rows.base() for name, rows in self.rows.items() if name in read}

    @property
    def title(self) -> str:
        """What the record is called as it stands in the editors."""
        texts = {name: self.shown(name) for name in self.fields if self.is_shown(name)}
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
                value = self.value(name, today)
                if each.rows:
                    each.error = self.rows[each.rows].reason(name, value)
                else:
                    self.desk.edits.check(self.schema, Op.EDIT, {name: value})
            except ValueError as error:
                each.error = str(error)
            except Invalid as error:
                each.error = error.fields.get(name, "")
        return each.error

    def blame(self, reasons: Mapping[str, str]) -> Mapping[str, str]:
        """Keeps a reason at each field that is named, and takes it from the others; by editors."""
        placed = {self.place(name): reason for name, reason in reasons.items()}
        for name, each in self.fields.items():
            each.error = placed.get(name, "")
        return placed

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
        edits: dict[str, Value] = {name: None for name in self.changed if not self.fields[name].rows}
        for name in {self.fields[name].rows: None for name in self.changed if self.fields[name].rows}:
            edits[name] = self.rows[name].value(lambda editor: self.fields[editor].text, {})
        write = self.desk.edits.intent(self.op, self.ref, {**edits, **place})
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
        for name, rows in self.rows.items():
            self._rebase_rows(rows, theirs.values.get(name), decided.get(name))
        for name, each in self.fields.items():
            if each.rows:
                continue
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
        self.rows.clear()
        known = self.desk.account.adapter.built_in(self.schema.kind)
        # What was never read would look empty, and be emptied by whoever adds to it.
        fields = [f for f in self.schema.fields if self.is_new or f.listed or f.name in read]
        if not self.is_new:
            fields = [f for f in fields if can_have(self.schema, f, read) or not is_empty(read.get(f.name))]
            fields = [f for f in fields if not f.fixed]
        editable = [f for f in fields if is_editable(f, read.get(f.name))]
        for field, group in grouped(editable, [f.name for f in known.fields]):
            if group:
                self._build_rows(fields, read)
            base = read.get(field.name)
            source = self._values.get(field.name, base)
            begun = text_for(field, source)
            self.fields[field.name] = FormField(
                field, group, base, text_for(field, base), source, begun, begun
            )
        self._build_rows(fields, read)

    def _build_rows(self, fields: Sequence[Field], read: Mapping[str, Value]) -> None:
        """The editors of rows, which follow the fields without a heading."""
        for field in fields:
            value = read.get(field.name)
            if self.unfolded and field.name not in self.rows and unfolds(field, value):
                self.rows[field.name] = rows = FormRows(field, value, self.fields)
                if self.is_new:
                    rows.begin(self._values.get(field.name))

    def _rebase_rows(self, rows: FormRows, theirs: Value, decided: Value) -> None:
        """What is typed in rows stands on top of theirs."""
        if rows.changed and decided is None:
            mine = rows.value(lambda editor: self.fields[editor].text, {})
            decided = merge_rows(rows.field, rows.base(), mine, theirs).rows
        rows.build(theirs)
        if decided is not None:
            rows.put(decided)

    def _begin_given(self) -> None:
        """What decides which fields there are begins with a value: that of what is filled, else the first."""
        for field in self.schema.fields:
            if field.given and not is_empty(self._values.get(field.name)):
                self._values.setdefault(*field.given)
        for name in {field.given[0]: None for field in self.schema.fields if field.given}:
            other = self.schema.field(name)
            self._given[name] = None
            if other.required and other.choices:
                self._values.setdefault(name, other.choices[0].value)

    def _learn_given(self, *names: str) -> None:
        """Which fields there are follows what these hold, as soon as that is a value."""
        for name in names:
            if name in self.fields:
                with contextlib.suppress(ValueError):
                    self._given[name] = self.value(name, date.today())
