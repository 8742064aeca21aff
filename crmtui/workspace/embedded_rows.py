"""Rows that are part of their record: told one by one, changed one by one, in words as people read them."""

from collections.abc import Mapping, Sequence

from crmtui.model.record import Value
from crmtui.model.row_merge import Row, rows_of
from crmtui.model.schema import Field
from crmtui.model.text import clean
from crmtui.model.value import id_of, main_text, same_row, text_of
from crmtui.model.write import Op


def key_of(row: Row, place: int) -> str:
    """What a row is called: its id, or its place from 1 where it has none."""
    return id_of(row) or str(place)


def keyed(field: Field, value: Value) -> dict[str, Row]:
    """The rows of a value by what they are called."""
    return {key_of(row, place): row for place, row in enumerate(rows_of(field, value), 1)}


def changed_rows(
    field: Field, value: Value, op: Op, id_: str, edits: Mapping[str, Value]
) -> list[Value] | None:
    """All rows after one was made, changed or removed; None where there is no such row."""
    rows = keyed(field, value)
    if op is Op.CREATE:
        return [*rows.values(), dict(edits)]
    if id_ not in rows:
        return None
    if op is Op.DELETE:
        del rows[id_]
    else:
        rows[id_] = {**rows[id_], **edits}
    return [*rows.values()]


def known_before(field: Field, ids: Sequence[str], known: Value, now: Value) -> list[Value]:
    """The rows as they are now, those of these ids as they were known before: what an edit starts from."""
    before = {id_: row for row in rows_of(field, known) if (id_ := id_of(row)) in ids}
    return [before.get(id_of(row) or "", row) for row in rows_of(field, now)]


# -- in words


def sort_text(field: Field, row: Row) -> str:
    """Of what sort a row is: `Work`; empty where it does not say."""
    words = (_choice_text(member, row.get(member.name)) for member in field.sorts)
    return clean(" ".join(filter(None, words)))


def row_text(field: Field, row: Row) -> str:
    """A row on one line: `Work +44 20 7946 0000`."""
    return " ".join(filter(None, (sort_text(field, row), clean(main_text(field, row)))))


def texts(field: Field, value: Value) -> list[str]:
    """Each row on a line, its sort in a column of its own: `Work   +44 20 7946 0000`."""
    rows = [(sort_text(field, row), clean(main_text(field, row))) for row in rows_of(field, value)]
    width = max((len(sort) for sort, _ in rows), default=0)
    return [f"{sort:<{width}}  {text}".strip() if width else text for sort, text in rows]


def told(field: Field, value: Value, *others: Value) -> str:
    """The rows in one text; beside others of the field only those that all of them do not have alike."""
    rows = rows_of(field, value)
    if others:
        rows = [row for row in rows if not all(_has(field, row, other) for other in others)]
    return "; ".join(row_text(field, row) for row in rows)


def changes(field: Field, old: Value, new: Value) -> list[tuple[str, str, str]]:
    """Label, old and new text of each row that is changed, removed or made."""
    before, after = rows_of(field, old), rows_of(field, new)
    by_id = {id_: row for row in after if (id_ := id_of(row))}
    rest = [row for row in after if id_of(row) is None]
    found: list[tuple[str, str, str]] = []
    for row in before:
        now = by_id.pop(id_, None) if (id_ := id_of(row)) else _taken(field, row, rest)
        if now is None:
            found.append((_label(field, row), clean(main_text(field, row)), "removed"))
        elif not same_row(field, row, now):
            found.append(_change(field, row, now))
    for row in (*by_id.values(), *rest):
        text = clean(main_text(field, row))
        found.append((_label(field, row), "", f"{text} (new)" if before else text))
    return found


def _change(field: Field, old: Row, new: Row) -> tuple[str, str, str]:
    if sort_text(field, old) == sort_text(field, new):
        return _label(field, old), clean(main_text(field, old)), clean(main_text(field, new))
    return clean(field.title), row_text(field, old), row_text(field, new)


def _label(field: Field, row: Row) -> str:
    return " · ".join(filter(None, (clean(field.title), sort_text(field, row))))


def _taken(field: Field, row: Row, rest: list[Row]) -> Row | None:
    """The row that is the same, taken from those that have no ids."""
    at = next((at for at, other in enumerate(rest) if same_row(field, row, other)), None)
    return None if at is None else rest.pop(at)


def _has(field: Field, row: Row, value: Value) -> bool:
    return any(id_of(row) == id_of(other) and same_row(field, row, other) for other in rows_of(field, value))


def _choice_text(member: Field, value: Value) -> str:
    text = text_of(value)
    return next((choice.label for choice in member.choices or () if choice.value == text), text)
