"""Calls counted by token, and alerts that are given once, also across instances and versions."""

import sqlite3
from importlib.resources import files
from pathlib import Path

import msgspec

from crmtui.model.call import Call
from crmtui.model.quota import Quota
from crmtui.store.database import Database, open_journal
from crmtui.store.ledger import Ledger
from crmtui.store.told import Told

NOON = 20_000 * 86_400.0 + 43_200


def noted(ledger: Ledger, quota: Quota | None = None, cost: int = 1) -> None:
    ledger.record_call(Call("GET", "/accounts", "page", cost=cost), 200, 5, quota, NOON)


def test_each_token_has_its_own_count(journal_file: Database) -> None:
    ledger = Ledger(journal_file, 100)
    ledger.count_for("one")
    noted(ledger, cost=3)
    ledger.count_for("two")
    noted(ledger)
    assert ledger.quota(NOON + 1).used == 1
    ledger.count_for("one")
    assert ledger.quota(NOON + 1).used == 3
    assert len(ledger.entries()) == 2


def test_a_report_is_of_the_token_that_it_came_for(journal_file: Database) -> None:
    ledger = Ledger(journal_file, 100)
    ledger.count_for("one")
    noted(ledger, Quota(40, 60, NOON + 50, "reported", NOON))
    ledger.count_for("two")
    noted(ledger)
    assert (ledger.quota(NOON + 1).used, ledger.quota(NOON + 1).source) == (1, "counted")
    ledger.count_for("one")
    assert ledger.quota(NOON + 1).used == 40


def test_without_a_token_it_is_the_newest_calls(journal_file: Database) -> None:
    ledger = Ledger(journal_file, 100)
    ledger.count_for("one")
    noted(ledger)
    ledger.count_for("two")
    noted(ledger, cost=5)
    assert Ledger(journal_file, 100).quota(NOON + 1).used == 5


def test_calls_of_before_count_for_whichever_token(tmp_path: Path) -> None:
    """A journal that was written before tokens were told apart."""
    old = tmp_path / "journal.db"
    script = (files("crmtui.store") / "migrations" / "journal_0001.sql").read_text("utf-8")
    with sqlite3.connect(old) as sql:
        sql.executescript(script)
        for status in (200, None):
            sql.execute(
                "INSERT INTO call (at, method, path, status, cost) VALUES (?,'GET','/x',?,2)", (NOON, status)
            )
        sql.execute("PRAGMA user_version=1")
    sql.close()
    database = open_journal(old)
    ledger = Ledger(database, 100)
    assert ledger.quota(NOON + 1).used == 4
    ledger.count_for("one")
    assert ledger.quota(NOON + 1).used == 4
    noted(ledger)
    assert ledger.quota(NOON + 1).used == 5
    assert [entry.status for entry in ledger.entries()] == [200, None, 200]
    database.close()


def test_a_report_of_before_is_believed_until_there_is_a_newer_one(tmp_path: Path) -> None:
    old = tmp_path / "journal.db"
    script = (files("crmtui.store") / "migrations" / "journal_0001.sql").read_text("utf-8")
    with sqlite3.connect(old) as sql:
        sql.executescript(script)
        body = msgspec.json.encode(Quota(5, 60, NOON + 50, "reported", NOON))
        sql.execute("INSERT INTO quota (one, body) VALUES (1, ?)", (body,))
        sql.execute("PRAGMA user_version=1")
    sql.close()
    database = open_journal(old)
    ledger = Ledger(database, 100)
    ledger.count_for("one")
    assert ledger.quota(NOON).used == 5
    noted(ledger, Quota(6, 60, NOON + 50, "reported", NOON))
    assert ledger.quota(NOON).used == 6
    database.close()


def test_every_journal_has_a_salt_of_its_own(tmp_path: Path) -> None:
    databases = [open_journal(tmp_path / name / "journal.db") for name in "ab"]
    one, other = (Ledger(database).salt for database in databases)
    assert len(one) == 16
    assert one != other
    assert Ledger(databases[0]).salt == one
    for database in databases:
        database.close()


def test_an_alert_is_claimed_once_until_its_time_is_over(tmp_path: Path) -> None:
    first, second = (open_journal(tmp_path / "journal.db") for _ in range(2))
    assert Told(first).claim("x", 100.0, 200.0)
    assert not Told(first).claim("x", 150.0, 250.0)
    assert not Told(second).claim("x", 199.9, 250.0)
    assert Told(second).claim("y", 150.0, 250.0)
    assert Told(second).claim("x", 200.0, 300.0)
    assert not Told(first).claim("x", 201.0, 300.0)
    first.close()
    second.close()
