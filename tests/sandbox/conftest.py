"""Sandboxes and clients for their tests."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from crmtui.sandbox import Sandbox

Json = dict[str, object]


class Client:
    """A client of an emulated SpotlerCRM that speaks in decoded JSON."""

    def __init__(self, sandbox: Sandbox) -> None:
        connection = sandbox.start()["spotler"]
        self.sandbox = sandbox
        self.http = httpx.Client(
            base_url=connection["url"],
            headers={"Authorization": f"Bearer {connection['token']}", "Accept": "application/json"},
            trust_env=False,
        )

    def get(self, path: str, **parameters: object) -> httpx.Response:
        """GET with the parameters, objects among them as JSON."""
        texts = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()
        }
        return self.http.get(path, params=texts)

    def records(self, path: str, **parameters: object) -> list[Json]:
        """The records of a listing."""
        response = self.get(path, **{"limit": 100, **parameters})
        assert response.status_code == 200, response.text
        return [item["record"] for item in response.json()["list"]]

    def names(self, query: Json) -> list[object]:
        """The names of the accounts that match."""
        return [record["name"] for record in self.records("/accounts", q=query)]


@pytest.fixture(scope="package")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a sandbox that the tests share; they make their own records and leave the others alone."""
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        shared = Client(sandbox)
        yield shared
        shared.http.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Starts a small sandbox of the test's own, with switches."""
    started: list[Client] = []

    def run(records: int = 30, **switches: str) -> Client:
        started.append(Client(Sandbox(tmp_path / str(len(started)), records=records, switches=switches)))
        return started[-1]

    yield run
    for each in started:
        each.http.close()
        each.sandbox.stop()
