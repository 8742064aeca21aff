"""API v1.2 of the emulated OnePageCRM against what the real one was recorded to answer."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.sandbox import Sandbox

from .onepagecrm_v1 import Json, OneClient

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "onepagecrm-v1"
pytestmark = pytest.mark.recordings
NEW_TAGS = {"waiting"}
"""System tags that came after the recordings."""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneClient]:
    switches = {"ONEPAGECRM_V1_RATE": "0", "ONEPAGECRM_V1_PIPELINE": "off"}
    place = tmp_path_factory.mktemp("one")
    with Sandbox(place, crm="onepagecrm-v1", records=20, switches=switches) as sandbox:
        client = OneClient(sandbox)
        yield client
        client.http.close()


def recorded(name: str) -> Json:
    answer = (FOLDER / f"{name}.http").read_text("utf-8").partition("--- RESPONSE ---\n")[2]
    found: Json = json.loads(answer.partition("\n\n")[2])
    return found


def shape(value: Any) -> Any:
    """The names and types of a value; of the rows of an array those of the first."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def names(rows: list[Json]) -> list[str]:
    return [row["name"] for row in rows]


def check(name: str, told: Json) -> None:
    """An answer has the shape of a recorded one, and the system tags and statuses of it in their order."""
    wanted = recorded(name)
    assert shape(told) == shape(wanted)
    if "statuses" in wanted:
        assert set(names(wanted["statuses"])) <= set(names(told["statuses"]))
    if wanted.get("tags"):
        system = [tag for tag in names(told["tags"]["system"]) if tag not in NEW_TAGS]
        assert system == names(wanted["tags"]["system"])


def test_a_created_contact(one: OneClient) -> None:
    form = {"firstname": "John", "lastname": "Doe", "company": "Acme Inc.", "vip": "1", "tags": "a1,a2"}
    answer = one.whole("POST", "contacts", form)
    check("contact_create_or_show", answer)
    wanted = recorded("contact_create_or_show")
    same = ("city", "urls", "nextaction", "lastname", "pendingdeal", "vip", "description", "status")
    assert {name: answer["data"][name] for name in same} == {name: wanted["data"][name] for name in same}
    assert names(answer["statuses"])[:6] == names(wanted["statuses"])


def test_a_deleted_contact(one: OneClient) -> None:
    ident = one.contact()["id"]
    check("contact_delete_with_statuses_tags", one.whole("DELETE", f"contacts/{ident}"))


def test_an_action(one: OneClient) -> None:
    form = {"cid": one.contact()["id"], "name": "Sample next action", "date": "22.08.2011"}
    ident = one.done("POST", "actions", form)["id"]
    answer = one.whole("GET", f"actions/{ident}")
    check("action_v1_2", answer)
    kept = {name: answer["data"][name] for name in ("name", "waiting", "closed", "done", "date", "next")}
    assert kept.items() <= recorded("action_v1_2")["data"].items()


def test_notes_and_deals(one: OneClient) -> None:
    note = {"cid": one.contact()["id"], "body": "Sample note content", "date": "15.08.2011"}
    answer = one.whole("POST", "notes", note)
    check("note_create", answer)
    place = f"notes/{answer['data']['id']}"
    deal = {
        "body": "Some deal data",
        "date": "20.08.2011",
        "type": "deal",
        "amount": "250",
        "status": "pending",
    }
    answer = one.whole("PUT", place, deal)
    wanted = recorded("note_to_deal_update")
    assert shape(answer["data"]) == shape(wanted["data"])
    same = ("deal_amount", "body", "deal_closed", "is_deal", "date", "deal_status")
    assert {name: answer["data"][name] for name in same} == {name: wanted["data"][name] for name in same}
    assert set(answer) == set(wanted)
    one.done("POST", "misc/assign_tag", {"id": note["cid"], "name": "api_test1"})
    check("empty_data_with_sales_tags", one.whole("DELETE", place))


def test_an_assigned_tag(one: OneClient) -> None:
    form = {"id": one.contact()["id"], "name": "api_test3"}
    check("empty_data_with_tags", one.whole("POST", "misc/assign_tag", form))


def test_the_sales(one: OneClient) -> None:
    form = {"firstname": "Jane", "lastname": "Doe", "company": "Acme Inc."}
    cid = one.contact(**form)["id"]
    for status in ("won", "pending"):
        deal = {"body": "OK.. deal", "date": "01.09.2031", "type": "deal", "amount": "26", "status": status}
        one.done("POST", "notes", {"cid": cid, **deal})
    check("sales_index", one.whole("GET", "sales/index"))
