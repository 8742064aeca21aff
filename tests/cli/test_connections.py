"""`connect`, `disconnect` and `connections`."""

import io
import sys
from collections.abc import Callable

import pytest

from crmtui import secrets
from crmtui.cli import connections
from crmtui.config import load
from crmtui.model.errors import ConfigError
from crmtui.paths import config_file, connection_dir
from tests.cli.conftest import Acme, Program
from tests.conftest import Served
from tests.proxy import Canned, answer, closed_port

Keep = dict[str, str]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keep:
    """A keyring that works, as a dict."""
    kept: Keep = {}
    monkeypatch.setattr(secrets, "store", kept.__setitem__)
    monkeypatch.setattr(secrets, "forget", lambda name: kept.pop(name, None) and None)
    monkeypatch.setattr(
        secrets, "where_all", lambda many: {c.name: "keyring" if c.name in kept else None for c in many}
    )
    return kept


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a text on standard input."""

    def put(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return put


@pytest.mark.fresh
def test_a_token_from_stdin_is_checked_and_kept(
    sandbox: Served, program: Program, keyring: Keep, typed: Callable[[str], None]
) -> None:
    typed(f"\n{sandbox.token}\n")
    ran = program("connect", "acme", "--crm", "spotler", "--url", sandbox.connection.url, "--token-stdin")
    assert (ran.code, ran.out) == (0, "")
    assert [request.path for request in sandbox.requests] == ["/accounts"]
    assert keyring == {"acme": sandbox.token}
    assert load().connections["acme"].url == sandbox.connection.url
    assert sandbox.token not in ran.err + config_file().read_text()


def test_a_typed_token(
    sandbox: Served, program: Program, keyring: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "is_terminal", lambda *streams: True)
    monkeypatch.setattr(connections, "ask_hidden", lambda prompt: sandbox.token)
    ran = program("connect", "acme", "--crm", "spotler", "--url", sandbox.connection.url)
    assert ran.code == 0
    assert "Manage API Keys" in ran.err
    assert keyring == {"acme": sandbox.token}


def test_a_wrong_token_changes_nothing(
    sandbox: Served, program: Program, keyring: Keep, typed: Callable[[str], None]
) -> None:
    typed("wrong-token")
    ran = program("connect", "acme", "--crm", "spotler", "--url", sandbox.connection.url, "--token-stdin")
    ran.failed(4, "Unauthenticated")
    assert keyring == {}
    assert not config_file().exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (answer(200, b"<html>Log in</html>"), 8),
        (answer(301, b"", "Location: https://x.invalid/"), 8),
        (answer(402), 4),
    ],
)
def test_what_is_no_such_service_is_not_connected(
    program: Program, keyring: Keep, typed: Callable[[str], None], said: bytes, code: int
) -> None:
    typed("some-token")
    with Canned(said) as canned:
        ran = program("connect", "acme", "--crm", "spotler", "--url", canned.url, "--token-stdin")
    ran.failed(code)
    assert not config_file().exists()


def test_without_a_check_nothing_is_called(
    program: Program, keyring: Keep, typed: Callable[[str], None]
) -> None:
    typed("some-token")
    with closed_port() as url:
        command = ("connect", "acme", "--crm", "spotler", "--url", url, "--token-stdin")
        program(*command).failed(8)
        typed("some-token")
        assert program(*command, "--no-check").code == 0
    assert keyring == {"acme": "some-token"}


def test_without_a_keyring_nothing_is_half_done(
    sandbox: Served, program: Program, typed: Callable[[str], None]
) -> None:
    typed(sandbox.token)
    ran = program("connect", "acme", "--crm", "spotler", "--url", sandbox.connection.url, "--token-stdin")
    ran.failed(2, "CRMTUI_TOKEN_ACME", "token_file")
    assert not config_file().exists()


def test_a_token_from_the_environment_needs_no_keyring(
    sandbox: Served, program: Program, monkeypatch: pytest.MonkeyPatch, typed: Callable[[str], None]
) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", sandbox.token)
    ran = program("connect", "acme", "--crm", "spotler", "--url", sandbox.connection.url)
    assert ran.code == 0
    assert "CRMTUI_TOKEN_ACME" in ran.err
    typed(sandbox.token)
    again = program("connect", "acme", "--replace", "--token-stdin")
    assert again.code == 0
    assert "not stored" in again.err


def test_nobody_to_ask(program: Program, sandbox: Served) -> None:
    ran = program("connect", "acme", "--crm", "spotler", "--url", sandbox.connection.url)
    ran.failed(4, "--token-stdin", "CRMTUI_TOKEN_ACME")


def test_an_empty_stdin(program: Program, typed: Callable[[str], None]) -> None:
    typed("\n \n")
    program("connect", "acme", "--crm", "spotler", "--token-stdin").failed(4, "standard input")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--crm", "spotler"), "command"),
        (("ACME", "--crm", "spotler"), "small letters"),
        (("acme", "--crm", "sptler"), "spotler"),
        (("acme",), "--crm"),
        (("acme", "--crm", "spotler", "--url", "https://x.example/api"), "url"),
        (("acme", "--crm", "spotler", "--url", "http://x.example"), "https"),
        ((), "NAME"),
    ],
)
def test_usage(program: Program, arguments: tuple[str, ...], said: str) -> None:
    program("connect", *arguments).failed(2, said)


def test_replacing_keeps_what_is_not_told(acme: Acme) -> None:
    url = acme.served.connection.url
    config_file().write_text(
        f"# mine\nconnections:\n  acme:\n    crm: spotler\n    url: {url}\n    kinds: [claims]\n"
    )
    acme("connect", "acme", "--crm", "spotler", "--url", url).failed(2, "--replace")
    assert acme("connect", "acme", "--replace").code == 0
    assert "# mine" in config_file().read_text()
    assert (load().connections["acme"].url, load().connections["acme"].kinds) == (url, ("claims",))


def test_the_copy_of_another_account_does_not_stay(warm: Acme) -> None:
    assert warm.mirror.count("accounts") == 20
    command = ("connect", "acme", "--crm", "spotler", "--replace", "--no-check")
    assert warm(*command).code == 0
    assert warm.mirror.count("accounts") == 20
    assert warm(*command, "--url", "https://other.example").code == 0
    assert warm.mirror.count("accounts") == 0
    assert (connection_dir("acme") / "journal.db").exists()


def test_a_configuration_that_cannot_be_written_leaves_no_token(
    program: Program, keyring: Keep, typed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConfigError("It cannot be written.")

    monkeypatch.setattr("crmtui.config.with_connection", refuse)
    typed("some-token")
    program("connect", "acme", "--crm", "spotler", "--token-stdin", "--no-check").failed(2, "written")
    assert keyring == {}


def test_connections(acme: Acme) -> None:
    ran, calls = acme.calls("connections", "--format", "json")
    assert calls == []
    url = acme.served.connection.url
    [said] = ran.json
    assert list(said.items()) == [
        ("name", "acme"),
        ("crm", "spotler"),
        ("url", url),
        ("user", None),
        ("read_only", False),
        ("token", "CRMTUI_TOKEN_ACME"),
    ]


def test_no_connections(program: Program) -> None:
    assert program("connections", "--format", "json").json == []


def test_a_connection_without_a_token(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "")
    assert acme("connections").lines[0]["token"] is None
    ran, calls = acme.calls("list", "acme/accounts")
    ran.failed(4, "CRMTUI_TOKEN_ACME", "keyring", "terminal")
    assert calls == []


def test_disconnecting_keeps_the_data(warm: Acme, keyring: Keep) -> None:
    keyring["acme"] = "some-token"
    ran = warm("disconnect", "acme")
    assert (ran.code, ran.out) == (0, "")
    assert str(connection_dir("acme")) in ran.err
    assert keyring == {}
    assert load().connections == {}
    assert (connection_dir("acme") / "mirror.db").exists()
    warm("disconnect", "acme").failed(2, "acme")


@pytest.mark.parametrize(
    "command", [("quota", "nosuch"), ("log", "nosuch"), ("kinds", "nosuch"), ("nosuch",)]
)
def test_unknown_connections(acme: Acme, command: tuple[str, ...]) -> None:
    acme(*command).failed(2, "nosuch", "acme")
