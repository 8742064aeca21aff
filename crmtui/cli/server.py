"""`sandbox` and `demo`: the emulated services in this process, or beside the app."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from crmtui.cli.app import run_app
from crmtui.cli.terminal import need_terminal
from crmtui.config import Config, make_connection
from crmtui.model.errors import Unavailable
from crmtui.paths import demo_dir, ensure_private, log_dir, sandbox_dir

_PATIENCE = 5.0


def serve(port: int, records: int | None, crm: str | None, *, fresh: bool) -> int:
    """Serves until interrupted."""
    from crmtui.sandbox.__main__ import main

    options = [f"--port={port}", *_world(records, fresh=fresh)]
    return main(options if crm is None else [*options, f"--crm={crm}"])


def demonstrate(records: int | None, *, fresh: bool) -> int:
    """Opens the app on services of its own, whose connections and tokens exist only in memory."""
    need_terminal("crmtui demo")
    if fresh:
        shutil.rmtree(demo_dir(), ignore_errors=True)
    with _services(_world(records, fresh=fresh)) as found:
        connections = {
            crm: make_connection(
                crm, crm=crm, url=told["url"], user=told.get("user"), format=told.get("format")
            )
            for crm, told in found.items()
        }
        tokens = {crm: found[crm]["token"] for crm in connections}
        return run_app(Config(connections=connections), base=demo_dir(), tokens=tokens)


def _world(records: int | None, *, fresh: bool) -> list[str]:
    """The sandbox's options that say which data it serves."""
    options = [f"--data-dir={ensure_private(sandbox_dir())}"]
    options += [] if records is None else [f"--records={records}"]
    return [*options, "--fresh"] if fresh else options


@contextmanager
def _services(options: list[str]) -> Iterator[dict[str, dict[str, str]]]:
    """The sandbox as a child that ends with us: it watches the pipe that our end closes."""
    log = ensure_private(log_dir()) / "sandbox.log"
    log.touch(0o600)
    with log.open("w", encoding="utf-8") as said:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and options
            [sys.executable, "-m", "crmtui.sandbox", "--watch-stdin", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
    try:
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            child.wait(_PATIENCE)
            raise Unavailable(f"The sandbox did not start: {_last_line(log.read_text('utf-8', 'replace'))}")
        yield json.loads(line)
    finally:
        if child.stdin:
            child.stdin.close()
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing.")
