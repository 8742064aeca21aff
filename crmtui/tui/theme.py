"""Colour themes: the ones that come with the app and the user's own, read from YAML, cached as JSON."""

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import Theme

from .theme_variables import VARIABLES, variables

__all__ = [
    "ANSI",
    "COLOURS",
    "DARK",
    "LIGHT",
    "VARIABLES",
    "Themes",
    "load_theme",
    "load_themes",
    "theme_names",
    "variables",
]

DARK: Final = "crmtui-dark"
LIGHT: Final = "crmtui-light"
ANSI: Final = "ansi"

COLOURS: Final = (
    "primary", "secondary", "accent", "foreground", "background", "surface", "panel", "success", "warning",
    "error",
)  # fmt: skip
"""What every theme names; all but `primary` may be left out."""

_FORMAT = 1
"""Of the cache; a new number makes an older one stale."""
_MOST_BYTES = 64 * 1024
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TEXT_STYLES = {
    "none",
    "bold",
    "dim",
    "italic",
    "underline",
    "reverse",
    "strike",
    "not",
    "b",
    "i",
    "u",
    "r",
    "d",
}


class Themes(NamedTuple):
    """What was loaded, and a sentence for each file that could not be."""

    themes: list[Theme]
    warnings: list[str]


class _Broken(Exception):
    """Why a theme cannot be used."""


def theme_names(user_dir: Path | None = None) -> list[str]:
    """The names of all themes there are, from the names of their files alone."""
    return sorted(_files(user_dir))


def load_theme(
    name: str, user_dir: Path | None = None, cached: Path | None = None
) -> tuple[Theme | None, list[str]]:
    """One theme; none with a sentence why where it does not exist or cannot be used."""
    files = _files(user_dir)
    if name not in files:
        return None, [f"There is no theme {name!r}; there are {', '.join(sorted(files))}."]
    known = _load([name], files, cached)
    return (known.themes[0] if known.themes else None), known.warnings


def load_themes(user_dir: Path | None = None, cached: Path | None = None) -> Themes:
    """All themes: the app's, and those of the user, which come before the app's of the same name."""
    files = _files(user_dir)
    return _load(sorted(files), files, cached)


def _files(user_dir: Path | None) -> dict[str, Path]:
    """The file of each theme, the user's own ones first."""
    package = Path(__file__).parents[1]
    shipped = package / "_themes"
    found: dict[str, Path] = {}
    for folder in (shipped if shipped.is_dir() else package.parent / "themes", user_dir):
        if folder is not None:
            with contextlib.suppress(OSError):
                names = sorted(name for name in os.listdir(folder) if name.endswith((".yaml", ".yml")))
                found |= {name.rpartition(".")[0]: folder / name for name in names}
    return found


def _load(names: Iterable[str], files: Mapping[str, Path], cached: Path | None) -> Themes:
    """The themes of those names, from the cache as far as their files are unchanged since."""
    entries = _read_cache(cached)
    themes: list[Theme] = []
    warnings: list[str] = []
    fresh = False
    for name in names:
        path = files[name]
        try:
            stat = path.stat()
            stamp = [str(path), stat.st_mtime_ns, stat.st_size]
            entry = entries.get(name)
            if isinstance(entry, dict) and entry.get("stamp") == stamp:
                theme = Theme(**entry["theme"])
            else:
                theme = _read(name, path)
                entries[name] = {"stamp": stamp, "theme": _plain(theme)}
                fresh = True
            themes.append(theme)
        except (OSError, TypeError, KeyError, _Broken) as error:
            warnings.append(f"The theme {name!r} was left out: {error} ({path})")
    if fresh and cached is not None:
        _write_cache(cached, {name: entry for name, entry in entries.items() if name in files})
    return Themes(themes, warnings)


def _read(name: str, path: Path) -> Theme:
    """The theme in that file; `_Broken` says what is wrong with it."""
    import yaml  # costs more than everything else here, and the cache mostly saves it

    if path.stat().st_size > _MOST_BYTES:
        raise _Broken("the file is too large.")
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _Broken(f"it is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(data, dict):
        raise _Broken("it is not a table of names and colours.")
    return _theme(name, data)


def _theme(name: str, data: dict[Any, Any]) -> Theme:
    known = {"name", "dark", "ansi", "variables", *COLOURS}
    if unknown := [str(key) for key in data if key not in known]:
        raise _Broken(f"{unknown[0]!r} is no key of a theme.")
    if not _NAME.fullmatch(name) or data.get("name", name) != name:
        raise _Broken(
            f"its file is called {name!r} and its name is {data.get('name', name)!r}; they must be one."
        )
    for key in ("dark", "ansi"):
        if not isinstance(data.get(key, False), bool):
            raise _Broken(f"{key!r} is true or false, not {data[key]!r}.")
    colours = {key: _colour(key, data[key]) for key in COLOURS if key in data}
    if "primary" not in colours:
        raise _Broken("it has no 'primary' colour.")
    extra = data.get("variables") or {}
    if not isinstance(extra, dict):
        raise _Broken("'variables' is not a table.")
    own = {str(key): _value(str(key), value) for key, value in extra.items()}
    primary = colours.pop("primary")
    theme = Theme(name, primary, dark=data.get("dark", True), ansi=data.get("ansi", False), variables=own)
    for key, colour in colours.items():
        setattr(theme, key, colour)
    theme.variables = variables(theme)
    return theme


def _value(name: str, value: object) -> str:
    """A variable's value: whatever else it were, the style sheets would break on it."""
    if not _NAME.fullmatch(name):
        raise _Broken(f"{name!r} is no name of a variable.")
    if "-style" not in name:
        return _colour(name, value)
    if not isinstance(value, str) or not value.split() or not set(value.split()) <= _TEXT_STYLES:
        raise _Broken(f"{name!r} is no style of text: {value!r}.")
    return value


def _colour(name: str, value: object) -> str:
    try:
        return str(value) if Color.parse(str(value)) else ""
    except ColorParseError:
        raise _Broken(f"{name!r} is no colour: {value!r}.") from None


def _plain(theme: Theme) -> dict[str, Any]:
    keys = ("name", "dark", "ansi", "variables", *COLOURS)
    return {key: getattr(theme, key) for key in keys}


def _read_cache(cached: Path | None) -> dict[str, Any]:
    if cached is None:
        return {}
    try:
        data = json.loads(cached.read_bytes())
        return data["themes"] if data["format"] == _FORMAT and isinstance(data["themes"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _write_cache(cached: Path, entries: Mapping[str, Any]) -> None:
    """All or nothing; a cache that cannot be written is no loss."""
    with contextlib.suppress(OSError):
        cached.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cached.parent, prefix=cached.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"format": _FORMAT, "themes": entries}, file)
        os.replace(name, cached)
