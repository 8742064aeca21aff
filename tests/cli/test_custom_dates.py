"""Custom fields that the dictionary calls dates: some hold days, and some hold times."""

import json

import pytest

from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve

CLAIM = "acme/claims/9100"
"""Its `inspection` holds a time, its `lossdate` a day; both are of the type "Date"."""


@pytest.fixture
def claims(serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """A connection with a custom table, of which a record was read."""
    served = serve(records=5)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url, "kinds: [claims]")
    acme = Acme(served, program)
    assert acme("show", CLAIM).code == 0
    return acme


def test_a_date_that_holds_times_is_one_with_a_time(claims: Acme) -> None:
    types = {line["name"]: line["type"] for line in claims("fields", "acme/claims").lines}
    assert (types["inspection"], types["lossdate"]) == ("datetime", "date")
    said = claims("show", CLAIM).lines[0]["values"]
    assert len(said["inspection"]) == len("2026-05-01T10:30:00")
    assert len(said["lossdate"]) == len("2026-05-01")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("2026-05-01 10:30", "2026-05-01 10:30:00"),
        ("2026-05-01T10:30:15", "2026-05-01 10:30:15"),
        ("2026-05-01", "2026-05-01 00:00:00"),
    ],
)
def test_times_and_days_can_be_typed_into_it(claims: Acme, typed: str, sent: str) -> None:
    ran = claims("edit", CLAIM, f"inspection={typed}")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(claims.last.body) == {"inspection": sent}
    assert ran.lines[0]["values"]["inspection"] == sent.replace(" ", "T")
    found = claims("list", "acme/claims", "inspection=2026-05-01").lines
    assert [line["id"] for line in found] == ["9100"], "a day is all of it"


def test_a_date_that_holds_days_takes_days_alone(claims: Acme) -> None:
    before = len(claims.served.sent("PATCH"))
    claims("edit", CLAIM, "lossdate=2026-05-01 10:30").failed(6, "lossdate", "YYYY-MM-DD")
    assert len(claims.served.sent("PATCH")) == before
    assert claims("edit", CLAIM, "lossdate=2026-05-01").lines[0]["values"]["lossdate"] == "2026-05-01"
    assert json.loads(claims.last.body) == {"lossdate": "2026-05-01"}
