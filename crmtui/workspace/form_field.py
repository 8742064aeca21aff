"""One editor of a form: what stands in it, and what that starts from."""

import msgspec

from crmtui.model.record import Value
from crmtui.model.schema import Field
from crmtui.workspace.form_texts import text_for


class FormField(msgspec.Struct):
    """One editor's state. Of a picked value `text` is the value; its label is `Form.shown`'s business.

    `base` is what the change starts from and `original` its text; `source` is the value that the editor
    began with and `begun` its text: they are others only in a record begun with another's values.
    Of a member of a row `rows` is the field that holds the row, and `label` what the editor is called.
    """

    field: Field
    group: str
    base: Value
    original: str
    source: Value
    begun: str
    text: str
    error: str = ""
    label: str = ""
    rows: str = ""
    editor: str = ""

    @property
    def name(self) -> str:
        """What the editor goes by in its form: the field's name, of a member of a row `FIELD.ID.MEMBER`."""
        return self.editor or self.field.name

    @property
    def changed(self) -> bool:
        """Whether the editor holds something else than was read."""
        return self.text != self.original

    def start_from(self, base: Value) -> None:
        """Another value was read of the field."""
        self.base = self.source = base
        self.original = self.begun = text_for(self.field, base)
