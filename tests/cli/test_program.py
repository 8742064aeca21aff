"""The program as a whole: what starts, how it ends, and what it must not load on the way."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

import crmtui
from crmtui.cli import app, output, records, server, terminal
from crmtui.config import COMMANDS, Config
from crmtui.model.record import Ref
from crmtui.paths import demo_dir, log_dir
from tests.cli.conftest import Acme, Program, configure
from tests.proxy import Fault, Proxy

# fmt: off
BUILT = (
    "choices", "connect", "connections", "delete", "demo", "disconnect", "doctor", "edit", "fields", "kinds",
    "list", "log", "new", "quota", "sandbox", "show",
)
# fmt: on


def start(*arguments: str, **more: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "crmtui", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, **{"stdin": pipe, "stdout": pipe, "stderr": pipe, "text": True, **more})


def in_terminal(*arguments: str, typed: str = "", columns: int = 80) -> tuple[int, str]:
    """Runs the program in a terminal of its own; the exit code and everything it showed."""
    pid, screen = pty.fork()
    if not pid:
        os.environ.update(TERM="xterm", COLUMNS=str(columns))
        os.execv(sys.executable, [sys.executable, "-m", "crmtui", *arguments])
    shown = b""
    while True:
        try:
            part = os.read(screen, 65_536)
        except OSError:
            break
        if not part:
            break
        shown += part
        if typed and b": " in part:
            os.write(screen, typed.encode())
            typed = ""
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode().replace("\r\n", "\n")


def test_version(program: Program) -> None:
    ran = program("--version")
    assert (ran.code, ran.out) == (0, f"crmtui {crmtui.__version__}\n")


def test_help_names_every_command_and_none_that_is_not_built(program: Program) -> None:
    ran = program("--help")
    assert ran.code == 0
    listed = {line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line.strip()}
    assert set(BUILT) <= listed
    for command in BUILT:
        assert program(command, "--help").code == 0
    for command in COMMANDS - set(BUILT):
        assert program(command).code == 2


@pytest.mark.parametrize("arguments", [("--nosuch",), ("list", "--nosuch"), ("--format", "json"), ("show",)])
def test_usage_is_one_line(program: Program, arguments: Sequence[str]) -> None:
    program(*arguments).failed(2, "--help")


@pytest.mark.parametrize("arguments", [(), ("acme",), ("acme/accounts",), ("acme/accounts/5",), ("demo",)])
def test_the_app_needs_a_terminal(acme: Acme, arguments: Sequence[str]) -> None:
    ran, calls = acme.calls(*arguments)
    ran.failed(2, "terminal")
    assert calls == []


@pytest.mark.parametrize("argument", ["", "acme/", "acme//5", "/accounts", "other", "other/accounts/5"])
def test_a_place_that_there_is_not(acme: Acme, argument: str) -> None:
    acme(argument).failed(2)
    acme("acme", "extra").failed(2)


def test_an_argument_that_is_no_text(acme: Acme) -> None:
    acme("edit", "acme/accounts/1", "name=\udcff").failed(2, "UTF-8")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the app was opened with; a terminal is there."""
    calls: list[tuple[Any, ...]] = []

    class App:
        @staticmethod
        def run(config: Config, target: Ref | None = None, **more: Any) -> int:
            calls.append((config, target, more))
            return 5

    monkeypatch.setitem(sys.modules, "crmtui.tui.app", App)
    for module in (app, server):
        monkeypatch.setattr(module, "need_terminal", lambda what: None)
    return calls


def test_where_the_app_opens(acme: Acme, opened: list[tuple[Any, ...]]) -> None:
    for argument, target in (
        ("acme", Ref("acme", "")),
        ("acme/accounts", Ref("acme", "accounts")),
        ("acme/accounts/a/b", Ref("acme", "accounts", "a/b")),
    ):
        assert acme(argument).code == 5
        assert opened[-1][1] == target
    assert acme().code == 5
    assert opened[-1][1] is None


def test_edit_without_assignments_opens_the_form(acme: Acme, opened: list[tuple[Any, ...]]) -> None:
    assert acme("edit", "acme/accounts/5").code == 5
    assert opened[-1][1] == Ref("acme", "accounts", "5")
    assert opened[-1][2]["form"] is True


