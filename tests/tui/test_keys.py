"""Every key is told, does one thing on its screen, and reaches the app through any SSH client."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import crmtui.tui
from crmtui.tui import screens
from crmtui.tui.commands import COMMANDS
from crmtui.tui.screens.base import EVERYWHERE, CommandScreen
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.sidebar import Sidebar
from tests.keys import README, block, table

TUI = Path(inspect.getfile(crmtui.tui)).parent
SOURCES = sorted(TUI.rglob("*.py"))


def all_screens() -> list[type[CommandScreen[Any]]]:
    for module in iter_modules(screens.__path__, f"{screens.__name__}."):
        import_module(module.name)
    return [screen for screen in CommandScreen.named() if screen.__module__.startswith("crmtui.")]


SCREENS = all_screens()


def keys(id_: str) -> list[str]:
    return [key.strip() for key in COMMANDS[id_].keys.split(",")]


def test_the_readme_tells_the_keys_that_there_are() -> None:
    assert block(README.read_text("utf-8")).strip() == table().strip(), "run python -m tests.keys"


@pytest.mark.parametrize("id_", COMMANDS)
def test_every_command_is_told_in_words(id_: str) -> None:
    command = COMMANDS[id_]
    assert command.id == id_
    assert re.fullmatch(r"[a-z_]+", command.id)
    assert 1 < len(command.word) <= 14
    assert command.help.endswith(".")
    assert command.group
    assert keys(id_)[0]


def test_every_command_has_a_screen() -> None:
    used = {id_ for screen in SCREENS for id_ in screen.IDS} | set(EVERYWHERE)
    assert used == set(COMMANDS)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_a_screen_does_what_its_commands_promise(screen: type[CommandScreen[Any]]) -> None:
    assert screen.NAME
    for id_ in (*screen.IDS, *EVERYWHERE):
        assert callable(getattr(screen, f"do_{id_}", None)), id_


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_no_two_commands_of_a_screen_share_a_key(screen: type[CommandScreen[Any]]) -> None:
    taken = [key for id_ in (*screen.IDS, *EVERYWHERE) for key in keys(id_)]
    assert len(taken) == len(set(taken))


def test_the_list_s_own_keys_are_no_commands() -> None:
    mine = {key for id_ in COMMANDS for key in keys(id_)} - {"enter"}
    for widget in (RecordList, Sidebar):
        for binding in widget.BINDINGS:
            assert isinstance(binding, Binding)
            assert not mine & set(binding.key.split(",")), binding


def test_nothing_needs_alt_or_a_function_key() -> None:
    widgets: list[type[DOMNode]] = [*SCREENS, RecordList, Sidebar]
    for widget in widgets:
        for binding in widget.BINDINGS:
            assert isinstance(binding, Binding)
            for key in binding.key.split(","):
                assert not re.search(r"alt\+|meta\+|super\+|^f\d+$|\+f\d+$|ctrl\+shift", key), (widget, key)


# -- what the source must not hold

MARKED_UP = {"Static", "Label", "Button", "Checkbox", "Link", "Option", "Collapsible", "notify", "update"}
"""What reads markup out of a plain text that it is given."""


def spoken(source: str) -> Iterator[tuple[int, str]]:
    """The calls that would read markup out of a text which no author of ours wrote."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    told: set[tuple[int, str]] = set()
    known: dict[ast.Call, set[str]] = {}
    for scope in (tree, *functions):
        names = set(contents(scope))
        known |= {node: names for node in ast.walk(scope) if isinstance(node, ast.Call)}
    for call, names in known.items():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in MARKED_UP or not call.args or (name == "update" and isinstance(call.func, ast.Name)):
            continue
        if any(
            word.arg == "markup" and getattr(word.value, "value", None) is False for word in call.keywords
        ):
            continue
        first = call.args[0]
        if not is_content(first) and not (isinstance(first, ast.Name) and first.id in names):
            told.add((call.lineno, ast.unparse(call)))
    yield from sorted(told)


SAYING_CONTENT = re.compile(
    r"^(Content[.(]|self\._(text|table|heading|keys|content|line|draw)\w*\(|"
    r"band\(|details\(|requests\(|line\(|dialog_keys\()"
)


def contents(scope: ast.AST) -> Iterator[str]:
    """The names that are declared as Content, or assigned what is Content by its making and nothing else."""
    assigned: dict[str, list[bool]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and node.annotation is not None:
            assigned.setdefault(node.arg, []).append(ast.unparse(node.annotation) == "Content")
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(is_content(node.value))
    yield from (name for name, are in assigned.items() if all(are))


def is_content(node: ast.expr) -> bool:
    """A literal without markup, or what is Content by its making."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and "[" not in node.value
    return SAYING_CONTENT.match(ast.unparse(node)) is not None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TUI)))
def test_no_widget_gets_a_text_that_may_hold_markup(path: Path) -> None:
    assert list(spoken(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(name)",
        "Label(f'{x}')",
        "self.notify(message)",
        "w.update(record.title)",
        "Static('[b]')",
        "text = Content(a)\ntext = a\nStatic(text)",
    ],
)
def test_the_reading_finds_what_it_looks_for(source: str) -> None:
    assert len(list(spoken(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "Static(Content(name))",
        "Static()",
        "Label('words')",
        "self.notify(message, markup=False)",
        "d.update()",
        "text = Content(a)\nStatic(text)",
    ],
)
def test_the_reading_lets_safe_texts_pass(source: str) -> None:
    assert list(spoken(source)) == []


@pytest.mark.parametrize(
    "path", [*SOURCES, *sorted(TUI.rglob("*.tcss"))], ids=lambda path: str(path.relative_to(TUI))
)
def test_colours_come_from_the_theme_alone(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.suffix == ".tcss":
        text = re.sub(r"#[A-Za-z_-][\w-]*(?=[^;}]*\{)", "", text)
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b", text) + re.findall(r"\b(?:rgba?|hsla?)\(", text)
    assert not found
