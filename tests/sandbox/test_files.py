"""Uploads and downloads of the emulated service, as strict as its other writes."""

from collections.abc import Callable
from typing import Any

import pytest

from crmtui.sandbox.traffic import LARGEST_BODY, LARGEST_UPLOAD

from .conftest import Client

PARENT = "95920978"
GOOD = {"ParentId": PARENT, "ParentObject": "Account"}
FILE = {"file": ("Größe.pdf", b"%PDF\x00\xff", "application/pdf")}


def post(client: Client, data: dict[str, str], files: Any = FILE) -> Any:
    return client.http.post("/documents", data=data, files=files)


def failures(response: Any) -> Any:
    assert response.status_code == 422
    return response.json()["validation"]


def test_a_file_goes_in_and_comes_out(client: Client) -> None:
    response = post(client, {**GOOD, "description": "a note"})
    assert response.status_code == 201
    record = response.json()["record"]
    assert record["name"] == "Größe.pdf"
    assert (record["parentobject"], record["parentid"], record["size"]) == ("Account", int(PARENT), 1)
    assert record["description"] == "a note"
    path = f"/documents/{record['id']}"
    content = client.get(f"{path}/content")
    assert content.content == b"%PDF\x00\xff"
    assert content.headers["content-type"] == "application/pdf"
    assert content.headers["content-disposition"].endswith("filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf")
    beside = client.records("/documents", q={"parentobject": "Account", "parentid": int(PARENT)})
    assert record["id"] in [each["id"] for each in beside]
    assert client.http.delete(path).status_code == 200
    assert client.get(f"{path}/content").status_code == 404


@pytest.mark.parametrize("names", [("parentid", "parentobject"), ("PARENTID", "ParentObject")])
def test_names_of_parts_are_without_case(client: Client, names: tuple[str, str]) -> None:
    assert post(client, dict(zip(names, (PARENT, "Account"), strict=True))).status_code == 201


@pytest.mark.parametrize("missing", ["ParentId", "ParentObject"])
def test_what_is_missing_is_refused(client: Client, missing: str) -> None:
    data = {name: value for name, value in GOOD.items() if name != missing}
    assert failures(post(client, data)) == {missing.lower(): [{"Required": []}]}


def test_a_form_without_a_file_is_refused(client: Client) -> None:
    other = {"attachment": ("x", b"1")}
    assert failures(post(client, GOOD, other)) == {
        "file": [{"Required": []}],
        "attachment": [{"Unknown": []}],
    }
    assert "file" in failures(post(client, {**GOOD, "file": "text"}, {"x": ("x", b"1")}))


@pytest.mark.parametrize(
    ("wrong", "field", "rule"),
    [
        ({"ParentId": "1"}, "parentid", "Exists"),
        ({"ParentId": "x"}, "parentid", "Exists"),
        ({"ParentObject": "account"}, "parentobject", "In"),
        ({"ParentObject": "User"}, "parentobject", "In"),
        ({"Folder": "x"}, "folder", "Unknown"),
    ],
)
def test_what_is_wrong_is_named(client: Client, wrong: dict[str, str], field: str, rule: str) -> None:
    [failure] = failures(post(client, {**GOOD, **wrong}))[field]
    assert list(failure) == [rule]


def test_a_damaged_form_is_no_crash(client: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x", b"--y\r\n\r\n", b"\xff" * 100):
        response = client.http.post("/documents", content=body, headers=headers)
        assert response.status_code in (400, 422), body


def test_a_record_without_a_file_is_still_json(client: Client) -> None:
    body = {"name": "x.txt", "parentid": int(PARENT), "parentobject": "Account"}
    assert client.http.post("/documents", json=body).status_code == 201


def test_uploads_have_a_limit_of_their_own(client: Client) -> None:
    large = {"file": ("large.bin", bytes(LARGEST_BODY + 1), "application/octet-stream")}
    assert post(client, GOOD, large).status_code == 201
    too_large = {"file": ("large.bin", bytes(LARGEST_UPLOAD), "application/octet-stream")}
    assert post(client, GOOD, too_large).status_code == 413


def test_a_bad_token_uploads_nothing(client: Client) -> None:
    before = client.get("/documents", limit=1).json()["metadata"]["total_count"]
    response = client.http.post(
        "/documents", data=GOOD, files=FILE, headers={"Authorization": "Bearer wrong"}
    )
    assert response.status_code == 403
    assert client.get("/documents", limit=1).json()["metadata"]["total_count"] == before


def test_a_download_may_come_without_a_name(start: Callable[..., Client]) -> None:
    client = start(SPOTLER_DISPOSITION="none")
    response = client.get("/documents/710100/content")
    assert response.status_code == 200
    assert "content-disposition" not in response.headers


def test_some_names_are_hostile(client: Client) -> None:
    names = {str(record["name"]) for record in client.records("/documents", order={"id": "desc"})}
    assert names >= {"../../etc/passwd", "CON", ".bashrc", "Invoice \u202efdp.exe", ""}
    [passwd] = client.records("/documents", q={"name": "../../etc/passwd"})
    response = client.get(f"/documents/{passwd['id']}/content")
    assert response.headers["content-disposition"] == 'attachment; filename="../../etc/passwd"'
