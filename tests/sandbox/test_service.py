"""The sandbox as a service: access, switches, its data on disk, its life as a process."""

import base64
import json
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from crmtui.sandbox import Sandbox

from .conftest import Client

KINDS = [
    "accounts",
    "contacts",
    "opportunities",
    "opportunity_lines",
    "opportunityhistories",
    "activities",
    "users",
    "campaigns",
    "campaigndetails",
    "campaignstages",
    "cases",
    "documents",
    "claims",
]


def test_without_the_token_nothing_is_told(client: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eA=="}):
        response = httpx.get(f"{client.http.base_url}/accounts", headers=headers, trust_env=False)
        assert response.status_code == 403
        assert response.json()["message"] == "Unauthenticated."


def test_refusals_of_the_token_can_be_switched(start: Callable[..., Client]) -> None:
    refusing = start(SPOTLER_REFUSAL="402")
    assert refusing.http.get("/accounts", headers={"Authorization": "x"}).status_code == 402
    redirecting = start(SPOTLER_REFUSAL="302")
    response = redirecting.http.get("/accounts", headers={"Authorization": "x", "Accept": "*/*"})
    assert (response.status_code, response.headers["location"]) == (302, "/login")
    assert redirecting.http.get("/accounts", headers={"Authorization": "x"}).status_code == 403


def test_token_is_a_web_token_kept_in_private(tmp_path: Path) -> None:
    home = tmp_path / "data"
    with Sandbox(home, records=1) as sandbox:
        token = sandbox.start()["spotler"]["token"]
    with Sandbox(home, records=1) as sandbox:
        assert sandbox.start()["spotler"]["token"] == token
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert {"aud", "jti", "iat", "nbf", "exp", "sub", "scopes"} == claims.keys()
    assert claims["exp"] - claims["iat"] == 365 * 24 * 3600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()} == {0o600}


def test_edits_survive_a_restart(tmp_path: Path) -> None:
    def rename(name: str) -> list[object]:
        with Sandbox(tmp_path, records=5) as sandbox:
            client = Client(sandbox)
            found = [record["name"] for record in client.records("/accounts")]
            client.http.patch(f"/accounts/{client.records('/accounts')[0]['id']}", json={"name": name})
            client.http.close()
            return found

    before = rename("Renamed")
    assert rename("Renamed again") == ["Renamed", *before[1:]]
    with Sandbox(tmp_path, records=5, fresh=True) as sandbox:
        assert [record["name"] for record in Client(sandbox).records("/accounts")] == before
    with Sandbox(tmp_path, records=6) as sandbox:
        assert len(Client(sandbox).records("/accounts")) == 6


@pytest.mark.parametrize("shape", ["list", "map", "fields", "wrapped", "names"])
def test_dictionary_shapes(start: Callable[..., Client], shape: str) -> None:
    body = start(SPOTLER_DICT_SHAPE=shape).get("/datadictionary/claims").json()
    found = {
        "list": lambda: body["list"][1]["name"],
        "map": lambda: list(body)[1],
        "fields": lambda: body["fields"][1]["name"],
        "wrapped": lambda: body["list"][1]["record"]["name"],
        "names": lambda: body[1],
    }[shape]()
    assert found == "name"


@pytest.mark.parametrize("shape", ["items", "strings", "list", "wrapped", "map"])
def test_lookup_shapes(start: Callable[..., Client], shape: str) -> None:
    body = start(SPOTLER_LOOKUP_SHAPE=shape).get("/lookup/accounts/slaid").json()
    first = {
        "items": lambda: body["items"][0],
        "strings": lambda: body[0],
        "list": lambda: body[0],
        "wrapped": lambda: body["list"][0]["record"],
        "map": lambda: body["125357"],
    }[shape]()
    assert first in ("Standard", {"value": "Standard", "id": 125357}, {"name": "Standard", "id": 125357})


def test_pages_can_count_from_zero(start: Callable[..., Client]) -> None:
    client = start(SPOTLER_PAGE_BASE="0")
    assert client.records("/accounts", page=0, limit=20) == client.records("/accounts", limit=20)
    assert len(client.records("/accounts", page=1, limit=20)) == 10


def test_calls_can_be_limited(start: Callable[..., Client], client: Client) -> None:
    assert not any("ratelimit" in name for name in client.get("/users").headers)
    limited = start(SPOTLER_RATELIMIT="2")
    assert [limited.get("/users").headers["x-ratelimit-remaining"] for _ in range(2)] == ["1", "0"]
    response = limited.get("/users")
    assert response.status_code == 429
    assert response.json() == {"type": "Too Many Requests", "code": 429, "message": "API call limit reached"}
    assert 0 < int(response.headers["retry-after"]) <= 60


def test_an_object_can_be_closed(start: Callable[..., Client]) -> None:
    client = start(SPOTLER_CLOSED="cases, campaigns")
    assert client.get("/cases").status_code == client.get("/datadictionary/campaigns").status_code == 403
    assert client.get("/accounts").status_code == 200


def test_switches_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOTLER_PAGE_BASE", "2")
    with pytest.raises(ValueError, match="SPOTLER_PAGE_BASE=2"):
        Sandbox(tmp_path, records=1).start()
    with pytest.raises(ValueError, match="nosuch"):
        Sandbox(tmp_path, crm="nosuch")


