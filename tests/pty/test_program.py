"""The program from outside: saving, dying, idling, and what its terminal is left with."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from crmtui.sandbox.hostile import TEXTS
from tests.conftest import Serve, Served
from tests.pty.conftest import Start, configure
from tests.pty.terminal import Terminal

ACME = "acme/accounts/95920978"
sizes = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])


def drafts(folder: Path) -> list[str]:
    """The texts of the drafts on disk."""
    (journal,) = folder.glob("data/**/journal.db")
    with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as sql:
        return [bytes(body).decode("utf-8", "replace") for (body,) in sql.execute("SELECT body FROM draft")]


def restored(terminal: Terminal) -> None:
    assert not terminal.alternate, "the alternate screen was not left"
    assert terminal.cursor_shown
    for mode in (b"1000", b"1003", b"1006", b"2004"):
        assert terminal.bytes.rfind(b"\x1b[?" + mode + b"l") >= terminal.bytes.rfind(b"\x1b[?" + mode + b"h")


@sizes
def test_a_record_is_changed_by_one_patch(served: Served, start: Start, size: tuple[int, int]) -> None:
    terminal = start(ACME, size=size)
    terminal.shows("Acme Ltd", "Account · Details", "read just now")
    terminal.press("e").shows("Edit · Acme Ltd")
    terminal.press(" & Sons").shows("Acme Ltd & Sons", "1 changed")
    terminal.press("ctrl+s").shows("Review · Acme Ltd", "PATCH")
    assert not served.sent("PATCH")
    terminal.press("enter").shows("Saved: Acme Ltd & Sons.")
    (patch,) = served.sent("PATCH")
    assert json.loads(patch.body) == {"name": "Acme Ltd & Sons"}
    terminal.press("q")
    assert terminal.ends() == 0
    restored(terminal)


def test_an_account_that_cannot_be_opened_ends_it_with_a_sentence(start: Start, tmp_path: Path) -> None:
    journal = tmp_path / "data" / "connections" / "acme" / "journal.db"
    journal.parent.mkdir(parents=True)
    with sqlite3.connect(journal) as sql:
        sql.execute("PRAGMA user_version=999")
    terminal = start("acme")
    assert terminal.ends() == 2
    assert b"was written by a newer crmtui" in b" ".join(terminal.bytes.split())
    assert b"Traceback" not in terminal.bytes
    assert b"mistake" not in terminal.bytes
    restored(terminal)


def test_keys_typed_while_everything_opens_are_not_lost(served: Served, start: Start) -> None:
    terminal = start(ACME)
    terminal.shows("Acme Ltd", "read just now")
    terminal.press("e", "!", "!", "ctrl+s").shows("Review · Acme Ltd", "Acme Ltd!!")
    terminal.press("escape").shows("Edit · Acme Ltd")


def test_a_burst_over_several_fields_reaches_each(served: Served, start: Start) -> None:
    terminal = start(ACME)
    terminal.shows("Acme Ltd", "read just now")
    terminal.press("e").shows("Edit · Acme Ltd")
    terminal.press(" & Sons\tProspect\x13").shows("Review · Acme Ltd", "Acme Ltd & Sons", "Prospect")
    terminal.press("enter").shows("Saved: Acme Ltd & Sons.")
    (patch,) = served.sent("PATCH")
    assert json.loads(patch.body) == {"name": "Acme Ltd & Sons", "type": "Prospect"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_and_keeps_the_text(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    terminal = start(ACME)
    terminal.shows("read just now").press("e").shows("Edit · Acme Ltd")
    terminal.press(" & Co").shows("Acme Ltd & Co")
    terminal.kill(number)
    assert terminal.ends() == 128 + number
    restored(terminal)
    assert "Traceback" not in terminal.text
    again = start()
    again.shows("A draft waits: Acme Ltd").press("d").shows("Acme Ltd & Co")


def test_a_dead_process_loses_nothing_that_was_on_disk(start: Start, tmp_path: Path) -> None:
    terminal = start(ACME)
    terminal.shows("read just now").press("e").shows("Edit · Acme Ltd")
    terminal.press(" & Co")
    terminal.until(lambda: any("Acme Ltd & Co" in text for text in drafts(tmp_path)), "the draft")
    terminal.kill(signal.SIGKILL)
    assert terminal.ends() == -signal.SIGKILL
    again = start()
    again.shows("A draft waits: Acme Ltd").press("d").shows("Acme Ltd & Co")
    again.press("!").shows("Acme Ltd & Co!")


def test_the_demo_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    environment = {"CRMTUI_CONFIG_DIR": str(tmp_path / "c"), "CRMTUI_DATA_DIR": str(tmp_path / "d")}
    with Terminal(["demo", "--records", "20"], environment) as terminal:
        terminal.shows("Acme Ltd", "live")
        (child,) = psutil.Process(terminal.pid).children(recursive=True)
        terminal.press("q")
        assert terminal.ends() == 0
        restored(terminal)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_the_demo_s_sandbox_ends_with_a_killed_demo(tmp_path: Path) -> None:
    environment = {"CRMTUI_CONFIG_DIR": str(tmp_path / "c"), "CRMTUI_DATA_DIR": str(tmp_path / "d")}
    with Terminal(["demo", "--records", "20"], environment) as terminal:
        terminal.shows("Acme Ltd", "live")
        (child,) = psutil.Process(terminal.pid).children(recursive=True)
        terminal.kill(signal.SIGKILL)
        terminal.ends()
        _, alive = psutil.wait_procs([child], timeout=10)
        assert not alive


def test_without_a_terminal_it_says_so(served: Served, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "crmtui"],
        env={**os.environ, **configure(served, tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("crmtui: ")
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""


def test_idling_sends_nothing(start: Start) -> None:
    terminal = start()
    terminal.shows("just now", "live").quiet(1.0)
    assert terminal.read(2.0) == b""
    terminal.press("e").shows("Edit ·").quiet(1.0)
    assert terminal.read(2.0) == b"", "a blinking cursor"


def test_a_step_down_is_a_few_bytes(start: Start) -> None:
    terminal = start()
    terminal.shows("just now", "live").quiet(0.5)
    costs = []
    for _ in range(8):
        before = len(terminal.bytes)
        terminal.press("down").until(lambda: len(terminal.bytes) > before, "an answer")  # noqa: B023
        # the row is painted at once, the preview when the cursor rests
        while terminal.read(0.03):
            pass
        costs.append(len(terminal.bytes) - before)
        terminal.quiet(0.4)
    assert sorted(costs)[len(costs) // 2] <= 350, costs


def test_no_control_sequence_of_a_service_reaches_the_terminal(serve: Serve, tmp_path: Path) -> None:
    environment = configure(serve(records=72), tmp_path)
    with Terminal([], environment) as terminal:
        terminal.shows("just now", "live")
        for _ in range(72 // 30 + 1):
            terminal.press("\x1b[6~").quiet(0.3)
        terminal.press("g").quiet(0.3).press("/").shows("search accounts")
        terminal.press("quill").shows("Quill ␛]52").press("enter").shows("Account · Details").quiet(0.3)
        terminal.press("y").shows("Copied").quiet(0.2)
        terminal.press("e").shows("Edit ·").quiet(0.3)
        terminal.press("escape").shows("Account · Details").press("q")
        assert terminal.ends() == 0
        sent = terminal.bytes
    assert TEXTS[0].encode() not in sent
    clipboard = [found for found in re.findall(rb"\x1b\]52;c;([^\x07\x1b]*)", sent) if found]
    assert b"cHduZWQ=" not in clipboard, "the service wrote the clipboard"
    assert len(clipboard) == 1, "only y writes the clipboard"
    assert b"owned" not in b"".join(re.findall(rb"\x1b\][012];[^\x07\x1b]*", sent))
    text = sent.decode("utf-8")
    assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert not re.search("[\x00-\x06\x0b\x0c\x0e\x0f]", text)


CRASH = """
import sys
from crmtui.tui.widgets.preview import Preview
def show(self, record):
    if record is not None:
        token = {token!r}
        raise RuntimeError("drawing failed with " + token)
Preview.show = show
from crmtui.__main__ import main
sys.exit(main([]))
"""


def test_a_crash_is_a_sentence_without_the_token(served: Served, tmp_path: Path) -> None:
    environment = configure(served, tmp_path)
    script = tmp_path / "crash.py"
    script.write_text(CRASH.format(token=served.token))
    with Terminal([str(script)], environment, command=(sys.executable,)) as terminal:
        assert terminal.ends() == 70
        restored(terminal)
        said = terminal.bytes.decode("utf-8", "replace")
        assert "RuntimeError" in said
        assert "mistake of the program" in " ".join(said.split())
        assert served.token not in said.replace("\r\n", "")
        assert "Traceback" not in said
    for report in tmp_path.glob("data/**/crash-*"):
        assert served.token not in report.read_text("utf-8")
        break
    else:
        raise AssertionError("no report was kept")
