"""Answers of Capsule v1 as records, parts, schemas and choices; both formats say the same."""

import json
from typing import Any

import pytest

from crmtui.crm.capsule.v1.said import said_in
from crmtui.model.call import Call
from crmtui.model.errors import BadAnswer
from crmtui.model.record import Part, Record, Ref
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.value import check

from .capsule_v1 import adapter, fields_of, read, ref, shown

PERSON = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><person><id>100</id><contacts>'
    "<email><id>1</id><type>Work</type><emailAddress>a@b.example</emailAddress></email>"
    "<phone><id>2</id><phoneNumber>+44 1</phoneNumber></phone>"
    "<phone><id>3</id><type>Fax</type><phoneNumber>+44 2</phoneNumber></phone>"
    "<website><id>4</id><webService>URL</webService><webAddress>a.example</webAddress></website></contacts>"
    "<createdOn>2015-11-04T11:17:16Z</createdOn><updatedOn>2013-09-13T14:27:26.013Z</updatedOn>"
    "<firstName>Larry </firstName><lastName>Page &amp; &lt;b&gt;</lastName><about/>"
    "<organisationId>50</organisationId><organisationName>Google Inc</organisationName></person>"
)


def as_json(body: str) -> str:
    """The same document in JSON, as the service derives it."""
    root, node, _ = said_in(body.encode())

    def mapped(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: mapped(part) for name, part in node.items()}
        return [mapped(part) for part in node] if isinstance(node, list) else node or ""

    return json.dumps({root: mapped(node)}).replace("/", "\\/")


def held(record: Record) -> dict[str, Any]:
    """The values of a record that are not empty; what its element lacks is null."""
    assert record.values.keys() >= {f.name for f in adapter().built_in(record.ref.kind).fields if not f.part}
    return {name: value for name, value in record.values.items() if value is not None}


def pretty(body: str) -> str:
    """The same document with white space between its elements."""
    return body.replace("><", ">\n  <")


@pytest.mark.parametrize("form", [str, as_json, pretty], ids=["xml", "json", "pretty"])
def test_a_person(form: Any) -> None:
    record = shown("parties", form(PERSON))
    assert record.ref == Ref("acme", "parties", "100")
    assert record.stamp == "2013-09-13T14:27:26.013Z"
    assert record.labels == {"organisation": "Google Inc"}
    assert held(record) == {
        "type": "person",
        "addresses": [],
        "emailAddresses": [{"id": "1", "type": "Work", "address": "a@b.example"}],
        "phoneNumbers": [{"id": "2", "number": "+44 1"}, {"id": "3", "type": "Fax", "number": "+44 2"}],
        "websites": [{"id": "4", "service": "URL", "address": "a.example"}],
        "createdAt": "2015-11-04T11:17:16Z",
        "updatedAt": "2013-09-13T14:27:26.013Z",
        "firstName": "Larry ",
        "lastName": "Page & <b>",
        "organisation": "50",
    }


@pytest.mark.parametrize("form", [str, as_json], ids=["xml", "json"])
def test_dates_are_days_and_a_time_stands_apart(form: Any) -> None:
    deal = shown(
        "opportunities",
        form(
            "<opportunity><id>1</id><partyId>2</partyId><partyName>Ann</partyName><value>50000.00</value>"
            "<expectedCloseDate>2013-04-01T00:00:00Z</expectedCloseDate>"
            "<actualCloseDate>2015-04-15T09:30:00Z</actualCloseDate>"
            "<milestoneId>9</milestoneId><milestone>Won</milestone></opportunity>"
        ),
    )
    assert held(deal) == {
        "party": "2",
        "value": "50000.00",
        "expectedCloseOn": "2013-04-01",
        "closedOn": "2015-04-15T09:30:00Z",
        "milestone": "9",
    }
    assert deal.labels == {"party": "Ann", "milestone": "Won"}
    for due, values in {
        "<dueDate>2012-02-24T00:00:00Z</dueDate>": {"dueOn": "2012-02-24"},
        "<dueDateTime>2012-02-24T00:00:00Z</dueDateTime>": {"dueOn": "2012-02-24", "dueTime": "00:00"},
        "<dueDateTime>2012-02-24T09:05:07Z</dueDateTime>": {"dueOn": "2012-02-24", "dueTime": "09:05:07"},
        "<dueDateTime>soon</dueDateTime>": {"dueDateTime": "soon"},
    }.items():
        assert held(shown("tasks", form(f"<task><id>1</id>{due}</task>"))) == values


def test_what_nobody_foresaw_keeps_its_name() -> None:
    record = shown("kases", "<kase><id>1</id><mood>good</mood><more><a>1</a></more></kase>")
    assert held(record) == {"mood": "good", "more": {"a": "1"}}
    known = shown("parties", "<person><id>1</id><contacts><pager><id>7</id></pager></contacts></person>")
    assert known.values["pager"] == [{"id": "7"}]


def test_json_may_tell_size_beside_rows_and_scalars_as_they_are() -> None:
    call = Call("GET", "/api/kase", "page", args={"kind": "kases", "start": 0, "size": 9})
    page = read(call, '{"kases":{"@size":"1","kase":{"id":43,"name":"","open":true,"owner":null}}}')
    [record] = page.records
    assert (record.ref.id, held(record)) == ("43", {"open": "true"})
    assert page.total == 1