def test_requests_are_noted_in_order(start: Callable[..., Client]) -> None:
    client = start()
    client.get("/accounts", limit=1)
    client.http.patch("/accounts/95920978", json={"name": "Noted"})
    first, second = client.sandbox.requests
    assert (first.method, first.path, first.query, first.status) == ("GET", "/accounts", "limit=1", 200)
    assert (second.method, second.path, second.status) == ("PATCH", "/accounts/95920978", 200)
    assert json.loads(second.body) == {"name": "Noted"}
    assert second.headers["content-type"] == "application/json"


def test_a_sandbox_can_start_again(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, records=1)
    for _ in range(2):
        client = Client(sandbox)
        assert client.get("/accounts").status_code == 200
        sandbox.stop()
        sandbox.stop()
        sandbox.wait()
        with pytest.raises(httpx.ConnectError):
            client.get("/accounts")
        client.http.close()


def test_what_is_no_http_is_refused_without_a_word(
    start: Callable[..., Client], capfd: pytest.CaptureFixture[str]
) -> None:
    client = start()
    with socket.create_connection(("127.0.0.1", client.http.base_url.port or 0), timeout=5) as raw:
        raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert capfd.readouterr() == ("", "")


def test_long_answers_are_compressed_when_asked(client: Client) -> None:
    assert client.get("/accounts").headers["content-encoding"] == "gzip"
    plain = client.http.get("/accounts", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_world_is_presentable_first_and_hostile_later(client: Client) -> None:
    first = client.records("/accounts", limit=50, q={"id": {"$lt": 95920978 + 50}})
    assert [record["name"] for record in first][:3] == ["Acme Ltd", "Acorn & Söhne", "株式会社アクメ"]
    assert len({record["addresscountry"] for record in first}) >= 10
    assert all(str(record["name"]).isprintable() and "[" not in str(record["name"]) for record in first)
    for kind in KINDS:
        total = client.get(f"/{kind}").json()["metadata"]["total_count"]
        records = [
            record for page in range(1, total // 100 + 2) for record in client.records(f"/{kind}", page=page)
        ]
        texts = [value for record in records for value in record.values() if isinstance(value, str)]
        assert any("\x1b" in text or "\x9b" in text for text in texts), kind
    notes = [
        str(record["notes"] or "") for page in (1, 2, 3) for record in client.records("/accounts", page=page)
    ]
    assert any(len(note) == 10_000 for note in notes)
    assert "Acme [/] Ltd" in client.names({"name": {"$con": "[/]"}})


def test_document_content(client: Client) -> None:
    response = client.get("/documents/710100/content")
    assert response.headers["content-disposition"] == 'attachment; filename="Offer.pdf"'
    assert response.headers["content-type"] == "application/pdf"
    [record] = client.records("/documents", q={"id": 710100})
    assert len(response.content) == record["size"] * 1024  # type: ignore[operator]


@pytest.mark.parametrize("records", [0, 1, 3, 5_000])
def test_worlds_of_other_sizes(tmp_path: Path, records: int) -> None:
    with Sandbox(tmp_path, records=records) as sandbox:
        client = Client(sandbox)
        for kind in KINDS:
            response = client.get(f"/{kind}", order={"id": "desc"})
            assert response.status_code == 200
            if kind in ("accounts", "contacts", "opportunities", "activities"):
                assert response.json()["metadata"]["total_count"] == records
        created = client.http.post("/accounts", json={"name": "New"}).json()["record"]["id"]
        assert created == 95920978 + records
        client.http.close()


def _run(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crmtui.sandbox", "--records", "5", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_ends_well_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    process = _run("--data-dir", str(tmp_path), "--crm", "spotler")
    assert process.stdout
    connection = json.loads(process.stdout.readline())["spotler"]
    with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {connection['token']}"}) as http:
        assert http.get(f"{connection['url']}/accounts").status_code == 200
        process.send_signal(number)
        began = time.monotonic()
        _, errors = process.communicate(timeout=10)
        assert time.monotonic() - began < 2
    assert (process.returncode, errors) == (0, "")


def test_process_ends_with_its_standard_input(tmp_path: Path) -> None:
    process = _run("--data-dir", str(tmp_path), "--watch-stdin")
    assert process.stdout
    assert process.stdout.readline()
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


def test_busy_port_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        process = _run("--data-dir", str(tmp_path), "--port", str(port))
        out, errors = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
    assert errors.startswith(f"crmtui sandbox: port {port} for spotler cannot be used")
    assert errors.count("\n") == 1


def test_lines_beside_the_record(start: Callable[..., Client]) -> None:
    client = start(SPOTLER_LINES="beside")
    body = client.get("/opportunities/7300201", lines="true").json()
    assert [row["id"] for row in body["lines"]] == [880100, 880101, 880102, 880103]
    assert "lines" not in body["record"]
    assert any(row["lines"] for row in client.get("/opportunities", lines="true").json()["list"])


def test_histories_that_name_their_opportunity(start: Callable[..., Client]) -> None:
    client = start(SPOTLER_HISTORIES="405")
    assert client.get("/opportunities/7300200/opportunityhistories").status_code == 405
    found = client.records("/opportunityhistories", q={"opportunityid": 7300200})
    assert [row["opportunityid"] for row in found] == [7300200, 7300200]
    listed = client.get("/opportunityhistories").json()["list"][0]
    assert listed["metadata"]["parent"] == "/"
