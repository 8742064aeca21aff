"""The contacts and companies of the world: two contacts at most companies, each from its index."""

from collections.abc import Iterator
from typing import Any

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import LONG, hostile_text
from crmtui.sandbox.world import JOBS, SECTORS, Company, company, person

from .account import CONTACT_TITLES, LEAD_SOURCES, STATUSES, TAGS, TOKEN_USER, USERS, ident
from .definitions import FIELDS

Json = dict[str, Any]
_TIMES = [f"T{8 + minute // 60:02d}:{minute % 60:02d}:{minute * 7 % 60:02d}Z" for minute in range(600)]
_CODES = {
    "United Kingdom": "GB",
    "Germany": "DE",
    "France": "FR",
    "Spain": "ES",
    "Japan": "JP",
    "Poland": "PL",
    "Greece": "EL",
    "Egypt": "EG",
    "Israel": "IL",
    "China": "CN",
    "India": "IN",
}
_CUSTOMER: str = STATUSES[2]["id"]
_COLLEAGUES = [user["id"] for user in USERS[1:]]
_FIELDS = {kind: {row["type"]: row["id"] for row in reversed(rows)} for kind, rows in FIELDS.items()}


def moment(clock: Clock, days: int, seed: int) -> str:
    """A moment some days ago."""
    return clock.day(-days) + _TIMES[seed * 7 % 590]


