"""The parties of the world: each third one an organisation, the others persons who mostly work at one."""

from collections.abc import Iterator
from typing import Any

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import hostile_text
from crmtui.sandbox.world import JOBS, SECTORS, Company, company, person

from . import account

Json = dict[str, Any]
_TIMES = [f"T{8 + minute // 60:02d}:{minute % 60:02d}:{minute * 7 % 60:02d}Z" for minute in range(600)]
_LEVELS = ("supporter", "partner", "sponsor")


def moment(clock: Clock, days: int, seed: int) -> str:
    """A moment some days ago."""
    return clock.day(-days) + _TIMES[seed * 7 % 590]


class Parties:
    """Generates parties, and ids for rows of everything: they count on from `first_row`."""

    def __init__(self, size: int, clock: Clock, first: int, first_row: int) -> None:
        self._size = size
        self._clock = clock
        self._first = first
        self._per_day = max(2, size // 2500)
        self.next_row = first_row
        self._companies = [company(index) for index in range((size + 2) // 3)]

    def docs(self) -> Iterator[Json]:
        """All of them, an organisation first."""
        for index in range(self._size):
            group, place = divmod(index, 3)
            hostile = hostile_text(index, self._size)
            yield (
                self._person(index, group * 2 + place - 1, hostile)
                if place
                else self._company(index, group, hostile)
            )

    def stamped(self, number: int, index: int) -> Json:
        """An id, and when the record was made and last changed."""
        day, place = divmod(index, self._per_day)
        minute = 590 - place * 590 // self._per_day
        return {
            "id": number,
            "createdAt": self._clock.day(-31 - day - index * 37 % 400) + _TIMES[index % 600],
            "updatedAt": self._clock.day(-1 - day) + _TIMES[minute],
        }

    def field(self, definition: int, value: Any) -> Json:
        """A value of a custom field."""
        return {"id": self.row_id(), "definition": definition, "value": value}

    def row_id(self) -> int:
        """The id of a row."""
        self.next_row += 1
        return self.next_row - 1

    def _company(self, index: int, place: int, hostile: str | None) -> Json:
        made = self._companies[place]
        return {
            **self.stamped(self._first + index, index),
            "type": "organisation",
            "name": hostile or made.name,
            "about": "Long-standing customer; asks for printed invoices." if place % 7 == 0 else None,
            "owner": None if place % 6 == 5 else account.ASSIGNABLE[place * 3 % len(account.ASSIGNABLE)],
            "team": 71 if place % 8 == 7 and place * 3 % len(account.ASSIGNABLE) < 4 else None,
            "lastContactedAt": moment(self._clock, 9 + place % 50, place) if place % 3 else None,
            "addresses": [] if place % 9 == 4 else [self._address(made, "Office")],
            "phoneNumbers": [] if place % 11 == 7 else [self._phone("Work", made.phone)],
            "emailAddresses": [self._email("Work", f"office@{made.domain}")] if place % 4 else [],
            "websites": [] if place % 8 == 5 else [self._site("URL", f"https://www.{made.domain}")],
            "tags": [201] if place % 2 == 0 else [],
            "fields": [self.field(303, SECTORS[place * 5 % 9])] if place % 10 != 3 else [],
        }

    def _person(self, index: int, place: int, hostile: str | None) -> Json:
        employer = (place // 3 if place % 4 else place * 7919) % len(self._companies)
        made = self._companies[employer]
        human = person(place, made)
        phones = [self._phone("Work", human.phone)]
        phones += [self._phone("Mobile", human.mobile)] if place % 3 == 0 else []
        emails = [] if place % 13 == 6 else [self._email("Work", human.email)]
        if place % 5 == 0:
            emails.append(self._email("Home", f"{human.email.partition('@')[0]}@mail.example"))
        addresses = [self._address(made, "Office")] if place % 4 != 3 else []
        addresses += [self._home(made)] if place % 6 == 0 else []
        return {
            **self.stamped(self._first + index, index),
            "type": "person",
            "title": ("Ms", "Mr")[place % 2] if place % 3 == 1 else None,
            "firstName": human.given,
            "lastName": hostile or human.family,
            "jobTitle": JOBS[place * 3 % 8] if place % 7 else None,
            "organisation": None if place % 9 == 8 else self._first + employer * 3,
            "about": hostile
            if hostile
            else None
            if place % 3
            else "Met at the spring trade fair.\nLikes tea.",
            "owner": None if place % 6 == 5 else account.ASSIGNABLE[place * 3 % len(account.ASSIGNABLE)],
            "lastContactedAt": moment(self._clock, 5 + place % 70, place) if place % 4 else None,
            "addresses": addresses,
            "phoneNumbers": phones,
            "emailAddresses": emails,
            "websites": self._sites(place, human.email),
            **self._membership(place),
        }

    def _membership(self, place: int) -> Json:
        tags = [202] if place % 5 == 1 else [203, 204] if place % 17 == 2 else []
        fields = []
        if place % 4 == 1:
            fields.append(self.field(301, account.SOURCES[place % len(account.SOURCES)]))
        if place % 8 == 2:
            fields.append(self.field(302, self._clock.day(-4500 - place * 17 % 1400)))
            fields.append(self.field(305, str(place * 23 % 100)))
        if place % 10 == 0:
            fields.append(self.field(306, True))
            fields.append(self.field(307, f"https://wiki.example/people/{place}"))
            fields.append(self.field(308, "First paragraph.\n\nSecond one: *Größe* & <b>.\n"))
        if place % 6 == 0:
            tags = [*tags, 205]
            fields.append(self.field(311, _LEVELS[place % 3]))
            fields.append(self.field(312, self._clock.day(-300 - place % 900)))
            fields.append(self.field(314, f"HG{place:06d}"))
        return {"tags": tags, "fields": fields}

    def _sites(self, place: int, email: str) -> list[Json]:
        handle = email.partition("@")[0].replace(".", "_")
        return [] if place % 4 else [self._site("TWITTER", f"@{handle}"), self._site("LINKED_IN", handle)]

    def _address(self, made: Company, kind: str) -> Json:
        return {
            "id": self.row_id(),
            "type": kind,
            "street": made.street,
            "city": made.city,
            "state": made.region,
            "zip": made.postcode,
            "country": made.locale.country,
        }

    def _home(self, made: Company) -> Json:
        return {
            **self._address(made, "Home"),
            "street": f"{made.street}\n2nd floor",
            "state": None,
        }

    def _phone(self, kind: str, number: str) -> Json:
        return {"id": self.row_id(), "type": kind, "number": number}

    def _email(self, kind: str, address: str) -> Json:
        return {"id": self.row_id(), "type": kind, "address": address}

    def _site(self, service: str, address: str) -> Json:
        return {"id": self.row_id(), "type": None, "service": service, "address": address}
