"""Sandboxes and clients for their tests."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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


class V1Client:
    """A client of an emulated Capsule's API v1, read without any of the program's own code."""

    def __init__(self, sandbox: Sandbox) -> None:
        connection = sandbox.start()["capsule-v1"]
        self.sandbox = sandbox
        self.url = connection["url"]
        self.token = connection["token"]
        self.http = httpx.Client(
            base_url=f"{self.url}/api",
            auth=(self.token, "x"),
            headers={"Content-Type": "text/xml"},
            trust_env=False,
        )

    def get(self, path: str, **parameters: object) -> ElementTree.Element:
        """The root of the XML that a GET answers."""
        return self.root(self.http.get(path, params={name: str(value) for name, value in parameters.items()}))

    def json(self, path: str, **parameters: object) -> Json:
        """The JSON that a GET answers."""
        texts = {name: str(value) for name, value in parameters.items()}
        response = self.http.get(path, params=texts, headers={"Accept": "application/json"})
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    def post(self, path: str, body: str) -> str:
        """The path of what a POST creates."""
        response = self.http.post(path, content=body.encode())
        assert (response.status_code, response.content) == (201, b""), response.text
        return response.headers["location"].removeprefix(f"{self.url}/api")

    def put(self, path: str, body: str) -> ElementTree.Element:
        """The root of the XML that a PUT answers."""
        return self.root(self.http.put(path, content=body.encode()))

    def done(self, method: str, path: str) -> None:
        """A call without a body that succeeds without one."""
        response = self.http.request(method, path)
        assert (response.status_code, response.content) == (200, b""), response.text

    def names(self, path: str, **parameters: object) -> list[str]:
        """The display names of a list of parties."""
        return [display_name(party) for party in self.get(path, **parameters)]

    @staticmethod
    def root(response: httpx.Response) -> ElementTree.Element:
        """The root of an answer of status 200."""
        assert response.status_code == 200, response.text
        return ElementTree.fromstring(response.content)


def display_name(party: ElementTree.Element) -> str:
    """What a person or organisation is called."""
    names = (party.findtext(name) for name in ("firstName", "lastName", "name"))
    return " ".join(filter(None, names))


StartV1 = Callable[..., V1Client]


@pytest.fixture(scope="package")
def v1(tmp_path_factory: pytest.TempPathFactory) -> Iterator[V1Client]:
    """A client of a Capsule that the tests share; they make their own records and leave the others alone."""
    with Sandbox(tmp_path_factory.mktemp("capsule-v1"), crm="capsule-v1", records=60) as sandbox:
        shared = V1Client(sandbox)
        yield shared
        shared.http.close()


@pytest.fixture
def start_v1(tmp_path: Path) -> Iterator[StartV1]:
    """Starts a small Capsule of the test's own: `start_v1(SIZE="total")`."""
    started: list[V1Client] = []

    def run(records: int = 10, **switches: str) -> V1Client:
        named = {f"CAPSULE_V1_{name}": word for name, word in switches.items()}
        place = tmp_path / f"v1-{len(started)}"
        started.append(V1Client(Sandbox(place, records=records, crm="capsule-v1", switches=named)))
        return started[-1]

    yield run
    for each in started:
        each.http.close()
        each.sandbox.stop()


class SolveClient:
    """A client of an emulated Solve360 that speaks XML, read without any of the program's own code."""

    def __init__(self, sandbox: Sandbox) -> None:
        connection = sandbox.start()["solve360"]
        self.sandbox = sandbox
        self.http = httpx.Client(
            base_url=connection["url"],
            auth=(connection["user"], connection["token"]),
            headers={"Content-Type": "application/xml"},
            trust_env=False,
        )

    def get(self, path: str, **parameters: object) -> ElementTree.Element:
        """The `<response>` of a GET that succeeds."""
        return self.done(self.http.get(path, params={name: str(value) for name, value in parameters.items()}))

    def post(self, path: str, request: str) -> ElementTree.Element:
        """The `<response>` of a POST that creates."""
        return self.done(self.http.post(path, content=f"<request>{request}</request>"), 201)

    def put(self, path: str, request: str) -> ElementTree.Element:
        """The `<response>` of a PUT that succeeds."""
        return self.done(self.http.put(path, content=f"<request>{request}</request>"))

    def rows(self, path: str, **parameters: object) -> list[ElementTree.Element]:
        """The rows of a list."""
        return [row for row in self.get(path, **parameters) if row.tag.removeprefix("id").isdigit()]

    def ids(self, path: str, **parameters: object) -> list[str]:
        """The ids of the rows of a list."""
        return [row.findtext("id", "") for row in self.rows(path, **parameters)]

    def texts(self, path: str, within: str) -> list[str | None]:
        """The texts of the elements at a path within an answer."""
        return [element.text for element in self.get(path).findall(within)]

    def fields(self, path: str) -> dict[str, ElementTree.Element]:
        """The fields that an answer describes, by name."""
        return {field.findtext("name", ""): field for field in self.get(path).findall("fields/field")}

    def used(self, response: httpx.Response) -> int:
        """The calls that an answer says were used."""
        return int(response.headers["Http-X-Solve360-Api-Call-Limit"].partition("/")[0])

    @staticmethod
    def done(response: httpx.Response, status: int = 200) -> ElementTree.Element:
        """The `<response>` of an answer with this status."""
        assert response.status_code == status, response.text
        root = ElementTree.fromstring(response.content)
        assert (root.tag, root.findtext("status")) == ("response", "success")
        return root


