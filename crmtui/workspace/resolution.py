"""A write that met a conflict, and what a person decides on each field of it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from crmtui.model.errors import Invalid
from crmtui.model.record import Value
from crmtui.model.write import Clash, Write, changed, merge
from crmtui.store.drafts import Draft
from crmtui.workspace.desk import Desk
from crmtui.workspace.embedded_rows import told
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.forms import Form
from crmtui.workspace.saved import Clashed
from crmtui.workspace.wording import Wording


class Side(StrEnum):
    """Where the value of a field is taken from."""

    ORIGINAL = "original"
    MINE = "mine"
    THEIRS = "theirs"
    TYPED = "typed"


class Resolution:
    """One decision for each clashing field; the write's other fields stay as they are."""

    def __init__(self, desk: Desk, write: Write, clashed: Clashed) -> None:
        schema = desk.schema(write.ref.kind)
        texts = {name: text_for(schema.field(name), value) for name, value in write.edits.items()}
        self.write = write
        self.theirs = clashed.theirs
        self.clashes: Mapping[str, Clash] = {clash.field: clash for clash in clashed.clashes}
        self.form = Form(desk, schema, clashed.theirs, Draft(write.ref, texts))
        """Its editors type other values; it begins with mine, on theirs."""
        self.wording = Wording(desk, write.ref.kind)
        self._schema = schema
        self._sides = dict.fromkeys(self.clashes, Side.MINE)

    def side(self, name: str) -> Side:
        """What is decided on a field: mine to begin with."""
        return self._sides[name]

    def choose(self, name: str, side: Side) -> None:
        """Another decision."""
        self._sides[name] = side
        if side is not Side.TYPED and name in self.form.fields:
            each = self.form.fields[name]
            each.text, each.error = text_for(each.field, self.value(name, side)), ""

    def type(self, name: str, text: str) -> None:
        """A value that nobody wrote so far."""
        self._sides[name] = Side.TYPED
        self.form.set(name, text)

    def value(self, name: str, side: Side) -> Value:
        """The value of one side; the typed one is the form's business."""
        clash = self.clashes[name]
        return {Side.ORIGINAL: clash.original, Side.MINE: clash.mine, Side.THEIRS: clash.theirs}[side]

    def words(self, name: str, side: Side) -> str:
        """The value of a side as people read it."""
        if side is Side.TYPED:
            return self.form.shown(name)
        field, clash = self._schema.field(name), self.clashes[name]
        if field.embedded:
            return told(field, self.value(name, side), clash.original, clash.mine, clash.theirs)
        return self.wording.text(name, self.value(name, side))

    def decided(self, today: date) -> Write:
        """The write as it was decided on, with theirs as its base; `Invalid` names a text that is no value.

        It has no edits where theirs stand everywhere.
        """
        typed = [name for name, side in self._sides.items() if side is Side.TYPED]
        wrong = {name: reason for name in typed if (reason := self.form.problem(name, today))}
        if wrong:
            raise Invalid("Nothing was sent.", wrong)
        # Where rows do not clash, what others did to them stays beneath what was done here.
        values = {**self.write.edits, **merge(self._schema, self.write, self.theirs)[0]}
        for name, side in self._sides.items():
            values[name] = self.form.value(name, today) if side is Side.TYPED else self.value(name, side)
        theirs = self.theirs.values
        edits = changed(self._schema, theirs, values)
        return msgspec.structs.replace(
            self.write, edits=edits, base={name: theirs[name] for name in edits if name in theirs}
        )
