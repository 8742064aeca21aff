"""The vendor's pages: their own requests are made, their own answers are read."""

import base64

import pytest

from crmtui.model.call import Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    QuotaSpent,
    RateLimited,
    Unavailable,
    UsageError,
)
from crmtui.model.query import Page
from crmtui.model.record import Record, Value
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.write import Op

from .solve360 import USER, adapter, asked, quota, ref, said, schema_call, write_call

CREATED = (
    "<item><id>479043</id><name>Alex Steshenko</name><typeid>1</typeid>"
    "<created>2013-03-16T18:22:36+00:00</created><viewed>2013-03-16T18:22:36+00:00</viewed>"
    "<updated>2013-03-16T18:22:36+00:00</updated><ownership>299430</ownership><flagged></flagged><fields>"
    '<lastname label="Last name">Steshenko</lastname><personalemail label="Personal Email"></personalemail>'
    '<firstname label="First name">Alex</firstname><businessemail label="Email"></businessemail>'
    "<creatorid>299430</creatorid><creatorname>John Smith</creatorname><creatordate>1363458156</creatordate>"
    "</fields></item><activities/><categories/><relateditems/><status>success</status>"
)
DONE = "<status>success</status>"
SENT = '<?xml version="1.0" encoding="utf-8"?>\n<request>{}</request>\n'
MAKE = write_call(Op.CREATE, ref(), {"firstname": "Alex", "lastname": "Steshenko"})
CHANGE = write_call(Op.EDIT, ref(id_="479043"), {"firstname": "Al"})


@pytest.mark.parametrize(
    ("call", "method", "target"),
    [
        (asked(size=25).call, "GET", "/contacts/?layout=1&limit=25"),
        (
            asked("companies", order="updated:desc").call,
            "GET",
            "/companies/?layout=1&limit=100&sortfield=updated&sortdir=DESC",
        ),
        (
            asked("contacts", "personalemail=ann@x.example").call,
            "GET",
            "/contacts/?layout=1&limit=100&filtermode=byemail&filtervalue=ann%40x.example",
        ),
        (
            asked("contacts", "cellularphone=+44 7700").call,
            "GET",
            "/contacts/?layout=1&limit=100&filtermode=byphone&filtervalue=%2B44%207700",
        ),
        (
            asked("contacts", "businessemail=a@x.example", "categories=5").call,
            "GET",
            "/contacts/?layout=1&limit=100&filtermode=category&filtervalue=5",
        ),
        (asked("contacts", "jobtitle~CEO").call, "GET", "/contacts/?layout=1&limit=100"),
        (adapter().show(ref(id_="479038")), "GET", "/contacts/479038"),
        (adapter().show(ref(id_="../x")), "GET", "/contacts/..%2Fx"),
        (schema_call("tickets"), "GET", "/tickets/fields/"),
        (adapter().users(), "GET", "/ownership/"),
        (adapter().choices("contacts", Field("categories")), "GET", "/contacts/categories/"),
    ],
)
def test_reading(call: Call, method: str, target: str) -> None:
    assert (call.method, call.target, call.body, call.safe) == (method, target, b"", True)
    assert call.headers == (("Accept", "application/xml"),)


def test_what_the_service_cannot_filter_is_left_over() -> None:
    assert asked("contacts", "categories=5").rest is None
    for arguments in (("jobtitle=CEO",), ("businessemail=a@x.example",), ("not(businessemail=a@x.example)",)):
        assert asked("contacts", *arguments).rest is not None
    for unlisted in ("categories!=5", "categories=5|6", "categories=", "ownership=5"):
        with pytest.raises(UsageError, match="leave"):
            asked("contacts", unlisted)


def test_creating() -> None:
    assert (MAKE.method, MAKE.target, MAKE.safe) == ("POST", "/contacts/", False)
    assert MAKE.headers == (("Content-Type", "application/xml"), ("Accept", "application/xml"))
    assert MAKE.body_text == SENT.format("<firstname>Alex</firstname><lastname>Steshenko</lastname>")


def test_changing_and_deleting() -> None:
    assert (CHANGE.method, CHANGE.target) == ("PUT", "/contacts/479043")
    assert CHANGE.body_text == SENT.format("<firstname>Al</firstname>")
    gone = write_call(Op.DELETE, ref(id_="479043"), {})
    assert (gone.method, gone.target, gone.body) == ("DELETE", "/contacts/479043", b"")
    assert "Content-Type" not in dict(gone.headers)
    assert adapter().read(gone, said(DONE)) is None


def test_what_is_written() -> None:
    edits = {
        "jobtitle": None,
        "background": "a <b> & \x1b\x00\x9b\x7fc\nd",
        "flagged": True,
        "updated": "2004-02-12T17:19:21+02:00",
    }
    body = write_call(Op.EDIT, ref(id_="1"), edits).body_text
    assert body == SENT.format(
        "<jobtitle></jobtitle><background>a &lt;b&gt; &amp; c\nd</background><flagged>1</flagged>"
        "<updated>2004-02-12 15:19:21</updated>"
    )
    for name in ("@x", "#text", "a><evil/>", ""):
        with pytest.raises(Invalid):
            write_call(Op.EDIT, ref(id_="1"), {name: "x"})


