"""The world as a Solve360 account: records, their ties and their activities, computed from an index."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.database import quoted, statement
from crmtui.sandbox.hostile import LONG, hostile_text
from crmtui.sandbox.names import BRITAIN
from crmtui.sandbox.text import storable
from crmtui.sandbox.world import DEALS, JOBS, SECTORS, TYPES, Company, company, person

from . import hooks, items, links, timeline
from .field import Kind
from .kinds import CATEGORIES, COMPANIES, CONTACTS, FIRST_CATEGORY, KINDS, PROJECTBLOGS, TICKETS
from .seed_timeline import Diaries
from .staff import ASSIGNABLE, SHARED

Row = dict[str, object]
SUBJECTS = (
    "Cannot sign in",
    "Invoice shows the wrong address",
    "Export stops half-way",
    "Please add a user",
    "Printer offline since Monday",
    "Umlauts broken in letters (Größe)",
    "When is the next training?",
)
SOURCES = ("Web enquiry", "Referral", "", "Trade show", "R&D", "")


def fill(connection: sqlite3.Connection, size: int) -> None:
    """Create the tables and fill them: `size` contacts, a third as many companies, projects, tickets."""
    items.create_tables(connection)
    links.create_tables(connection)
    timeline.create_table(connection)
    hooks.create_table(connection)
    seed = Seed(size, Clock(datetime.now(UTC).date()))
    tags = seed.categories()
    connection.executemany("INSERT INTO category VALUES (?, ?, ?)", tags)
    for kind in KINDS.values():
        _insert(connection, kind, seed.rows(kind))
    connection.executemany("INSERT INTO tagged VALUES (?, ?)", seed.tagged())
    connection.executemany("INSERT OR IGNORE INTO related VALUES (?, ?, ?, ?)", sorted(seed.related()))
    timeline.insert(connection, Diaries(seed.sizes, seed.clock).rows())
    for module in (items, links, timeline):
        module.create_indexes(connection)


def _insert(connection: sqlite3.Connection, kind: Kind, rows: Iterator[Row]) -> None:
    names = list(dict.fromkeys((*items.HEAD, *(field.name for field in kind.stored))))
    places = ", ".join(f":{name}" for name in names)
    columns = ", ".join(quoted(name) for name in names)
    bare = dict.fromkeys(names, "")
    sql = statement("INSERT INTO", quoted(kind.segment), f"({columns}) VALUES ({places})")
    connection.executemany(sql, ({**bare, **row} for row in rows))


class Seed:
    """Generates the rows; every kind's index 0 is the most recently changed."""

    def __init__(self, size: int, clock: Clock) -> None:
        third = max(1, size // 3) if size else 0
        self.sizes = {CONTACTS: size, COMPANIES: third, PROJECTBLOGS: third, TICKETS: third}
        self.clock = clock
        self._companies = [company(index) for index in range(third)]
        self._makers = {
            CONTACTS: self._contact,
            COMPANIES: self._company,
            PROJECTBLOGS: self._project,
            TICKETS: self._ticket,
        }

    def rows(self, kind: Kind) -> Iterator[Row]:
        """All records of a kind."""
        make, size = self._makers[kind], self.sizes[kind]
        per_day = max(2, size // 2500)
        for index in range(size):
            day, place = divmod(index, per_day)
            minute = 590 - place * 590 // per_day
            changed = _stamp(self.clock.moment(-1 - day, minute))
            hostile = hostile_text(index, size)
            yield {
                "id": kind.first_id + index,
                "ownership": SHARED,
                "flagged": "" if index % 7 else "1",
                "created": _stamp(self.clock.moment(-31 - day - index * 37 % 400, minute)),
                "viewed": changed,
                "updated": changed,
                "creatorid": _user(index),
                # Some records were never changed, and do not tell of any change.
                "modificatorid": _user(index + 1) if index % 3 else None,
                **make(index, hostile and storable(hostile)),
            }

    def categories(self) -> list[tuple[int, str, str]]:
        """The category tags of all kinds."""
        named = [(kind.segment, name) for kind, names in CATEGORIES.items() for name in names]
        return [(FIRST_CATEGORY + place, *each) for place, each in enumerate(named)]

    def tagged(self) -> Iterator[tuple[int, int]]:
        """The categories of records: none, one or two."""
        first = FIRST_CATEGORY
        for kind, names in CATEGORIES.items():
            for index in range(self.sizes[kind]):
                if index % 4:
                    yield kind.first_id + index, first + index % len(names)
                if index % 9 == 1:
                    yield kind.first_id + index, first + (index + 1) % len(names)
            first += len(names)

    def related(self) -> Iterator[tuple[int, int, int, str]]:
        """Contacts and project blogs with their companies, a row for each end."""
        ends = [(CONTACTS, index, self._employer(index)) for index in range(self.sizes[CONTACTS])]
        ends += [(PROJECTBLOGS, index, index) for index in range(self.sizes[PROJECTBLOGS])]
        # A few contacts work for two companies, which a list shows as one text.
        ends += [(CONTACTS, index, 0) for index in range(2, min(self.sizes[CONTACTS], 50), 8)]
        for kind, index, employer in ends:
            one, other = kind.first_id + index, COMPANIES.first_id + employer
            note = "Adviser" if index % 11 == 5 else ""
            yield one, other, COMPANIES.type_id, note
            yield other, one, kind.type_id, note

    def _employer(self, index: int) -> int:
        third = self.sizes[COMPANIES]
        return (index // 3 if index % 4 else index * 7919) % third

    def _contact(self, index: int, hostile: str | None) -> Row:
        employer = self._companies[self._employer(index)]
        made = person(index, employer)
        last = hostile or made.family
        background = "" if index % 3 else "Met at the spring trade fair.\nInterested in the yearly plan."
        if hostile:
            background = LONG if index % 2 else hostile
        score = str(index * 23 % 100) if index % 2 else ""
        return {
            "name": f"{made.given} {last}".strip(),
            "firstname": made.given,
            "lastname": last,
            "jobtitle": JOBS[index * 3 % 8],
            "businessemail": "" if index % 13 == 6 else made.email,
            "personalemail": "" if index % 5 else f"{made.email.partition('@')[0]}@mail.example",
            "businessphonedirect": made.phone,
            "businessphonemain": employer.phone if index % 2 else "",
            "cellularphone": made.mobile if index % 3 else "",
            "businessaddress": _address(employer),
            "website": "" if index % 4 else f"https://www.{employer.domain}",
            "background": background,
            "assignedto": "" if index % 6 == 5 else _user(index),
            "archive": "1" if index % 29 == 28 else "",
            "custom854307": hostile or "",
            "custom854308": SOURCES[index % 6],
            "custom854309": self.clock.day(-4500 - index * 17 % 1400) if index % 4 == 1 else "",
            "custom854310": score,
            "custom854311": "" if index % 10 else "See the label of this field",
        }

    def _company(self, index: int, hostile: str | None) -> Row:
        made = self._companies[index]
        notes = "Long-standing customer; asks for printed invoices." if index % 7 == 0 else ""
        return {
            "name": hostile or made.name,
            "phone": "" if index % 11 == 7 else made.phone,
            "website": "" if index % 8 == 5 else f"https://www.{made.domain}",
            "mainaddress": "" if index % 9 == 4 else _address(made),
            "background": notes if hostile is None else LONG if index % 2 else hostile,
            "assignedto": "" if index % 6 == 5 else _user(index),
            "custom861200": TYPES[index * 7 % 5 if index % 3 else 0],
            "custom861201": "" if index % 10 == 3 else SECTORS[index * 5 % 9],
            "custom861202": str(index * 13 % 250) if index % 4 else "",
            "custom861203": f"{index * 7919 % 90_000 + 500}.50" if index % 4 != 1 else "",
            "custom861204": self.clock.day(index * 11 % 700 - 3100) if index % 3 != 2 else "",
        }

    def _project(self, index: int, hostile: str | None) -> Row:
        title = hostile or f"{DEALS[index * 3 % 10]}: {self._companies[index].name}"
        return {
            "name": title,
            "title": title,
            "description": "" if index % 3 else "Kick-off done.\nNext: plan & budget <draft>.",
            "assignedto": "" if index % 6 == 5 else _user(index + 2),
            "custom870010": self.clock.day(index * 7 % 200 - 150) if index % 2 else "",
            "custom870011": f"{index * 733 % 60_000}" if index % 4 else "",
        }

    def _ticket(self, index: int, hostile: str | None) -> Row:
        title = hostile or SUBJECTS[index % 7]
        return {
            "name": title,
            "title": title,
            "description": LONG if hostile and index % 2 else hostile or "Please look into it.",
            "assignedto": "" if index % 5 == 4 else _user(index + 1),
            "custom880001": ("Normal", "High", "", "Low", "Critical")[index % 5],
        }


def _stamp(moment: str) -> str:
    return f"{moment[:10]}T{moment[11:]}+00:00"


def _user(index: int) -> str:
    return str(ASSIGNABLE[index * 3 % len(ASSIGNABLE)])


def _address(made: Company) -> str:
    city = f"{made.city} {made.postcode}" if made.locale is BRITAIN else f"{made.postcode} {made.city}"
    return f"{made.street}\n{city}\n{made.locale.country}"
