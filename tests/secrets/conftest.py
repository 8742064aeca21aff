"""A session bus for the tests, with the keyring on it that a test asks for, or none."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# No service folders: nothing is started that a test did not start itself.
BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
NO_BUS = "no bus"
EMPTY = "bus without a keyring"
SILENT = "keyring that never answers"
PROMPT = "keyring that waits for a prompt"
LOCKED = "locked keyring"
OPEN = "open keyring"

_HAS_BUS = shutil.which("dbus-daemon") is not None and sys.platform == "linux"
_HAS_KEYRING = _HAS_BUS and shutil.which("gnome-keyring-daemon") is not None
DESKTOPS = [NO_BUS] + [EMPTY, SILENT, PROMPT] * _HAS_BUS + [LOCKED, OPEN] * _HAS_KEYRING
"""What can be tried on this machine: the real keyring is tried where gnome-keyring is installed."""

Start = Callable[[str], None]


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder with a path as short as that of a socket has to be."""
    with tempfile.TemporaryDirectory(prefix="bus") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, without a desktop."""
    for variable in list(os.environ):
        if variable.startswith(("CRMTUI_TOKEN_", "DBUS_", "PYTHON_KEYRING", "XDG_")):
            monkeypatch.delenv(variable)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("CRMTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("CRMTUI_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def desktop(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the desktop of one name; everything of it ends with the test."""
    running: list[subprocess.Popen[str]] = []

    def begin(*argv: str, said: str = "") -> str:
        """Start a program, tell it something, and wait for its first line."""
        with (home / "noise").open("a") as noise:
            process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=noise, text=True, bufsize=1
            )
        running.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(said)
        process.stdin.close()
        return process.stdout.readline().strip()

    def keyring(unlocked: bool) -> None:
        how = ["--unlock"] if unlocked else ["--start"]
        begin(
            "gnome-keyring-daemon",
            "--foreground",
            *how,
            "--components=secrets",
            said="pass" if unlocked else "",
        )

    def start(kind: str) -> None:
        if kind == NO_BUS:
            return
        (home / "bus.conf").write_text(BUS.format(folder=os.environ["XDG_RUNTIME_DIR"]))
        bus = begin("dbus-daemon", f"--config-file={home / 'bus.conf'}", "--nofork", "--print-address")
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
        if kind in {SILENT, PROMPT}:
            mode = "silent" if kind == SILENT else "prompt"
            assert begin(sys.executable, str(Path(__file__).with_name("stuck_keyring.py")), mode) == "ready"
        elif kind in {LOCKED, OPEN}:
            if kind == LOCKED:
                keyring(unlocked=True)
                end(running.pop())
            keyring(unlocked=kind == OPEN)

    def end(process: subprocess.Popen[str]) -> None:
        process.terminate()
        process.wait(5)
        if process.stdout:
            process.stdout.close()

    yield start
    while running:
        end(running.pop())
