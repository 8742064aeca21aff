"""The app on Solve360: sandboxes of a test's own, and others who write there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from crmtui.config import Connection
from crmtui.crm.solve360 import Solve360
from crmtui.model.record import Ref
from crmtui.sandbox import Sandbox
from tests.conftest import Served

Solve = Callable[..., Served]
ANN = Ref("acme", "contacts", "479038")
"""A contact of the sandbox that is related to a company."""


@pytest.fixture
def solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Solve]:
    """Starts a Solve360 sandbox of the test's own with switches."""
    started: list[Sandbox] = []
    monkeypatch.setattr(Solve360, "pauses", (0.0, 0.0))

    def start(**switches: str) -> Served:
        named = {f"SOLVE360_{name}": word for name, word in switches.items()}
        sandbox = Sandbox(tmp_path / f"solve-{len(started)}", records=20, crm="solve360", switches=named)
        started.append(sandbox)
        reached = sandbox.start()["solve360"]
        connection = Connection(name="acme", crm="solve360", url=reached["url"], user=reached["user"])
        return Served(sandbox, connection, reached["token"])

    yield start
    for sandbox in started:
        sandbox.stop()


def put(served: Served, ref: Ref, request: str) -> None:
    """Somebody else changes a record."""
    url = f"{served.connection.url}/{ref.kind}/{ref.id}"
    answer = httpx.put(
        url,
        content=f"<request>{request}</request>",
        headers={"Content-Type": "application/xml"},
        auth=(served.connection.user or "", served.token),
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
