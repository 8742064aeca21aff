"""One question to the OS keyring, asked in a process of its own because a keyring may never answer.

Runs as a script: one JSON object on stdin, one on stdout. It imports nothing of crmtui and starts nothing:
only the platforms' own encrypted stores are used, whatever other backends happen to be installed.
"""

import configparser
import importlib
import json
import os
import sys
from typing import Any

ALLOWED = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
)
CHAINER = "keyring.backends.chainer.ChainerBackend"


class Unavailable(Exception):
    """Why the keyring cannot be used."""


def main() -> None:
    """Answer the question on stdin."""
    question = json.load(sys.stdin)
    # What a library prints must not get between us and the one who asked.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        answer = _answer(question)
    except Unavailable as reason:
        answer = {"unavailable": str(reason)}
    except Exception as error:
        # The text of an unforeseen error could repeat what was to be stored; its name cannot.
        answer = {"unavailable": f"the keyring failed ({type(error).__name__})"}
    json.dump(answer, answers)
    answers.close()


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    _find_bus()
    backend = _backend()
    from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

    service, users = question["service"], question["users"]
    try:
        match question["do"]:
            case "get":
                return {
                    "found": {user: value for user in users if (value := backend.get_password(service, user))}
                }
            case "probe":
                # An entry that is not there: a locked keyring shows itself, and no token is handed over.
                backend.get_password(service, users[0])
                return {"found": {}, "backend": type(backend).__module__.removeprefix("keyring.backends.")}
            case "set":
                backend.set_password(service, users[0], question["token"])
                kept = backend.get_password(service, users[0])
                if kept != question["token"]:
                    raise Unavailable("the keyring did not give back what was stored")
            case "delete":
                try:
                    backend.delete_password(service, users[0])
                except PasswordDeleteError:
                    if backend.get_password(service, users[0]):
                        raise Unavailable("the keyring did not remove the entry") from None
        return {"found": {}}
    except KeyringLocked:
        raise Unavailable("the keyring is locked; unlock it") from None
    except InitError:
        raise Unavailable("the keyring is not set up, or locked; open it once on the desktop") from None
    except KeyringError as error:
        raise Unavailable(f"the keyring failed ({type(error).__name__})") from None


def _backend() -> Any:
    """The user's explicit choice if it is allowed, else the best allowed store that works here."""
    chosen = os.environ.get("PYTHON_KEYRING_BACKEND") or _configured()
    if chosen and chosen != CHAINER and chosen not in ALLOWED:
        raise Unavailable(f"keyring is set to {chosen}, which crmtui does not trust with tokens")
    candidates = [chosen] if chosen in ALLOWED else ALLOWED
    ranked = [(priority, name) for name in candidates if (priority := _priority(name)) is not None]
    if not ranked:
        raise Unavailable("no keyring service runs here")
    return _load(max(ranked)[1])()


def _priority(name: str) -> float | None:
    try:
        return float(_load(name).priority)
    except Exception:  # backends are other people's code and raise anything
        return None


def _load(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _configured() -> str | None:
    """The backend in keyring's own file, which is how `keyring --disable` says no."""
    from keyring.util.platform_ import config_root

    parser = configparser.RawConfigParser()
    try:
        parser.read(config_root() / "keyringrc.cfg", encoding="utf-8")
        return parser.get("backend", "default-keyring", fallback=None)
    except (configparser.Error, UnicodeDecodeError, OSError):
        return None


def _find_bus() -> None:
    """Name the session's bus, and stop where there is none: D-Bus libraries would start one and leave it."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if not runtime or not os.path.exists(os.path.join(runtime, "bus")):
        raise Unavailable("no keyring service runs here, there is no session bus")
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={runtime}/bus"


if __name__ == "__main__":
    main()
