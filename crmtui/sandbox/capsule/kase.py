"""The rules of kases, which are called projects since 2022."""

from typing import Any

from . import draft, values
from .account import BOARD_BY_ID, STAGE_BY_ID, STAGES
from .draft import Records
from .entity import KASES
from .refusal import refused

Json = dict[str, Any]
_CHECKS = {
    "party": values.record,
    "opportunity": values.record,
    "name": values.text,
    "description": values.text,
    **draft.OWNED,
    "status": values.one_of("OPEN", "CLOSED"),
    "stage": values.choice(STAGES, "stage"),
    "startOn": values.day,
    "expectedCloseOn": values.day,
    "closedOn": values.day,
    **draft.TAGGED,
}


def changed(records: Records, old: Json | None, body: Json) -> Json:
    """A kase after a change, or a new one."""
    given = values.taken(body, _CHECKS, draft.TOLD, "kase")
    plain = {name: value for name, value in given.items() if name not in draft.TAGGED}
    if old is None:
        old = dict(KASES.empty)
        doc = {**old, **plain}
        board = BOARD_BY_ID[STAGE_BY_ID[doc["stage"]]["board"]["id"]] if doc["stage"] else None
        if board is not None and board["team"] and "team" not in given:
            # The team of the stage's board wins over the owner.
            doc |= {"owner": None, "team": board["team"]["id"]}
    else:
        doc = {**old, **plain}
        if "owner" in given or "team" in given:
            # They are written as a pair: the one that is left out is cleared.
            doc |= {"owner": given.get("owner"), "team": given.get("team")}
            if doc["owner"] is None and doc["team"] is None:
                raise refused("owner or team is required", "kase", "owner")
    values.required(doc, ["party", "name"], "kase")
    draft.check_records(records, given, {"party": "parties", "opportunity": "opportunities"}, "kase")
    draft.check_team(doc, "kase")
    doc["status"] = doc["status"] or "OPEN"
    doc["closedOn"] = (doc["closedOn"] or records.today()) if doc["status"] == "CLOSED" else None
    return {**doc, **draft.tagged(records, "kases", old, given)}
