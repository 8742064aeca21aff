"""Recorded exchanges of OnePageCRM's API v3: what a body says is what was read, and nothing else is."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmtui.crm.onepagecrm.v3.envelope import news
from crmtui.model.call import Answer
from crmtui.model.news import Count, News
from crmtui.model.schema import Choice, Field, FieldType

from .onepage_v3 import adapter, asked, ref

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "onepagecrm"
pytestmark = pytest.mark.recordings

LISTS = {
    "contacts_page_1": ("contacts", "contact", "custom_field"),
    "contacts_page_3": ("contacts", "contact", "custom_field"),
    "action_stream_page_1": ("contacts", "contact", "custom_field"),
    "companies": ("companies", "company", "company_field"),
    "deals": ("deals", "deal", "deal_field"),
}
OTHER_RECORDS = ("contacts", "pending_deals")
"""Members of an organization that are records of other kinds."""


def recorded(name: str) -> tuple[Any, Answer]:
    _, _, response = (FOLDER / f"{name}.http").read_text("utf-8").partition("--- RESPONSE ---\n")
    head, _, body = response.partition("\n\n")
    return json.loads(body), Answer(
        int(head.split(" ")[1]), {"content-type": "application/json"}, body.encode()
    )


def scalars(node: Any) -> Iterator[str]:
    """Every scalar of a value, as JSON."""
    if isinstance(node, dict):
        for part in node.values():
            yield from scalars(part)
    elif isinstance(node, list):
        for part in node:
            yield from scalars(part)
    else:
        yield json.dumps(float(node) if not isinstance(node, bool | str | None) else node)


def meant(row: dict[str, Any], single: str, custom: str) -> Iterator[str]:
    """The scalars of a record that are to be read, by the words of the design, written down once more."""
    held = dict(row[single])
    for part in held.pop(f"{custom}s", []):
        yield from scalars(part["value"])
    for name in ("id", *OTHER_RECORDS):
        held.pop(name, None)
    yield from scalars({name: row.get(name, []) for name in ("next_actions", "queued_actions")})
    yield from scalars(held)


@pytest.mark.parametrize("name", LISTS)
def test_no_value_of_a_record_is_lost_or_made_up(name: str) -> None:
    kind, single, custom = LISTS[name]
    said, answer = recorded(name)
    page = adapter().read(asked(kind).call, answer)
    rows = said["data"][kind]
    assert [record.ref.id for record in page.records] == [row[single]["id"] for row in rows]
    assert page.total == said["data"]["total_count"]
    for record, row in zip(page.records, rows, strict=True):
        wanted, got = Counter(meant(row, single, custom)), Counter(scalars(record.values))
        # What only names an id in the record is its label.
        named = Counter(json.dumps(text) for text in record.labels.values())
        if kind == "deals":
            named[json.dumps(row[single]["owner_id"])] += 1
        assert got - wanted == Counter()
        assert wanted - got - named == Counter()
        assert record.stamp == row[single].get("modified_at")


def test_the_members_of_a_contact() -> None:
    said, answer = recorded("action_stream_page_1")
    first = adapter().read(asked("contacts").call, answer).records[0]
    row = said["data"]["contacts"][0]
    held = row["contact"]
    assert first.title == "Milo Kovač"
    assert first.values["tags"] == ["AndroidTagTest", "iOSTagTest", "VIP"]
    assert first.values["phones"] == held["phones"]
    assert first.values["TestMultipleChoice"] == ["First", "Second", "Third"]
    assert first.values["next_actions"] == row["next_actions"]
    assert first.labels["company_id"] == held["company_name"]
    assert first.labels["status_id"] == held["status"]


def test_an_organization_has_its_address_part_by_part() -> None:
    _, answer = recorded("companies")
    first = adapter().read(asked("companies").call, answer).records[0]
    assert first.values["address.city"] == "Galway"
    assert first.values["address.zip_code"] is None
    assert str(first.values["CompanyNumber"]) == "3.14"


def test_a_page_beyond_the_last_one() -> None:
    _, answer = recorded("action_stream_page_3")
    page = adapter().read(asked("contacts").call, answer)
    assert (page.records, page.total, page.has_more) == ((), 18, False)


def by_label(kind: str) -> dict[str, Field]:
    call = adapter().schema(kind)
    assert call is not None
    schema = adapter().read(call, recorded("bootstrap")[1])
    assert schema.strange == ()
    assert schema.told == len([field for field in schema.fields if field.key])
    return dict(schema.by_name)


def test_fields_that_the_account_defines() -> None:
    said, _ = recorded("bootstrap")
    fields = by_label("contacts")
    assert [field.key[0] for field in fields.values() if field.key] == [
        row["custom_field"]["id"] for row in said["data"]["custom_fields"]
    ]
    assert fields["TestAnniversary"].type is FieldType.DATE
    assert fields["TestMultipleChoice"].type is FieldType.CHOICES
    assert fields["TestDropdown"].choices == tuple(
        Choice(word, word) for word in ("First", "Second", "Third")
    )
    assert by_label("companies")["CompanyNumber"].type is FieldType.DECIMAL
    assert by_label("deals")["DealMultiLine"].type is FieldType.MULTILINE


def test_values_that_fields_take() -> None:
    said, answer = recorded("bootstrap")
    fields = by_label("contacts")
    assert fields["status_id"].choices == tuple(
        Choice(row["status"]["id"], row["status"]["text"]) for row in said["statuses"]
    )
    assert [choice.value for choice in fields["lead_source_id"].choices or ()] == [
        row["id"] for row in said["lead_sources"]
    ]
    assert [choice.value for choice in fields["title"].choices or ()] == ["Mr", "Mrs", "Ms"]
    stages = by_label("deals")["stage"].choices or ()
    assert [(choice.value, choice.label) for choice in stages] == [
        ("10", "Qualification"),
        ("25", "25"),
        ("50", "Decision"),
        ("75", "75"),
        ("90", "Negotiation"),
    ]
    call = adapter().choices("calls", Field("call_result"))
    assert call is not None
    results = adapter().read(call, answer)
    assert {choice.value: choice.label for choice in results} == said["data"]["call_results"]
    call = adapter().choices("contacts", Field("tags"))
    assert call is not None
    assert [choice.value for choice in adapter().read(call, answer)] == [
        "AndroidTagTest",
        "iOSTagTest",
        "VIP",
    ]


def test_countries() -> None:
    said, answer = recorded("countries")
    call = adapter().choices("contacts", Field("address_list.country_code"))
    assert call is not None
    found = adapter().read(call, answer)
    assert found == tuple(
        Choice(row["country"]["code"], row["country"]["name"]) for row in said["data"]["countries"]
    )
    assert len(found) == 250


def test_the_news_beside_the_data() -> None:
    said, answer = recorded("bootstrap")
    told = news(answer)
    assert told is not None
    assert told.tags == tuple(
        Count(row["name"], row["name"], row["total_count"]) for row in said["tags"]["tags"]
    )
    assert told.statuses == tuple(
        Count(row["status"]["id"], row["status"]["text"], row["status"]["total_count"])
        for row in said["statuses"]
    )
    assert (told.sales, told.notices) == (None, ())


def test_news_only_where_there_are_some() -> None:
    assert news(recorded("deals")[1]) == News()
    assert news(Answer(200, {}, b"Rate Limit Exceeded")) is None
    assert news(Answer(200, {}, b'{"status": 403, "message": "no"}')) is None


def test_times_of_calls_are_moments() -> None:
    said, _ = recorded("contacts_page_1")
    call = said["data"]["contacts"][0]["calls"][0]
    for time in (call["call_time_int"], str(call["call_time_int"])):
        body = {"status": 0, "data": {"call": {**call, "call_time_int": time}}}
        read = adapter().read(
            adapter().show(ref("calls", call["id"])), Answer(200, {}, json.dumps(body).encode())
        )
        moment = datetime.fromtimestamp(call["call_time_int"], UTC)
        assert read.values["call_time_int"] == f"{moment:%Y-%m-%dT%H:%M:%SZ}"
