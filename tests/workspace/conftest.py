"""A service, a bad line and a clock for the tests of the workspace."""

from collections.abc import Iterator

import pytest

from crmtui.crm import driver
from crmtui.workspace import courier, outbox
from tests.conftest import Open, Served
from tests.proxy import Proxy, closed_port
from tests.workspace.stage import Run, Stage


@pytest.fixture
def stage(sandbox: Served, open_served: Open, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage on which nobody waits long."""
    monkeypatch.setattr(driver, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(outbox, "_LOOK_SECONDS", 0.002)
    monkeypatch.setattr(outbox, "_OTHERS_SECONDS", 3.0)
    monkeypatch.setattr(courier, "_LEAST_SECONDS", 0.001)
    with Proxy(sandbox.connection.url) as proxy, closed_port() as nobody:
        stage = Stage(sandbox, proxy, open_served, run, monkeypatch, nobody)
        yield stage
        stage.close()
