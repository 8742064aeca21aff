"""What a configuration may not say, and the sentence for it."""

import pytest

from crmtui.model.errors import ConfigError
from tests.config.documents import EVERYTHING, connection, refusal, says


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0.0.0.0",
        "ftp://crm.example.com",
        "crm.example.com",
        "//crm.example.com",
        "https://",
        "https://:443",
        "https://crm.example.com/api",
        "https://crm.example.com//",
        "https://crm.example.com?",
        "https://crm.example.com?key=s3cr3t",
        "https://crm.example.com#x",
        "https://ann:s3cr3t@crm.example.com",
        "https://s3cr3t@crm.example.com",
        "https://crm.example.com:0",
        "https://crm.example.com:99999",
        "https://crm.example.com:x",
        "https://crm example.com",
        "https://crm.example.com\\\\@evil.example",
        "https://[::1",
        "https://crm..example.com",
        "https://-crm.example.com",
    ],
)
def test_any_other_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match=r"connections\.acme\.url must") as error:
        connection(f'crm: spotler, url: "{url}"')
    assert "s3cr3t" not in str(error.value)


REFUSED = [
    ("connection: {}", "line 1: connection: a mapping is no key of the file; did you mean connections?"),
    ("themes: nord", "themes: nord is no key of the file; did you mean theme?"),
    ("colour: red", "colour: red is no key of the file; expected connections, alert_command, theme, keys"),
    ("connections: [a]", "connections: a list is not what was expected: names and their connections"),
    ("connections: {acme: spotler}", "connections.acme: spotler is not what was expected"),
    ("theme: [nord]", "theme: a list is not what was expected: one line of text"),
    ("theme: ''", 'theme: "" is not what was expected: one line of text'),
    ('theme: "a\\nb"', "theme: "),
    ("keys: e", "keys: e is not what was expected"),
    ("keys: {edit: [e, f2]}", "keys.edit: a list is not what was expected: one line of text"),
    ("alert_command: notify-send x", "alert_command: notify-send x is not what was expected: a list"),
    ("alert_command: []", "alert_command: a list is not what was expected: a program's name first"),
    ("alert_command: [a, [b]]", "alert_command[1]: a list is not what was expected: text"),
    ("theme: nord\ntheme: nord", "line 2: the key 'theme' stands in line 1 already"),
    ("? [a]\n: b", "a key must be one word"),
    ("theme: &a nord", "anchors (&) and aliases (*)"),
    ("theme: *a", "anchors (&) and aliases (*)"),
    ("theme: !!python/name:os.system x", "tags (!)"),
    ("theme: !!str x", "tags (!)"),
    ("theme: nord\n---\ntheme: nord", "line 2: a second document begins here"),
    ("theme: nord\n  bad: x", "line 2: "),
    ("theme: 'nord", "line 1: "),
    ('theme: "\\0"', "the character U+0000 cannot be part of a word"),
    ("theme: nord\n\x07", "line 2: the character U+0007 cannot stand in YAML"),
    ("- a", "expected keys such as `connections:` here"),
    ("nord", "expected keys such as `connections:` here"),
    ("[" * 30_000, "nested more than 64 deep"),
    ("a: " + "{a: " * 100, "nested more than 64 deep"),
    ("kinds: [" + "x," * 30_000 + "]", "more than 20,000 words"),
    ("#" * 1_000_001, "longer than 1,000,000 characters"),
]
IN_CONNECTION = [
    ("call_limt: 10000", ".call_limt: 10000 is no key of a connection; did you mean call_limit?"),
    ("theme: nord", ".theme: nord is no key of a connection; it belongs at the top of the file"),
    ("call_limit: many", ".call_limit: many is not what was expected: a whole number from 1 to"),
    ('call_limit: "10"', '.call_limit: "10" is not what was expected'),
    ("call_limit: 0", ".call_limit: 0 is not what was expected"),
    ("call_limit: 1e3", ".call_limit: 1e3 is not what was expected"),
    ("call_limit: ٣", ".call_limit: ٣ is not what was expected"),
    ("reserve: 101", ".reserve: 101 is not what was expected: a whole number from 0 to 100"),
    ("alerts: 80", ".alerts: 80 is not what was expected: a list of percents"),
    ("alerts: [80, 0]", ".alerts[1]: 0 is not what was expected"),
    ("read_only: maybe", ".read_only: maybe is not what was expected: true or false"),
    ('mirror: "yes"', '.mirror: "yes" is not what was expected'),
    ("kinds: claims", ".kinds: claims is not what was expected: a list of custom tables"),
    ("kinds: [a/b]", ".kinds[0]: a/b is not what was expected"),
    ("kinds: ['']", '.kinds[0]: "" is not what was expected'),
    ("token_command: pass show", ".token_command: pass show is not what was expected: a list"),
    ("token_command: [a], token_file: b", ".token_file stands beside token_command; keep one"),
    ("user: {a: b}", ".user: a mapping is not what was expected"),
]
RULES = [
    ("{}", "connections.acme.crm is missing: one of spotler, solve360"),
    ("{crm: spottler}", "connections.acme.crm: spottler must be one of spotler, solve360, capsule"),
    ("{crm: Capsule}", "did you mean capsule?"),
    ("{crm: solve360}", "connections.acme.user is missing: Solve360 needs the e-mail address"),
    ("{crm: onepagecrm}", "connections.acme.user is missing"),
    ("{crm: onepagecrm-v1}", "connections.acme.user is missing"),
    ("{crm: capsule-v1}", "connections.acme.url is missing: Capsule (API v1) has an address of its own"),
    (
        "{crm: capsule-v1, url: https://a.b, format: yaml}",
        "connections.acme.format: yaml must be one of xml, json",
    ),
    ("{crm: spotler, format: csv}", "connections.acme.format: csv must be one of xml, json, yaml"),
]


