"""What a configuration may say."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmtui.config import COMMANDS, SERVICES, Config, Connection, load, make_connection, name_problem
from crmtui.model.errors import ConfigError
from tests.config.documents import EVERYTHING, connection, refusal, says


def test_a_missing_file_is_an_empty_configuration(config_yaml: Path) -> None:
    assert load() == Config()


def test_every_key_of_the_contract(config_yaml: Path) -> None:
    config_yaml.write_text(EVERYTHING)
    assert load() == Config(
        connections={
            "acme": Connection(
                name="acme",
                crm="spotler",
                url="https://apiv4.reallysimplesystems.com",
                user="ann@example.com",
                format="xml",
                call_limit=10_000,
                kinds=("claims",),
                token_command=("pass", "show", "crm/acme"),
            )
        },
        alert_command=("notify-send", "crmtui"),
        theme="nord",
        keys={"edit": "e,f2"},
    )


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_accepted(indent: int | str | None) -> None:
    values = {
        "connections": {"acme": {"crm": "capsule-v1", "url": "https://acme.capsulecrm.com", "mirror": False}},
        "theme": None,
        "keys": {"edit": "e"},
    }
    config = says(json.dumps(values, indent=indent))
    assert config.connections["acme"].mirror is False
    assert config.connections["acme"].format == "xml"
    assert (config.theme, config.keys) == (None, {"edit": "e"})


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "~", "{}", "connections:\n", "connections: {}", "\ufeff"]
)
def test_nothing_is_an_empty_configuration(text: str, config_yaml: Path) -> None:
    config_yaml.write_text(text)
    assert load() == Config()


def test_a_word_stays_a_word_where_text_is_expected() -> None:
    no = connection(
        "crm: onepagecrm, user: 0012, kinds: [no, 1.0, 2024-01-01], token_command: [say, yes, 1e3]", "no"
    )
    assert (no.name, no.user, no.kinds) == ("no", "0012", ("no", "1.0", "2024-01-01"))
    assert no.token_command == ("say", "yes", "1e3")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("true", True), ("yes", True), ("on", True), ("No", False), ("off", False), ("FALSE", False)],
)
def test_a_yes_has_many_words(word: str, meant: bool) -> None:
    assert connection(f"crm: spotler, read_only: {word}").read_only is meant


def test_a_key_without_a_value_is_not_given() -> None:
    assert connection("crm: spotler, url: , user: ~, call_limit: null") == connection("crm: spotler")


def test_alerts_are_sorted_and_may_be_none() -> None:
    assert connection("crm: spotler, alerts: [95, 50, 95]").alerts == (50, 95)
    assert connection("crm: spotler, alerts: []").alerts == ()


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("https://CRM.Example.com:8443", "https://crm.example.com:8443"),
        ("https://crm.example.com/", "https://crm.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.2", "http://127.0.0.2"),
        ('"http://[::1]:81"', "http://[::1]:81"),
        ("https://bücher.example", "https://bücher.example"),
    ],
)
def test_an_address_is_scheme_host_and_port(given_url: str, kept: str) -> None:
    assert connection(f"crm: spotler, url: {given_url}").url == kept


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Acme", "must be small letters"),
        ("-acme", "must be small letters"),
        ("a.b", "must be small letters"),
        ("ä", "must be small letters"),
        ("٣", "must be small letters"),
        ("acme\n", "must be small letters"),
        ("", "must be small letters"),
        ("x" * 65, "at most 64"),
        *((name, f"is a command (crmtui {name})") for name in sorted(COMMANDS)),
    ],
)
def test_names_that_no_connection_can_have(name: str, said: str) -> None:
    assert said in (name_problem(name) or "")
    with pytest.raises(ConfigError, match=r"connections\."):
        says(f"connections:\n  {json.dumps(name)}: {{crm: spotler}}")


def test_names_stay_different_as_variables() -> None:
    with pytest.raises(
        ConfigError, match=r"connections\.a-b and a_b would share the variable CRMTUI_TOKEN_A_B"
    ):
        says("connections: {a-b: {crm: spotler}, a_b: {crm: spotler}}")


def test_a_connection_of_the_command_line_keeps_the_same_rules() -> None:
    made = make_connection("acme", crm="onepagecrm-v1", user="ann", others=["acme", "other"])
    assert (made.url, made.format) == ("https://app.onepagecrm.com", "xml")
    with pytest.raises(ConfigError, match=r"acme\.url must begin with https://"):
        make_connection("acme", crm="spotler", url="http://crm.example.com")
    with pytest.raises(ConfigError, match="and a_b would share"):
        make_connection("a-b", crm="spotler", others=["a_b"])


@pytest.mark.parametrize("crm", SERVICES)
def test_every_service_has_defaults_that_pass_its_own_rules(crm: str) -> None:
    service = SERVICES[crm]
    made = make_connection("acme", crm=crm, url=service.url or "https://acme.example.com", user="ann")
    assert made.service is service


def test_bytes_that_are_not_text_are_named_by_line(config_yaml: Path) -> None:
    config_yaml.write_bytes(b"theme: nord\n# caf\xe9\n")
    with pytest.raises(ConfigError, match="line 2: this is not UTF-8"):
        load()


def test_a_file_that_cannot_be_read_is_said(config_yaml: Path) -> None:
    config_yaml.mkdir()
    with pytest.raises(ConfigError, match=r"Cannot read .*: Is a directory"):
        load()


# fmt: off
_pieces = st.sampled_from([
    "connections:", "acme: ", "crm: spotler", "url: ", "https://", "\n", "  ", "{", "}", "[", "]", ",", "- ",
    ":", "@", "&a ", "*a", "!!x ", "|", ">", "'", '"', "#", "---", "...", "? ", "%", "<<: ", "\t", "null",
    "1", "\\", "\x85",
])
# fmt: on


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(_pieces, max_size=40).map("".join)))
@example("connections: {acme: {crm: spotler, url: 'https://[x'}}")
@example("\ud800")
@example("a: !<x> |\n  b")
def test_any_text_is_a_configuration_or_a_config_error(text: str) -> None:
    message = refusal(text)
    assert message is None or "\n" not in message