def test_categories_are_added_and_removed() -> None:
    now = Record(ref(id_="1"), "x", {"categories": ["1", "2"]})
    call = write_call(Op.EDIT, ref(id_="1"), {"categories": ["2", "3", "4"], "jobtitle": "x"}, now)
    assert call.body_text == SENT.format(
        "<categories><add><category>3</category><category>4</category></add>"
        "<remove><category>1</category></remove></categories><jobtitle>x</jobtitle>"
    )


def test_a_new_record_is_in_its_answer() -> None:
    made = adapter().read(MAKE, said(CREATED, 201, location="http://secure.solve360.com/contacts/479043"))
    assert (made.ref, made.title, made.stamp) == (
        ref(id_="479043"),
        "Alex Steshenko",
        "2013-03-16T18:22:36+00:00",
    )
    assert made.values["businessemail"] is None
    assert made.values["creatordate"] == "1363458156"
    assert (made.values["categories"], made.values["relateditems"]) == ([], [])
    assert "activities" not in made.values


def test_a_new_record_of_which_only_the_address_comes() -> None:
    location = {"location": "http://secure.solve360.com/contacts/479043/"}
    for body in ("", DONE):
        made = adapter().read(MAKE, said(body, 201, **location))
        assert (made.ref.id, made.title) == ("479043", "Alex Steshenko")
    assert adapter().read(MAKE, said(DONE, 201)) is None


def test_either_answer_to_a_change() -> None:
    assert adapter().read(CHANGE, said(DONE)) is None
    assert adapter().read(CHANGE, said(CREATED)).values["lastname"] == "Steshenko"
    with pytest.raises(BadAnswer, match="another record"):
        adapter().read(write_call(Op.EDIT, ref(id_="1"), {"firstname": "Al"}), said(CREATED))


def test_single_and_several_children() -> None:
    for count in (0, 1, 2):
        tags = "".join(f"<category><id>{n}</id><name>T{n}</name></category>" for n in range(count))
        items = "".join(
            f"<relatedto><id>{n}</id><name>R{n}</name><typeid>40</typeid><note/></relatedto>"
            for n in range(count)
        )
        collections = f"<categories>{tags}</categories><relateditems>{items}</relateditems>"
        body = f"<item><id>1</id><fields/></item>{collections}"
        record = adapter().read(adapter().show(ref(id_="1")), said(body))
        assert record.values["categories"] == [str(n) for n in range(count)]
        assert record.labels.get("categories", "") == ";".join(f"T{n}" for n in range(count))
        assert record.values["relateditems"] == [
            {"id": str(n), "name": f"R{n}", "typeid": "40", "note": None} for n in range(count)
        ]


LISTED = (
    "<id31507><id>31507</id><name>Aaron</name><flagged/><updated>2009-06-18T21:53:24+00:00</updated>"
    '<assignedto cn="Jane Roe">53936</assignedto><company>\n    A, B\n  </company>'
    "<custom854307>x</custom854307></id31507><count>1</count><status>success</status>"
)
LISTED_JSON = (
    '{"status":"success","count":1,"31507":{"id":"31507","name":"Aaron","flagged":null,'
    '"updated":"2009-06-18T21:53:24+00:00","assignedto":"53936","assignedto_cn":"Jane Roe",'
    '"company":"A, B","custom854307":"x"}}'
)


@pytest.mark.parametrize("body", [LISTED, LISTED_JSON, f'{{"response":{LISTED_JSON}}}'])
def test_a_list_in_every_form(body: str) -> None:
    page: Page = adapter().read(asked().call, said(body))
    [record] = page.records
    assert (page.total, page.has_more, record.ref, record.title) == (1, False, ref(id_="31507"), "Aaron")
    assert record.values == {
        "name": "Aaron",
        "flagged": None,
        "updated": "2009-06-18T21:53:24+00:00",
        "assignedto": "53936",
        "company": "A, B",
        "custom854307": "x",
    }
    assert record.labels == {"assignedto": "Jane Roe"}


