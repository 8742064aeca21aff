"""Answers of OnePageCRM v1.2: one envelope in three formats, records without loss, errors by the table."""

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crmtui.crm.onepagecrm.v1.envelope import envelope_of
from crmtui.model.call import Answer, Call, More
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Restricted,
    Unavailable,
)
from crmtui.model.news import Count, News, Sales
from crmtui.model.query import Page
from crmtui.model.record import Record
from crmtui.model.schema import Choice
from crmtui.model.write import Op

from .onepage_v1 import FORMATS, adapter, asked, calls, envelope, ref, said, written

ID = "4e60d4cf5230502ffb00017e"
CONTACT = {
    "id": ID,
    "firstname": "no",
    "lastname": "Döe & <Sons>",
    "company": None,
    "jobtitle": "",
    "zip": "01234",
    "country": "EL",
    "status": "lead",
    "description": 'one\ntwo: "three" - #4\n',
    "vip": True,
    "pendingdeal": False,
    "tags": ["no", "on hold", "12"],
    "phones": [{"type": "work", "number": "+353 1 234"}],
    "emails": [],
    "urls": [{"type": "blog", "value": "b.example"}, {"type": "website", "address": "a.example"}],
    "nextaction": {"text": "Call: soon", "next": False, "date": "02.09.2011"},
    "actions": [{"id": "1"}],
    "notes": [],
}
VALUES = {
    "firstname": "no",
    "lastname": "Döe & <Sons>",
    "company": None,
    "jobtitle": "",
    "zip": "01234",
    "country": "GR",
    "status": "lead",
    "description": 'one\ntwo: "three" - #4\n',
    "vip": True,
    "pendingdeal": False,
    "tags": ["no", "on hold", "12"],
    "phones": [{"type": "work", "number": "+353 1 234"}],
    "emails": [],
    "urls": [{"type": "blog", "address": "b.example"}, {"type": "website", "address": "a.example"}],
    "nextaction": {"text": "Call: soon", "next": False, "date": "2011-09-02"},
}


def shown(kind: str, node: Any, format_: str = "json", **style: Any) -> Record:
    at = adapter(format_)
    record = at.read(at.show(ref(kind, node["id"])), said(envelope(node), format_, **style))
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize("style", [{}, {"dashes": False, "colons": True}], ids=["rails", "plain"])
@pytest.mark.parametrize("format_", FORMATS)
def test_a_contact_is_the_same_in_every_format(format_: str, style: dict[str, bool]) -> None:
    record = shown("contacts", CONTACT, format_, **style)
    assert record.values == VALUES
    turned = shown("contacts", dict(reversed(CONTACT.items())), format_, **style)
    assert repr(turned.values) == repr(record.values) == repr(shown("contacts", CONTACT).values)
    assert record.title == "no Döe & <Sons>"
    assert record.labels == {"nextaction": "2011-09-02 Call: soon"}


@pytest.mark.parametrize("format_", FORMATS)
def test_empty_is_what_its_member_makes_it(format_: str) -> None:
    node = {**CONTACT, "nextaction": {}, "tags": [], "phones": [], "firstname": None, "lastname": None}
    record = shown("contacts", {**node, "company": "Acme\r\nInc."}, format_)
    empty = {name: record.values[name] for name in ("nextaction", "tags", "phones", "firstname", "jobtitle")}
    assert empty == {"nextaction": None, "tags": [], "phones": [], "firstname": None, "jobtitle": ""}
    assert (record.title, record.values["company"]) == ("Acme Inc.", "Acme\nInc.")


def test_xml_need_not_say_what_a_thing_is() -> None:
    body = (
        "<hash><status>0</status><message>OK</message><timestamp>12</timestamp><tags></tags><sales/>"
        "<data><id>a1</id><zip>0123</zip><city/><vip>true</vip><nextaction></nextaction>"
        "<tags><tag>x</tag><tag>y</tag></tags><phones><phone><type>work</type><number>1</number></phone></phones>"
        '<emails type="array"><email><type>work</type><address>a@b.example</address></email></emails>'
        "<urls></urls></data></hash>"
    )
    at = adapter("xml")
    record = at.read(at.show(ref("contacts", "a1")), Answer(200, {}, body.encode()))
    assert record.values == {
        "zip": "0123",
        "city": "",
        "vip": True,
        "nextaction": None,
        "tags": ["x", "y"],
        "phones": [{"type": "work", "number": "1"}],
        "emails": [{"type": "work", "address": "a@b.example"}],
        "urls": [],
    }
    assert at.news(Answer(200, {}, body.encode())) == News()


