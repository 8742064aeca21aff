"""Changes one entry in the text of a configuration and leaves every other line, comments included."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmtui.config.connection import Config, Connection
from crmtui.config.document import Entry, Table
from crmtui.config.services import SERVICES

_STEP = 2
_WIDEST = 1_000_000


def plain(config: Config) -> dict[str, Any]:
    """The configuration as the shortest YAML values that say it: defaults are left out."""
    said: dict[str, Any] = {}
    if config.connections:
        said["connections"] = {name: _connection(one) for name, one in config.connections.items()}
    if config.alert_command:
        said["alert_command"] = list(config.alert_command)
    if config.theme is not None:
        said["theme"] = config.theme
    if config.keys:
        said["keys"] = dict(config.keys)
    return said


def dump(values: Mapping[str, Any], indent: int = 0) -> str:
    """Values as YAML in the order given: mappings as lines, moved right by `indent`, lists in brackets."""
    text = ""
    for key, value in values.items():
        text += " " * indent + _flow(key) + ":"
        text += "\n" + dump(value, indent + _STEP) if isinstance(value, dict) else f" {_flow(value)}\n"
    return text


def amended(text: str, document: Table, before: Config, after: Config) -> str | None:
    """The text with only what differs changed; None where its layout does not allow that."""
    if document.flow:
        return None
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    old, new = plain(before), plain(after)
    changes: list[tuple[int, int, str]] = []
    for key in [*old, *(key for key in new if key not in old)]:
        entry = document.entries.get(key)
        inner = entry.value if entry else None
        if old.get(key) == new.get(key):
            continue
        if key == "connections" and isinstance(inner, Table) and not inner.flow and inner.entries:
            changes += _differences(inner.entries, old.get(key, {}), new.get(key, {}), inner.last)
        else:
            changes += _differences(document.entries, _only(old, key), _only(new, key), len(lines))
    for first, last, block in sorted(changes, reverse=True):
        lines[first - 1 : last] = [block] if block else []
    return "".join(lines)


def _differences(
    entries: dict[str, Entry], old: dict[str, Any], new: dict[str, Any], end: int
) -> list[tuple[int, int, str]]:
    """Line ranges and what to put there, for the entries of one mapping; new ones go after line `end`."""
    column = next((entry.column for entry in entries.values()), 0)
    changes = []
    added = ""
    for key in [*old, *(key for key in new if key not in old)]:
        entry = entries.get(key)
        block = dump({key: new[key]}, column) if key in new else ""
        if entry is None:
            added += block
        elif old.get(key) != new.get(key):
            changes.append((entry.line, max(entry.line, entry.value.last), block))
    if added:
        changes.append((end + 1, end, added))
    return changes


def _flow(value: Any) -> str:
    """A word, number or list on one line."""
    import yaml

    text: str = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=_WIDEST)
    if text.count("\n") > 1:
        text = yaml.safe_dump([value], default_flow_style=True, default_style='"', width=_WIDEST)
    return text.strip()[1:-1]


def _only(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {key: values[key]} if key in values else {}


def _connection(connection: Connection) -> dict[str, Any]:
    service = SERVICES[connection.crm]
    said: dict[str, Any] = {"crm": connection.crm}
    for key, default in _defaults(connection).items():
        value = getattr(connection, key)
        if value != default:
            said[key] = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
    if service.url == connection.url:
        said.pop("url", None)
    return said


def _defaults(connection: Connection) -> dict[str, Any]:
    blank = Connection(name="", crm=connection.crm, url="")
    formats = SERVICES[connection.crm].formats
    keys = [key for key in Connection.__struct_fields__ if key not in {"name", "crm"}]
    return {key: getattr(blank, key) for key in keys} | {"format": formats[0] if formats else None}