def refused(response: httpx.Response, status: int) -> dict[str, str]:
    """The errors of an answer in the form of Solve360's document."""
    assert response.status_code == status, response.text
    root = ElementTree.fromstring(response.content)
    assert [child.tag for child in root] == ["errors", "status"]
    assert root.findtext("status") == "failed"
    return {error.tag: error.text or "" for error in root[0]}


StartSolve = Callable[..., SolveClient]


@pytest.fixture(scope="package")
def solve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolveClient]:
    """A client of a Solve360 that the tests share; they make their own records and leave the others alone."""
    with Sandbox(tmp_path_factory.mktemp("solve360"), crm="solve360") as sandbox:
        shared = SolveClient(sandbox)
        yield shared
        shared.http.close()


@pytest.fixture
def start_solve(tmp_path: Path) -> Iterator[StartSolve]:
    """Starts a small Solve360 of the test's own: `start_solve(START="1")`."""
    started: list[SolveClient] = []

    def run(records: int = 30, **switches: str) -> SolveClient:
        named = {f"SOLVE360_{name}": word for name, word in switches.items()}
        place = tmp_path / str(len(started))
        started.append(SolveClient(Sandbox(place, records=records, crm="solve360", switches=named)))
        return started[-1]

    yield run
    for each in started:
        each.http.close()
        each.sandbox.stop()


class CapsuleClient:
    """A client of an emulated Capsule that speaks API v2, read without any of the program's own code."""

    def __init__(self, sandbox: Sandbox) -> None:
        connection = sandbox.start()["capsule"]
        self.sandbox = sandbox
        self.url = connection["url"]
        self.http = httpx.Client(
            base_url=f"{connection['url']}/api/v2",
            headers={"Authorization": f"Bearer {connection['token']}"},
            trust_env=False,
        )

    def get(self, path: str, **parameters: object) -> Any:
        """What a GET that succeeds answers under its only key."""
        texts = {name: str(value) for name, value in parameters.items()}
        return self.done(self.http.get(path, params=texts))

    def new(self, path: str, **members: object) -> Any:
        """A record that a POST made."""
        response = self.http.post(path, json={_WORDS[path]: members})
        assert response.headers["Location"].startswith(f"{self.url}/api/v2{path}/")
        return self.done(response, 201)

    def put(self, path: str, **members: object) -> Any:
        """A record after a PUT."""
        return self.done(self.change(path, **members))

    def change(self, path: str, **members: object) -> httpx.Response:
        """The answer to a PUT."""
        return self.http.put(path, json={_WORDS[path.rpartition("/")[0]]: members})

    def filtered(self, entity: str, *conditions: tuple[str, str, object], **parameters: object) -> Any:
        """The records that meet conditions."""
        return self.done(self.filter(entity, *conditions, **parameters))

    def filter(
        self, entity: str, *conditions: tuple[str, str, object], **parameters: object
    ) -> httpx.Response:
        """The answer to a filter."""
        rows = [dict(zip(("field", "operator", "value"), each, strict=True)) for each in conditions]
        texts = {name: str(value) for name, value in {"perPage": 100, **parameters}.items()}
        body = {"filter": {"conditions": rows}}
        return self.http.post(f"/{entity}/filters/results", json=body, params=texts)

    @staticmethod
    def done(response: httpx.Response, status: int = 200) -> Any:
        """What an answer of this status has under its only key."""
        assert response.status_code == status, response.text
        (found,) = response.json().values()
        return found


_WORDS = {
    "/parties": "party",
    "/opportunities": "opportunity",
    "/kases": "kase",
    "/tasks": "task",
    "/entries": "entry",
    "/parties/tags": "tag",
}