@pytest.mark.parametrize("mark", ["\ufffd", "*"])
def test_what_xml_cannot_carry_is_asked_for_as_json(mark: str) -> None:
    at = adapter("xml")
    call = at.show(ref("contacts", ID))
    assert call.path == f"/api/contacts/{ID}.xml"
    more = at.read(call, said(envelope({**CONTACT, "city": f"a{mark}b"}), "xml"))
    assert isinstance(more, More)
    assert more.call.path == f"/api/contacts/{ID}.json"
    record = at.read(more.call, said(envelope({**CONTACT, "city": "a\x1bb*"})))
    assert record.values["city"] == "a\x1bb*"


def test_text_of_numbers_stays_text() -> None:
    body = f"--- \nstatus: 0\ndata: \n  id: {ID}\n  zip: 1234\n  tags: \n  - 12\n  lastname: no\n  vip: no\n"
    at = adapter("yaml")
    values = at.read(at.show(ref("contacts", ID)), Answer(200, {}, body.encode())).values
    assert values == {"zip": "1234", "tags": ["12"], "lastname": "no", "vip": False}


@pytest.mark.parametrize("format_", FORMATS)
def test_an_action_and_its_moments(format_: str) -> None:
    node = {"id": "a", "cid": "c", "name": "Call", "date": "2.9.2011", "next": False, "waiting": True}
    record = shown("actions", {**node, "done": True, "closed": 1317129567}, format_)
    assert record.values == {
        "cid": "c",
        "name": "Call",
        "date": "2011-09-02",
        "next": False,
        "waiting": True,
        "done": True,
        "closed": "2011-09-27T13:19:27Z",
    }


@pytest.mark.parametrize("format_", FORMATS)
def test_a_deal_is_the_same_as_documented_and_as_recorded(format_: str) -> None:
    deal = {"amount": 250.5, "status": "won", "closed": "02.09.2011"}
    documented = {
        "id": "d",
        "cid": "c",
        "body": "Big\nmore",
        "date": "20.08.2011",
        "type": "deal",
        "deal": deal,
    }
    raw = {
        "id": "d",
        "contact_id": "c",
        "body": "Big\nmore",
        "date": "2011-08-20",
        "is_deal": True,
        "deal_amount": 250.5,
        "deal_status": "won",
        "deal_closed": "2011-09-02",
    }
    one, other = (shown("deals", node, format_) for node in (documented, raw))
    assert other.values == {
        "cid": "c",
        "body": "Big\nmore",
        "date": "2011-08-20",
        "type": "deal",
        "amount": Decimal("250.5"),
        "status": "won",
        "closed": "2011-09-02",
    }
    assert one.values == {**other.values, "deal_stage": None, "exp_close": None}
    assert (one.title, other.unread) == ("Big", frozenset({"deal_stage", "exp_close"}))


def test_a_note_is_no_deal_and_a_deal_no_note() -> None:
    note = {"id": "n", "cid": "c", "body": "x", "date": "01.02.2011", "type": "note"}
    assert shown("notes", note).values == {"cid": "c", "body": "x", "date": "2011-02-01", "type": "note"}
    with pytest.raises(NotFound):
        shown("deals", note)
    with pytest.raises(NotFound):
        shown("notes", {**note, "type": "deal", "deal": {"amount": 1}})
    at = adapter()
    rows = envelope([note, {**note, "id": "d", "type": "deal", "deal": {"amount": 1}}])
    for kind, id_ in (("notes", "n"), ("deals", "d")):
        page = at.read(asked(kind, "cid=c").call, said(rows))
        assert [record.ref for record in page.records] == [ref(kind, id_)]


# -- what comes besides


COUNTS = {"system": [{"name": "vip", "count": 1}], "custom": [{"name": "hot", "count": 2}]}
SALES = {"won": 2650.0, "pending": 5130.5, "expires": 1317452400, "period": "quarter", "target": 4400.0}


