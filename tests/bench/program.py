"""Start, keys, idling and memory of the whole program in a pseudo-terminal, beside a bare Textual app.

`python -m tests.bench.program [--records 100000] [--repeat 5] [--size 120x36]` prints figures and judges
nothing. The mirror is filled by hand, and no service answers.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from crmtui.config import Connection
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Ref
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import open_account
from tests.pty.terminal import Terminal

BARE = """
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("ready")
Bare().run()
"""
_PAGE = "\x1b[6~"


def fill(connection: Connection, base: Path, count: int) -> float:
    """Mirrors so many accounts in the order of the list; the seconds that it took."""
    account = open_account(connection, base=base)
    kind = account.kind("accounts")
    began = time.perf_counter()
    for first in range(0, count, 1000):
        rows = range(first, min(first + 1000, count))
        account.mirror.upsert([_record(connection.name, index) for index in rows])
    taken = time.perf_counter() - began
    desk = Desk(account)
    order = tuple(Order.parse(text) for text in kind.order)
    listing = desk.list(Query(kind.name, None, order), desk.schema(kind.name).by_name)
    ids = [str(index) for index in range(count)]
    begun = account.mirror.lists.begin(kind.name, listing._question, count, ids[:200])
    account.mirror.lists.place(begun, 200, ids[200:])
    account._mirror_file.close()
    account._journal_file.close()
    return taken


def _record(connection: str, index: int) -> Record:
    values = {
        "name": f"Acme {index:06} Ltd",
        "type": "Customer",
        "sector": "Design",
        "phone": "+44 20 7946 0000",
    }
    return Record(Ref(connection, "accounts", str(index)), values["name"], values, {}, None, time.time())


def started(make: Callable[[], Terminal], text: str) -> float:
    """Milliseconds from the start until a text is on the screen; the program is ended."""
    began = time.perf_counter()
    with make() as terminal:
        while text not in terminal.text:
            terminal.read(0.002)
        return (time.perf_counter() - began) * 1000


def pressed(terminal: Terminal, key: str, times: int) -> tuple[float, float, float]:
    """Of a key: the median and 95th percentile of milliseconds to its last byte, and its mean bytes."""
    waits, sizes = [], []
    for _ in range(times):
        began = last = time.perf_counter()
        size = 0
        terminal.press(key)
        while data := terminal.read(0.03 if size else 1.0):
            size, last = size + len(data), time.perf_counter()
        waits.append((last - began) * 1000)
        sizes.append(size)
        terminal.quiet(0.25)
    return statistics.median(waits), sorted(waits)[int(len(waits) * 0.95)], statistics.mean(sizes)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    options = _options(argv)
    width, height = map(int, options.size.split("x"))
    with tempfile.TemporaryDirectory() as temporary:
        # Nobody answers at that address: what is measured is the mirror.
        connection = Connection(name="acme", crm="spotler", url="http://127.0.0.1:9")
        config = Path(temporary, "config")
        config.mkdir()
        config.joinpath("config.yaml").write_text(
            f"connections:\n  acme: {{crm: spotler, url: '{connection.url}'}}\n", "utf-8"
        )
        base = Path(temporary, "data")
        base.mkdir()
        seconds = fill(connection, base, options.records)
        # As installed: with bytecode, which the first start of each writes.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(temporary, "bytecode"))}
        environment = {
            **compiled,
            "CRMTUI_CONFIG_DIR": str(config),
            "CRMTUI_DATA_DIR": str(base),
            "CRMTUI_TOKEN_ACME": "unused",
        }
        bare = Path(temporary, "bare.py")
        bare.write_text(BARE, "utf-8")

        def program() -> Terminal:
            return Terminal([], environment, (width, height))

        def empty() -> Terminal:
            return Terminal([str(bare)], compiled, (width, height), (sys.executable,))

        print(f"mirror: {options.records:,} records at {options.records / seconds:,.0f} a second")
        for make, text in ((empty, "ready"), (program, "Acme 000000")):
            started(make, text)
        nothing = statistics.median(started(empty, "ready") for _ in range(options.repeat))
        ready = statistics.median(started(program, "Acme 000000") for _ in range(options.repeat))
        print(f"start: bare Textual {nothing:.0f} ms, rows shown {ready:.0f} ms = {ready / nothing:.2f} ×")
        with program() as terminal:
            terminal.shows("Acme 000000", "offline").quiet(0.5)
            for name, key, times in (("↓", "down", 20), ("PageDown", _PAGE, 10), ("↑", "up", 20)):
                median, worst, size = pressed(terminal, key, times)
                print(f"{name}: {median:.1f} ms, p95 {worst:.1f} ms, {size:.0f} bytes with the preview")
            process = psutil.Process(terminal.pid)
            print(f"memory: {process.memory_info().rss / 2**20:.0f} MB")
            terminal.quiet(1.0)
            before = process.cpu_times()
            idle = len(terminal.read(5.0))
            after = process.cpu_times()
            busy = after.user + after.system - before.user - before.system
            print(f"idle over 5 s: {idle} bytes, {busy:.2f} s of CPU")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--size", default="120x36")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