def test_the_demo_has_services_of_its_own(
    program: Program, opened: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = []

    def look(config: Config, target: Ref | None = None, **more: Any) -> int:
        for name, connection in config.connections.items():
            headers = {"Authorization": f"Bearer {more['tokens'][name]}"}
            url = f"{connection.url}/accounts"
            statuses.append((connection.crm == name, url, httpx.get(url, headers=headers, trust_env=False)))
        assert more["base"] == demo_dir()
        return 0

    monkeypatch.setattr(server, "run_app", look)
    assert program("demo", "--records", "3").code == 0
    [(named, url, answer)] = [status for status in statuses if "accounts" in status[1]][:1]
    assert named
    assert answer.json()["metadata"]["total_count"] == 3
    with pytest.raises(httpx.TransportError):
        httpx.get(url, trust_env=False)


def test_a_demo_that_cannot_start(program: Program, opened: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_world", lambda records, *, fresh: ["--nosuch"])
    program("demo").failed(8, "did not start")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_sandbox_serves_until_it_is_ended(number: signal.Signals) -> None:
    import json

    with start("sandbox", "--records", "2", "--crm", "spotler") as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert list(said) == ["spotler"]
        assert set(said["spotler"]) == {"url", "token"}
        process.send_signal(number)
        assert process.wait(10) == 0


def test_a_sandbox_that_cannot_be(program: Program) -> None:
    assert program("sandbox", "--records", "-1").code == 2
    assert program("sandbox", "--port", "99999").code == 2


def test_a_start_loads_little(acme: Acme) -> None:
    code = (
        "import sys; from crmtui.__main__ import main; main(['acme']);"
        "print(*sorted({'click', 'httpx', 'yaml', 'rich', 'asyncio', 'keyring'} & set(sys.modules)))"
    )
    acme("connections")  # keeps the parsed configuration
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) <= {"asyncio"}
    assert "terminal" in ran.stderr


def test_a_reader_that_closes_the_pipe(warm: Acme) -> None:
    with start("list", "acme/accounts", "--offline", "--format", "json") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_full_disk(warm: Acme) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    with full.open("w") as out, start("kinds", "acme", stdout=out) as process:
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err.count("\n")) == (2, 1)
    assert "No space left" in err


@pytest.fixture
def heard() -> Iterator[None]:
    """A suite that runs in the background ignores interrupts, and so would the programs that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_an_interrupt_ends_with_130_and_nothing_waits(warm: Acme) -> None:
    with Proxy(warm.served.connection.url, Fault(stall_response=1)) as proxy:
        configure(proxy.url)
        with start("edit", "acme/accounts/95920978", "phone=1") as process:
            deadline = time.monotonic() + 20
            while not proxy.answer_bytes and time.monotonic() < deadline:
                os.sched_yield()
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()
    assert warm("log", "--writes").lines[0]["state"] == "refused"


def test_what_nobody_foresaw(warm: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    token = warm.served.token

    async def broken(*_: object) -> int:
        secret_local = "kept out"  # noqa: F841
        raise RuntimeError(f"broken by {token}")

    # This run makes the token known; in a real one the same run does.
    assert warm("list", "acme/accounts").code == 0
    monkeypatch.setattr(records, "list_records", broken)
    ran = warm("list", "acme/accounts")
    ran.failed(70, "RuntimeError")
    [report] = log_dir().glob("crash-*.txt")
    assert report.stat().st_mode & 0o777 == 0o600
    text = report.read_text()
    assert "broken by •••" in text
    assert token not in text + ran.err
    assert "kept out" not in text


class TestTerminal:
    def test_a_table_cut_to_its_width(self, warm: Acme) -> None:
        code, shown = in_terminal("list", "acme/accounts", "--offline", "--limit", "3", columns=50)
        assert code == 0
        rows = [line for line in shown.splitlines() if line[:1].isdigit()]
        assert len(rows) == 3
        assert shown.splitlines()[0].startswith("id ")
        assert all(len(line) <= 50 for line in rows)
        assert "…" in rows[0]
        assert "3 of 20" in shown

    def test_a_format_that_is_named_is_given(self, warm: Acme) -> None:
        _, shown = in_terminal("list", "acme/accounts", "--offline", "--limit", "1", "--format", "jsonl")
        assert shown.startswith('{"connection":"acme"')

    def test_a_token_is_asked_for_unseen(self, acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
        token = acme.served.token
        monkeypatch.delenv("CRMTUI_TOKEN_ACME")
        # A terminal takes lines of 4095 characters at most, and the token is shorter.
        code, shown = in_terminal("show", "acme/accounts/95920978", typed=f"{token}\n")
        assert code == 0, shown
        assert "Acme Ltd" in shown
        assert token not in shown

    @pytest.mark.fresh
    def test_progress_of_a_long_reading(self, warm: Acme) -> None:
        headers = {"Authorization": f"Bearer {warm.served.token}"}
        with httpx.Client(base_url=warm.served.connection.url, headers=headers, trust_env=False) as client:
            for number in range(101):
                client.post("/accounts", json={"name": f"N{number}"}).raise_for_status()
        _, shown = in_terminal("list", "acme/accounts", "--all", "--columns", "name")
        assert "reading accounts, 2 calls so far" in shown


def test_terminals_that_are_none() -> None:
    assert not terminal.is_terminal(None)
    with Path(os.devnull).open() as nowhere:
        assert not terminal.is_terminal(nowhere)
    assert output.Format.chosen(None) is output.Format.JSONL
