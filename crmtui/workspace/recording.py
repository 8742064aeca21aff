"""Saves exchanges for the developers, one a file: no token, nobody's data, and every shape as it came.

The format is that of the recordings which the tests read: request, a line `--- RESPONSE ---`, answer.
"""

import os
import re
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from crmtui.crm.json_body import decode
from crmtui.model.errors import BadAnswer, ConfigError
from crmtui.paths import reason
from crmtui.secrets import HIDDEN
from crmtui.workspace.opening import redactor
from crmtui.workspace.standins import StandIns
from crmtui.workspace.visit import Exchange

_SECRET = re.compile(r"cookie|auth|token|session|csrf|xsrf|key|signature", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_KEPT = frozenset({"schema", "choices"})
"""Readers of answers that hold no record, but what records can hold."""
_WORDS = frozenset({"type", "code", "message", "error"})
"""The members of an answer that is an error, whatever its status."""
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def save(folder: Path, crm: str, exchanges: Iterable[Exchange]) -> Path:
    """Writes the files below `folder`, which is made if need be; nothing there is overwritten."""
    place = folder.expanduser().absolute() / crm
    stand_ins = StandIns()
    try:
        for missing in reversed([place, *place.parents]):
            if not missing.is_dir():
                missing.mkdir(0o700)
        for exchange in exchanges:
            _write(place, _name(exchange), recorded(exchange, stand_ins).encode("utf-8", "replace"))
    except OSError as error:
        raise ConfigError(
            f"The exchanges cannot be saved in {place}: {reason(error)}; name another folder."
        ) from error
    return place


def recorded(exchange: Exchange, stand_ins: StandIns) -> str:
    """A read and its answer as one file; a read sends no body."""
    call, answer = exchange.call, exchange.answer
    lines = [
        f"{call.method} {call.target} HTTP/1.1",
        "X-Recording-Source: recorded",
        *(f"{name}: {_header(name, value)}" for name, value in call.headers),
        "",
        "--- RESPONSE ---",
        f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, '.')}",
        *(f"{name}: {_header(name, value)}" for name, value in answer.headers.items()),
        "",
        _body(exchange, stand_ins),
    ]
    return redactor.redact("\n".join(lines))


def _body(exchange: Exchange, stand_ins: StandIns) -> str:
    answer = exchange.answer
    # A mark at the beginning would be taken for a part of the first value.
    text = answer.body.decode("utf-8-sig", "replace")
    try:
        said = decode(answer.body)
    except BadAnswer:
        return stand_ins.of_text(text)
    if not answer.ok or (isinstance(said, dict) and said.keys() <= _WORDS):
        return stand_ins.of_error(text)
    if exchange.call.reader in _KEPT:
        return stand_ins.of_dictionary(text)
    return stand_ins.of_records(text)


def _header(name: str, value: str) -> str:
    """A header's value on one line; what opens a session is hidden, and so are addresses of e-mail."""
    return HIDDEN if _SECRET.search(name) else _MAIL.sub(HIDDEN, " ".join(value.split()))


def _name(exchange: Exchange) -> str:
    """`get_accounts`, `datadictionary_contacts`, `get_opportunities_lines`: method, path, odd parameters."""
    call = exchange.call
    parts = [part for part in call.path.split("/") if part]
    if len(parts) == 1:
        parts.insert(0, call.method.lower())
    parts += [name for name, _ in call.query if name != "limit"]
    if not exchange.answer.ok:
        parts.append(str(exchange.answer.status))
    return re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower()).strip("_")


def _write(place: Path, name: str, content: bytes) -> None:
    """A file of that name, or of that name and the first number that is free."""
    number = 1
    while True:
        path = place / (f"{name}.http" if number == 1 else f"{name}_{number}.http")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return