@pytest.mark.parametrize("format_", FORMATS)
def test_news_on_any_answer_with_no_data_too(format_: str) -> None:
    at = adapter(format_)
    delete = Call("DELETE", f"/api/contacts/x.{format_}", "gone", args={"kind": "contacts"}, safe=False)
    statuses = [{"name": "all", "count": 3}, {"name": "hot lead", "count": 1}]
    full = envelope(
        {}, tags=COUNTS, statuses=statuses, sales=SALES, notifications=["deals_limit_reached", "x"]
    )
    assert at.read(delete, said(full, format_)) is None
    assert at.news(said(full, format_)) == News(
        (Count("hot", "hot", 2),),
        (Count("hot lead", "hot lead", 1),),
        Sales(Decimal(4400), Decimal(2650), Decimal("5130.5"), "quarter"),
        ("deals_limit_reached", "x"),
    )
    assert at.news(said(envelope({}, tags={}, sales={}, statuses=[]), format_)) == News()
    assert adapter().news(said(envelope({}, tags={**COUNTS, "custom": {}}))) == News()
    none = at.news(said(envelope({}, tags={**COUNTS, "custom": []}), format_))
    assert none is not None
    assert none.tags == ()


def test_a_refusal_tells_no_news() -> None:
    refusal = said({"status": 201, "message": "User exceeded allowed number of contacts"})
    with pytest.raises(Restricted):
        adapter().read(asked("contacts").call, refusal)
    assert adapter().news(refusal) is None
    assert adapter().news(Answer(200, {}, b"<html>")) is None
    assert adapter().news(said(envelope({"contacts": []}))) == News()


def test_a_refusal_tells_of_restrictions_and_lifts_none() -> None:
    refusal = envelope({}, notifications=["contacts_list_full"]) | {"status": 201}
    told = adapter().news(said(refusal))
    assert told == News(notices=("contacts_list_full",))
    assert adapter().news(said(refusal, status=400)) == told
    counted = adapter().news(said(envelope({}, tags=COUNTS) | {"status": 108}))
    assert counted == News((Count("hot", "hot", 2),), notices=None)


def test_json_that_xml_is_read_as_tells_news_too() -> None:
    told = adapter("xml").news(said(envelope({}, notifications=["x"]), "json"))
    assert told == News(notices=("x",))


def test_choices_are_tags_and_the_names_of_statuses() -> None:
    at = adapter()
    fields = at.built_in("contacts").by_name
    tags, statuses = (at.choices("contacts", fields[name]) for name in ("tags", "status"))
    assert tags
    assert statuses
    assert at.read(tags, said(envelope([{"name": "b", "count": 1}, {"name": "A", "count": 0}]))) == (
        Choice("A", "A"),
        Choice("b", "b"),
    )
    counts = [{"name": name, "count": 1} for name in ("all", "lead", "VIP client", "team")]
    told = at.read(statuses, said(envelope({"contacts": []}, statuses=counts)))
    assert [choice.value for choice in told] == ["lead", "VIP client"]
    assert len(at.read(statuses, said(envelope({"contacts": []})))) == 5
    assert at.choices("contacts", fields["city"]) is None


# -- what says no


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (102, AuthFailed),
        (103, AuthFailed),
        (104, AuthFailed),
        (105, AuthFailed),
        (106, NotFound),
        (107, Invalid),
        (108, Invalid),
        (109, Invalid),
        (201, Restricted),
        (202, Restricted),
        (999, Unavailable),
        (555, Unavailable),
    ],
)
def test_status_codes(code: int, error: type[CrmError], format_: str) -> None:
    at = adapter(format_)
    for status in (200, 400):
        no = said(
            {"status": code, "message": "So \x1b[2Jit is"}, format_ if format_ != "xml" else "xml", status
        )
        body = no.body.replace(b"\x1b", b"")
        with pytest.raises(error, match=rf"So .*it is.*\({code}\)") as caught:
            at.read(at.show(ref("contacts", ID)), Answer(status, {}, body))
        assert type(caught.value) is error


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(406, {}, b""), Restricted),
        (Answer(403, {"content-type": "text/plain; charset=utf-8"}, b"Rate limit"), RateLimited),
        (Answer(403, {"content-type": "text/html"}, b"<html>"), Forbidden),
        (Answer(429, {"retry-after": "2"}, b""), RateLimited),
        (Answer(401, {}, b""), AuthFailed),
        (Answer(404, {}, b"<html>"), NotFound),
        (Answer(502, {}, b""), Unavailable),
        (Answer(418, {}, b""), BadAnswer),
        (Answer(200, {}, b"<html></html>"), BadAnswer),
        (Answer(200, {}, b""), BadAnswer),
        (Answer(200, {}, b"{}"), BadAnswer),
        (Answer(200, {}, b'{"status":0}'), BadAnswer),
        (Answer(200, {}, b'{"status":0,"data":{"id":"other"}}'), BadAnswer),
    ],
    ids=range(13),
)
def test_answers_without_a_word(answer: Answer, error: type[CrmError]) -> None:
    at = adapter("json")
    with pytest.raises(error):
        at.read(at.show(ref("contacts", ID)), answer)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE hash [<!ENTITY x "y">]><hash><status>0</status><data>&x;</data></hash>',
        b"<hash>" * 70 + b"</hash>" * 70,
    ],
)
def test_hostile_xml(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        envelope_of(body, "xml")


def test_a_service_that_fails_or_is_asked_too_much_is_asked_again() -> None:
    at = adapter()
    assert at.passes(Answer(403, {"content-type": "text/plain"}, b""))
    assert at.passes(Answer(429, {}, b""))
    assert at.passes(Answer(503, {}, b""))
    assert not at.passes(Answer(403, {"content-type": "application/json"}, b"{}"))


# -- recordings


def _body(name: str) -> bytes:
    """The body of a recorded answer."""
    file = Path(os.environ["CRMTUI_RECORDINGS"]) / "onepagecrm-v1" / f"{name}.http"
    return file.read_bytes().replace(b"\r\n", b"\n").partition(b"--- RESPONSE ---")[2].partition(b"\n\n")[2]


@pytest.mark.recordings
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    "name",
    [
        "action_v1_2",
        "contact_create_or_show",
        "contact_delete_with_statuses_tags",
        "empty_data_with_sales_tags",
        "empty_data_with_tags",
        "note_create",
        "note_to_deal_update",
        "sales_index",
    ],
)
def test_recordings_say_the_same_in_every_format(name: str, format_: str) -> None:
    body = _body(name)
    assert repr(envelope_of(written(json.loads(body), format_), format_)) == repr(envelope_of(body, "json"))


