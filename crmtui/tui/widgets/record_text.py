"""A record as text: its band, and its fields in groups of label and value."""

from collections.abc import Container

from textual.content import Content
from textual.widgets import Static

from crmtui.model.text import clean
from crmtui.tui.format import Group, Rest
from crmtui.tui.outbox_words import SIGN
from crmtui.tui.widgets.columns import cut, fit

_LABEL = 18
_MOST_LINES = 200


def band(title: str, kind: str, id_: str, pills: list[str], width: int) -> Content:
    """The name in bold, kind and id dim, a pill for each status."""
    text = Content.assemble((cut(clean(title), max(8, width - len(kind) - len(id_) - 4)), "bold $text-value"))
    text += Content.styled(f"  {kind} {clean(id_)}", "$text-dim")
    for pill in pills:
        text += Content.assemble("  ", (f" {cut(pill, 24)} ", "$badge-fg on $badge-bg"))
    return text


def details(groups: list[Group], rest: Rest, width: int, waiting: Container[str] = ()) -> Content:
    """Groups of lines, labels in a column of their own; what is not shown is folded to its number.

    Before a value that the service does not have yet, of the fields that are `waiting`, stands a sign.
    """
    label_width = min(
        _LABEL, width * 2 // 5 + 1, max((len(line.label) for g in groups for line in g.lines), default=8) + 1
    )
    room = max(8, width - label_width - 2)
    parts: list[Content] = []
    for group in groups:
        if group.title:
            rule = "─" * max(0, width - len(group.title) - 4)
            parts += [
                Content(""),
                Content.assemble(("── ", "$rule"), (f"{group.title} ", "$text-label"), (rule, "$rule")),
            ]
        for line in group.lines:
            sign = f"{SIGN} " if line.name in waiting else ""
            first, *others = _wrapped(line.text, room - len(sign))
            style = "$accent" if line.link else "$text-value"
            parts.append(
                Content.assemble(
                    (fit(line.label, label_width), "$text-label"), " ", (sign, "$warning"), (first, style)
                )
            )
            parts += [Content.assemble(" " * (label_width + 1 + len(sign)), (text, style)) for text in others]
    if rest.said:
        parts += [Content(""), Content.styled(rest.said, "$text-dim")]
    return Content("\n").join(parts)


def _wrapped(text: str, room: int) -> list[str]:
    """A text's lines, none wider than the room; a text of hundreds of lines says how many are left out."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        wrapped = (
            Content(paragraph).wrap(room) if Content(paragraph).cell_length > room else [Content(paragraph)]
        )
        lines += [part.plain for part in wrapped]
        if len(lines) > _MOST_LINES:
            return [*lines[:_MOST_LINES], f"… {len(text)} characters in all; e shows the rest"]
    return lines or [""]


class RecordText(Static):
    """The details of one record."""

    DEFAULT_CSS = """
    RecordText { background: $ground; color: $text-value; padding: 0 1; height: auto; }
    """