@pytest.mark.parametrize(
    "body", ["", "<html/>", "{}", "[]", "<kases/>", "<kase><name>x</name></kase>", '"x"']
)
def test_what_is_no_record_is_a_bad_answer(body: str) -> None:
    with pytest.raises(BadAnswer):
        shown("kases", body)


def test_another_record_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer, match="another record"):
        read(adapter().show(ref("kases", "5")), "<kase><id>6</id></kase>")


@pytest.mark.parametrize("form", [str, as_json], ids=["xml", "json"])
def test_parts(form: Any) -> None:
    of = ref("opportunities", "5")
    rows = (
        "<parties><organisation><id>3</id><name>Beta</name></organisation><person><id>2</id>"
        "<firstName>Ann</firstName><lastName>Lee</lastName></person></parties>"
    )
    assert read(adapter().part(of, "parties"), form(rows)) == Part(
        "parties",
        {
            "parties": [
                {"id": "2", "type": "person", "name": "Ann Lee"},
                {"id": "3", "type": "organisation", "name": "Beta"},
            ]
        },
    )
    tags = form("<tags><tag><name>VIP</name></tag></tags>")
    assert read(adapter().part(of, "tags"), tags) == Part("tags", {"tags": ["VIP"]})
    customs = form(
        "<customFields><customField><tag>Membership</tag><label>Joined</label><date>2015-01-01T00:00:00Z</date>"
        "</customField><customField><label>Sends</label><boolean>true</boolean></customField>"
        "<customField><label>name</label><text>x </text></customField>"
        "<customField><label>Score</label><number>1.50</number></customField></customFields>"
    )
    assert read(adapter().part(of, "customfields"), customs) == Part(
        "customfields",
        {"Membership/Joined": "2015-01-01", "Sends": True, "custom/name": "x ", "Score": "1.50"},
    )
    assert read(adapter().part(of, "tags"), "<tags/>") == Part("tags", {"tags": []})


DEFINED = (
    "<customFieldDefinitions>"
    "<customFieldDefinition><label>Size</label><type>Number</type><displayOrder>2</displayOrder>"
    "<forPartyClass>organisation</forPartyClass></customFieldDefinition>"
    "<customFieldDefinition><tag>Staff</tag><label>NI</label><type>Text</type><options>^[A-Z]{2}[0-9]{6}$</options>"
    "<displayOrder>1</displayOrder></customFieldDefinition>"
    "<customFieldDefinition><label>NI</label><type>List</type><options>web; mail;</options>"
    "</customFieldDefinition>"
    "<customFieldDefinition><label>name</label><type>Hologram</type></customFieldDefinition>"
    "</customFieldDefinitions>"
)


@pytest.mark.parametrize("form", [str, as_json], ids=["xml", "json"])
def test_custom_fields_are_defined(form: Any) -> None:
    fields = fields_of("parties", form(DEFINED))
    size, tagged, listed, strange = [*fields.values()][-4:][1::-1] + [*fields.values()][-2:]
    assert (size.type, size.given, size.part, size.listed) == (
        FieldType.DECIMAL,
        ("type", "organisation"),
        "customfields",
        False,
    )
    assert (tagged.name, tagged.label, tagged.key) == ("Staff/NI", "NI (Staff)", ("NI", "Staff"))
    assert check(tagged, "AB123456") is None
    assert "does not fit the pattern" in (check(tagged, "nonsense") or "")
    assert (listed.choices, listed.open) == ((Choice("web", "web"), Choice("mail", "mail")), False)
    assert (strange.name, strange.type) == ("custom/name", FieldType.UNKNOWN)


def test_a_field_of_people_and_organisations_is_one() -> None:
    both = (
        "<customFieldDefinitions><customFieldDefinition><label>A</label><type>Text</type>"
        "<forPartyClass>person</forPartyClass></customFieldDefinition><customFieldDefinition><label>A</label>"
        "<type>Text</type><forPartyClass>organisation</forPartyClass></customFieldDefinition>"
        "</customFieldDefinitions>"
    )
    assert fields_of("parties", both)["A"].given is None


def test_what_v1_lacks_is_no_field() -> None:
    lacked = {"team", "stage", "lostReason", "startOn"}
    for kind in adapter().kinds.values():
        names = adapter().built_in(kind.name).by_name.keys()
        assert lacked.isdisjoint(names)
        assert set(kind.columns) <= names


def choices(kind: str, name: str, body: str) -> Any:
    call = adapter().choices(kind, Field(name))
    assert call is not None
    return read(call, body)


def test_lists_to_choose_from() -> None:
    users = "<users><user><username>a.user</username><name>Alfred</name></user></users>"
    assert read(adapter().check(), users) == (Choice("a.user", "Alfred"),)
    stones = '{"milestones":{"milestone":{"id":"1","name":"New","complete":"false"}}}'
    assert choices("opportunities", "milestone", stones) == (Choice("1", "New"),)
    # One alone is a bare text in JSON; elements with a code are taken too.
    assert choices("parties", "addresses.country", '{"countries":{"country":"France"}}') == (
        Choice("France", "France"),
    )
    coded = "<currencies><currency><code>GBP</code><name>Pound</name></currency></currencies>"
    assert choices("opportunities", "currency", coded) == (Choice("GBP", "Pound"),)
    words = "<taskCategories><taskCategory>Call</taskCategory></taskCategories>"
    assert choices("tasks", "category", words) == (Choice("Call", "Call"),)
    assert adapter().choices("parties", adapter().built_in("parties").field("tags")) is None
