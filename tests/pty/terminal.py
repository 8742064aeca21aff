"""The real program in a pseudo-terminal: keys in, a screen out, and every byte kept."""

import codecs
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from types import TracebackType
from typing import Any, Self

import pyte

PATIENCE = 30.0
"""Seconds after which a text that does not come is a failure."""
KEYS = {
    "down": b"\x1b[B",
    "up": b"\x1b[A",
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "ctrl+s": b"\x13",
    "ctrl+p": b"\x10",
    "backspace": b"\x7f",
}
_QUERY = re.compile(rb"\x1b\[\?(?P<mode>\d+)\$p|\x1b\[(?P<cursor>6)n|\x1b\[(?P<kind>0?)c")
# What pyte would print as text: private sequences other than modes, strings, colours with colons.
_UNKNOWN = re.compile(
    r"\x1b\[[<=>][0-9;:]*[@-~]|\x1b\[\?[0-9;:]*\$?[@-gi-km-~]|\x1b\[[0-9;:]*\$[@-~]"
    r"|\x1b[P_^X].*?\x1b\\|\x1b\].*?(?:\x07|\x1b\\)|\x1b\[[0-9;]*:[0-9;:]*m",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;:<=>?]*\$?|[P_^X\]](?:(?!\x1b\\|\x07).)*)?$", re.DOTALL)


class _Screen(pyte.Screen):
    """A line that dies may cut a sequence in two: ssh's "Connection to … closed" then ends it with its C."""

    def cursor_forward(self, count: int | None = None, *more: int) -> None:
        """Passes over what is too much, as terminals do."""
        super().cursor_forward(count)


class Terminal:
    """One run of `crmtui` in a terminal of its own."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int] = (120, 36),
        command: Sequence[str] = (sys.executable, "-m", "crmtui"),
    ) -> None:
        self.size = size
        self.bytes = b""
        """Everything that the program wrote."""
        self.code: int | None = None
        """How it ended: its exit code, or minus the signal."""
        self._screen = _Screen(*size)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._answered = 0
        self._open = True
        full = {**os.environ, **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        full |= {"LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
        for name in ("NO_COLOR", "COLUMNS", "LINES", "TMUX", "SSH_CONNECTION"):
            full.pop(name, None)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                os.execvpe(command[0], [*command, *arguments], full)
            finally:
                os._exit(127)

    # -- in

    def press(self, *keys: str) -> Self:
        """Presses named keys, or types what is no name."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key.encode()))
        return self

    def kill(self, number: int) -> Self:
        """Sends the program a signal."""
        os.kill(self.pid, number)
        return self

    # -- out

    @property
    def lines(self) -> list[str]:
        """The screen as a person sees it."""
        # pyte's own `display` fails on cells that a sign of two cells left empty
        width, height = self.size
        rows = (self._screen.buffer[y] for y in range(height))
        return ["".join(row[x].data for x in range(width)).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def cursor_shown(self) -> bool:
        """Whether the terminal shows its cursor."""
        return self.bytes.rfind(b"\x1b[?25h") > self.bytes.rfind(b"\x1b[?25l")

    @property
    def alternate(self) -> bool:
        """Whether the program is on the alternate screen."""
        return self.bytes.rfind(b"\x1b[?1049h") > self.bytes.rfind(b"\x1b[?1049l")

    def shows(self, *words: str) -> Self:
        """Waits until all of these stand on the screen."""
        return self.until(lambda: all(word in self.text for word in words), repr(words))

    def until(self, fact: Callable[[], Any], what: str) -> Self:
        """Waits for a fact."""
        end = monotonic() + PATIENCE
        while not fact():
            if monotonic() > end or not self._open:
                self.read(0.2)
                if fact():
                    break
                raise AssertionError(f"{what} never came:\n{self.text}")
            self.read(0.05)
        return self

    def quiet(self, seconds: float) -> Self:
        """Waits until the program has written nothing for some time."""
        end = monotonic() + PATIENCE
        while self.read(seconds):
            assert monotonic() < end, "the program never falls silent"
        return self

    def read(self, seconds: float) -> bytes:
        """What the program writes next, empty if nothing comes within some seconds."""
        if not self._open or not select.select([self._fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._fd, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            self._open = False
            return b""
        self.bytes += data
        self._answer()
        self._feed(self._decoder.decode(data))
        return data

    def ends(self) -> int:
        """Waits for the end; the exit code, or minus the signal."""
        end = monotonic() + PATIENCE
        while self.code is None:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif monotonic() > end:
                raise AssertionError(f"the program does not end:\n{self.text}")
        while self.read(0.05):
            pass
        return self.code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.ends()
        os.close(self._fd)

    def _answer(self) -> None:
        """The terminal's answers to what it is asked: its modes, its kind, where the cursor is."""
        for query in _QUERY.finditer(self.bytes, self._answered):
            self._answered = query.end()
            if query["mode"]:
                self.press(f"\x1b[?{query['mode'].decode()};0$y")
            elif query["cursor"]:
                self.press("\x1b[1;1R")
            else:
                self.press("\x1b[?62;22c")

    def _feed(self, text: str) -> None:
        text = self._held + text
        unfinished = _UNFINISHED.search(text[-4096:])
        cut = len(text) - len(unfinished[0]) if unfinished else len(text)
        self._held, text = text[cut:], text[:cut]
        self._stream.feed(_UNKNOWN.sub("", text))
