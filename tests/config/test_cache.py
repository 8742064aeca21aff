"""A start with an unchanged file needs no YAML parser, and a changed file is always read again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crmtui.config import Config, load

SAY_WHAT_WAS_LOADED = """
import sys
from crmtui.config import load
print(load().theme, *sorted({"yaml", "platformdirs", "subprocess"} & set(sys.modules)))
"""


def start() -> str:
    ended = subprocess.run(
        [sys.executable, "-c", SAY_WHAT_WAS_LOADED], capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


def kept(home: Path) -> Path:
    return home / "data" / "cache" / "config.json"


def test_the_second_start_parses_nothing(config_yaml: Path, home: Path) -> None:
    config_yaml.write_text("theme: nord")
    assert "yaml" in start()
    assert start() == "nord"
    assert kept(home).stat().st_mode & 0o777 == 0o600


def test_a_change_is_seen_even_when_size_and_time_are_the_same(config_yaml: Path) -> None:
    config_yaml.write_text("theme: nord")
    before = config_yaml.stat()
    assert load().theme == "nord"
    new = config_yaml.with_name("new")
    new.write_text("theme: dusk")
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(config_yaml)
    assert load().theme == "dusk"


def test_another_file_and_another_version_are_not_mistaken_for_it(
    config_yaml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_yaml.write_text("theme: nord")
    load()
    other = config_yaml.with_name("other.yaml")
    assert load(other) == Config()
    other.hardlink_to(config_yaml)
    assert load(other).theme == "nord"
    monkeypatch.setattr("crmtui.__version__", "99")
    assert load().theme == "nord"


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff", b"[]", b'{"stamp":1}', b"[" * 100_000],
    ids=["empty", "cut", "no text", "a list", "other shape", "deep"],
)
def test_a_damaged_cache_is_as_good_as_none(damage: bytes, config_yaml: Path, home: Path) -> None:
    config_yaml.write_text("theme: nord")
    load()
    kept(home).write_bytes(damage)
    assert load().theme == "nord"
    assert kept(home).read_bytes() != damage


def test_a_data_folder_that_cannot_be_written_to_is_no_reason_to_stop(config_yaml: Path, home: Path) -> None:
    config_yaml.write_text("theme: nord")
    (home / "data").write_text("a file")
    assert load().theme == "nord"


def test_a_refused_configuration_is_not_kept(config_yaml: Path, home: Path) -> None:
    config_yaml.write_text("token: 9f8e7d6c5b4a3f2e")
    with pytest.raises(Exception, match="holds no tokens"):
        load()
    assert not kept(home).exists()
