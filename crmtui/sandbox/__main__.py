"""`python -m crmtui.sandbox`: serve until interrupted, after one JSON line that says where."""

import argparse
import json
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from .server import Sandbox


def main(argv: list[str] | None = None) -> int:
    """Run the sandbox; 0 when ended by a signal or a vanished parent, 2 when it cannot start."""
    options = _options(argv)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    switches = {}
    if options.spotler_ratelimit is not None:
        switches["SPOTLER_RATELIMIT"] = str(options.spotler_ratelimit)
    try:
        sandbox = Sandbox(
            options.data_dir,
            records=options.records,
            crm=options.crm,
            port=options.port,
            fresh=options.fresh,
            switches=switches,
        )
        connections = sandbox.start()
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"crmtui sandbox: {error}", file=sys.stderr)
        return 2
    print(json.dumps(connections, separators=(",", ":")), flush=True)
    if options.watch_stdin:
        threading.Thread(target=_watch_stdin, args=(ended,), daemon=True).start()
    ended.wait()
    sandbox.stop()
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crmtui.sandbox", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, help="folder for the services' data")
    parser.add_argument(
        "--port", type=int, default=0, help="port of the first service (default: any free one)"
    )
    parser.add_argument("--records", type=int, default=400, help="records of each main kind")
    parser.add_argument("--crm", help="start this service only")
    parser.add_argument("--fresh", action="store_true", help="start over with new data")
    parser.add_argument("--watch-stdin", action="store_true", help="end when standard input does")
    parser.add_argument("--spotler-ratelimit", type=int, metavar="N", help="allow N calls a minute")
    return parser.parse_args(argv)


def _watch_stdin(ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    ended.set()


if __name__ == "__main__":
    sys.exit(main())
