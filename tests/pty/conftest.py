"""A configured `crmtui` for a pseudo-terminal: a sandbox, a connection to it, and its token."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Serve, Served
from tests.pty.terminal import Terminal

Start = Callable[..., Terminal]


def configure(served: Served, folder: Path) -> dict[str, str]:
    """Writes a configuration; the environment in which `crmtui` finds it."""
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "config.yaml").write_text(
        f"connections:\n  acme:\n    crm: spotler\n    url: {served.connection.url}\n"
    )
    return {
        "CRMTUI_CONFIG_DIR": str(config),
        "CRMTUI_DATA_DIR": str(folder / "data"),
        "CRMTUI_TOKEN_ACME": served.token,
    }


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve(records=60)


@pytest.fixture
def start(served: Served, tmp_path: Path) -> Iterator[Start]:
    """Starts the program on the sandbox: `start("acme/accounts", size=(80, 24))`."""
    running: list[Terminal] = []
    environment = configure(served, tmp_path)

    def begin(*arguments: str, size: tuple[int, int] = (120, 36), **more: str) -> Terminal:
        terminal = Terminal(arguments, environment | more, size)
        running.append(terminal)
        return terminal

    yield begin
    for terminal in running:
        terminal.__exit__(None, None, None)
