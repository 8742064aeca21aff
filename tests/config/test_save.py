"""Changing the file: what did not change keeps its place and its comments."""

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmtui.config import (
    SERVICES,
    Config,
    Connection,
    load,
    make_connection,
    save,
    with_connection,
    without_connection,
)
from crmtui.config.file import read
from crmtui.model.errors import ConfigError, UsageError

COMMENTED = """\
# ours
connections:
    # the big one
    acme:
        crm: spotler   # since 2019
        kinds:
            - claims   # custom
        # end of acme

    # the small one
    beta: {crm: capsule}
    # nothing below

theme: nord  # dark
# the end
"""
GAMMA = make_connection("gamma", crm="solve360", user="ann@example.com")
GAMMA_LINES = "    gamma:\n      crm: solve360\n      user: ann@example.com\n"


def test_the_first_connection_makes_the_file(home: Path) -> None:
    assert with_connection(GAMMA) == load() == Config(connections={"gamma": GAMMA})
    file = home / "config" / "config.yaml"
    assert file.read_text() == "connections:\n  gamma:\n    crm: solve360\n    user: ann@example.com\n"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_new_connection_is_put_after_the_last(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    with_connection(GAMMA)
    assert config_yaml.read_text() == COMMENTED.replace("{crm: capsule}\n", "{crm: capsule}\n" + GAMMA_LINES)


def test_taking_it_out_again_gives_the_file_back(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    with_connection(GAMMA)
    without_connection("gamma")
    assert config_yaml.read_text() == COMMENTED


def test_only_the_lines_of_a_removed_connection_go(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    without_connection("acme")
    text = config_yaml.read_text()
    assert "acme:" not in text
    assert [line for line in COMMENTED.splitlines() if line.strip().startswith("#")] == [
        line for line in text.splitlines() if line.strip().startswith("#")
    ]
    without_connection("beta")
    assert load() == Config(theme="nord")
    assert "# the small one" in config_yaml.read_text()


def test_a_connection_is_replaced_in_place_and_only_when_asked(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    new = make_connection("acme", crm="capsule")
    with pytest.raises(UsageError, match="acme already; --replace"):
        with_connection(new)
    after = with_connection(new, replace=True)
    assert list(after.connections) == list(load().connections) == ["acme", "beta"]
    assert "# the big one\n    acme:\n      crm: capsule\n        # end of acme" in config_yaml.read_text()


def test_an_unknown_connection_cannot_be_removed(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    with pytest.raises(UsageError, match=r"no connection 'gamma' \(known: acme, beta\)"):
        without_connection("gamma")


@pytest.mark.parametrize(
    "text",
    [
        "theme: nord",
        "theme: nord\n...\n",
        "theme: nord\r\nconnections:\r\n  a:\r\n    crm: capsule\r\n",
        '{"theme": "nord", "connections": {"a": {"crm": "capsule"}}}',
        "connections: {a: {crm: capsule}}\ntheme: nord",
        "connections:\n  a:\n    crm: |\n      capsule\n    user: >-\n      b\n\n# c\ntheme: nord",
        "connections: # none yet\ntheme: nord",
        "--- # begin\ntheme: nord\nconnections: {\n a: {crm: capsule},\n}\n",
    ],
)
def test_every_layout_can_be_changed(text: str, config_yaml: Path) -> None:
    config_yaml.write_bytes(text.replace("crm: |\n      capsule", "crm: capsule").encode())
    before = load()
    after = with_connection(GAMMA)
    assert load() == after
    assert after.theme == "nord"
    assert without_connection("gamma") == load() == before


def test_other_settings_change_in_place_too(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    save(msgspec.structs.replace(load(), theme="dusk", keys={"edit": "e,f2"}))
    assert load().keys == {"edit": "e,f2"}
    assert config_yaml.read_text() == COMMENTED.replace("nord  # dark", "dusk") + "keys:\n  edit: 'e,f2'\n"


def test_saving_what_is_there_touches_nothing(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    before = config_yaml.stat()
    save(load())
    assert config_yaml.stat() == before


def test_a_broken_file_is_left_alone(config_yaml: Path) -> None:
    config_yaml.write_text("theme: [")
    with pytest.raises(ConfigError):
        with_connection(GAMMA)
    assert config_yaml.read_text() == "theme: ["


def test_a_link_to_the_file_stays_a_link(config_yaml: Path, home: Path) -> None:
    real = home / "dotfiles.yaml"
    real.write_text(COMMENTED)
    config_yaml.symlink_to(real)
    with_connection(GAMMA)
    assert config_yaml.is_symlink()
    assert "gamma" in real.read_text()


def test_what_the_rules_forbid_cannot_be_saved(config_yaml: Path) -> None:
    config_yaml.write_text(COMMENTED)
    wrong = Connection(name="gamma", crm="spotler", url="http://crm.example.com")
    with pytest.raises(ConfigError):
        save(Config(connections={"gamma": wrong}))
    assert config_yaml.read_text() == COMMENTED


_lines = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_words = st.one_of(
    _lines, st.sampled_from(["no", "~", "null", "1", "a: b", "#x", "'", '"', "- a", "{", "x y"])
)
_arguments = st.lists(st.one_of(_words, st.sampled_from(["", "a\nb", "\x1b"])), max_size=3)
_connections = st.builds(
    Connection,
    name=st.from_regex(r"[a-z0-9][a-z0-9_]{0,6}", fullmatch=True).filter(
        lambda name: name not in {"new", "log"}
    ),
    crm=st.sampled_from(["spotler", "capsule", "solve360"]),
    url=st.sampled_from(["https://a.example:1", SERVICES["capsule"].url]),
    user=_words,
    call_limit=st.one_of(st.none(), st.integers(1, 10**6)),
    mirror=st.booleans(),
    alerts=st.sampled_from([(), (80, 95), (1, 2, 3)]),
    token_command=st.builds(lambda first, more: (first, *more), _words, _arguments) | st.just(()),
)
_configs = st.builds(
    Config,
    connections=st.lists(_connections, max_size=3).map(lambda some: {one.name: one for one in some}),
    theme=st.one_of(st.none(), _words),
    keys=st.dictionaries(_words, _words, max_size=2),
)


@given(_configs, _configs)
@settings(deadline=None, max_examples=30)
def test_any_configuration_can_follow_any_other(first: Config, second: Config) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.yaml"
        for config in (first, second):
            try:
                save(config, file)
            except ConfigError:
                # Names such as `sync`, or two that share a variable, are refused whole.
                assert not file.exists() or read(file.read_text(), file)[1] == first
                return
            assert read(file.read_bytes().decode(), file)[1] == config
