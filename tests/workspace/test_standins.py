"""Stand-ins: nothing personal is left, and every shape is."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.secrets import HIDDEN
from crmtui.workspace.standins import StandIns

BODY = r"""
{"metadata":{"url":"\/account","object_type":"list","total_count":100,"has_more":true},"list":[{"metadata":
{"url":"\/accounts\/95920978","list_url":"\/accounts","parent":null,"object_type":"record","record_type":
"account"},"record":{"id":95920978,"name":"J\u00f6rg \ud83d\ude00 O'Neill",
"notes":"Call Ann Lee\non 12\/3 \"x\"","addresscity":"","addresscounty\/state":null,"phone":
"+44 (0)20 7946 0000","ownerid":90505,"createdby":"90505","campaignid":0,
"hold":1,"2yearpolicy":"0","247alerts":"1","value":1234.50,"big":-12345678901234567890.10,
"tiny":1.5e-7,"createddate":"2018-09-17 11:29:59","renewaldate":"2018-09-17","none":"0000-00-00 00:00:00",
"day":"2018-09-17 00:00:00","sent":"2023-01-20T22:14:30.123456Z","fake":"2018-09-17 Ann Lee",
"company":"株式会社アクメ","tags":["Ann","Bob"],"lines":[{"id":7654321,"product":"User Seat"}]}}]}
"""


def replaced(text: str) -> Any:
    return json.loads(StandIns().of_records(text), parse_float=Decimal)


def test_what_is_personal_goes() -> None:
    text = StandIns().of_records(BODY)
    for word in (
        "rg",
        "Neill",
        "Ann",
        "Bob",
        "Lee",
        "7946",
        "95920978",
        "90505",
        "1234",
        "Seat",
        "株",
        "アク",
    ):
        assert word not in text, word
    assert "2018-09-17" not in text
    assert "7654321" not in text


def test_shapes_stay() -> None:
    said = replaced(BODY)
    about, [row] = said["metadata"], said["list"]
    record = row["record"]
    assert about == {"url": "/account", "object_type": "list", "total_count": 100, "has_more": True}
    assert record["name"] == "Xéxx 😀 X'Xxxxx"
    assert record["notes"] == 'Xxxx Xxx Xxx\nxx 55/5 "x"'
    assert (record["addresscity"], record["addresscounty/state"]) == ("", None)
    assert record["phone"] == "+55 (0)50 5555 0000"
    assert [record[name] for name in ("campaignid", "hold", "2yearpolicy", "247alerts")] == [0, 1, "0", "1"]
    assert str(record["value"]) == "5555.50"
    assert str(record["big"]) == "-55555555505555555550.50"
    assert record["none"] == "0000-00-00 00:00:00"
    assert record["day"].endswith(" 00:00:00")
    assert record["company"] == "字" * 7
    assert record["tags"] == ["Xxx", "Xxx"]
    assert record["fake"] == "5055-05-55 Xxx Xxx"


def test_the_text_keeps_its_escapes_and_its_length() -> None:
    text = StandIns().of_records(BODY)
    assert len(text) == len(BODY)
    assert r"X\u00e9xx \ud83d\ude00 X'" in text
    assert r"\"x\"" in text
    assert r'"\/accounts\/' in text


def test_dates_are_dates() -> None:
    from datetime import datetime

    record = replaced(BODY)["list"][0]["record"]
    for name in ("createddate", "renewaldate", "day", "sent"):
        assert datetime.fromisoformat(record[name])


def test_ids_still_lead_to_one_another() -> None:
    stand_ins = StandIns()
    [row] = json.loads(stand_ins.of_records(BODY))["list"]
    record = row["record"]
    assert row["metadata"]["url"] == f"/accounts/{record['id']}"
    assert str(record["ownerid"]) == record["createdby"]
    other = json.loads(stand_ins.of_records('{"record":{"accountid":95920978,"ownerid":"90505"}}'))["record"]
    assert (other["accountid"], other["ownerid"]) == (record["id"], record["createdby"])
    many = json.loads(stand_ins.of_records(json.dumps([{"id": number} for number in range(2, 100)])))
    assert len({each["id"] for each in many}) == 98


def test_an_error_keeps_its_words() -> None:
    said = '{"type":"Invalid Request error","code":403,"message":"ann@acme.example may not","user":"Ann"}'
    assert json.loads(StandIns().of_error(said)) == {
        "type": "Invalid Request error",
        "code": 403,
        "message": "xxx@xxxx.xxxxxxx may not",
        "user": "Xxx",
    }
    assert StandIns().of_text("<p>Dear Ann, 3 new</p>") == "<x>Xxxx Xxx, 5 xxx</x>"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    if isinstance(value, str):
        return ("text", len(value))
    return value if isinstance(value, bool) or value is None else type(value)


@given(json_values, st.booleans())
def test_any_json_keeps_its_shape(value: Any, ascii_: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_)
    text = text.encode("utf-8", "replace").decode()
    assert shape(json.loads(StandIns().of_records(text))) == shape(json.loads(text))


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=5).filter(
        lambda t: not t.isdigit()
    )
)
def test_no_letter_is_told(text: str) -> None:
    [kept] = json.loads(StandIns().of_records(json.dumps([text])))
    allowed = set("Xx05Éé字")
    assert len(kept) == len(text) or not text.isascii()
    assert all(sign in allowed or ord(sign) > 0xFFFF for sign in kept)


@pytest.mark.parametrize("text", ['{"list":[1,2', '"', "{]", "nonsense 12"])
def test_what_is_broken_does_no_harm(text: str) -> None:
    assert StandIns().of_text(text)


def test_a_dictionary_keeps_its_words_and_tells_of_nobody() -> None:
    told = {
        "custom_fields": [{"custom_field": {"id": "5a", "name": "Size", "type": "select_box"}}],
        "auth_key": "AJfSRLr7uhsa9lOI=",
        "user": {"user": {"email": "ann@example.com", "last_name": "Lee", "auth_key": 7}},
        "team": [{"user": {"first_name": "Bo"}}],
    }
    made = json.loads(StandIns().of_dictionary(json.dumps(told)))
    assert made["custom_fields"] == told["custom_fields"]
    assert made["auth_key"] == HIDDEN
    assert made["user"] == {"user": {"email": "xxx@xxxxxxx.xxx", "last_name": "Xxx", "auth_key": None}}
    assert made["team"] == [{"user": {"first_name": "Xx"}}]
