"""Which editor a field gets."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from crmtui.model.schema import DATES, NUMBERS, FieldType
from crmtui.tui.widgets.editors import LineEdit, TextEdit
from crmtui.tui.widgets.lookup import Lookup
from crmtui.tui.widgets.toggle import Toggle
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
}


def editor_for(form: Form, field: str) -> Any:
    """The editor of a field: an `Editor` and a `Widget`; of a type nobody has seen, a line of text."""
    about = form.field(field)
    return Lookup(form, field) if about.picked else _EDITORS.get(about.type, LineEdit)(form, field)
