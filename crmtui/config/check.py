"""From words to a `Config`: unknown keys, wrong types and broken rules are refused, each by its path."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crmtui.config.connection import Config, Connection
from crmtui.config.document import Entry, Fault, Items, Node, Table, Word
from crmtui.config.names import token_variable
from crmtui.config.rules import Broken, settle
from crmtui.model.text import clean

_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SECRET_KEY = re.compile(
    r"token|passw|passphrase|secret|credential|api[_-]?key|^key$|^pass$|^auth", re.IGNORECASE
)
_SECRET_VALUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])\S{16,}|\S{32,}", re.DOTALL)
_HARMLESS = re.compile(r"[a-z]{1,7}|[0-9]{1,7}", re.IGNORECASE)
_TOKEN_KEYS = ("token_command", "token_file")
_LONGEST_SHOWN = 60
_LONGEST_LOOKED_AT = 200

Read = Callable[[Node, str], Any]


def check(document: Table) -> Config:
    """The configuration that the document says, or a `Fault` naming path, value and what was expected."""
    given = _values(document, "", _TOP, "the file")
    return Config(**given)


def _connections(node: Node, path: str) -> dict[str, Connection]:
    table = _table(node, path, "names and their connections")
    return {name: _connection(name, entry, path, table.entries) for name, entry in table.entries.items()}


def _connection(name: str, entry: Entry, path: str, others: Iterable[str]) -> Connection:
    here = f"{path}.{_word(name)}"
    if isinstance(entry.value, Word) and _SECRET_KEY.search(name):
        raise Fault(entry.line, _no_tokens(here, None))
    table = _table(entry.value, here, "the connection's keys (crm, url, user …)")
    given = _values(table, here, _CONNECTION, "a connection", name)
    try:
        return settle(name, given, others)
    except Broken as broken:
        if broken.key not in table.entries:
            at = f"{here}.{broken.key}" if broken.key else here
            raise Fault(entry.line, f"{at} {broken.sentence}") from broken
        where = table.entries[broken.key]
        said = "" if broken.key in {"url", *_TOKEN_KEYS} else f": {_shown(where.value)}"
        raise Fault(where.line, f"{here}.{broken.key}{said} {broken.sentence}") from broken


def _values(
    table: Table, path: str, known: Mapping[str, Read], what: str, name: str | None = None
) -> dict[str, Any]:
    """Each key read by its own rule; a key that stands there without a value counts as not given."""
    found = {}
    for key, entry in table.entries.items():
        here = f"{path}.{_word(key)}" if path else _word(key)
        if key not in known:
            raise Fault(entry.line, _unknown(key, entry.value, here, known, what, name))
        if not (isinstance(entry.value, Word) and entry.value.nothing):
            found[key] = known[key](entry.value, here)
    return found


def _unknown(key: str, value: Node, here: str, known: Mapping[str, Read], what: str, name: str | None) -> str:
    near = difflib.get_close_matches(key.lower().replace("-", "_"), known, 1, 0.75)
    if not near and _SECRET_KEY.search(key):
        return _no_tokens(here, name)
    # Under an unknown name anything may stand, a token too: only what cannot be one is repeated.
    harmless = (near and near[0] not in _TOKEN_KEYS) or (
        isinstance(value, Word) and _HARMLESS.fullmatch(value.text)
    )
    said = f": {_shown(value)}" if harmless and not _SECRET_KEY.search(key) else ""
    if near:
        hint = f"did you mean {near[0]}?"
    elif key in _CONNECTION:
        hint = "it belongs to a connection"
    elif key in _TOP:
        hint = "it belongs at the top of the file, not to a connection"
    else:
        hint = f"expected {', '.join(known)}"
    return f"{here}{said} is no key of {what}; {hint}"


def _no_tokens(here: str, name: str | None) -> str:
    name = name or "NAME"
    return (
        f"{here} must not stand here: the configuration holds no tokens. Remove it, then keep the token with"
        f" crmtui connect {name} --replace, set {token_variable(name)}, or name a token_command or token_file"
    )


def _text(node: Node, path: str) -> str:
    if isinstance(node, Word) and node.text.strip() and node.text.isprintable():
        return node.text
    raise _wrong(node, path, "one line of text")


def _integer(least: int, most: int) -> Read:
    def read(node: Node, path: str) -> int:
        if isinstance(node, Word) and node.plain and re.fullmatch(r"[0-9]{1,9}", node.text, re.ASCII):
            number = int(node.text)
            if least <= number <= most:
                return number
        raise _wrong(node, path, f"a whole number from {least:,} to {most:,}")

    return read


def _flag(node: Node, path: str) -> bool:
    if isinstance(node, Word) and node.plain and node.text.lower() in _YES_NO:
        return _YES_NO[node.text.lower()]
    raise _wrong(node, path, "true or false")


def _list(node: Node, path: str, expected: str) -> list[tuple[Node, str]]:
    if not isinstance(node, Items):
        raise _wrong(node, path, expected)
    return [(item, f"{path}[{place}]") for place, item in enumerate(node.items)]


def _command(node: Node, path: str) -> tuple[str, ...]:
    words = _list(node, path, "a list: the program, then its arguments, such as [pass, show, crm]")
    if not words:
        raise _wrong(node, path, "a program's name first")
    program = _text(*words[0])
    return (program, *(_argument(*word) for word in words[1:]))


def _argument(node: Node, path: str) -> str:
    if isinstance(node, Word) and (node.text or not node.plain):
        return node.text
    raise _wrong(node, path, "text")


def _alerts(node: Node, path: str) -> tuple[int, ...]:
    percent = _integer(1, 100)
    return tuple(
        sorted({percent(*item) for item in _list(node, path, "a list of percents, such as [80, 95]")})
    )


def _kinds(node: Node, path: str) -> tuple[str, ...]:
    kinds = []
    for item, here in _list(node, path, "a list of custom tables, such as [claims]"):
        kind = _text(item, here)
        if "/" in kind or " " in kind:
            raise _wrong(item, here, "the table's name, without spaces and /")
        kinds.append(kind)
    return tuple(dict.fromkeys(kinds))


def _keys(node: Node, path: str) -> dict[str, str]:
    table = _table(node, path, 'commands and their keys, such as {edit: "e,f2"}')
    return {name: _text(entry.value, f"{path}.{_word(name)}") for name, entry in table.entries.items()}


def _table(node: Node, path: str, expected: str) -> Table:
    if isinstance(node, Table):
        return node
    raise _wrong(node, path, expected)


def _wrong(node: Node, path: str, expected: str) -> Fault:
    return Fault(node.line, f"{path}: {_shown(node)} is not what was expected: {expected}")


def _shown(node: Node) -> str:
    if isinstance(node, Table):
        return "a mapping"
    if isinstance(node, Items):
        return "a list"
    if len(node.text) > _LONGEST_LOOKED_AT or _SECRET_VALUE.search(node.text):
        return "a long value (not repeated here, it may be a secret)"
    return _word(node.text) if node.plain and node.text else f'"{_word(node.text)}"'


def _word(text: str) -> str:
    shown = clean(text)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"


_CONNECTION: dict[str, Read] = {
    "crm": _text,
    "url": _text,
    "user": _text,
    "format": _text,
    "call_limit": _integer(1, 999_999_999),
    "read_only": _flag,
    "mirror": _flag,
    "kinds": _kinds,
    "alerts": _alerts,
    "reserve": _integer(0, 100),
    "token_command": _command,
    "token_file": _text,
}
_TOP: dict[str, Read] = {
    "connections": _connections,
    "alert_command": _command,
    "theme": _text,
    "keys": _keys,
}
