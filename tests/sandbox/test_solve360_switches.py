"""The emulated Solve360 where its documents leave a choice, its limits, and its data on disk."""

import stat
from pathlib import Path

import pytest

from crmtui.sandbox import Sandbox
from crmtui.sandbox.solve360.message import Problem
from crmtui.sandbox.solve360.quota import Quota

from .conftest import SolveClient, StartSolve, refused

NOTE = "<parent>479038</parent><data><details>x</details></data>"


def test_lists_can_count_from_one(start_solve: StartSolve) -> None:
    zero, one = start_solve(), start_solve(START="1")
    whole = zero.ids("/contacts/")
    assert one.ids("/contacts/") == one.ids("/contacts/", start=0) == one.ids("/contacts/", start=1) == whole
    assert zero.ids("/contacts/", start=10, limit=5) == whole[10:15]
    assert one.ids("/contacts/", start=10, limit=5) == whole[9:14]


def test_a_list_without_a_limit(start_solve: StartSolve) -> None:
    assert len(start_solve(DEFAULT_LIMIT="10").ids("/contacts/")) == 10
    assert len(start_solve().ids("/contacts/", limit=100_000)) == 30


def test_the_count_can_come_first(start_solve: StartSolve) -> None:
    answer = start_solve(LIST_ORDER="count").get("/contacts/", limit=1)
    assert [child.tag for child in answer] == ["count", "id479038", "status"]


def test_long_texts_can_be_indented(start_solve: StartSolve) -> None:
    row = start_solve(LIST_TEXT="indented").get("/contacts/", limit=1, layout=1)[0]
    assert row.findtext("company") == "\n    Acme Ltd\n    "
    assert row.findtext("firstname") == "Ann"


def test_a_put_can_answer_with_the_item(start_solve: StartSolve) -> None:
    solve = start_solve(PUT="item")
    answer = solve.put("/contacts/479038", "<jobtitle>Buyer</jobtitle>")
    assert answer.findtext("item/fields/jobtitle") == "Buyer"
    note = solve.post("/contacts/note/", NOTE).findtext("id")
    changed = solve.put(f"/contacts/note/{note}", "<data><details>y</details></data>")
    assert (changed.findtext("id"), changed.findtext("fields/details")) == (note, "y")


def test_empty_fields_can_all_be_shown(start_solve: StartSolve) -> None:
    fields = start_solve(EMPTY_FIELDS="all").get("/contacts/479039").find("item/fields")
    assert fields is not None
    empty = fields.find("homephone")
    assert empty is not None
    assert (empty.get("label"), empty.text) == ("Home phone", None)


def test_days_can_be_short(start_solve: StartSolve) -> None:
    answer = start_solve(DATES="day").get("/contacts/479039")
    assert len(answer.findtext("item/fields/custom854309", "")) == len("2026-01-01")


def test_reading_can_move_viewed(start_solve: StartSolve) -> None:
    kept, moved = start_solve(), start_solve(VIEWED="moved")
    for solve, moves in ((kept, False), (moved, True)):
        first, second = (solve.get("/contacts/479038") for _ in range(2))
        assert (first.findtext("item/viewed") != second.findtext("item/viewed")) is moves
        assert first.findtext("item/updated") == second.findtext("item/updated")


def test_choices_and_labels_have_other_forms(start_solve: StartSolve) -> None:
    values = start_solve(CHOICES="values", FIELD_LABEL="title")
    field = values.fields("/contacts/fields/")["custom854308"]
    assert field.findtext("values/value") == "Web enquiry"
    as_json = values.http.get("/contacts/fields/", headers={"Accept": "application/json"}).json()
    assert as_json["fields"][0] == {"name": "firstname", "label": {"title": "First name"}, "type": "text"}
    field = start_solve(CHOICES="none").fields("/contacts/fields/")["custom854308"]
    assert [child.tag for child in field] == ["name", "label", "type"]


def test_refused_values_can_be_reported_without_their_field(start_solve: StartSolve) -> None:
    solve = start_solve(FIELD_ERRORS="generic")
    request = "<request><custom854310>x</custom854310></request>"
    assert refused(solve.http.put("/contacts/479038", content=request), 400) == {
        "incorrectfield": "Incorrect field specified"
    }


def test_groups_can_be_untold(start_solve: StartSolve) -> None:
    assert [child.tag for child in start_solve(GROUPS="none").get("/ownership/")] == ["users", "status"]


def test_records_of_different_owners_can_be_related(start_solve: StartSolve) -> None:
    solve = start_solve(RELATE="any")
    add = "<relateditems><add><relatedto><id>10960104</id></relatedto></add></relateditems>"
    assert solve.post("/contacts/", add).findtext("relateditems/relatedto/name") == "Acme Ltd"


def test_replies_to_creates_have_other_forms(start_solve: StartSolve) -> None:
    solve = start_solve(CATEGORY_REPLY="nested", ACTIVITY_REPLY="id", HOOK_STATUS="200")
    assert solve.post("/contacts/categories/", "<name>New</name>").findtext("category/name") == "New"
    assert [child.tag for child in solve.post("/contacts/note/", NOTE)] == ["id", "status"]
    hook = "<request><event>items.create</event><url>https://hooks.example/</url></request>"
    assert solve.done(solve.http.post("/hooks/", content=hook)).findtext("contenttype") == "xml"


