"""What may import what, and what is not even loaded until it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SLOW = (
    "textual",
    "rich",
    "httpx",
    "httpcore",
    "anyio",
    "yaml",
    "keyring",
    "xmltodict",
    "click",
    "starlette",
    "uvicorn",
)


def loaded(module: str) -> set[str]:
    """The top-level packages and our own modules that importing a module loads."""
    script = f"import sys; before = set(sys.modules); import {module}; print(*(set(sys.modules) - before))"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    ).stdout.split()
    return {name for name in found if name.startswith("crmtui")} | {name.split(".")[0] for name in found}


def test_the_contracts_of_the_layers_hold() -> None:
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checked = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 broken" in checked.stdout


@pytest.mark.parametrize(
    "module",
    [
        "crmtui",
        "crmtui.model.bind",
        "crmtui.model.match",
        "crmtui.model.write",
        "crmtui.model.value",
        "crmtui.store.mirror",
        "crmtui.workspace.account",
        "crmtui.workspace.edits",
        "crmtui.workspace.labels",
        "crmtui.workspace.lists",
        "crmtui.workspace.opening",
        "crmtui.crm.spotler",
    ],
)
def test_what_paints_the_first_screen_loads_nothing_slow(module: str) -> None:
    assert not loaded(module) & set(SLOW)


def test_the_model_stands_alone() -> None:
    modules = sorted((ROOT / "crmtui" / "model").glob("*.py"))
    assert len(modules) > 10
    names = ", ".join(f"crmtui.model.{path.stem}" for path in modules if path.stem != "__init__")
    ours = {name for name in loaded(names) if name.startswith("crmtui.")}
    assert {name.split(".")[1] for name in ours} == {"model"}


def test_the_sandbox_shares_nothing_with_the_client() -> None:
    ours = {name for name in loaded("crmtui.sandbox.__main__") if name.startswith("crmtui.")}
    assert {name.split(".")[1] for name in ours} == {"sandbox"}
