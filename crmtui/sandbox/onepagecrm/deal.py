"""The rules of deals: pending ones have a stage of their pipeline, won and lost ones a day of closing."""

from collections.abc import Callable, Mapping
from typing import Any

from . import contact, fields, values
from .account import USERS, author
from .entity import DEALS
from .records import Records
from .refusal import invalid
from .values import Check, Wrong

Json = dict[str, Any]
STATUSES = ("pending", "won", "lost")


def _or(check: Check, nothing: Any) -> Check:
    def checked(value: Any) -> Any:
        found = check(value)
        return nothing if found is None else found

    return checked


def _stage(value: Any) -> int | None:
    found = values.whole(value)
    if found is not None and not 0 < found < 100:
        raise Wrong("must be greater than 0 and less than 100")
    return found


def _months(value: Any) -> int:
    found = values.whole(value)
    if found is not None and found < 1:
        raise Wrong("must be greater than 0")
    return found or 1


def _items(value: Any) -> list[Json]:
    found = []
    for row in values.objects(value):
        item = {
            "id": values.text(24)(row.get("id")),
            "name": values.text(255)(row.get("name")),
            "description": values.text(1024)(row.get("description")),
            "cost": values.number(row.get("cost")) or 0,
            "price": values.number(row.get("price")) or 0,
            "qty": values.whole(row.get("qty", 1)) or 0,
            "predefined_item_id": values.text(24)(row.get("predefined_item_id")),
        }
        if not item["name"]:
            raise Wrong("name is required")
        found.append(item)
    return found


def _checks(records: Records) -> Mapping[str, Check]:
    return {
        "contact_id": values.text(24),
        "owner_id": contact.owner(records),
        "pipeline_id": values.choice(
            {row["id"] for row in records.setup("pipelines")}, DEALS.empty["pipeline_id"]
        ),
        "name": values.text(60, cut=True),
        "text": values.text(7168),
        "date": values.day,
        "amount": _or(values.number, 0),
        "months": _months,
        "cost": _or(values.number, 0),
        "commission_base": values.choice(("amount", "margin"), "amount"),
        "commission_type": values.choice(("none", "percentage", "absolute"), "none"),
        "commission": _or(values.number, 0),
        "commission_percentage": _or(values.number, 0),
        "status": values.choice(STATUSES, "pending"),
        "stage": _stage,
        "expected_close_date": values.day,
        "close_date": values.day,
        "deal_fields": fields.check("deal_fields", records.setup("deal_fields")),
        "deal_items": _items,
    }


def changed(
    records: Records, old: Json | None, body: Json, *, partial: bool, next_id: Callable[[], str]
) -> Json:
    """A deal after a change, or a new one."""
    given = values.taken(body, _checks(records))
    lasting = ("id", "contact_id", "author", "created_at", "stages")
    base = {**DEALS.empty, "author": author(USERS[0])}
    if old is not None:
        base = old if partial else {**DEALS.empty, **{name: old[name] for name in lasting}}
        if given.pop("contact_id", old["contact_id"]) != old["contact_id"]:
            raise invalid("contact_id", "cannot be changed")
    doc = {**base, **given}
    if not doc["contact_id"]:
        raise invalid("contact_id", "is required")
    if records.kept("contacts", doc["contact_id"]) is None:
        raise invalid("contact_id", "contact not found")
    if not doc["name"]:
        raise invalid("name", "is required")
    _stand(records, old, doc, given)
    doc["date"] = doc["date"] or (old or {}).get("date") or records.today()
    if doc["deal_items"]:
        doc["deal_items"] = [{**row, "id": row["id"] or next_id()} for row in doc["deal_items"]]
        doc["amount"] = sum(row["price"] * row["qty"] for row in doc["deal_items"])
        doc["cost"] = sum(row["cost"] * row["qty"] for row in doc["deal_items"])
    return doc


def _stand(records: Records, old: Json | None, doc: Json, given: Json) -> None:
    """The stage and the days that go with the status."""
    pipeline = next(row for row in records.setup("pipelines") if row["id"] == doc["pipeline_id"])
    stages = [row["stage"] for row in pipeline["stages"]]
    if doc["status"] != "pending":
        doc["stage"] = None
        doc["expected_close_date"] = None
        doc["close_date"] = doc["close_date"] or records.today()
        return
    if doc["stage"] is None or (doc["stage"] not in stages and "stage" not in given):
        doc["stage"] = doc["stages"].get(doc["pipeline_id"], stages[0])
    if doc["stage"] not in stages:
        raise invalid("stage", "is not included in the list")
    doc["stages"] = {**doc["stages"], doc["pipeline_id"]: doc["stage"]}
    doc["close_date"] = None
    doc["expected_close_date"] = doc["expected_close_date"] or records.today()