def owner(index: int) -> str:
    """The owner of a contact: the caller of two in three."""
    return _COLLEAGUES[index // 3 % len(_COLLEAGUES)] if index % 3 == 2 else TOKEN_USER


def _synced(index: int) -> bool:
    """Whether a company keeps its contacts in one status."""
    return index % 40 == 8


def value(kind: str, field: str, given: Any) -> Json:
    """A value of the custom field of a type."""
    return {_FIELDS[kind][field]: given}


class Contacts:
    """Generates contacts and companies; those of higher index were changed longer ago."""

    def __init__(self, size: int, clock: Clock, first_contact: int, first_company: int) -> None:
        self._size = size
        self._clock = clock
        self._contact = first_contact
        self._company = first_company
        self._per_day = max(2, size // 2500)
        self._made = [company(index) for index in range((size + 1) // 2)]
        self._names = [self._company_name(index, made.name) for index, made in enumerate(self._made)]

    def docs(self) -> Iterator[Json]:
        """All contacts."""
        for index in range(self._size):
            yield self._person(index)

    def companies(self) -> Iterator[Json]:
        """All companies."""
        for index, made in enumerate(self._made):
            fields: Json = {}
            if index % 3 == 0:
                fields |= value("company_fields", "single_line_text", f"VAT{index:06d}")
                fields |= value("company_fields", "select_box", ("Small", "Medium", "Large")[index % 9 // 3])
            if index % 6 == 0:
                fields |= value("company_fields", "number", 3 + index % 400)
                fields |= value("company_fields", "date", self._clock.day(-3000 - index % 900))
                fields |= value("company_fields", "multiple_choice", ["ISO 9001", "EMAS"])
            yield {
                **self.stamped(self._company + index, index * 2),
                "name": self._names[index],
                "description": "Long-standing customer;\nasks for printed invoices."
                if index % 7 == 0
                else "",
                "phone": made.phone if index % 5 else "",
                "photo_url": "",
                "url": f"https://www.{made.domain}" if index % 4 else "",
                "company_fields": fields,
                "syncing_status": _synced(index),
                "synced_status_id": _CUSTOMER if _synced(index) else None,
                "address": {} if index % 9 == 4 else self._place(made),
            }

    def stamped(self, number: int, index: int) -> Json:
        """An id, and when the record was made and last changed."""
        day, place = divmod(index, self._per_day)
        minute = 590 - place * 590 // self._per_day
        return {
            "id": ident(number),
            "created_at": self._clock.day(-31 - day - index * 37 % 400) + _TIMES[index % 600],
            "modified_at": self._clock.day(-1 - day) + _TIMES[minute],
        }

    def name(self, index: int) -> str:
        """The name of a company near an index."""
        return self._names[index % len(self._names)]

    def _company_name(self, index: int, name: str) -> str:
        hostile = hostile_text(index * 2, self._size)
        return " ".join(hostile.split())[:55].strip() if hostile and index else name[:55]

    def _employer(self, index: int) -> int | None:
        """The company of a contact: those of odd index stay, so that none is without contacts."""
        if index + 1 < self._size and index % 14 == 6:
            return None
        if index + 1 < self._size and index % 22 == 10:
            return index * 7919 % len(self._made)
        return index // 2

    def _person(self, index: int) -> Json:
        at = self._employer(index)
        made = self._made[index // 2 if at is None else at]
        human = person(index, made)
        hostile = hostile_text(index, self._size)
        nameless = index % 58 == 27
        phones = [] if index % 13 == 9 else [_row("work", human.phone)]
        phones += [_row("mobile", human.mobile)] if index % 3 == 0 else []
        emails = [] if index % 13 == 6 else [_row("work", human.email)]
        emails += [_row("other", f"{human.email.partition('@')[0]}@mail.example")] if index % 5 == 0 else []
        return {
            **self.stamped(self._contact + index, index),
            "title": CONTACT_TITLES[index // 4 % 3] if index % 4 == 1 else "",
            "first_name": "" if nameless else human.given[:25],
            "last_name": ""
            if nameless
            else (" ".join(hostile.split()) if hostile else human.family)[:25].strip(),
            "job_title": JOBS[index * 3 % 8] if index % 7 else "",
            "company_id": "" if at is None else ident(self._company + at),
            "company_name": "" if at is None else self._names[at],
            "owner_id": owner(index),
            "status_id": _CUSTOMER
            if at is not None and _synced(at)
            else STATUSES[index * 5 % 11 % len(STATUSES)]["id"],
            "tags": self._tags(index),
            "starred_by": [TOKEN_USER] if index % 12 == 0 else [_COLLEAGUES[0]] if index % 12 == 5 else [],
            "background": self._background(index, hostile),
            "lead_source_id": "" if index % 4 == 3 else LEAD_SOURCES[index * 7 % len(LEAD_SOURCES)]["id"],
            "photo_url": "",
            "custom_fields": self._fields(index),
            "address_list": self._addresses(made, index),
            "urls": self._urls(made, human.email, index),
            "phones": phones,
            "emails": emails,
            "closed_sales": self._closed(index),
        }

    def _background(self, index: int, hostile: str | None) -> str:
        if hostile is not None:
            return hostile
        if index % 97 == 50:
            return LONG
        return "" if index % 3 else "Met at the spring trade fair.\nLikes tea & <b>cake</b>."

    def _tags(self, index: int) -> list[str]:
        if index % 17 == 2:
            return [TAGS[2], TAGS[4], TAGS[5]]
        return [TAGS[3], TAGS[1]] if index % 10 == 0 else [TAGS[1]] if index % 5 == 1 else []

    def _fields(self, index: int) -> Json:
        found: Json = {}
        if index % 4 == 1:
            found |= value("custom_fields", "single_line_text", "Kestrel scanner")
            found |= value("custom_fields", "select_box", SECTORS[index % len(SECTORS)])
        if index % 8 == 2:
            found |= value("custom_fields", "anniversary", self._clock.day(-4500 - index * 17 % 1400))
            found |= value("custom_fields", "number", index * 23 % 100 + (0.5 if index % 3 else 0))
        if index % 10 == 0:
            found |= value(
                "custom_fields", "multi_line_text", "First paragraph.\n\nSecond one: *Größe* & <b>.\n"
            )
            found |= value("custom_fields", "multiple_choice", ["Hardware", "R&D [/]"])
            found |= value("custom_fields", "date", self._clock.day(20 + index % 300))
            found |= value("custom_fields", "external_id", f"HG{index:06d}")
        return found

    def _addresses(self, made: Company, index: int) -> list[Json]:
        found = [] if index % 4 == 3 else [{**self._place(made), "type": "work"}]
        home = {**self._place(made), "address": f"{made.street}\n2nd floor", "state": "", "type": "home"}
        return [*found, home] if index % 6 == 0 else found

    def _place(self, made: Company) -> Json:
        return {
            "address": made.street,
            "city": made.city,
            "state": made.region,
            "zip_code": made.postcode,
            "country_code": _CODES[made.locale.country],
        }

    def _urls(self, made: Company, email: str, index: int) -> list[Json]:
        handle = email.partition("@")[0].replace(".", "_")
        found = [_row("website", f"https://www.{made.domain}")] if index % 8 != 5 else []
        return found if index % 4 else [*found, _row("twitter", f"@{handle}"), _row("linkedin", handle)]

    def _closed(self, index: int) -> list[Json]:
        if index % 23 != 22:
            return []
        return [
            {"user_id": owner(index), "closed_at": 1_750_000_000 + index, "comment": "No budget this year"}
        ]


def _row(kind: str, text: str) -> Json:
    return {"type": kind, "value": text}
