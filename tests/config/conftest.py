"""Every test here has folders of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that holds this test's configuration and data."""
    monkeypatch.setenv("CRMTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("CRMTUI_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def config_yaml(home: Path) -> Path:
    """The configuration file, whose folder exists."""
    (home / "config").mkdir(mode=0o700)
    return home / "config" / "config.yaml"