def test_hooks_can_be_listed(start_solve: StartSolve) -> None:
    solve = start_solve(HOOK_LIST="listed")
    assert solve.get("/hooks/").findall("hooks/hook") == []
    made = solve.post("/hooks/", "<event>items.create</event><url>https://hooks.example/</url>")
    assert solve.texts("/hooks/", "hooks/hook/id") == [made.findtext("id")]


@pytest.mark.parametrize("moves", [True, False])
def test_activities_can_move_their_record(start_solve: StartSolve, moves: bool) -> None:
    solve = start_solve(ACTIVITY_STAMPS="item" if moves else "alone")
    before = solve.get("/contacts/479038").findtext("item/updated")
    solve.post("/contacts/note/", NOTE)
    assert (solve.get("/contacts/479038").findtext("item/updated") != before) is moves


def test_reports_have_other_forms(start_solve: StartSolve) -> None:
    named, other = (
        start_solve(),
        start_solve(REPORT_ROOTS="activities", REPORT_JSON="listed", TIMERECORDS="parent"),
    )
    for report, path in (("nextactions", "nextaction"), ("calendar", "event"), ("followups", "followup")):
        usual = named.texts(f"/report/{report}/", f"{report}/{path}/id")
        assert usual
        assert other.texts(f"/report/{report}/", "activities/activity/id") == usual
    record = other.get("/report/timetracking/").find("timerecords/timerecord")
    assert record is not None
    assert record.findtext("parenttype") == "14"
    assert record.find("taskid") is None
    as_json = {"Accept": "application/json"}
    keyed = named.http.get("/report/activities/?types=3", headers=as_json).json()
    listed = other.http.get("/report/activities/?types=3", headers=as_json).json()
    assert [*keyed.values()][:-1] == listed["activities"]
    assert all(number == row["id"] for number, row in keyed.items() if number != "status")


def test_records_and_kinds_can_be_closed(start_solve: StartSolve) -> None:
    solve = start_solve(PRIVATE="479038, 479039", CLOSED="tickets,timetracking")
    assert [*refused(solve.http.get("/contacts/479038"), 401)] == ["accessdenied"]
    assert solve.http.get("/contacts/479040").status_code == 200
    assert refused(solve.http.get("/tickets/"), 403)
    assert refused(solve.http.get("/report/timetracking/"), 403)
    assert refused(start_solve(CLOSED="tickets", CLOSED_STATUS="401").http.get("/tickets/"), 401)


def test_calls_are_refused_when_they_are_spent(start_solve: StartSolve) -> None:
    solve = start_solve(CALL_LIMIT="100", CALLS_USED="98")
    answers = [solve.http.get("/ownership/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 403, 403]
    told = [answer.headers["Http-X-Solve360-Api-Call-Limit"] for answer in answers]
    assert told == ["99/100", "100/100", "100/100", "100/100"]
    assert [*refused(answers[-1], 403)] == ["apicalllimit"]


def test_calls_that_come_too_soon_are_refused(start_solve: StartSolve) -> None:
    solve = start_solve(THROTTLE_EVERY="3")
    answers = [solve.http.get("/ownership/") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 400, 200, 200, 400]
    assert [*refused(answers[-1], 400)] == ["ratelimit"]


def test_the_limit_is_new_after_a_day() -> None:
    now = 0.0
    quota = Quota(1, 0, 0, now=lambda: now)
    quota.count()
    with pytest.raises(Problem) as caught:
        quota.count()
    assert caught.value.status == 403
    now = 24 * 3600.0
    quota.count()
    assert quota.header[1] == "1/1"


def test_switches_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SOLVE360_START=2"):
        Sandbox(tmp_path, records=1, crm="solve360", switches={"SOLVE360_START": "2"}).start()


def test_edits_and_the_token_survive_a_restart(tmp_path: Path) -> None:
    tokens = []
    for name in ("First", "Second"):
        with Sandbox(tmp_path, records=5, crm="solve360") as sandbox:
            tokens.append(sandbox.start()["solve360"]["token"])
            solve = SolveClient(sandbox)
            solve.post("/contacts/", f"<lastname>{name}</lastname>")
            assert len(solve.ids("/contacts/")) == 5 + len(tokens)
            solve.http.close()
    assert tokens[0] == tokens[1]
    assert tokens[0].isalnum()
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    with Sandbox(tmp_path, records=5, crm="solve360", fresh=True) as sandbox:
        assert len(SolveClient(sandbox).ids("/contacts/")) == 5


@pytest.mark.parametrize("records", [0, 1, 2, 7, 5100])
def test_worlds_of_other_sizes(start_solve: StartSolve, records: int) -> None:
    solve = start_solve(records=records)
    third = max(1, records // 3) if records else 0
    for kind, size in (
        ("contacts", records),
        ("companies", third),
        ("projectblogs", third),
        ("tickets", third),
    ):
        assert solve.get(f"/{kind}/", limit=1).findtext("count") == str(size)
    assert len(solve.ids("/contacts/")) == min(records, 5000)
    for report in ("activities", "nextactions", "calendar", "followups", "opportunities", "timetracking"):
        assert solve.get(f"/report/{report}/").findtext("status") == "success"
