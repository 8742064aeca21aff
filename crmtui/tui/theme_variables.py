"""What a theme's few colours become: the variables of the app's style sheets, and of Textual's."""

from functools import cache
from typing import Final

from textual.color import Color
from textual.theme import Theme

VARIABLES: Final = (
    "ground", "rule", "rule-focus", "text-value", "text-label", "text-dim", "cursor-bg", "cursor-fg",
    "cursor-blurred-bg", "cursor-blurred-fg", "bar", "bar-blurred", "mark", "field-bg", "field-focus-bg",
    "gauge-low", "gauge-mid", "gauge-high", "gauge-rest", "badge-bg", "badge-fg",
)  # fmt: skip
"""Of the app's own; a theme that leaves one out gets it from its colours."""

_GROUNDS = (
    "scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active",
    "scrollbar-corner-color", "footer-background", "footer-key-background", "footer-description-background",
    "footer-item-background",
)  # fmt: skip


def variables(theme: Theme) -> dict[str, str]:
    """The variables the style sheets use, for a theme that does not define them all.

    For `App.get_theme_variable_defaults`, so that Textual's own themes can be chosen too.
    """
    system = theme.to_color_system().generate()
    primary, accent = theme.primary, theme.accent or theme.primary
    ground, value = system["background"], system["foreground"]
    success, warning, error = system["success"], system["warning"], system["error"]
    own = {
        "ground": ground,
        "rule": _mix(ground, value, 0.18),
        "rule-focus": accent,
        "text-value": value,
        "text-label": _mix(ground, value, 0.72),
        "text-dim": _mix(ground, value, 0.52),
        "cursor-bg": _mix(ground, primary, 0.2),
        "cursor-fg": value,
        "cursor-blurred-bg": _mix(ground, value, 0.07),
        "cursor-blurred-fg": value,
        "bar": accent,
        "bar-blurred": _mix(ground, value, 0.52),
        "mark": accent,
        "field-bg": _mix(ground, value, 0.05),
        "field-focus-bg": _mix(ground, value, 0.1),
        "gauge-low": accent,
        "gauge-mid": warning,
        "gauge-high": error,
        "gauge-rest": _mix(ground, value, 0.18),
        "badge-bg": _mix(ground, accent, 0.18),
        "badge-fg": accent,
    }
    own |= {name: colour for name, colour in theme.variables.items() if name in own}
    ground, value, label, dim = own["ground"], own["text-value"], own["text-label"], own["text-dim"]
    textual = {
        "text": value,
        "text-muted": label,
        "text-disabled": dim,
        "foreground-muted": label,
        "foreground-disabled": dim,
        "text-primary": primary,
        "text-secondary": theme.secondary or primary,
        "text-accent": accent,
        "text-success": success,
        "text-warning": warning,
        "text-error": error,
        "success-muted": _mix(ground, success, 0.16),
        "warning-muted": _mix(ground, warning, 0.16),
        "error-muted": _mix(ground, error, 0.16),
        "border": own["rule-focus"],
        "border-blurred": own["rule"],
        "block-cursor-background": own["cursor-bg"],
        "block-cursor-foreground": own["cursor-fg"],
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": own["cursor-blurred-bg"],
        "block-cursor-blurred-foreground": own["cursor-blurred-fg"],
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": own["field-bg"],
        "input-cursor-background": accent,
        "input-cursor-foreground": ground,
        "input-cursor-text-style": "none",
        "input-selection-background": _mix(ground, accent, 0.35),
        "input-selection-foreground": value,
        "screen-selection-background": _mix(ground, accent, 0.35),
        "screen-selection-foreground": value,
        "scrollbar": own["rule"],
        "scrollbar-hover": dim,
        "scrollbar-active": accent,
        "footer-foreground": label,
        "footer-key-foreground": accent,
        "footer-description-foreground": label,
        "link-color": accent,
        "link-style": "underline",
        "link-background": ground,
        "link-color-hover": own["cursor-fg"],
        "link-background-hover": own["cursor-bg"],
        "button-color-foreground": ground,
    }
    textual |= dict.fromkeys(_GROUNDS, ground)
    if theme.ansi:
        # Textual's widgets use names that its own generator forgets in an ansi theme
        textual = dict.fromkeys(_textual_names() - system.keys(), value) | textual
    return own | textual | theme.variables


def _mix(ground: str, colour: str, share: float) -> str:
    """Of the terminal's own colours nothing is known, so there it is the one or the other."""
    below, above = Color.parse(ground), Color.parse(colour)
    if below.ansi is not None or above.ansi is not None:
        return colour if share >= 0.5 else ground
    return below.blend(above, share, alpha=1).hex


@cache
def _textual_names() -> frozenset[str]:
    return frozenset(Theme(name="", primary="gray").to_color_system().generate())