@pytest.mark.recordings
def test_recorded_records() -> None:
    at = adapter()
    action = at.read(at.show(ref("actions")), Answer(200, {}, _body("action_v1_2")))
    assert (action.title, action.values["date"]) == ("Sample next action", "2011-08-22")
    contact = at.read(at.show(ref("contacts")), Answer(200, {}, _body("contact_create_or_show")))
    assert (contact.title, contact.values["tags"]) == ("John Doe", ["api_test1", "api_test2"])
    told = at.news(Answer(200, {}, _body("contact_create_or_show")))
    assert told is not None
    assert told.statuses is not None
    assert told.statuses[0] == Count("prospect", "prospect", 1)
    note = at.read(at.show(ref("notes")), Answer(200, {}, _body("note_create")))
    assert note.values == {
        "cid": ID,
        "body": "Sample note content",
        "date": "2011-08-15",
        "type": "note",
        "user_id": "4e60b7c95230502ffb000010",
        "created_at": "2011-09-02T06:06:24-07:00",
        "updated_at": "2011-09-02T06:06:24-07:00",
    }
    deal = at.read(at.show(ref("deals")), Answer(200, {}, _body("note_to_deal_update")))
    assert (deal.values["amount"], deal.values["status"]) == (Decimal("250.0"), "pending")
    told = at.news(Answer(200, {}, _body("empty_data_with_sales_tags")))
    assert told is not None
    assert told.sales is not None
    assert told.sales.period == "quarter"


@pytest.mark.parametrize("data", [{"data": {}}, {}])
def test_a_list_with_nothing_in_it_and_a_change_with_nothing_to_tell(data: Any) -> None:
    at = adapter()
    answer = said({**data, "status": 0, "message": "OK", "timestamp": 1317129567})
    assert at.read(asked("notes", "cid=abc").call, answer) == Page((), 0)
    now = {field.name: None for field in at.built_in("contacts").fields} | {"lastname": "Lee"}
    [put] = calls(Op.EDIT, ref("contacts", "abc"), {"city": "Bergen"}, now)
    assert at.read(put, answer) is None
    [post] = calls(Op.CREATE, ref("contacts"), {"lastname": "Lee"})
    with pytest.raises(BadAnswer):
        at.read(post, answer)


def test_days_as_unix_times_in_xml_that_tells_no_types() -> None:
    at = adapter("xml")
    body = "<hash><status>0</status><data><id>a</id><name>Call</name><date>1313971200</date></data></hash>"
    record = at.read(at.show(ref("actions", "a")), Answer(200, {}, body.encode()))
    assert record.values["date"] == "2011-08-22"


def test_one_that_is_not_there_is_an_empty_list() -> None:
    at = adapter()
    call = asked("contacts", "id=abc").call
    assert at.read(call, said({"status": 106, "message": "no"})) == Page((), 0)
    assert re.search("abc", call.path)
