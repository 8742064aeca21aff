"""What a connection may be called, and the variable that its token is looked for in."""

import re
from collections.abc import Iterable

# fmt: off
COMMANDS = frozenset({
    "bulk", "choices", "completion", "connect", "connections", "delete", "demo", "disconnect", "doctor",
    "edit", "export", "fields", "forget", "hooks", "import", "kinds", "list", "log", "new", "note",
    "outbox", "quota", "sandbox", "search", "show", "sync", "tag", "undo",
})
# fmt: on
"""The first words that mean a command and can therefore be no connection's name."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_LONGEST = 64


def token_variable(name: str) -> str:
    """The environment variable of a connection's token, `CRMTUI_TOKEN_ACME` for `acme`."""
    return "CRMTUI_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", name.upper())


def name_problem(name: str, others: Iterable[str] = ()) -> str | None:
    """Why a connection cannot be called so beside the others, as the end of a sentence; None if it can."""
    if not _NAME.fullmatch(name):
        return "must be small letters a-z, digits, _ and -, and begin with a letter or digit"
    if len(name) > _LONGEST:
        return f"must have at most {_LONGEST} characters"
    if name in COMMANDS:
        return f"is a command (crmtui {name}); choose another name"
    for other in others:
        if other != name and token_variable(other) == token_variable(name):
            return f"and {other} would share the variable {token_variable(name)}; rename one of them"
    return None
