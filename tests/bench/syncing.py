"""Letters of a search typed into the whole program while a sync writes: how late a frame is, and what came.

`python -m tests.bench.syncing [--records 25000] [--seconds 60]` prints figures and judges nothing. The
sandbox runs in a process of its own, with so many records of each main kind.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from tests.pty.terminal import Terminal

PROBED = """
import asyncio, json, os, sys, time
from crmtui.config import load
from crmtui.tui import app
STEP = 0.002
begin, end = app.CrmTui.on_mount, app.CrmTui.on_unmount
late = []
async def probe():
    loop = asyncio.get_running_loop()
    while True:
        began, busy = loop.time(), time.thread_time()
        await asyncio.sleep(STEP)
        stood = loop.time() - began - STEP
        if stood > 0.004:
            late.append((began, stood * 1000, (time.thread_time() - busy) * 1000))
def on_mount(self):
    self.probing = asyncio.create_task(probe())
    begin(self)
async def on_unmount(self):
    with open(os.environ["PROBE"], "w") as out:
        json.dump(late, out)
    await end(self)
app.CrmTui.on_mount, app.CrmTui.on_unmount = on_mount, on_unmount
app.run(load())
"""
_WORDS = ("acme", "design", "smith", "harbour", "noon", "london", "7946", "quo")


@contextmanager
def served(folder: Path, records: int) -> Iterator[dict[str, str]]:
    """A sandbox in a process of its own: where it is, and its token."""
    command = [sys.executable, "-m", "crmtui", "sandbox", "--crm", "spotler", "--records", str(records)]
    environment = {**os.environ, "CRMTUI_DATA_DIR": str(folder)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads((process.stdout.readline() if process.stdout else "") or "{}")["spotler"]
        finally:
            process.terminate()


def typed(terminal: Terminal, seconds: float) -> list[float]:
    """Types words, letter by letter, and takes them away: milliseconds from each key to what it painted."""
    waits: list[float] = []
    end = time.monotonic() + seconds
    for word in cycle(_WORDS):
        for at, letter in enumerate(word, 1):
            began = time.perf_counter()
            terminal.press(letter)
            while word[:at] not in terminal.lines[2] and time.perf_counter() - began < 5:
                terminal.read(0.001)
            waits.append((time.perf_counter() - began) * 1000)
            terminal.quiet(0.08)
        if time.monotonic() > end:
            return waits
        for _ in word:
            terminal.press("backspace").quiet(0.08)
    return waits


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=25_000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder / "service", options.records) as service:
            config = folder / "config"
            config.mkdir()
            text = f"connections:\n  acme: {{crm: spotler, url: '{service['url']}', call_limit: 1000000}}\n"
            config.joinpath("config.yaml").write_text(text, "utf-8")
            environment = {
                "CRMTUI_CONFIG_DIR": str(config),
                "CRMTUI_DATA_DIR": str(folder / "data"),
                "CRMTUI_TOKEN_ACME": service["token"],
                "PROBE": str(folder / "late.json"),
            }
            with Terminal(["-c", PROBED], environment, command=(sys.executable,)) as terminal:
                terminal.shows("just now", "live").quiet(1.0)
                terminal.press("S").shows("syncing").press("/").shows("any words")
                waits = sorted(typed(terminal, options.seconds))
                said = next((line.strip("│ ") for line in terminal.lines if " of " in line), "")
                terminal.press("escape").quiet(0.5)
                terminal.press("q").ends()
            late = sorted(json.loads((folder / "late.json").read_text("utf-8")), key=lambda each: each[1])
    worst, busy = [round(each[1]) for each in late[-8:]], [round(each[2]) for each in late[-8:]]
    print(f"{said[:20]}; {len(waits)} letters")
    print(
        f"a letter painted: {waits[len(waits) // 2]:.0f} ms, p95 {waits[int(len(waits) * 0.95)]:.0f},"
        f" the latest {waits[-1]:.0f} ms"
    )
    over = sum(1 for each in late if each[1] > 50)
    print(f"the loop stood still at most {worst} ms, busy {busy} ms of them; {over} times over 50 ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
