"""`new`, `edit` and `delete`: what is checked, what is sent, what is printed."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from crmtui.model.record import Ref
from tests.cli.conftest import Acme, configure
from tests.conftest import Served

pytestmark = pytest.mark.fresh


def writes(acme: Acme) -> list[dict[str, str]]:
    return acme("log", "acme", "--writes").lines


def body(acme: Acme) -> dict[str, object]:
    said: dict[str, object] = json.loads(acme.served.sent("POST", "PATCH")[-1].body)
    return said


class TestNew:
    def test_one_call_and_the_record_as_it_came_back(self, warm: Acme) -> None:
        ran, calls = warm.calls("new", "acme/accounts", "name=Ümläut GmbH", "creditlimit=1000.10")
        assert calls == ["POST /accounts"]
        assert body(warm) == {"name": "Ümläut GmbH", "creditlimit": 1000.10}
        assert b"1000.10" in warm.last.body
        [record] = ran.lines
        assert record["title"] == "Ümläut GmbH"
        assert record["id"]
        assert warm.mirror.get(Ref("acme", "accounts", record["id"])) is not None
        assert writes(warm)[0]["ref"] == f"acme/accounts/{record['id']}"

    def test_what_is_required_is_checked_before(self, warm: Acme) -> None:
        ran, calls = warm.calls("new", "acme/contacts", "first=Ann")
        ran.failed(6, "accountid is required", "last is required")
        assert calls == ["GET /datadictionary/contacts"]

    def test_a_refusal_names_its_fields_and_teaches(self, warm: Acme) -> None:
        warm("new", "acme/contacts", "accountid=1", "last=Lee").failed(6, "accountid")
        assert writes(warm)[0]["state"] == "refused"
        assert "accountid" in writes(warm)[0]["why"]

    def test_without_a_value_it_is_usage(self, warm: Acme) -> None:
        warm("new", "acme/accounts").failed(2)


class TestEdit:
    def test_read_and_patch_of_the_changed_field_only(self, warm: Acme) -> None:
        id_ = warm.first_id()
        ran, calls = warm.calls("edit", f"acme/accounts/{id_}", "phone=+44 1", "name=Acme Ltd")
        assert calls == [f"GET /accounts/{id_}", f"PATCH /accounts/{id_}"]
        assert body(warm) == {"phone": "+44 1"}
        assert ran.lines[0]["values"]["phone"] == "+44 1"
        assert ran.err == ""

    def test_a_record_that_is_not_mirrored_costs_the_same(self, warm: Acme) -> None:
        warm.mirror.remove(Ref("acme", "accounts", "95920978"))
        _, calls = warm.calls("edit", "acme/accounts/95920978", "phone=1")
        assert calls == ["GET /accounts/95920978", "PATCH /accounts/95920978"]

    def test_nothing_to_change(self, warm: Acme) -> None:
        id_ = warm.first_id()
        ran, calls = warm.calls("edit", f"acme/accounts/{id_}", "name=Acme Ltd")
        assert (ran.code, calls) == (0, [f"GET /accounts/{id_}"])
        assert ran.lines[0]["values"]["name"] == "Acme Ltd"
        assert "nothing to change" in ran.err

    def test_a_conflict_is_printed_and_goes_through_the_second_time(self, warm: Acme) -> None:
        id_ = warm.first_id()
        change_elsewhere(warm, id_, name="Theirs")
        command = ("edit", f"acme/accounts/{id_}", "name=Mine")
        ran, calls = warm.calls(*command)
        ran.failed(7, 'original "Acme Ltd"', 'mine "Mine"', 'theirs "Theirs"')
        assert calls == [f"GET /accounts/{id_}"]
        assert writes(warm)[0]["state"] == "refused"
        assert warm(*command).lines[0]["values"]["name"] == "Mine"

    def test_theirs_equal_to_mine_and_other_fields_are_no_conflict(self, warm: Acme) -> None:
        id_ = warm.first_id()
        change_elsewhere(warm, id_, name="Same", phone="5")
        ran, _ = warm.calls("edit", f"acme/accounts/{id_}", "name=Same", "sector=Retail")
        assert ran.code == 0
        assert body(warm) == {"sector": "Retail"}
        assert ran.lines[0]["values"]["phone"] == "5"

    def test_a_field_that_was_never_read_has_the_fresh_read_as_its_base(self, warm: Acme) -> None:
        id_ = warm.first_id()
        mirror = warm.mirror
        known = mirror.get(Ref("acme", "accounts", id_))
        assert known is not None
        values = {name: value for name, value in known.values.items() if name != "phone"}
        mirror.upsert([type(known)(known.ref, known.title, values)], whole=True)
        change_elsewhere(warm, id_, phone="5")
        assert warm("edit", f"acme/accounts/{id_}", "phone=6").code == 0

    def test_clearing_sends_the_form_that_was_read(self, warm: Acme) -> None:
        id_ = warm.first_id()
        assert warm("edit", f"acme/accounts/{id_}", "phone=").code == 0
        assert body(warm)["phone"] in (None, "")
        ran = warm("edit", f"acme/accounts/{id_}", "campaignid=")
        assert "nothing to change" in ran.err

    def test_values_stand_as_they_are(self, warm: Acme) -> None:
        id_ = warm.first_id()
        for text in ('"quoted"', "a|b", "x=y", "(z)", " space ", "@@", "today", "=", "[/] 😀"):
            sent = f"@{text}" if text.startswith("@") else text
            assert warm("edit", f"acme/accounts/{id_}", f"addresscity={sent}").code == 0
            assert body(warm) == {"addresscity": text}

    def test_files(self, warm: Acme, tmp_path: Path) -> None:
        id_ = warm.first_id()
        (tmp_path / "notes").write_text("one\ntwo\n")
        (tmp_path / "city").write_text("Åbo\n")
        warm("edit", f"acme/accounts/{id_}", f"notes=@{tmp_path}/notes", f"addresscity=@{tmp_path}/city")
        assert body(warm) == {"notes": "one\ntwo\n", "addresscity": "Åbo"}
        warm("edit", f"acme/accounts/{id_}", "phone=@@ann")
        assert body(warm) == {"phone": "@ann"}
        warm("edit", f"acme/accounts/{id_}", f"notes=@{tmp_path}/none").failed(2, "none")
        (tmp_path / "notes").write_bytes(b"\xff")
        warm("edit", f"acme/accounts/{id_}", f"notes=@{tmp_path}/notes").failed(2, "UTF-8")

    def test_words_for_dates_and_truths(self, warm: Acme) -> None:
        id_ = warm.first_id()
        today = datetime.now(UTC).date()
        before = warm("show", f"acme/accounts/{id_}").lines[0]["values"]["2yearpolicy"]
        ran = warm(
            "edit", f"acme/accounts/{id_}", "renewaldate=+2w", f"2yearpolicy={'no' if before else 'YES'}"
        )
        assert str(body(warm)["renewaldate"])[:10] == str(today + timedelta(days=14))
        assert body(warm)["2yearpolicy"] == ("0" if before else "1")
        assert ran.lines[0]["values"]["2yearpolicy"] is not before

    def test_labels(self, warm: Acme) -> None:
        id_ = warm.first_id()
        ran, calls = warm.calls("edit", f"acme/accounts/{id_}", "ownerid=markus WEIß", "type=partner")
        assert calls[0] == "GET /lookup/accounts/type"
        assert body(warm) == {"ownerid": 90502, "type": "Partner"}
        assert ran.lines[0]["labels"]["ownerid"] == "Markus Weiß"
        warm("edit", f"acme/accounts/{id_}", "ownerid=Nobody").failed(6, "ownerid", "Jane Smith")
        warm("edit", f"acme/accounts/{id_}", "campaignid=Nothing").failed(6, "campaignid")

    def test_two_records_of_one_name_are_named(self, warm: Acme) -> None:
        ids = [warm("new", "acme/accounts", "name=Twin").lines[0]["id"] for _ in range(2)]
        contact = warm.first_id("contacts")
        warm("edit", f"acme/contacts/{contact}", "accountid=TWIN").failed(6, "accountid", *ids)

    @pytest.mark.parametrize(
        ("assignment", "code", "said"),
        [
            ("modifieddate=today", 6, "modifieddate is read-only"),
            ("id=5", 6, "id is read-only"),
            ("nosuch=1", 2, "nosuch"),
            ("name", 2, "name"),
            ("=x", 2, "=x"),
            ("name=", 6, "name is required"),
            (f"name={'x' * 101}", 6, "101"),
            ("creditlimit=1,000", 6, "1000"),
            ("creditlimit=lots", 6, "lots"),
            ("renewaldate=2026-02-30", 6, "2026-02-30"),
            ("2yearpolicy=perhaps", 6, "perhaps"),
        ],
    )
    def test_what_is_wrong_is_said_before_a_write(
        self, warm: Acme, assignment: str, code: int, said: str
    ) -> None:
        id_ = warm.first_id()
        ran, calls = warm.calls("edit", f"acme/accounts/{id_}", assignment)
        ran.failed(code, said)
        assert calls == []

    def test_every_wrong_field_is_named(self, warm: Acme) -> None:
        ran = warm("edit", f"acme/accounts/{warm.first_id()}", "creditlimit=x", "renewaldate=y")
        ran.failed(6, "creditlimit", "renewaldate")

    def test_a_field_given_twice(self, warm: Acme) -> None:
        warm("edit", f"acme/accounts/{warm.first_id()}", "phone=1", "phone=2").failed(2, "phone")

    def test_addresses_are_not_judged(self, warm: Acme) -> None:
        ran, calls = warm.calls("edit", f"acme/accounts/{warm.first_id()}", "website=no address")
        assert calls[-1].startswith("PATCH")
        assert ran.code in (0, 6)

    def test_several_ids(self, warm: Acme) -> None:
        first, second = (line["id"] for line in warm("list", "acme/accounts", "--limit", "2").lines)
        ran = warm("edit", f"acme/accounts/{first},5,{second}", "phone=9", "--format", "json")
        assert ran.code == 3
        assert [record["id"] for record in ran.json] == [first, second]
        assert ran.err.startswith("crmtui: acme/accounts/5 does not exist")
        assert ran.err.count("\n") == 1
        rows = warm("edit", f"acme/accounts/{first},{second}", "phone=8", "--format", "csv").out
        assert [row["phone"] for row in csv.DictReader(io.StringIO(rows))] == ["8", "8"]

    def test_several_are_compared_by_one_list(self, warm: Acme) -> None:
        ids = [line["id"] for line in warm("list", "acme/accounts", "--limit", "3").lines]
        refs = f"acme/accounts/{','.join(ids)}"
        ran, calls = warm.calls("edit", refs, "phone=9")
        assert ran.code == 0, ran
        assert calls == ["GET /accounts", *(f"PATCH /accounts/{id_}" for id_ in ids)]
        ran, calls = warm.calls("edit", refs, "phone=9")
        assert calls == ["GET /accounts"]
        assert ran.err.count("nothing to change") == 3

    def test_of_several_what_somebody_else_changed_is_a_conflict(self, warm: Acme) -> None:
        first, second = (line["id"] for line in warm("list", "acme/accounts", "--limit", "2").lines)
        url = f"{warm.served.connection.url}/accounts/{first}"
        told = {"Authorization": f"Bearer {warm.served.token}"}
        assert httpx.patch(url, json={"phone": "theirs"}, headers=told).status_code == 200
        ran = warm("edit", f"acme/accounts/{first},{second}", "phone=mine")
        assert (ran.code, [record["id"] for record in ran.lines]) == (7, [second])
        assert f"acme/accounts/{first}" in ran.err
        assert 'theirs "theirs"' in ran.err
        assert warm("edit", f"acme/accounts/{first},{second}", "phone=mine").code == 0

    def test_an_empty_id(self, warm: Acme) -> None:
        warm("edit", "acme/accounts/1,,2", "phone=9").failed(2)

    def test_without_assignments_it_needs_a_terminal(self, warm: Acme) -> None:
        warm("edit", f"acme/accounts/{warm.first_id()}").failed(2, "terminal")
        warm("edit", "acme/accounts/1,2").failed(2)

    def test_a_missing_record(self, warm: Acme) -> None:
        warm("edit", "acme/accounts/5", "phone=1").failed(3, "acme/accounts/5")


class TestDelete:
    def test_it_says_nothing_and_leaves_the_mirror(self, warm: Acme) -> None:
        id_ = warm("new", "acme/accounts", "name=Gone soon").lines[0]["id"]
        ran, calls = warm.calls("delete", f"acme/accounts/{id_}", "--yes")
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        assert calls == [f"DELETE /accounts/{id_}"]
        assert warm.mirror.get(Ref("acme", "accounts", id_)) is None
        assert (writes(warm)[0]["op"], writes(warm)[0]["state"]) == ("delete", "done")

    def test_without_yes_nothing_happens(self, warm: Acme) -> None:
        ran, calls = warm.calls("delete", "acme/accounts/95920978")
        ran.failed(2, "--yes")
        assert calls == []

    def test_what_is_not_mirrored_is_read_before(self, warm: Acme) -> None:
        id_ = warm("new", "acme/accounts", "name=Gone soon").lines[0]["id"]
        warm.mirror.remove(Ref("acme", "accounts", id_))
        _, calls = warm.calls("delete", f"acme/accounts/{id_}", "--yes")
        assert calls == [f"GET /accounts/{id_}", f"DELETE /accounts/{id_}"]

    def test_several_ids(self, warm: Acme) -> None:
        ids = [warm("new", "acme/accounts", f"name=Gone {n}").lines[0]["id"] for n in range(2)]
        ran = warm("delete", f"acme/accounts/{ids[0]},5,{ids[1]}", "--yes")
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith("crmtui: acme/accounts/5 does not exist")
        assert all(warm.mirror.get(Ref("acme", "accounts", id_)) is None for id_ in ids)

    def test_a_mirrored_record_that_is_gone_leaves_the_mirror(self, warm: Acme) -> None:
        id_ = warm("new", "acme/accounts", "name=Gone soon").lines[0]["id"]
        known = warm.mirror.get(Ref("acme", "accounts", id_))
        assert known is not None
        assert warm("delete", f"acme/accounts/{id_}", "--yes").code == 0
        warm.mirror.upsert([known])
        warm("delete", f"acme/accounts/{id_}", "--yes").failed(3)
        assert warm.mirror.get(Ref("acme", "accounts", id_)) is None


class TestDryRun:
    def test_requests_and_cost_without_a_call(self, warm: Acme) -> None:
        id_, url = warm.first_id(), warm.served.connection.url
        ran, calls = warm.calls("edit", f"acme/accounts/{id_}", "phone=1", "name=Acme Ltd", "--dry-run")
        assert calls == []
        assert f"GET {url}/accounts/{id_}\nAccept: application/json\n\n" in ran.out
        assert f"PATCH {url}/accounts/{id_}\n" in ran.out
        assert '\n\n{"phone":"1"}\n' in ran.out
        assert ran.out.endswith("\n2 calls\n")
        assert warm.served.token not in ran.out
        assert writes(warm) == []

    def test_new_and_delete(self, warm: Acme) -> None:
        ran, calls = warm.calls("new", "acme/accounts", "name=X", "--dry-run")
        assert (ran.out.split()[0], ran.out.splitlines()[-1], calls) == ("POST", "1 call", [])
        ran, calls = warm.calls("delete", "acme/accounts/1,2", "--dry-run")
        assert (ran.out.count("DELETE "), ran.out.splitlines()[-1], calls) == (2, "4 calls", [])

    def test_the_schema_may_be_read(self, acme: Acme) -> None:
        _, calls = acme.calls("new", "acme/accounts", "name=X", "--dry-run")
        assert calls == ["GET /datadictionary/accounts"]

    def test_it_checks_as_well(self, warm: Acme) -> None:
        warm("new", "acme/accounts", "phone=1", "--dry-run").failed(6, "name is required")


def test_a_read_only_connection_sends_no_write(sandbox: Served, warm: Acme) -> None:
    configure(sandbox.connection.url, "read_only: true")
    for command in (
        ("new", "acme/accounts", "name=X"),
        ("edit", "acme/accounts/95920978", "name=X"),
        ("delete", "acme/accounts/95920978", "--yes"),
    ):
        ran, calls = warm.calls(*command)
        ran.failed(6, "read_only")
        assert calls == []


def test_a_kind_that_nobody_may_write(warm: Acme) -> None:
    ran, calls = warm.calls("delete", "acme/users/90501", "--yes")
    ran.failed(6)
    assert calls == []


def change_elsewhere(acme: Acme, id_: str, **values: str) -> None:
    """Somebody else changes a record."""
    headers = {"Authorization": f"Bearer {acme.served.token}"}
    url = f"{acme.served.connection.url}/accounts/{id_}"
    httpx.patch(url, json=values, headers=headers, trust_env=False).raise_for_status()
