"""The rules of opportunities: milestones close them, and a closed one keeps its probability."""

from typing import Any

from . import draft, values
from .account import CURRENCY, LOST_REASONS, MILESTONE_BY_ID, MILESTONES, TOKEN_USER, TRACKS
from .draft import Records
from .entity import OPPORTUNITIES
from .places import CURRENCY_CODES
from .refusal import refused

Json = dict[str, Any]
BASES = ("FIXED", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")


def _value(value: Any) -> Json | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value.keys() <= {"amount", "currency"}:
        raise values.Wrong("must have an amount and a currency")
    if "currency" in value and value["currency"] not in (None, *CURRENCY_CODES):
        raise values.Wrong("unknown currency")
    found = dict(value)
    if "amount" in value:
        found["amount"] = values.amount(value["amount"])
    return found


_CHECKS = {
    "party": values.record,
    "name": values.text,
    "description": values.text,
    **draft.OWNED,
    "milestone": values.choice(MILESTONES, "milestone"),
    "value": _value,
    "expectedCloseOn": values.day,
    "probability": values.percent,
    "durationBasis": values.one_of(*BASES),
    "duration": values.whole,
    "closedOn": values.day,
    "lostReason": values.choice(LOST_REASONS, "lost reason"),
    **draft.TAGGED,
}
_TOLD = (*draft.TOLD, "lastStageChangedAt", "lastOpenMilestone")


def changed(records: Records, old: Json | None, body: Json) -> Json:
    """An opportunity after a change, or a new one."""
    new = old is None
    if old is None:
        old = {**OPPORTUNITIES.empty, "owner": TOKEN_USER}
        body = {name: value for name, value in body.items() if name != "tracks" or not _known_tracks(value)}
    given = values.taken(body, _CHECKS, _TOLD, "opportunity")
    doc = {**old, **{name: value for name, value in given.items() if name not in draft.TAGGED}}
    values.required(doc, ["party", "name", "milestone"], "opportunity")
    draft.check_records(records, given, {"party": "parties"}, "opportunity")
    draft.check_team(doc, "opportunity")
    if "value" in given:
        doc["value"] = _money(old["value"], given["value"])
    _check_duration(doc, given)
    _move(records, old, doc, given, new=new)
    return {**doc, **draft.tagged(records, "opportunities", old, given)}


def _known_tracks(value: Any) -> bool:
    known = {track["id"] for track in TRACKS}
    return isinstance(value, list) and all(isinstance(each, int) and each in known for each in value)


def _money(old: Json | None, given: Json | None) -> Json | None:
    """An amount of nothing is no value; a currency by itself changes that of the amount."""
    merged = {"amount": None, "currency": CURRENCY, **(old or {}), **(given or {})}
    if given is None or merged["amount"] is None:
        return None
    return {"amount": merged["amount"], "currency": merged["currency"] or CURRENCY}


def _check_duration(doc: Json, given: Json) -> None:
    doc["durationBasis"] = doc["durationBasis"] or "FIXED"
    if doc["durationBasis"] == "FIXED":
        doc["duration"] = None
    elif doc["duration"] is None:
        raise refused("duration is required", "opportunity", "duration")
    elif doc["duration"] < 1 and "duration" in given:
        raise refused("must be greater than 0", "opportunity", "duration")


def _move(records: Records, old: Json, doc: Json, given: Json, *, new: bool) -> None:
    """What a milestone does: it sets the probability, closes the opportunity, or opens it again."""
    milestone = MILESTONE_BY_ID[doc["milestone"]]
    moved = doc["milestone"] != old["milestone"]
    if milestone["complete"]:
        if "probability" in given and given["probability"] != milestone["probability"]:
            message = "probability can be updated only for open opportunity"
            raise refused(message, "opportunity", "probability")
        doc["closedOn"] = doc["closedOn"] or records.today()
        doc["probability"] = milestone["probability"]
        before = MILESTONE_BY_ID.get(old["milestone"] or 0)
        if moved and before is not None and not before["complete"]:
            doc["lastOpenMilestone"] = old["milestone"]
    else:
        doc["closedOn"] = None
        doc["lastOpenMilestone"] = None
        if old["closedOn"] is not None:
            doc["lostReason"] = None
        if given.get("probability") is None and (moved or "probability" in given):
            doc["probability"] = milestone["probability"]
    if moved:
        doc["lastStageChangedAt"] = None if new else records.now()
