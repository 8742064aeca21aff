"""The custom fields that the account starts with: every type, of contacts, companies and deals."""

from typing import Any

from crmtui.sandbox.world import SECTORS

from .account import FOUNDED, ident

Json = dict[str, Any]
TYPES = (
    "anniversary",
    "date",
    "multi_line_text",
    "multiple_choice",
    "number",
    "select_box",
    "single_line_text",
    "external_id",
    "section_divider",
)
"""Those of contacts; companies and deals have no anniversaries."""
CHOICES = ("multiple_choice", "select_box")
"""The types that have choices."""


def _fields(first: int, *given: tuple[str, str, Json]) -> tuple[Json, ...]:
    stamps = {"created_at": FOUNDED, "modified_at": FOUNDED}
    return tuple(
        {"id": ident(first + place), "name": name, "type": kind, "position": place, **more, **stamps}
        for place, (name, kind, more) in enumerate(given)
    )


FIELDS: dict[str, tuple[Json, ...]] = {
    "custom_fields": _fields(
        121,
        ("Favourite product", "single_line_text", {}),
        ("Directions", "multi_line_text", {}),
        ("Birthday", "anniversary", {"reminder_days": 2}),
        ("Contract until", "date", {}),
        ("Lead score", "number", {}),
        ("Sector", "select_box", {"choices": list(SECTORS)}),
        ("Interests", "multiple_choice", {"choices": ["Hardware", "Software", "R&D [/]", "Training"]}),
        ("Bookkeeping", "section_divider", {}),
        ("Customer number", "external_id", {}),
        ('Label [/] "quoted" \x9b31m & <b>', "single_line_text", {}),
    ),
    "company_fields": _fields(
        141,
        ("VAT number", "single_line_text", {}),
        ("Delivery notes", "multi_line_text", {}),
        ("Founded on", "date", {}),
        ("Employees", "number", {}),
        ("Size", "select_box", {"choices": ["Small", "Medium", "Large"]}),
        ("Certificates", "multiple_choice", {"choices": ["ISO 9001", "ISO 14001", "EMAS"]}),
    ),
    "deal_fields": _fields(
        161,
        ("Competitor", "single_line_text", {}),
        ("Terms", "multi_line_text", {}),
        ("Discount", "number", {}),
        ("Delivery", "select_box", {"choices": ["Post", "Van", "Collected"]}),
        ("Decision on", "date", {}),
        ("Extras", "multiple_choice", {"choices": ["Support", "Training", "Insurance"]}),
    ),
}
WORDS = {"custom_fields": "custom_field", "company_fields": "company_field", "deal_fields": "deal_field"}
FIRST_RECORD = 1001
"""Ids of lower numbers are of what the account has set up."""
