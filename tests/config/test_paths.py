"""Where files lie and who may read them."""

import stat
from pathlib import Path

import pytest

from crmtui import paths
from crmtui.model.errors import ConfigError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folders_are_the_ones_named_in_the_environment(home: Path) -> None:
    assert paths.config_file() == home / "config" / "config.yaml"
    assert paths.connection_dir("acme") == home / "data" / "connections" / "acme"
    assert (
        paths.connection_dir("spotler", paths.demo_dir())
        == home / "data" / "demo" / "connections" / "spotler"
    )
    assert paths.log_dir() == home / "data" / "logs"


@pytest.mark.parametrize("value", ["", None])
def test_an_unset_or_empty_variable_means_the_platforms_own_folder(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("CRMTUI_CONFIG_DIR", "CRMTUI_DATA_DIR"):
        if value is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, value)
    assert paths.config_dir().name == "crmtui"
    assert paths.data_dir().is_absolute()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/etc"])
def test_a_connections_folder_lies_below_the_data_folder(name: str) -> None:
    with pytest.raises(ConfigError):
        paths.connection_dir(name)


def test_a_private_file_and_every_folder_made_for_it_are_closed_to_others(home: Path) -> None:
    file = home / "a" / "b" / "file"
    paths.write_private(file, b"one")
    paths.write_private(file, b"two")
    assert file.read_bytes() == b"two"
    assert [mode(file), mode(file.parent), mode(file.parent.parent)] == [0o600, 0o700, 0o700]
    assert [path.name for path in file.parent.iterdir()] == ["file"]


def test_an_open_folder_of_ours_is_closed_and_a_shared_one_is_left(home: Path) -> None:
    ours, shared = home / "ours", home / "shared"
    ours.mkdir()
    ours.chmod(0o755)
    shared.mkdir()
    shared.chmod(0o1777)
    paths.ensure_private(ours)
    paths.ensure_private(shared)
    assert (mode(ours), mode(shared)) == (0o700, 0o1777)


def test_what_the_system_refuses_becomes_one_sentence(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(ConfigError, match=r"Cannot make the folder .*/file: File exists"):
        paths.ensure_private(home / "file" / "folder")
    (home / "taken").mkdir()
    with pytest.raises(ConfigError, match=r"Cannot write .*taken"):
        paths.write_private(home / "taken", b"")
    assert sorted(path.name for path in home.iterdir()) == ["file", "taken"]
