"""The world as a SpotlerCRM edition: rows for every object, computed from their index."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import LONG, hostile_text
from crmtui.sandbox.text import storable
from crmtui.sandbox.world import (
    DEALS,
    DEPARTMENTS,
    EVENTS,
    JOBS,
    NEXT_STEPS,
    SECTORS,
    SOURCES,
    STAGES,
    TYPES,
    company,
    person,
)

from . import annex
from .dictionary import ACCOUNTS, ACTIVITIES, CONTACTS, KINDS, OPPORTUNITIES
from .envelope import Value
from .field import Kind
from .files import create_files
from .lists import LISTS, NUMBERED
from .lookups import create_lookups
from .records import create_indexes, create_serials, create_table, insert_sql
from .staff import FIRST_USER, LIVE_USERS

INTERESTS = ("Newsletter", "Newsletter;Events", "Events;Webinars;Beta programme", None, "", "Webinars")
Rows = Iterator[tuple[Value, ...]]


def fill(connection: sqlite3.Connection, size: int) -> None:
    """Create the tables and fill them with `size` records of each main kind."""
    for kind in KINDS.values():
        create_table(connection, kind)
    create_lookups(connection, LISTS, NUMBERED)
    create_files(connection)
    seed = Seed(size, Clock(datetime.now(UTC).date()))
    for kind, rows in seed.all_rows():
        connection.executemany(insert_sql(kind), rows)
        create_indexes(connection, kind)
    create_serials(connection, KINDS.values())


class Seed:
    """Generates the rows; every kind's index 0 is the most recently modified."""

    def __init__(self, size: int, clock: Clock) -> None:
        self.size = size
        self.clock = clock
        # All the world was changed within some seven years, whatever its size.
        self._per_day = max(2, size // 2500)
        self._companies = [company(index) for index in range(size)]

    def all_rows(self) -> Iterable[tuple[Kind, Iterable[tuple[Value, ...]]]]:
        """The objects with their rows."""
        yield ACCOUNTS, self._accounts()
        yield CONTACTS, self._contacts()
        yield OPPORTUNITIES, self._opportunities()
        yield ACTIVITIES, self._activities()
        yield from annex.all_rows(self.size, self.clock)

    def _stamps(self, index: int) -> tuple[int, int, str, str]:
        day, place = divmod(index, self._per_day)
        minute = 590 - place * 590 // self._per_day
        changed = self.clock.moment(-1 - day, minute)
        created = self.clock.moment(-31 - day - index * 37 % 400, minute)
        return _owner(index), _owner(index + 1), created, changed

    def _accounts(self) -> Rows:
        clock, size = self.clock, self.size
        for index, made in enumerate(self._companies):
            hostile = hostile_text(index, size)
            name, notes = made.name, _NOTES[index % 7]
            if hostile is not None:
                name = storable(hostile)
                notes = LONG if index % 2 else name
            # The same record mixes null and "" for "nothing", as the service does.
            bare = index % 9 == 4
            yield (
                ACCOUNTS.first_id + index,
                name,
                None if bare else made.street,
                "" if bare else made.city,
                "" if bare else made.region,
                made.postcode,
                made.locale.country,
                _owner(index),
                21100 + index % 12 if index % 5 == 2 else 0,
                "" if index % 6 == 5 else SOURCES[index % 6],
                notes,
                125357 + index % 3,
                None if index % 11 == 7 else made.phone,
                None if index % 8 == 5 else f"https://www.{made.domain}",
                TYPES[index * 7 % 5 if index % 3 else 0],
                None if index % 10 == 3 else SECTORS[index * 5 % 9],
                index * 17 % 100,
                "1" if index % 3 else "0",
                None if index % 7 == 2 else "0",
                index * 13 % 250 if index % 4 else None,
                "" if index % 5 else "Agreed with the D/L on renewal.",
                round(index * 7919 % 90_000 + 500.5, 2) if index % 4 != 1 else None,
                index * 5 % 40 / 2 if index % 3 else None,
                clock.day(index * 11 % 700 - 100) if index % 3 != 2 else None,
                None if index % 4 == 3 else f"invoices@{made.domain}",
                *self._stamps(index),
            )

    def _contacts(self) -> Rows:
        clock, size = self.clock, self.size
        for index in range(size):
            account = _account_of_contact(index, size)
            employer = self._companies[account]
            made = person(index, employer)
            hostile = hostile_text(index, size)
            last, notes = made.family, None if index % 3 else ""
            if hostile is not None:
                last = storable(hostile)
                notes = LONG if index % 2 else last
            yield (
                CONTACTS.first_id + index,
                ACCOUNTS.first_id + account,
                made.salutation,
                made.given,
                "" if index % 5 else "J.",
                last,
                JOBS[index * 3 % 8],
                DEPARTMENTS[index * 3 % 8],
                None if index % 13 == 6 else made.email,
                made.phone,
                None,
                made.mobile if index % 3 else "",
                employer.city,
                employer.region,
                employer.postcode,
                employer.locale.country,
                1 if index % 4 == 0 else 0,
                0,
                1 if index % 29 == 28 else 0 if index % 2 else None,
                _owner(index),
                index * 23 % 100,
                INTERESTS[index % 6],
                f"https://social.example/in/{index + 1}" if index % 3 == 0 else None,
                clock.day(-4500 - index * 17 % 1400) if index % 4 == 1 else None,
                "1" if index % 2 else "0",
                notes,
                *self._stamps(index),
            )

    def _opportunities(self) -> Rows:
        clock, size = self.clock, self.size
        for index in range(size):
            account = index // 2 if index % 3 else index * 104729 % size
            stage, probability, forecast = STAGES[index * 5 % 6]
            name = (
                DEALS[index * 3 % 10]
                if index % 4
                else f"{DEALS[index * 3 % 10]} ({self._companies[account].city})"
            )
            notes, step = None, NEXT_STEPS[index % 6]
            hostile = hostile_text(index, size)
            if hostile is not None:
                name = step = storable(hostile)
                notes = LONG if index % 2 else name
            # Won and lost deals were closed already; the others are to close in the year to come.
            close = -(index * 7 % 300) if forecast == "Closed" else (index * 11 + 40) % 330 - 20
            yield (
                OPPORTUNITIES.first_id + index,
                name,
                ACCOUNTS.first_id + account,
                _contact_at(account, index, size),
                _owner(index),
                stage,
                forecast,
                probability,
                None if index % 17 == 9 else (index * 7919 % 480 + 4) * 250,
                clock.day(close),
                step,
                "" if index % 5 else "Annual",
                "" if index % 6 == 5 else SOURCES[index % 6],
                21100 + index % 12 if index % 4 == 2 else 0,
                notes,
                *self._stamps(index),
            )

    def _activities(self) -> Rows:
        clock, size = self.clock, self.size
        for index in range(size):
            account = index // 4 if index % 3 else index * 7907 % size
            kind, text = EVENTS[index * 5 % 9]
            hostile = hostile_text(index, size)
            if hostile is not None:
                text = LONG if index % 2 else storable(hostile)
            # Tasks lie ahead, the rest has happened.
            day = index * 3 % 21 - 4 if kind == "Task" else -(index * 3 % 200)
            is_mail = kind == "Email"
            yield (
                ACTIVITIES.first_id + index,
                kind,
                "Open" if day > 0 else "Completed",
                text,
                ACCOUNTS.first_id + account,
                _contact_at(account, index, size),
                annex.CASE_IDS[index % 40] if index % 10 == 9 and index % 40 < size else 0,
                clock.moment(day, index * 15),
                1 if index % 8 == 3 else 0,
                index % 3,
                _owner(index),
                text[:100] if is_mail else None,
                "sales@example.com" if is_mail else None,
                f"info@{self._companies[account].domain}" if is_mail else None,
                "" if is_mail else None,
                *self._stamps(index),
            )


_NOTES = (
    "Long-standing customer; asks for printed invoices.",
    None,
    "",
    "Met at the spring trade fair.\nInterested in the yearly plan.",
    None,
    "Deliveries to the back entrance, before noon.",
    "",
)


def _owner(index: int) -> int:
    return FIRST_USER + index * 3 % LIVE_USERS


def _account_of_contact(index: int, size: int) -> int:
    return index // 3 if index % 4 else index * 7919 % size


def _contact_at(account: int, index: int, size: int) -> int | None:
    contact = account * 3 + index % 3
    # Every fourth contact works elsewhere, see _account_of_contact.
    return CONTACTS.first_id + contact if contact < size and contact % 4 else None
