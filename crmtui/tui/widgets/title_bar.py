"""The first line: the app, the connection as a badge, the state of the line, and the API gauge."""

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from crmtui.model.quota import Quota
from crmtui.model.text import clean
from crmtui.tui.format import ago
from crmtui.tui.widgets.columns import cut

_CELLS = 8
_MID, _HIGH = 0.60, 0.85


class Turns(NamedTuple):
    """The calls that could leave now, of those that ever can, and how many a second in the long run."""

    left: int
    most: int
    per_second: float


class TitleBar(Widget):
    """One line, redrawn only when one of its words changes."""

    DEFAULT_CSS = """
    TitleBar { height: 1; width: 1fr; background: $ground; color: $text-label; }
    """

    place: reactive[tuple[str, str]] = reactive(("", ""))
    """The connection's name and the service's."""
    state: reactive[str] = reactive("")
    """Words for the line: live, offline since when, or what waits."""
    trouble: reactive[bool] = reactive(False)
    """Whether the state is one to worry about."""
    quota: reactive[Quota | None] = reactive(None)

    turns: reactive[Turns | None] = reactive(None)
    """What the service lets through at once, where it tells no quota."""

    def render(self) -> Content:
        width = self.size.width
        name, service = (clean(part) for part in self.place)
        left = Content.assemble((" crmtui ", "bold $text-value"))
        if name:
            left += Content.assemble((f" {name} ", "$badge-fg on $badge-bg"), (f" {service}", "$text-label"))
        gauge = self._gauge(short=width < 100)
        room = width - left.cell_length - gauge.cell_length - 4
        state = Content.styled(cut(self.state, max(0, room)), "$warning" if self.trouble else "$text-dim")
        gap = max(1, width - left.cell_length - gauge.cell_length - state.cell_length - 3)
        return left + Content(" " * gap) + state + Content("  ") + gauge + Content(" ")

    def _gauge(self, *, short: bool) -> Content:
        quota, turns = self.quota, self.turns
        if turns is not None and (quota is None or quota.share is None):
            return _turns(turns, short=short)
        if quota is None:
            return Content("")
        if quota.share is None:
            text = "" if quota.used is None else f"{quota.used} call{'' if quota.used == 1 else 's'} today"
            return Content.styled(text, "$text-dim")
        colour = (
            "$gauge-low" if quota.share < _MID else "$gauge-mid" if quota.share < _HIGH else "$gauge-high"
        )
        filled = min(_CELLS, max(round(quota.share * _CELLS), 1 if quota.used else 0))
        figures = f" {quota.used}/{quota.limit}"
        reset = ""
        if quota.resets_at and not short:
            reset = f" · resets {ago(quota.resets_at, quota.resets_at + 3601).split()[-1]}"
        elif quota.is_spent_for_a_day and not short:
            reset = " · anew within 24 h"
        return Content.assemble(
            ("API ", "$text-dim"),
            ("▰" * filled, colour),
            ("▱" * (_CELLS - filled), "$gauge-rest"),
            (figures, "$text-label"),
            (reset, "$text-dim"),
        )


def _turns(turns: Turns, *, short: bool) -> Content:
    """Full cells are calls that could leave now."""
    share = turns.left / turns.most
    colour = "$gauge-high" if share <= 1 - _HIGH else "$gauge-mid" if share <= 1 - _MID else "$gauge-low"
    filled = min(_CELLS, max(round(share * _CELLS), 1 if turns.left else 0))
    return Content.assemble(
        ("API ", "$text-dim"),
        ("▰" * filled, colour),
        ("▱" * (_CELLS - filled), "$gauge-rest"),
        (f" {turns.left}/{turns.most}", "$text-label"),
        ("" if short else f" · {turns.per_second:.0f} a second", "$text-dim"),
    )
