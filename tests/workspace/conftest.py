"""A service, a bad line and a clock for the tests of the workspace."""

from collections.abc import Iterator

import pytest

from crmtui.workspace import outbox
from tests.conftest import Open, Served
from tests.proxy import Proxy, closed_port
from tests.workspace.stage import Run, Stage


@pytest.fixture
def stage(sandbox: Served, open_served: Open, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage on which nobody waits long."""
    monkeypatch.setattr(outbox, "_OTHERS_SECONDS", 3.0)
    with Proxy(sandbox.connection.url) as proxy, closed_port() as nobody:
        stage = Stage(sandbox, proxy, open_served, run, monkeypatch, nobody)
        yield stage
        stage.close()
