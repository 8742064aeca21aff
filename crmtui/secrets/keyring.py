"""The OS keyring, asked with a deadline and never inside this process."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from crmtui.secrets.token import Token

SERVICE = "crmtui"
SOURCE = "keyring"
DEADLINE = 3.0


class Found(msgspec.Struct, frozen=True):
    """The entries that are there, by user."""

    tokens: dict[str, Token]
    backend: str = ""
    """The platform's store, where that was asked."""


class Unavailable(msgspec.Struct, frozen=True):
    """The keyring could not be asked, or refused."""

    reason: str


Answer = Found | Unavailable


def get(users: list[str]) -> Answer:
    """The entries of these users; those without one are left out."""
    return _ask({"do": "get", "users": users})


def probe() -> Answer:
    """Which store answers, without handing over a token."""
    return _ask({"do": "probe", "users": ["crmtui doctor"]})


def put(user: str, token: str) -> Answer:
    """Store an entry; it has been read back when the answer is not `Unavailable`."""
    return _ask({"do": "set", "users": [user], "token": token})


def delete(user: str) -> Answer:
    """Remove an entry; that there was none is no error."""
    return _ask({"do": "delete", "users": [user]})


def _ask(question: dict[str, Any]) -> Answer:
    from crmtui.secrets.process import run

    script = Path(__file__).with_name("keyring_process.py")
    env = {name: value for name, value in os.environ.items() if not name.startswith("CRMTUI_TOKEN_")}
    said = json.dumps({**question, "service": SERVICE})
    try:
        # By path and with -P: the folder one happens to work in must not provide a module called keyring.
        ended = run([sys.executable, "-P", str(script)], DEADLINE, said, env)
    except OSError as error:
        return Unavailable(f"it could not be asked ({error.strerror})")
    if ended.status is None:
        return Unavailable(
            f"the keyring did not answer within {DEADLINE:g} seconds; it may wait to be unlocked"
        )
    try:
        answer = json.loads(ended.out)
        if "unavailable" in answer:
            return Unavailable(answer["unavailable"])
        tokens = {user: Token(value, SOURCE) for user, value in answer["found"].items()}
        return Found(tokens, answer.get("backend", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Unavailable("the keyring's helper failed")