@pytest.mark.parametrize(
    ("text", "sentence"),
    REFUSED
    + [
        (f"connections: {{acme: {{crm: spotler, {keys}}}}}", f"connections.acme{said}")
        for keys, said in IN_CONNECTION
    ]
    + [(f"connections: {{acme: {keys}}}", said) for keys, said in RULES],
    ids=lambda value: value[:40],
)
def test_what_is_refused_and_how_it_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        says(text)
    assert sentence in error.value.message
    assert error.value.message.startswith("config.yaml, line ")
    assert "\n" not in error.value.message
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING,
        "a: [",
        "[" * 30_000,
        'theme: "\\ud800"',
        "theme: 'nord",
        "theme: *a",
        "a: b\n\t- c",
        "%TAG ! x",
    ],
    ids=lambda text: text[:12],
)
def test_a_machine_without_libyaml_makes_no_difference(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_libyaml = refusal(text) is None
    monkeypatch.delattr("yaml.CSafeLoader")
    assert (refusal(text) is None) == with_libyaml


SECRET = "9f8e7d6c5b4a3f2e1d0c9b8a"


@pytest.mark.parametrize(
    "text",
    [
        f"connections: {{acme: {{crm: spotler, token: {SECRET}}}}}",
        f"connections: {{acme: {{crm: spotler, password: {SECRET}}}}}",
        f"connections: {{acme: {{crm: spotler, API-Key: {SECRET}}}}}",
        f"connections: {{acme: {{crm: spotler, secret: [{SECRET}]}}}}",
        f"connections: {{token: {SECRET}}}",
        f"token: {SECRET}",
    ],
)
def test_a_token_in_the_file_is_refused_unread_and_told_where_it_goes(text: str) -> None:
    with pytest.raises(
        ConfigError, match=r"holds no tokens.*CRMTUI_TOKEN_.*token_command or token_file"
    ) as error:
        says(text)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "keys",
    [
        f"tok: {SECRET}",
        f"usr: {SECRET}",
        f"hush: {SECRET}",
        "tokn_file: hunter2hunter",
        "hush: hunter2",
        f"format: {SECRET}",
        f"crm: {SECRET}",
        f"call_limit: {SECRET}",
        f"{SECRET}: x",
    ],
)
def test_a_value_that_may_be_a_token_is_not_repeated(keys: str) -> None:
    with pytest.raises(ConfigError) as error:
        connection(f"mirror: true, {keys}")
    value = keys.partition(": ")[2]
    assert value == "x" or value not in str(error.value)
