"""The user's own keys: each a known command's, a key that there is, and nobody else's where it works."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, key_to_character

from crmtui.model.errors import ConfigError
from crmtui.model.text import clean
from crmtui.tui.commands import COMMANDS

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "meta", "super"})
_LISTING = ("Browse", "Record", "Connections", "Outbox")
"""Screens with lists, whose keys come before the screen's own."""
_NAMES = frozenset(key.value for key in Keys)


def keymap(keys: Mapping[str, str]) -> dict[str, str]:
    """The configuration's `keys` by id, as Textual names keys; a `ConfigError` names what cannot be."""
    if not keys:
        return {}
    own = {id_: ",".join(_key(id_, each) for each in _parts(id_, keys[id_])) for id_ in keys}
    scopes = dict(_scopes())
    known = {id_ for ids in scopes.values() for id_ in ids} | COMMANDS.keys()
    for id_ in own:
        if id_ not in known:
            near = difflib.get_close_matches(id_, known, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else "crmtui's README lists the ids."
            raise ConfigError(f"{_said(id_, keys)} is the key of no command; {hint}")
    for place, bindings in scopes.items():
        _refuse_clashes(place, bindings, own, keys)
    return own


def _parts(id_: str, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise ConfigError(f'{_said(id_, {id_: text})}: expected keys with commas between, such as "e,f2".')
    return parts


def _key(id_: str, text: str) -> str:
    """A key as Textual names it, from that name or from the sign itself."""
    *modifiers, last = ["+"] if text == "+" else text.split("+")
    one = len(last) == 1 and last.isprintable()
    name = _character_to_key(last.lower() if modifiers else last) if one else last.lower()
    if not set(modifiers) <= _MODIFIERS or not (one or name in _NAMES or key_to_character(name)):
        raise ConfigError(f"{_said(id_, {id_: text})} is no key; expected one such as e, ?, f2, ctrl+e.")
    return "+".join((*modifiers, name))


def _scopes() -> Iterator[tuple[str, Mapping[str, str]]]:
    """(place, keys by id) for everything that takes keys at once: a screen, or a list."""
    from crmtui.tui import screens
    from crmtui.tui.screens.base import CommandScreen
    from crmtui.tui.widgets.record_list import RecordList
    from crmtui.tui.widgets.sidebar import Sidebar

    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    # In an order that does not depend on what was imported before.
    for screen in sorted(CommandScreen.named(), key=lambda screen: screen.__module__):
        lists = _bound(RecordList) if screen.NAME in _LISTING else {}
        yield screen.NAME, _bound(screen) | lists
    yield "the sidebar", _bound(Sidebar)


def _bound(node: type[DOMNode]) -> dict[str, str]:
    bindings = Binding.make_bindings(node.BINDINGS)
    found: dict[str, str] = {}
    for binding in bindings:
        if binding.id:
            found[binding.id] = f"{found[binding.id]},{binding.key}" if binding.id in found else binding.key
    return found


def _refuse_clashes(
    place: str, bindings: Mapping[str, str], own: Mapping[str, str], keys: Mapping[str, str]
) -> None:
    taken: dict[str, str] = {}
    # The user's own come last, so that they are the ones to be named.
    for id_ in sorted(bindings, key=own.__contains__):
        for key in own.get(id_, bindings[id_]).split(","):
            other = taken.setdefault(key, id_)
            if other != id_ and id_ in own:
                raise ConfigError(
                    f"{_said(id_, keys)} is the key of {other} too, on {place}; expected another key,"
                    f" or another one for {other}."
                )


def _said(id_: str, keys: Mapping[str, str]) -> str:
    return clean(f"config.yaml, keys.{id_}: {keys[id_]!r}")
