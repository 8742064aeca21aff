"""A terminal that goes away without a signal: no program is left that writes to nobody."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from crmtui.tui.hangup import CODE

WELCOME = b"Welcome"


def test_a_terminal_that_is_gone_ends_the_program(tmp_path: Path) -> None:
    outer, inner = pty.openpty()
    environment = os.environ | {
        "TERM": "xterm-256color",
        "CRMTUI_CONFIG_DIR": str(tmp_path / "config"),
        "CRMTUI_DATA_DIR": str(tmp_path / "data"),
    }
    # A session without a controlling terminal: the kernel sends it no SIGHUP.
    program = subprocess.Popen(
        [sys.executable, "-m", "crmtui"],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=environment,
        start_new_session=True,
    )
    os.close(inner)
    shown = b""
    while WELCOME not in shown:
        shown += os.read(outer, 65536)
    os.close(outer)
    assert program.wait(timeout=20) == CODE
