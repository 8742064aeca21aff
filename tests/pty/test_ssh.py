"""The program over a real line of ssh: whoever is cut off in the middle of a form finds the text again."""

import getpass
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import create_server

import psutil
import pytest

import crmtui
from tests.conftest import Served
from tests.pty.conftest import Start, configure
from tests.pty.terminal import Terminal

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(
    not (SSHD and shutil.which("ssh") and shutil.which("ssh-keygen")), reason="no sshd and ssh are here"
)
ACME = "acme/accounts/95920978"
SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/me.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
"""
CLIENT = """
Host far
    HostName 127.0.0.1
    Port {port}
    User {user}
    IdentityFile {folder}/me
    IdentitiesOnly yes
    IdentityAgent none
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
    BatchMode yes
"""


@dataclass(frozen=True)
class Far:
    """A machine to which one can ssh: this one."""

    server: "psutil.Popen"
    folder: Path

    def start(self, environment: dict[str, str], *arguments: str) -> Terminal:
        """The program there, in a terminal here; a login gives it nothing of our environment."""
        told = environment | {
            "PYTHONPATH": str(Path(crmtui.__file__).parents[1]),
            "PYTHON_KEYRING_BACKEND": os.environ["PYTHON_KEYRING_BACKEND"],
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        there = ["exec", "env", *(f"{name}={value}" for name, value in told.items())]
        there += [sys.executable, "-m", "crmtui", *arguments]
        command = ("ssh", "-tt", "-F", str(self.folder / "client"), "far")
        return Terminal([shlex.join(there)], {}, command=command)

    @property
    def sessions(self) -> list[psutil.Process]:
        """The processes of the server that hold the lines."""
        return [each for each in self.server.children(recursive=True) if each.name().startswith("sshd")]

    @property
    def program(self) -> psutil.Process:
        """The program that runs there."""
        children = self.server.children(recursive=True)
        [found] = [each for each in children if ACME in each.cmdline() and "crmtui" in each.cmdline()]
        return found


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Far]:
    """An sshd of the test's own, with keys of its own."""
    assert SSHD
    folder = tmp_path / "ssh"
    folder.mkdir()
    for name in ("host", "me"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(make, check=True)
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "server").write_text(SERVER.format(port=port, folder=folder))
    (folder / "client").write_text(CLIENT.format(port=port, folder=folder, user=getpass.getuser()))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root does not start without it
    log = folder / "log"
    with log.open("wb") as errors:
        server = psutil.Popen([SSHD, "-D", "-e", "-f", str(folder / "server")], stderr=errors)
    try:
        while "Server listening" not in log.read_text():
            assert server.poll() is None, log.read_text()
        yield Far(server, folder)
    finally:
        for each in [*server.children(recursive=True), server]:
            each.kill()
        server.wait(10)


@pytest.mark.parametrize("dies", ["client", "server"])
def test_a_line_that_dies_keeps_the_text_and_leaves_no_program(
    far: Far, served: Served, start: Start, tmp_path: Path, dies: str
) -> None:
    with far.start(configure(served, tmp_path), ACME) as terminal:
        terminal.shows("read just now").press("e").shows("Edit · Acme Ltd")
        terminal.press(" & Co").shows("Acme Ltd & Co")
        program = far.program
        if dies == "client":
            terminal.kill(signal.SIGKILL)
        else:
            for session in far.sessions:
                session.kill()
        terminal.ends()
        _, alive = psutil.wait_procs([program], timeout=20)
        assert not alive, "a program is left that writes to nobody"
    again = start()
    again.shows("A draft waits: Acme Ltd").press("d").shows("Acme Ltd & Co")
    again.press("!").shows("Acme Ltd & Co!")
