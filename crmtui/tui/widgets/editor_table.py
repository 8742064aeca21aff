"""Which editor a type of field gets."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from crmtui.model.schema import DATES, NUMBERS, FieldType
from crmtui.tui.widgets.editors import LineEdit, TextEdit
from crmtui.tui.widgets.lookup import Lookup
from crmtui.tui.widgets.toggle import Toggle
from crmtui.workspace.form_texts import PICKED
from crmtui.workspace.forms import Form


def _number(form: Form, field: str) -> LineEdit:
    return LineEdit(form, field, classes="-number")


def _date(form: Form, field: str) -> LineEdit:
    return LineEdit(form, field, classes="-date")


_EDITORS: Final[Mapping[FieldType, Callable[[Form, str], Any]]] = {
    FieldType.MULTILINE: TextEdit,
    FieldType.BOOLEAN: Toggle,
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(DATES, _date),
    **dict.fromkeys(PICKED, Lookup),
}


def editor_for(form: Form, field: str) -> Any:
    """The editor of a field: an `Editor` and a `Widget`; of a type nobody has seen, a line of text."""
    return _EDITORS.get(form.field(field).type, LineEdit)(form, field)
