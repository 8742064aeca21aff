"""API v1.2 of the emulated OnePageCRM: actions, notes, and deals, which are notes."""

import calendar
import re
import time
from collections.abc import Iterator

import pytest

from crmtui.sandbox import Sandbox

from .onepagecrm_v1 import Json, OneClient

TODAY = time.strftime("%d.%m.%Y", time.gmtime())
CALL = {"name": "Call", "date": "01.12.2026"}
DEAL = {
    "body": "Annual licence\nTwo years, 40 seats",
    "date": "02.03.2026",
    "type": "deal",
    "amount": "250",
    "status": "pending",
    "deal_stage": "50",
    "exp_close": "24.12.2026",
}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneClient]:
    switches = {"ONEPAGECRM_V1_RATE": "0"}
    with Sandbox(
        tmp_path_factory.mktemp("one"), crm="onepagecrm-v1", records=20, switches=switches
    ) as sandbox:
        client = OneClient(sandbox)
        yield client
        client.http.close()


@pytest.fixture
def cid(one: OneClient) -> str:
    """A contact of the test's own."""
    return str(one.contact(lastname="Beneath")["id"])


def action(one: OneClient, cid: str, **form: object) -> Json:
    made: Json = one.done("POST", "actions", {"cid": cid, "name": "Call", **form})
    return made


def test_a_dated_action(one: OneClient, cid: str) -> None:
    made = action(one, cid, date="01.12.2026")
    assert made == {
        "name": "Call",
        "waiting": False,
        "closed": None,
        "done": False,
        "date": "01.12.2026",
        "id": made["id"],
        "next": False,
        "cid": cid,
    }
    assert one.get(f"actions/{made['id']}") == made
    assert one.get("actions", cid=cid) == [made]
    assert one.get(f"contacts/{cid}")["nextaction"] == {"text": "Call", "next": False, "date": "01.12.2026"}


def test_actions_that_are_next_or_wait(one: OneClient, cid: str) -> None:
    made = action(one, cid, next="1", date="01.12.2026")
    assert (made["next"], made["waiting"], made["date"]) == (True, False, None)
    assert one.get(f"contacts/{cid}")["nextaction"] == {"text": "Call", "next": True, "date": None}
    assert cid not in {row["id"] for row in one.get("contacts", search="Beneath", waiting=1)["contacts"]}
    put = one.done("PUT", f"actions/{made['id']}", {"name": "Wait for them", "waiting": "1"})
    assert (put["name"], put["next"], put["waiting"]) == ("Wait for them", False, True)
    assert cid in {row["id"] for row in one.get("contacts", search="Beneath", waiting=1)["contacts"]}
    assert cid not in {row["id"] for row in one.get("contacts", search="Beneath")["contacts"]}
    assert one.code("PUT", f"actions/{made['id']}", {"name": "X", "waiting": "1", "next": "1"}) == 108
    put = one.done("PUT", f"actions/{made['id']}", {"name": "Back", "date": "24.12.2026"})
    assert (put["date"], put["next"], put["waiting"]) == ("24.12.2026", False, False)


def test_a_contact_has_one_action_that_is_not_done(one: OneClient, cid: str) -> None:
    first = action(one, cid, date=TODAY)
    assert one.code("POST", "actions", {"cid": cid, **CALL}) == 107
    assert one.code("DELETE", f"actions/{first['id']}") == 108
    done = one.done("POST", "misc/mark_action_as_done", {"cid": cid})
    assert (done["id"], done["done"], done["date"]) == (first["id"], True, TODAY)
    assert done["closed"] == calendar.timegm(time.strptime(time.strftime("%Y%m%d", time.gmtime()), "%Y%m%d"))
    assert one.code("POST", "misc/mark_action_as_done", {"cid": cid}) == 106
    shown = one.get(f"contacts/{cid}")
    assert (shown["nextaction"], shown["actions"]) == ({}, [done])
    second = action(one, cid, next="1")
    assert one.code("GET", "misc/undo_action_completion", cid=cid) == 107
    one.done("POST", "misc/mark_action_as_done", {"cid": cid})
    one.done("DELETE", f"actions/{second['id']}")
    back = one.done("POST", "misc/undo_action_completion", {"cid": cid})
    assert (back["id"], back["done"], back["closed"]) == (first["id"], False, None)
    assert one.get("actions", cid=cid) == [back]


def test_actions_lack_what_they_need(one: OneClient, cid: str) -> None:
    assert one.code("POST", "actions", CALL) == 109
    assert one.code("POST", "actions", {"cid": cid, "date": TODAY}) == 109
    assert one.code("POST", "actions", {"cid": cid, "name": "Call"}) == 109
    assert one.code("POST", "actions", {"cid": cid, "name": "Call", "date": "2026-12-01"}) == 108
    assert one.code("POST", "actions", {"cid": cid, "name": "Call", "date": "31.02.2026"}) == 108
    assert one.code("POST", "actions", {"cid": "4e60d4cf5230502ffb00017e", **CALL}) == 106
    assert one.code("GET", "actions") == 109
    assert one.code("GET", "actions/4e60d4cf5230502ffb00017e") == 106
    assert action(one, cid, name="x" * 200, next="1")["name"] == "x" * 140


