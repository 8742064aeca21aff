"""Where a token is looked for, in which order, and where the search ends."""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest

from crmtui.config import Connection, make_connection
from crmtui.model.errors import AuthFailed, ConfigError
from crmtui.secrets import Token, find, keyring, sources, store, where, where_all
from crmtui.secrets.token import HIDDEN

ACME = make_connection("acme", crm="spotler")
Give = Callable[[keyring.Answer], None]


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> Give:
    """Says what the keyring answers; an empty one until told otherwise."""

    def give(answer: keyring.Answer) -> None:
        monkeypatch.setattr(keyring, "get", lambda users: answer)

    give(keyring.Found({}))
    return give


def with_(**keys: object) -> Connection:
    return msgspec.structs.replace(ACME, **keys)


def shell(script: str) -> Connection:
    return with_(token_command=("sh", "-c", script))


def secret_file(home: Path, content: bytes = b"from-file\n", mode: int = 0o600) -> Path:
    path = home / "token"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("variable", "configured", "in_keyring", "typed", "found"),
    [
        ("from-env", "command", "k", "t", Token("from-env", "CRMTUI_TOKEN_ACME")),
        ("from-env", "broken command", "k", "t", Token("from-env", "CRMTUI_TOKEN_ACME")),
        (" from-env\n", "", "", "", Token("from-env", "CRMTUI_TOKEN_ACME")),
        ("", "command", "k", "t", Token("from-command", "token_command")),
        ("  ", "command", "k", "t", Token("from-command", "token_command")),
        (None, "file", "k", "t", Token("from-file", "token_file")),
        (None, "broken command", "k", "t", ConfigError),
        (None, "broken file", "k", "t", ConfigError),
        (None, "", "k", "t", Token("k", "keyring")),
        ("", "", "", "t", Token("t", "typed")),
        ("", "", "locked", "t", Token("t", "typed")),
        ("", "", "", "", AuthFailed),
        ("", "", "locked", "", AuthFailed),
        ("", "", "", None, AuthFailed),
    ],
)
def test_the_chain(
    variable: str | None,
    configured: str,
    in_keyring: str,
    typed: str | None,
    found: Token | type[Exception],
    home: Path,
    kept: Give,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if variable is not None:
        monkeypatch.setenv("CRMTUI_TOKEN_ACME", variable)
    connection = {
        "": ACME,
        "command": shell("echo from-command"),
        "broken command": shell("exit 3"),
        "file": with_(token_file=str(secret_file(home))),
        "broken file": with_(token_file=str(home / "none")),
    }[configured]
    entries = {"acme": Token(in_keyring, "keyring")} if in_keyring else {}
    kept(keyring.Unavailable("the keyring is locked") if in_keyring == "locked" else keyring.Found(entries))
    ask = None if typed is None else lambda: typed
    if isinstance(found, Token):
        assert find(connection, ask=ask) == found
    else:
        with pytest.raises(found):
            find(connection, ask=ask)


def test_the_end_of_the_search_names_every_place(kept: Give) -> None:
    kept(keyring.Unavailable("the keyring is locked; unlock it"))
    with pytest.raises(AuthFailed) as error:
        find(ACME, ask=None)
    assert error.value.exit_code == 4
    for place in ("CRMTUI_TOKEN_ACME", "token_command", "token_file", "keyring is locked", "no terminal"):
        assert place in error.value.message


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", r"\(sh\) failed with exit 3\."),
        ("echo 'gpg: no key' >&2; exit 2", "failed with exit 2: gpg: no key"),
        ("echo s3cr3t-token; echo bad s3cr3t-token >&2; exit 1", f"failed with exit 1: bad {HIDDEN}"),
        (r"printf '\033]52;c;x\007' >&2; exit 1", "failed with exit 1: ␛]52;c;x␇"),
        ("kill -9 $$", "failed with signal 9"),
        ("true", "printed nothing"),
        (r"printf ' \n\n'", "printed nothing"),
        (r"printf 'a\033b'", "holds control characters"),
    ],
)
def test_a_command_that_gives_no_token_says_why(script: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        find(shell(script), ask=lambda: "typed")
    assert "s3cr3t" not in error.value.message
    assert error.value.exit_code == 2


@pytest.mark.parametrize("argv", [("/nowhere/pass",), ("/",), ("a\0b",)])
def test_a_command_that_cannot_be_started_says_so(argv: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match="cannot be started"):
        find(with_(token_command=argv), ask=None)


def test_a_command_knows_no_shell_and_its_first_line_counts() -> None:
    connection = with_(token_command=("printf", "%s\n", "$HOME;ls", "user: ann"))
    assert find(connection, ask=None).value == "$HOME;ls"


def test_a_command_that_hangs_is_ended_with_its_children(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "COMMAND_DEADLINE", 0.5)
    begun = time.monotonic()
    with pytest.raises(ConfigError, match="did not end within"):
        find(shell(f"sleep 60 & echo $! > {home}/child; wait"), ask=None)
    assert time.monotonic() - begun < 5
    child = int((home / "child").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_command_that_never_stops_talking_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "COMMAND_DEADLINE", 0.5)
    before = psutil.Process().memory_info().rss
    with pytest.raises(ConfigError, match="did not end within"):
        find(with_(token_command=("yes",)), ask=None)
    assert psutil.Process().memory_info().rss - before < 20_000_000


def test_an_agent_that_the_command_leaves_behind_does_not_hold_it_up() -> None:
    begun = time.monotonic()
    assert find(shell("sleep 4 & echo token"), ask=None).value == "token"
    assert time.monotonic() - begun < 3


def test_a_command_has_neither_our_terminal_nor_our_input() -> None:
    script = "import os,sys; print(os.getsid(0) == os.getpid(), repr(sys.stdin.read()))"
    assert find(with_(token_command=(sys.executable, "-c", script)), ask=None).value == "True ''"


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"", 0o600, "is empty"),
        (b"\n \n", 0o600, "is empty"),
        (b"t", 0o640, r"open to other users \(mode 0640\); chmod 600"),
        (b"t", 0o604, "open to other users"),
        (b"t", 0o700, ""),
        (b"t", 0o400, ""),
        (b"\xff\xfe", 0o600, ""),
        (b"a\0b", 0o600, "control characters"),
    ],
)
def test_a_token_file_is_closed_to_others(content: bytes, mode: int, said: str, home: Path) -> None:
    connection = with_(token_file=str(secret_file(home, content, mode)))
    if not said:
        assert find(connection, ask=None).source == where(connection) == "token_file"
        return
    with pytest.raises(ConfigError, match=said):
        find(connection, ask=lambda: "typed")


