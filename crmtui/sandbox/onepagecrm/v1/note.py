"""A note or deal in the words of v1, where a deal is a note, and a form of v1 in those of the account."""

from typing import Any

from crmtui.sandbox.onepagecrm.account import TOKEN_USER

from . import values
from .dialect import Dialect
from .message import Problem

Json = dict[str, Any]
_NAME = 60
"""Characters of a deal's name, which v1 does not know: it is the first line of the body."""
_STATUSES = ("pending", "won", "lost")
_STAGES = frozenset(str(stage) for stage in range(1, 100))


def body_of(doc: Json) -> str:
    """The text of a note; of a deal, its name and text."""
    name, text = doc.get("name", ""), str(doc["text"])
    if not name or text.startswith(name):
        return text
    return f"{name}\n{text}" if text else str(name)


def named(body: str) -> Json:
    """The name and text of a deal whose body, told again, is the same."""
    first, _, rest = body.partition("\n")
    if len(first) <= _NAME and first == first.strip() and rest == rest.strip() and not rest.startswith(first):
        return {"name": first, "text": rest}
    return {"name": first[:_NAME].strip(), "text": body}


def told(doc: Json, pipeline: str, person: Json | None = None) -> Json:
    """A note as documented; with its contact where lists of deals are told."""
    deal = "amount" in doc
    shown = {
        "id": doc["id"],
        "cid": doc["contact_id"],
        "body": body_of(doc),
        "date": values.day_told(doc["date"]),
        "type": "deal" if deal else "note",
    }
    if deal:
        shown["deal"] = _deal(doc, pipeline)
    if person is not None:
        names = ("firstname", "first_name"), ("lastname", "last_name"), ("company", "company_name")
        shown["contact"] = {name: person[kept] or None for name, kept in names}
    return shown


def _deal(doc: Json, pipeline: str) -> Json:
    pending = doc["status"] == "pending"
    shown = {
        "amount": total(doc),
        "status": doc["status"],
        "closed": None if pending else values.day_told(doc["close_date"]),
    }
    if pending and pipeline == "full":
        shown["deal_stage"] = doc["stage"]
    if pending and pipeline != "off":
        shown["exp_close"] = values.day_told(doc["expected_close_date"])
    return shown


def total(doc: Json) -> float:
    """What a deal is worth: v1 knows no months."""
    return round(float(doc["amount"] * doc["months"]), 2)


def raw(doc: Json) -> Json:
    """A note as the recorded writes answer it."""
    deal = "amount" in doc
    return {
        "deal_amount": total(doc) if deal else None,
        "created_at": values.raw_moment(doc["created_at"]),
        "body": body_of(doc),
        "deal_closed": doc["close_date"] if deal else None,
        "is_deal": deal,
        "updated_at": values.raw_moment(doc["modified_at"]),
        "contact_id": doc["contact_id"],
        "date": doc["date"],
        "id": doc["id"],
        "user_id": doc.get("author_id") or doc.get("owner_id") or TOKEN_USER,
        "deal_status": doc["status"] if deal else None,
    }


def is_deal(form: dict[str, str], dialect: Dialect) -> bool:
    """Whether a form is of a deal."""
    documented = dialect.deal_fields != "raw" and form.get("type", "").lower() == "deal"
    return documented or (dialect.deal_fields != "documented" and values.flag(form.get("is_deal")))


def given(form: dict[str, str], dialect: Dialect) -> Json:
    """The text and day of a form, which both have to be there."""
    day = values.day_given(form.get("date"))
    body = form.get("body", "")[:7168]
    if not body or not form.get("date"):
        raise Problem(109)
    if day is None:
        raise Problem(108)
    return {"text": body, "date": day}


def given_deal(form: dict[str, str], old: Json | None, dialect: Dialect) -> Json:
    """What a form says of a deal; of one already there, months and items stay where the amount does."""
    kinds = {"both": ("", "deal_"), "documented": ("",), "raw": ("deal_",)}[dialect.deal_fields]

    def field(name: str) -> str | None:
        return next((form[kind + name] for kind in kinds if kind + name in form), None)

    amount = values.number(field("amount")) or 0
    status = (field("status") or "").lower()
    body: Json = {"status": status if status in _STATUSES else "pending"}
    if old is None or total(old) != amount:
        body |= {"amount": amount, "months": 1, "deal_items": []}
    if body["status"] == "pending":
        stage = form.get("deal_stage", "")
        if dialect.pipeline == "full" and stage in _STAGES:
            body["stage"] = int(stage)
        if dialect.pipeline != "off":
            body["expected_close_date"] = values.day_given(form.get("exp_close"))
    return body
