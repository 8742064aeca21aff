"""What is next once a thing is done: made of what a person types, for the same record."""

from collections.abc import Mapping
from datetime import date

from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import Then
from crmtui.model.value import parse
from crmtui.model.write import Op, Write
from crmtui.workspace.desk import Desk


def following(desk: Desk, record: Record, then: Then, text: str, day: str, today: date) -> Write:
    """The creation of the next record; `Invalid` for a text or a day that cannot be sent."""
    schema = desk.schema(record.ref.kind)
    edits: dict[str, Value] = {
        name: value for name in then.keeps if not is_empty(value := record.values.get(name))
    }
    edits[then.text] = text.strip()
    edits |= _day(desk, record, then, day, today)
    desk.edits.check(schema, Op.CREATE, edits)
    return desk.edits.intent(Op.CREATE, desk.account.ref(record.ref.kind, ""), edits)


def _day(desk: Desk, record: Record, then: Then, day: str, today: date) -> Mapping[str, Value]:
    word = day.strip().lower()
    if (values := dict(then.words).get(word)) is not None:
        return values
    field = desk.schema(record.ref.kind).field(then.day)
    try:
        return {then.day: parse(field, word, today)}
    except ValueError as error:
        words = ", ".join(known for known, _ in then.words if known)
        raise Invalid(f"{field.title} {error}; or {words}", {then.day: str(error)}) from error