def test_a_token_file_is_a_regular_file_of_ones_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(home / "pipe", 0o600)
    for path in (home / "pipe", home, Path("/dev/null")):
        with pytest.raises(ConfigError, match=r"no regular file|cannot be read"):
            find(with_(token_file=str(path)), ask=None)
    connection = with_(token_file=str(secret_file(home)))
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(ConfigError, match="belongs to another user"):
        find(connection, ask=None)
    assert where(connection) is None


def test_a_token_file_may_be_named_from_home_or_from_the_configuration(home: Path) -> None:
    secret_file(home)
    (home / "config").mkdir()
    secret_file(home / "config", b"beside")
    assert find(with_(token_file="~/token"), ask=None).value == "from-file"
    assert find(with_(token_file="token"), ask=None).value == "beside"


def test_where_runs_nothing_and_asks_the_keyring_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def get(users: list[str]) -> keyring.Answer:
        asked.append(users)
        return keyring.Found({"kept": Token("t", "keyring")})

    monkeypatch.setattr(keyring, "get", get)
    monkeypatch.setenv("CRMTUI_TOKEN_IN_ENV", "t")
    touching = f"touch {home}/ran"
    connections = [
        with_(name="in-env"),
        msgspec.structs.replace(shell(touching), name="command"),
        with_(name="kept"),
        with_(name="none"),
        with_(name="no-file", token_file=str(home / "none")),
    ]
    assert where_all(connections) == {
        "in-env": "CRMTUI_TOKEN_IN_ENV",
        "command": "token_command",
        "kept": "keyring",
        "none": None,
        "no-file": None,
    }
    assert asked == [["kept", "none"]]
    assert not (home / "ran").exists()


@pytest.mark.parametrize("token", ["", "  ", "a\nb", "a\x1bb"])
def test_a_token_that_no_header_can_hold_is_not_stored(token: str) -> None:
    with pytest.raises(ConfigError, match="empty or holds control characters"):
        store("acme", token)


def test_a_token_shows_itself_nowhere() -> None:
    token = Token("s3cr3t", "keyring")
    shown = [repr(token), str(token), f"{token}", f"{[token]}", repr(keyring.Found({"acme": token}))]
    assert "s3cr3t" not in "".join(shown)
    with pytest.raises(TypeError):
        pickle.dumps(token)
    with pytest.raises(AttributeError):
        token.value = "other"  # type: ignore[misc]


def test_importing_secrets_is_cheap() -> None:
    script = (
        "import sys, crmtui.secrets;"
        "print(sorted({'keyring', 'subprocess', 'base64', 'yaml', 'platformdirs'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
