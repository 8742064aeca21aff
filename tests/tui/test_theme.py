"""The themes: complete, legible, and harmless when broken."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import Button, Footer, Input, Label, OptionList, Select

from crmtui.tui.theme import (
    ANSI,
    COLOURS,
    DARK,
    LIGHT,
    VARIABLES,
    load_theme,
    load_themes,
    theme_names,
    variables,
)

THEMES = {theme.name: theme for theme in load_themes().themes}
COLOURED = [theme for theme in THEMES.values() if not theme.ansi]
GROUNDS = ("ground", "cursor-bg", "cursor-blurred-bg", "field-bg", "field-focus-bg")
TEXTS = ("text-value", "text-label", "success", "warning", "error", "accent")


def colours(theme: Theme) -> dict[str, Color]:
    """Every colour of a theme, as it reaches the style sheets."""
    names = {**theme.to_color_system().generate(), **theme.variables}
    return {
        name: Color.parse(names[name])
        for name in (*VARIABLES, *COLOURS, "success-muted", "warning-muted", "error-muted")
    }


def luminance(colour: Color) -> float:
    """WCAG 2."""
    parts = (part / 255 for part in colour[:3])
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """WCAG 2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def reduced(colour: Color) -> Color:
    """The colour on a terminal of 256."""
    red, green, blue = colour.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return Color(red, green, blue)


def test_the_themes_there_are() -> None:
    assert {
        DARK,
        LIGHT,
        ANSI,
        "nord",
        "gruvbox",
        "catppuccin",
        "tokyo-night",
        "solarized-light",
        "high-contrast",
    } <= set(THEMES)
    assert load_themes().warnings == []
    assert theme_names() == sorted(THEMES)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_each_defines_every_variable(theme: Theme) -> None:
    own = {**theme.to_color_system().generate(), **theme.variables}
    assert set(VARIABLES) <= set(theme.variables)
    assert set(BUILTIN_THEMES["textual-dark"].to_color_system().generate()) <= set(own)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_text_is_legible_on_every_ground(theme: Theme) -> None:
    own = colours(theme)
    least = 7 if theme.name == "high-contrast" else 4.5
    too_faint = [
        (text, ground, round(contrast(own[text], own[ground]), 2))
        for ground in GROUNDS
        for text, limit in (*((text, least) for text in TEXTS), ("text-dim", 3))
        if contrast(own[text], own[ground]) < limit
    ]
    pills = [(own["badge-fg"], own["badge-bg"])] + [
        (own[hue], own[f"{hue}-muted"]) for hue in ("success", "warning", "error")
    ]
    assert too_faint == []
    assert min(contrast(*pill) for pill in pills) >= 4.5
    assert contrast(own["cursor-fg"], own["cursor-bg"]) >= 4.5
    assert contrast(own["rule-focus"], own["ground"]) >= 3


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_the_cursor_is_seen_and_text_read_in_256_colours(theme: Theme) -> None:
    own = {name: reduced(colour) for name, colour in colours(theme).items()}
    assert own["cursor-bg"] != own["ground"]
    for ground in ("ground", "cursor-bg"):
        assert contrast(own["text-value"], own[ground]) >= 4.5
        assert contrast(own["text-label"], own[ground]) >= 3


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_strengths_of_text_are_told_apart(theme: Theme) -> None:
    own = colours(theme)
    value, label, dim = (
        contrast(own[name], own["ground"]) for name in ("text-value", "text-label", "text-dim")
    )
    assert value > label > dim
    assert own["rule"] != own["rule-focus"]
    assert len({own[hue].hex for hue in ("success", "warning", "error", "accent")}) == 4


def test_the_terminals_own_colours_and_no_others() -> None:
    own = {**THEMES[ANSI].to_color_system().generate(), **THEMES[ANSI].variables}
    for name, value in own.items():
        assert value.startswith(("ansi_", "transparent")) or "-style" in name, (name, value)


class Gallery(App[None]):
    """Some widgets in their default style sheets."""

    CSS = "Label { color: $text-dim; background: $badge-bg; border: round $rule; }"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(self.current_theme)

    def compose(self) -> ComposeResult:
        yield from (Label("one"), Input("two"), Button("three"), OptionList("four"))
        yield from (Select([("six", 6)]), Footer())


def test_every_theme_can_be_worn_and_textuals_own_too() -> None:
    async def wear() -> None:
        app = Gallery()
        async with app.run_test(size=(80, 40)) as pilot:
            for theme in THEMES.values():
                app.register_theme(theme)
            for name in (*THEMES, "dracula", "textual-light", "ansi-light"):
                app.theme = name
                await pilot.pause()
                assert app.native_ansi_color is app.current_theme.ansi
                app.screen._compositor.render_strips()

    asyncio.run(wear())


