"""The OS keyring: kept and read back, or a reason within the deadline, and never another backend."""

import json
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from crmtui.config import make_connection
from crmtui.model.errors import AuthFailed, ConfigError
from crmtui.secrets import Token, find, forget, keyring, store, where, where_all
from tests.secrets.conftest import DESKTOPS, EMPTY, LOCKED, NO_BUS, OPEN, PROMPT, SILENT, Start

ACME = make_connection("acme", crm="spotler")
BETA = make_connection("beta", crm="capsule")
TOKEN = "T0K-é \"'\\ 9f8e"
REASONS = {
    NO_BUS: "no keyring service runs here",
    EMPTY: "no keyring service runs here",
    SILENT: "did not answer within 0.3 seconds",
    PROMPT: "did not answer within 0.3 seconds",
    LOCKED: "the keyring is locked",
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes no difference where the keyring does answer."""
    monkeypatch.setattr(keyring, "DEADLINE", 20.0)


@pytest.mark.parametrize("kind", DESKTOPS)
def test_a_token_is_kept_or_the_reason_is_said(
    kind: str, desktop: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop(kind)
    if kind == OPEN:
        kept_found_and_forgotten()
        return
    if kind in {SILENT, PROMPT}:
        monkeypatch.setattr(keyring, "DEADLINE", 0.3)
    passed_over_by_the_search_and_refused_by_store(REASONS[kind])
    running = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    assert not [line for line in running if "keyring_process.py" in line]


def kept_found_and_forgotten() -> None:
    assert where(ACME) is None
    store("acme", TOKEN)
    assert where_all([ACME, BETA]) == {"acme": "keyring", "beta": None}
    assert find(ACME, ask=None) == Token(TOKEN, "keyring")
    store("acme", "another")
    assert find(ACME, ask=None).value == "another"
    assert forget("acme") is None
    assert forget("acme") is None
    assert where(ACME) is None


def passed_over_by_the_search_and_refused_by_store(reason: str) -> None:
    begun = time.monotonic()
    assert find(ACME, ask=lambda: TOKEN).source == "typed"
    assert time.monotonic() - begun < keyring.DEADLINE + 2
    with pytest.raises(AuthFailed, match=reason):
        find(ACME, ask=None)
    with pytest.raises(ConfigError, match=reason) as error:
        store("acme", TOKEN)
    assert TOKEN not in str(error.value)
    assert reason in (forget("acme") or "")


REFUSED = [
    "keyring.backends.null.Keyring",
    "keyring.backends.fail.Keyring",
    "keyrings.alt.file.PlaintextKeyring",
    "keyrings.cryptfile.cryptfile.CryptFileKeyring",
]


@pytest.fixture
def dead_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that nothing listens at, so that the choice of a backend is reached on every machine."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")


@pytest.mark.usefixtures("dead_bus")
@pytest.mark.parametrize(
    ("backend", "in_file"), [(REFUSED[0], True), *((backend, False) for backend in REFUSED)]
)
def test_a_backend_that_keeps_tokens_badly_is_named_and_refused(
    backend: str, in_file: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_file:
        settings = home / ".config" / "python_keyring" / "keyringrc.cfg"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[backend]\ndefault-keyring={backend}\n")
    else:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    with pytest.raises(ConfigError, match=f"keyring is set to {backend}, which crmtui does not trust"):
        store("acme", TOKEN)


@pytest.mark.usefixtures("dead_bus")
@pytest.mark.parametrize(
    "backend",
    ["", "keyring.backends.chainer.ChainerBackend", "keyring.backends.SecretService.Keyring"],
)
def test_an_installed_plaintext_backend_is_not_even_loaded(
    backend: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = home / "plugin"
    (plugin / "plain-1.dist-info").mkdir(parents=True)
    (plugin / "plain-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: plain\nVersion: 1\n")
    (plugin / "plain-1.dist-info" / "entry_points.txt").write_text("[keyring.backends]\nplain = plain\n")
    (plugin / "plain.py").write_text(f"open({str(home / 'loaded')!r}, 'w')")
    monkeypatch.setenv("PYTHONPATH", str(plugin))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    with pytest.raises(ConfigError, match="no keyring service runs here"):
        store("acme", TOKEN)
    assert not (home / "loaded").exists()


@pytest.mark.usefixtures("dead_bus")
def test_a_module_in_the_working_folder_is_not_mistaken_for_keyring(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("keyring.py", "json.py", "crmtui.py"):
        (home / name).write_text(f"open({str(home / 'loaded')!r}, 'w')")
    monkeypatch.chdir(home)
    assert where(ACME) is None
    assert not (home / "loaded").exists()


def test_the_helper_gets_tokens_on_stdin_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = home / "seen"
    helper = home / "helper"
    helper.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"json.dump([sys.argv, dict(os.environ), sys.stdin.read()], open({str(seen)!r}, 'w'))\n"
        "print('{\"found\": {}}')\n"
    )
    helper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(helper))
    monkeypatch.setenv("CRMTUI_TOKEN_BETA", "other-token")
    store("acme", "T0K-9f8e")
    argv, environment, said = json.loads(seen.read_text())
    assert "T0K-9f8e" not in str([argv, environment])
    assert "other-token" not in str([argv, environment])
    assert json.loads(said)["token"] == "T0K-9f8e"


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", '{"found": 3}', '{"found": {"acme"'])
def test_a_helper_that_breaks_is_a_reason_and_no_crash(
    answer: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = home / "helper"
    helper.write_text(f"#!/bin/sh\necho '{answer}'\n")
    helper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(helper))
    assert keyring.get(["acme"]) == keyring.Unavailable("the keyring's helper failed")
    monkeypatch.setattr(sys, "executable", os.devnull)
    assert isinstance(keyring.get(["acme"]), keyring.Unavailable)
