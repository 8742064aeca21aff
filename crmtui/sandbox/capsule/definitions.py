"""The tags and custom fields that the account starts with, per entity; tag and field ids never repeat."""

from typing import Any

from crmtui.sandbox.world import SECTORS

from .account import SOURCES

Json = dict[str, Any]


def _field(number: int, order: int, name: str, kind: str, **more: Any) -> Json:
    return {"id": number, "name": name, "type": kind, "displayOrder": order, "important": False, **more}


TAGS: dict[str, tuple[Json, ...]] = {
    "parties": (
        {"id": 201, "name": "Customer", "description": "Has a contract", "dataTag": False},
        {"id": 202, "name": "Newsletter", "description": None, "dataTag": False},
        {"id": 203, "name": "Press & Media", "description": None, "dataTag": False},
        {"id": 204, "name": "Ältere/r Kunde [/]", "description": None, "dataTag": False},
        {"id": 205, "name": "Membership", "description": "Members of the programme", "dataTag": True},
    ),
    "opportunities": (
        {"id": 211, "name": "Hot", "description": None, "dataTag": False},
        {"id": 212, "name": "Tender", "description": "Has a deadline", "dataTag": True},
    ),
    "kases": (
        {"id": 221, "name": "Urgent", "description": None, "dataTag": False},
        {"id": 222, "name": "Warranty", "description": None, "dataTag": False},
    ),
}
_MEMBERSHIP = {"id": 205, "name": "Membership", "dataTag": True}
_TENDER = {"id": 212, "name": "Tender", "dataTag": True}
DEFINITIONS: dict[str, tuple[Json, ...]] = {
    "parties": (
        _field(301, 1, "Lead source", "list", options=list(SOURCES)),
        _field(302, 2, "Birthday", "date", captureRule="person"),
        _field(303, 3, "Sector", "list", captureRule="organisation", options=list(SECTORS)),
        _field(304, 4, "NI Number", "text", pattern="^[A-Z]{2}[0-9]{6}[A-D]$", captureRule="person"),
        _field(305, 5, "Lead score", "number", description="From 0 to 100", important=True),
        _field(306, 6, "Sends a catalogue", "boolean"),
        _field(307, 7, "Wiki page", "link"),
        _field(308, 8, "Background", "largetext"),
        _field(309, 9, 'Label [/] "quoted" \x9b31m & <b>', "text"),
        _field(311, 1, "Level", "list", tag=_MEMBERSHIP, options=["supporter", "partner", "sponsor"]),
        _field(312, 2, "Joined", "date", tag=_MEMBERSHIP),
        _field(313, 3, "Newsletter", "boolean", tag=_MEMBERSHIP),
        _field(314, 4, "Member number", "text", tag=_MEMBERSHIP),
    ),
    "opportunities": (
        _field(331, 1, "Competitor", "text"),
        _field(332, 2, "Discount", "number"),
        _field(333, 3, "Signed offer", "link"),
        _field(334, 4, "Next step on", "date"),
        _field(335, 5, "Budget approved", "boolean"),
        _field(336, 1, "Deadline", "date", tag=_TENDER),
        _field(337, 2, "Lots", "number", tag=_TENDER),
    ),
    "kases": (
        _field(351, 1, "Priority", "list", options=["Low", "Normal", "High", "Critical"]),
        _field(352, 2, "Serial number", "text", pattern="^SN-[0-9]+$"),
        _field(353, 3, "Installed", "date"),
        _field(354, 4, "Findings", "largetext"),
    ),
}
FIRST_RECORD = 1001
"""Ids below are of what the account has set up."""