def test_in_the_ansi_theme_nothing_but_sixteen_colours_is_painted() -> None:
    async def painted() -> set[str]:
        app = Gallery()
        app.register_theme(THEMES[ANSI])
        app.theme = ANSI
        async with app.run_test(size=(80, 40)):
            styles = [
                segment.style
                for strip in app.screen._compositor.render_strips()
                for segment in strip
                if segment.style
            ]
            return {colour.type.name for style in styles for colour in (style.color, style.bgcolor) if colour}

    assert asyncio.run(painted()) <= {"DEFAULT", "STANDARD"}


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_theme_of_the_users_own_needs_little(tmp_path: Path) -> None:
    write(tmp_path, "mine", 'primary: "#ff8800"\nbackground: "#101010"\nvariables:\n  rule: "#222222"\n')
    theme, warnings = load_theme("mine", tmp_path)
    assert warnings == []
    assert theme is not None
    assert theme.dark
    assert theme.variables["rule"] == "#222222"
    assert theme.variables["bar"] == "#ff8800"
    assert set(VARIABLES) <= set(theme.variables)
    assert "mine" in theme_names(tmp_path)


def test_a_users_theme_goes_before_ours_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path, "nord", "primary: red\n")
    theme, _ = load_theme("nord", tmp_path)
    assert theme is not None
    assert theme.primary == "red"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("primary: [", "it is not YAML"),
        ("- a\n- b\n", "not a table"),
        ("", "not a table"),
        ("accent: red\n", "no 'primary'"),
        ("primary: mauvish\n", "'primary' is no colour: 'mauvish'"),
        ("primary: red\nvariables: {rule: 12}\n", "'rule' is no colour: 12"),
        ("primary: red\nvariables: {'a; }': red}\n", "no name of a variable"),
        ("primary: red\nvariables: {link-style: 'bold; x'}\n", "no style of text"),
        ("primary: red\nvariables: [red]\n", "'variables' is not a table"),
        ("primary: red\ndark: maybe\n", "'dark' is true or false"),
        ("primary: red\nsparkle: 3\n", "'sparkle' is no key"),
        ("primary: red\nname: other\n", "they must be one"),
        ("x" * 70_000, "too large"),
        ("[" * 1_200, "it is not YAML"),
    ],
    ids=range(14),
)
def test_a_broken_theme_is_left_out_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, "mine", text)
    loaded = load_themes(tmp_path)
    assert "mine" not in {theme.name for theme in loaded.themes}
    assert len(loaded.themes) == len(THEMES)
    (warning,) = loaded.warnings
    assert said in warning
    assert "mine.yaml" in warning
    assert "\n" not in warning
    assert load_theme("mine", tmp_path) == (None, [warning])


def test_a_theme_there_is_not_names_those_there_are() -> None:
    theme, (warning,) = load_theme("nrod")
    assert theme is None
    assert "nord" in warning


def test_the_cache_spares_the_parser_and_notices_changes(tmp_path: Path) -> None:
    folder, cached = tmp_path / "themes", tmp_path / "cache" / "themes.json"
    path = write(folder, "mine", "primary: red\n")
    first = load_themes(folder, cached)
    script = (
        "import sys, pathlib; from crmtui.tui.theme import load_theme;"
        f"theme, said = load_theme('mine', pathlib.Path({str(folder)!r}), pathlib.Path({str(cached)!r}));"
        "print(theme.primary, said, 'yaml' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.split("\n")[0] == "red [] False"
    assert load_themes(folder, cached) == first
    path.write_text("primary: green # another size\n", encoding="utf-8")
    theme, _ = load_theme("mine", folder, cached)
    assert theme is not None
    assert theme.primary == "green"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format": 1, "themes": {"nord": {"stamp": 1, "theme": {}}}}', "[" * 9000],
    ids=range(5),
)
def test_a_damaged_cache_is_read_past(tmp_path: Path, content: str) -> None:
    cached = tmp_path / "themes.json"
    cached.write_text(content, encoding="utf-8")
    theme, warnings = load_theme("nord", None, cached)
    assert theme == THEMES["nord"]
    assert warnings == []


def test_a_cache_that_cannot_be_written_is_no_loss(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    theme, warnings = load_theme("nord", None, tmp_path / "file" / "themes.json")
    assert theme is not None
    assert warnings == []