def test_a_note_is_answered_as_recorded_and_read_as_documented(one: OneClient, cid: str) -> None:
    raw = one.done("POST", "notes", {"cid": cid, "body": "Sample\nnote", "date": "15.08.2026"})
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", raw["created_at"])
    assert raw == {
        "deal_amount": None,
        "created_at": raw["created_at"],
        "body": "Sample\nnote",
        "deal_closed": None,
        "is_deal": False,
        "updated_at": raw["created_at"],
        "contact_id": cid,
        "date": "2026-08-15",
        "id": raw["id"],
        "user_id": one.uid,
        "deal_status": None,
    }
    note = {"id": raw["id"], "cid": cid, "body": "Sample\nnote", "date": "15.08.2026", "type": "note"}
    assert one.get(f"notes/{raw['id']}") == note
    assert one.get("notes", cid=cid) == one.get(f"contacts/{cid}")["notes"] == [note]
    put = one.done("PUT", f"notes/{raw['id']}", {"body": "Other", "date": "16.08.2026"})
    assert (put["body"], put["date"], put["contact_id"]) == ("Other", "2026-08-16", cid)
    answer = one.whole("DELETE", f"notes/{raw['id']}")
    assert answer["data"] == {}
    assert "sales" not in answer
    assert one.code("GET", f"notes/{raw['id']}") == 106


def test_a_deal_is_a_note(one: OneClient, cid: str) -> None:
    answer = one.whole("POST", "notes", {"cid": cid, **DEAL})
    raw = answer["data"]
    assert (raw["is_deal"], raw["deal_amount"], raw["deal_status"], raw["deal_closed"]) == (
        True, 250.0, "pending", None,
    )  # fmt: skip
    assert {"sales", "tags"} <= set(answer)
    assert one.get(f"notes/{raw['id']}") == {
        "id": raw["id"],
        "cid": cid,
        "body": DEAL["body"],
        "date": DEAL["date"],
        "type": "deal",
        "deal": {
            "amount": 250.0,
            "status": "pending",
            "closed": None,
            "deal_stage": 50,
            "exp_close": "24.12.2026",
        },
    }
    assert one.get(f"contacts/{cid}")["pendingdeal"] is True
    won = one.done("PUT", f"notes/{raw['id']}", {**DEAL, "status": "won"})
    assert (won["id"], won["deal_status"]) == (raw["id"], "won")
    assert one.get(f"notes/{raw['id']}")["deal"] == {"amount": 250.0, "status": "won", "closed": TODAY}
    assert "sales" in one.whole("DELETE", f"notes/{raw['id']}")


def test_the_raw_names_make_a_deal_too(one: OneClient, cid: str) -> None:
    form = {
        "cid": cid,
        "body": "Raw",
        "date": TODAY,
        "is_deal": "1",
        "deal_amount": "12.5",
        "deal_status": "lost",
    }
    raw = one.done("POST", "notes", form)
    assert (raw["is_deal"], raw["deal_amount"], raw["deal_status"]) == (True, 12.5, "lost")


def test_a_note_becomes_a_deal_and_a_deal_a_note(one: OneClient, cid: str) -> None:
    ident = one.done("POST", "notes", {"cid": cid, "body": "Some deal data", "date": TODAY})["id"]
    answer = one.whole("PUT", f"notes/{ident}", {**DEAL, "body": "Some deal data"})
    assert (answer["data"]["id"], answer["data"]["is_deal"]) == (ident, True)
    assert "sales" in answer
    assert [row["id"] for row in one.get("notes", cid=cid)] == [ident]
    answer = one.whole("PUT", f"notes/{ident}", {"body": "No deal", "date": TODAY, "type": "note"})
    assert (answer["data"]["id"], answer["data"]["is_deal"]) == (ident, False)
    assert "sales" in answer
    assert one.get("notes", cid=cid) == [
        {"id": ident, "cid": cid, "body": "No deal", "date": TODAY, "type": "note"}
    ]


@pytest.mark.parametrize(
    "body",
    [
        "One line",
        "Name\ntext",
        "Name\nName again",
        "Name \n text",
        "Windows\r\nline",
        "n" * 61,
        "n" * 60,
        f"{'n' * 80}\nmore",
        "Name\n\ntext after a gap",
    ],
)
def test_the_body_of_a_deal_stays_as_it_was_sent(one: OneClient, cid: str, body: str) -> None:
    ident = one.done("POST", "notes", {"cid": cid, **DEAL, "body": body})["id"]
    assert one.get(f"notes/{ident}")["body"] == body
    one.done("PUT", f"notes/{ident}", {**DEAL, "body": body, "amount": "1"})
    assert one.get(f"notes/{ident}")["body"] == body


def test_notes_lack_what_they_need(one: OneClient, cid: str) -> None:
    for form, code in (
        ({"body": "X", "date": TODAY}, 109),
        ({"cid": cid, "date": TODAY}, 109),
        ({"cid": cid, "body": "X"}, 109),
        ({"cid": cid, "body": "X", "date": "tomorrow"}, 108),
        ({"cid": "4e60d4cf5230502ffb00017e", "body": "X", "date": TODAY}, 106),
    ):
        assert one.code("POST", "notes", form) == code
    assert one.code("GET", "notes") == 109


def test_a_contact_tells_its_last_notes_and_actions(one: OneClient, cid: str) -> None:
    for day in ("01", "02", "03", "04"):
        one.done("POST", "notes", {"cid": cid, "body": f"Note {day}", "date": f"{day}.03.2026"})
        action(one, cid, name=f"Call {day}", date=f"{day}.03.2026")
        one.done("GET", "misc/mark_action_as_done", cid=cid)
    shown = one.get(f"contacts/{cid}")
    assert [row["body"] for row in shown["notes"]] == ["Note 04", "Note 03", "Note 02"]
    assert [row["name"] for row in shown["actions"]] == ["Call 04", "Call 03"]