def test_fields_users_and_categories() -> None:
    body = (
        "<fields><field><name>businessemail</name><label>Email</label><type>email</type></field>"
        "<field><name>custom1</name><label>Source</label><type>select</type><options>"
        "<option>Web</option><option>R&amp;D</option></options></field>"
        "<field><name>custom2</name><label>Odd</label><type>geopoint</type></field></fields>" + DONE
    )
    schema: Schema = adapter().read(schema_call("contacts"), said(body))
    assert (schema.told, schema.strange) == (3, ("geopoint",))
    assert schema.field("businessemail").label == "Email"
    assert schema.field("custom1").choices == (Choice("Web", "Web"), Choice("R&D", "R&D"))
    assert (schema.field("custom2").type, schema.field("custom2").read_only) == (FieldType.UNKNOWN, False)
    assert schema.field("updated").read_only
    assert schema.field("lastname").title == "Last name"
    one = "<fields><field><name>custom1</name><label>Only</label><type>text</type></field></fields>"
    assert adapter().read(schema_call("contacts"), said(one)).told == 1

    people = "<users><user><id>1</id><name>Ann</name></user></users>"
    people += "<groups><group><id>2</id><name>All</name></group></groups>"
    assert adapter().read(adapter().users(), said(people)) == (Choice("1", "Ann"), Choice("2", "All"))
    json = '{"users":[{"id":1,"name":"Ann"}],"status":"success"}'
    assert adapter().read(adapter().users(), said(json)) == (Choice("1", "Ann"),)


def errors(key: str, words: str) -> str:
    return f"<errors><{key}>{words}</{key}></errors><status>failed</status>"


READ = adapter().show(ref(id_="1"))


@pytest.mark.parametrize(
    ("call", "status", "body", "headers", "error", "words"),
    [
        (READ, 404, errors("itemisnotfound", "Item is not found"), {}, NotFound, "Item is not found"),
        (READ, 401, "<html>no</html>", {}, AuthFailed, "401"),
        (READ, 403, errors("limit", "No more"), quota(12000), QuotaSpent, "24 hours"),
        (READ, 403, errors("closed", "Not yours"), quota(11999), Forbidden, "Not yours"),
        (READ, 403, errors("closed", "Not yours"), {}, Forbidden, "Not yours"),
        (READ, 400, errors("x", "Slow down"), quota(1), RateLimited, "Slow down"),
        (CHANGE, 400, errors("x", "Slow down"), quota(1), RateLimited, "Slow down"),
        (CHANGE, 400, "", {}, RateLimited, "400"),
        (CHANGE, 400, errors("firstname", "Too long"), {}, Invalid, "firstname: Too long"),
        (CHANGE, 400, errors("incorrectfield", "Incorrect field specified"), {}, Invalid, "Incorrect field"),
        (CHANGE, 200, errors("incorrectfield", "Incorrect field specified"), {}, Invalid, "Incorrect field"),
        (CHANGE, 200, "<status>failed</status>", {}, Invalid, "failed"),
        (READ, 200, errors("itemisnotfound", "Item is not found"), {}, NotFound, "Item is not found"),
        (READ, 406, "", {}, Unavailable, "406"),
        (READ, 500, "oops", {}, Unavailable, "nothing was done"),
    ],
)  # fmt: skip
def test_errors(
    call: Call, status: int, body: str, headers: dict[str, str], error: type[CrmError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        adapter().read(call, said(body, status, **headers))
    assert type(caught.value) is error
    if "firstname" in body:
        assert isinstance(caught.value, Invalid)
        assert caught.value.fields == {"firstname": "Too long"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [("11/12000", (11, 12000)), ("584 / 12000", (584, 12000)), ("\x1b]0;x\x07/12000", None), ("", None)],
)
def test_the_quota_header(header: str, expected: tuple[int, int] | None) -> None:
    found = adapter().quota(said(DONE, http_x_solve360_api_call_limit=header), 5.0)
    assert (found and (found.used, found.limit)) == expected
    assert found is None or (found.resets_at, found.source, found.read_at) == (None, "reported", 5.0)


def test_signed_with_the_address_and_the_token() -> None:
    word, pair = adapter().sign(READ, "s3cret")["Authorization"].split(" ")
    assert (word, base64.b64decode(pair).decode()) == ("Basic", f"{USER}:s3cret")


ROWS: list[Value] = [
    {"id": "7", "name": "A", "typeid": "40", "note": None},
    {"id": "8", "name": "B", "typeid": "1", "note": "x"},
]


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ([*ROWS, {"id": "9", "note": None}], "<add><relatedto><id>9</id></relatedto></add>"),
        ([*ROWS, {"id": "9", "note": "<b>"}],
         "<add><relatedto><id>9</id><note>&lt;b&gt;</note></relatedto></add>"),
        ([ROWS[0]], "<remove><relatedto><id>8</id></relatedto></remove>"),
        (None, "<remove><relatedto><id>7</id></relatedto><relatedto><id>8</id></relatedto></remove>"),
        ([{"id": 7, "note": "y"}, {"id": "8"}],
         "<add><relatedto><id>7</id><note>y</note></relatedto><relatedto><id>8</id><note></note></relatedto>"
         "</add>"),
    ],
)  # fmt: skip
def test_related_items_are_sent_as_what_is_added_and_removed(value: Value, sent: str) -> None:
    now = Record(ref(id_="1"), "", {"relateditems": ROWS})
    call = write_call(Op.EDIT, ref(id_="1"), {"relateditems": value}, now)
    assert call.body.decode() == SENT.format(f"<relateditems>{sent}</relateditems>")