def faults(response: httpx.Response) -> list[tuple[str, str, str | None]]:
    """The message, resource and field of everything that an answer of 422 names."""
    assert response.status_code == 422, response.text
    body = response.json()
    assert body["message"] == "Validation Failed"
    return [(error["message"], error["resource"], error.get("field")) for error in body["errors"]]


StartCapsule = Callable[..., CapsuleClient]


@pytest.fixture(scope="package")
def capsule(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CapsuleClient]:
    """A client of a Capsule that the tests share; they make their own records and leave the others alone."""
    with Sandbox(tmp_path_factory.mktemp("capsule"), records=90, crm="capsule") as sandbox:
        shared = CapsuleClient(sandbox)
        yield shared
        shared.http.close()


@pytest.fixture
def start_capsule(tmp_path: Path) -> Iterator[StartCapsule]:
    """Starts a small Capsule of the test's own: `start_capsule(PAGE_CAP="10")`."""
    started: list[CapsuleClient] = []

    def run(records: int = 30, **switches: str) -> CapsuleClient:
        named = {f"CAPSULE_{name}": word for name, word in switches.items()}
        place = tmp_path / f"capsule-{len(started)}"
        started.append(CapsuleClient(Sandbox(place, records=records, crm="capsule", switches=named)))
        return started[-1]

    yield run
    for each in started:
        each.http.close()
        each.sandbox.stop()


class OnePageClient:
    """A client of an emulated OnePageCRM that speaks API v3, read without any of the program's own code."""

    def __init__(self, sandbox: Sandbox) -> None:
        connection = sandbox.start()["onepagecrm"]
        self.sandbox = sandbox
        self.url = connection["url"]
        self.user = connection["user"]
        self.http = httpx.Client(
            base_url=f"{connection['url']}/api/v3",
            auth=(connection["user"], connection["token"]),
            trust_env=False,
        )

    def ask(self, method: str, path: str, expected: int = 200, /, **body: Any) -> dict[str, Any]:
        """The whole object that answers a call with a body of these members, or none."""
        response = self.http.request(method, path, content=json.dumps(body) if body else None)
        assert response.status_code == expected, response.text
        found: dict[str, Any] = response.json()
        assert found["status"] == (0 if expected < 300 else expected)
        return found

    def get(self, path: str, /, **parameters: object) -> Any:
        """The data that answer a GET."""
        texts = {name: str(value) for name, value in parameters.items()}
        response = self.http.get(path, params=texts)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def put(self, path: str, /, **body: Any) -> Any:
        """The data that answer a PUT."""
        return self.ask("PUT", path, **body)["data"]

    def new(self, path: str, /, **body: Any) -> Any:
        """The record that a POST makes."""
        data = self.ask("POST", path, 201, **body)["data"]
        return data.get(_ONEPAGE_WORDS.get(path.rpartition("/")[2], ""), data)

    def ids(self, path: str, /, **parameters: object) -> list[str]:
        """The ids of the records on a page."""
        kind = "contacts" if "stream" in path or "cascade" in path else path.rpartition("/")[2]
        return [row[_ONEPAGE_WORDS[kind]]["id"] for row in self.get(path, **parameters)[kind]]


_ONEPAGE_WORDS = {
    "contacts": "contact",
    "companies": "company",
    "deals": "deal",
    "actions": "action",
    "notes": "note",
    "calls": "call",
    "meetings": "meeting",
    "statuses": "status",
    "custom_fields": "custom_field",
}
StartOnePage = Callable[..., OnePageClient]


@pytest.fixture(scope="package")
def onepage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnePageClient]:
    """A client of a OnePageCRM that the tests share; they make their own records and leave others alone."""
    place = tmp_path_factory.mktemp("onepagecrm")
    with Sandbox(place, records=90, crm="onepagecrm", switches={"ONEPAGECRM_RATE": "0"}) as sandbox:
        shared = OnePageClient(sandbox)
        yield shared
        shared.http.close()


@pytest.fixture
def start_onepage(tmp_path: Path) -> Iterator[StartOnePage]:
    """Starts a small OnePageCRM of the test's own: `start_onepage(PAGE_CAP="10")`."""
    started: list[OnePageClient] = []

    def run(records: int = 30, **switches: str) -> OnePageClient:
        named = {f"ONEPAGECRM_{name}": word for name, word in {"RATE": "0", **switches}.items()}
        place = tmp_path / f"onepagecrm-{len(started)}"
        started.append(OnePageClient(Sandbox(place, records=records, crm="onepagecrm", switches=named)))
        return started[-1]

    yield run
    for each in started:
        each.http.close()
        each.sandbox.stop()
