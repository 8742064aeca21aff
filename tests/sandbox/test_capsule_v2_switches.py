"""The emulated API v2 where its documents leave a choice, its limits, jobs, and its data on disk."""

from pathlib import Path

import httpx
import pytest

from crmtui.sandbox import Sandbox
from crmtui.sandbox.capsule.quota import Quota

from .conftest import CapsuleClient, StartCapsule, faults


def left(response: httpx.Response) -> int:
    return int(response.headers["X-RateLimit-Remaining"])


def test_calls_are_counted_until_there_are_none(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(CALL_LIMIT="5", CALLS_USED="2")
    get = capsule.http.get
    assert left(get("/parties")) == 2
    assert "X-RateLimit-Remaining" not in get("/parties/1").headers
    assert left(get("/parties")) == 0
    spent = get("/parties")
    assert (spent.status_code, spent.json()) == (429, {"error": "rate limit reached"})
    assert (left(spent), spent.headers["X-RateLimit-Limit"]) == (0, "5")
    assert int(spent.headers["X-RateLimit-Reset"]) > 1_700_000_000
    assert "Retry-After" not in spent.headers


def test_calls_begin_anew_with_the_window(start_capsule: StartCapsule) -> None:
    now = [1000.0]
    quota = Quota(2, 0, 60, now=lambda: now[0])
    assert [quota.count() for _ in range(3)] == [True, True, False]
    assert dict(quota.headers())["X-RateLimit-Reset"] == "1060"
    now[0] = 1060.0
    assert quota.count()
    assert dict(quota.headers())["X-RateLimit-Remaining"] == "1"
    first = start_capsule(WINDOW="1").http.get("/site").headers
    later = start_capsule().http.get("/site").headers
    assert int(later["X-RateLimit-Reset"]) - int(first["X-RateLimit-Reset"]) > 3000


def test_one_call_can_come_too_soon(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(THROTTLE_AT="2")
    responses = [capsule.http.get("/site") for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 429, 200]
    assert left(responses[1]) == 0


def test_an_owner_by_username_can_be_refused(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(OWNER="id")
    assert faults(capsule.change("/parties/1001", owner={"username": "ted"})) == [
        ("owner not found", "party", "owner")
    ]
    assert capsule.put("/parties/1001", owner={"id": 62})["owner"]["username"] == "jane.smith"
    assert capsule.put("/parties/1001", owner=None)["owner"] is None
    # Where both are given the id counts.
    usual = start_capsule().put("/parties/1001", owner={"id": 63, "username": "jane.smith"})
    assert usual["owner"]["id"] == 63


def test_deletes_can_be_jobs(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(JOBS="1002,tags", JOB_POLLS="3")
    assert capsule.http.delete("/parties/1003").status_code == 204
    for path, action in (("/parties/1002", "Deleting Party"), ("/parties/tags/201", "Deleting Tag")):
        started = capsule.http.delete(path)
        assert (started.status_code, started.content) == (202, b"")
        place = started.headers["Location"]
        assert place.startswith("/api/v2/jobs/")
        seen = []
        for _ in range(4):
            assert capsule.http.get(path).status_code == (404 if "completed" in seen else 200)
            job = capsule.http.get(f"{capsule.url}{place}").json()["job"]
            assert (job["action"], job["id"]) == (action, place.rpartition("/")[2])
            seen.append(job["status"])
        assert seen == ["in_progress", "in_progress", "completed", "completed"]
        assert job["progress"] == 100
    assert capsule.http.get("/jobs/none").status_code == 404


def test_a_job_can_fail(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(JOBS="kases", JOB_POLLS="1", JOB_OUTCOME="failed")
    place = capsule.http.delete("/kases/1061").headers["Location"]
    assert capsule.http.get(f"{capsule.url}{place}").json()["job"]["status"] == "failed"
    assert capsule.get("/kases/1061")["id"] == 1061


@pytest.mark.parametrize(("word", "key"), [("named", "deletedKases"), ("short", "kases"), ("none", None)])
def test_what_was_deleted(start_capsule: StartCapsule, word: str, key: str | None) -> None:
    capsule = start_capsule(DELETED=word)
    capsule.http.delete("/kases/1061")
    response = capsule.http.get("/kases/deleted", params={"since": "2020-01-01T00:00:00Z"})
    if key is None:
        assert response.status_code == 404
    else:
        assert [row["id"] for row in response.json()[key]] == [1061]


def test_pages_can_be_smaller_than_asked_for(start_capsule: StartCapsule) -> None:
    response = start_capsule(PAGE_CAP="10").http.get("/parties", params={"perPage": 25})
    assert len(response.json()["parties"]) == 10
    assert "perPage=10" in response.links["next"]["url"]


@pytest.mark.parametrize(("word", "link", "header"), [("link", True, False), ("header", False, True)])
def test_more_can_be_told_in_one_way_only(
    start_capsule: StartCapsule, word: str, link: bool, header: bool
) -> None:
    response = start_capsule(MORE=word).http.get("/parties", params={"perPage": 2})
    assert ("next" in response.links) is link
    assert ("X-Pagination-Has-More" in response.headers) is header


def test_moments_can_have_milliseconds(start_capsule: StartCapsule) -> None:
    capsule = start_capsule(STAMPS="milliseconds")
    party = capsule.put("/parties/1001", about="x")
    assert party["updatedAt"].endswith(".042Z")
    since = capsule.get("/parties", since=party["updatedAt"])
    assert [row["id"] for row in since] == [1001]


@pytest.mark.parametrize("status", [403, 404])
def test_entities_and_records_can_be_closed(start_capsule: StartCapsule, status: int) -> None:
    capsule = start_capsule(CLOSED="kases,1002", CLOSED_STATUS=str(status))
    for path in ("/kases", "/kases/1061", "/kases/fields/definitions", "/parties/1002", "/parties/1001,1002"):
        assert capsule.http.get(path).status_code == status, path
    assert capsule.http.get("/parties").status_code == 200


def test_a_word_that_no_switch_knows(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="CAPSULE_MORE=perhaps"):
        Sandbox(tmp_path, records=1, crm="capsule", switches={"CAPSULE_MORE": "perhaps"}).start()


def test_data_and_token_stay_until_they_are_made_anew(tmp_path: Path) -> None:
    tokens = []
    for fresh, about in ((False, None), (False, "kept"), (True, None)):
        with Sandbox(tmp_path, records=6, crm="capsule", fresh=fresh) as sandbox:
            capsule = CapsuleClient(sandbox)
            tokens.append(capsule.http.headers["Authorization"])
            assert capsule.get("/parties/1002")["jobTitle"] == about
            capsule.put("/parties/1002", jobTitle="kept")
            capsule.http.close()
    assert len(set(tokens)) == 1
    assert (tmp_path / "capsule.token").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("records", [0, 1, 2])
def test_an_account_with_hardly_anything(start_capsule: StartCapsule, records: int) -> None:
    capsule = start_capsule(records)
    for entity in ("parties", "opportunities", "kases"):
        assert len(capsule.get(f"/{entity}", embed="tags,fields")) == records
    assert len(capsule.get("/tasks", status="open,completed")) == records
    assert capsule.new("/parties", type="organisation", name="First")["id"] > 1000 + records
