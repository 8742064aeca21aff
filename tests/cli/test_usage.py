"""`quota` and `log`."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from crmtui.paths import connection_dir
from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_calls_are_counted_since_midnight(warm: Acme) -> None:
    ran, calls = warm.calls("quota", "acme", "--format", "json")
    assert calls == []
    midnight = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    assert ran.json == {
        "connection": "acme",
        "used": 3,
        "limit": None,
        "resets_at": midnight,
        "source": "counted",
    }
    assert warm("quota", "--format", "json").json == [ran.json]


def test_the_configured_limit(warm: Acme) -> None:
    configure(warm.served.connection.url, "call_limit: 500")
    assert warm("quota", "acme").lines[0]["limit"] == 500


def test_what_the_service_reports_is_believed(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(SPOTLER_RATELIMIT="60")
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    assert program("list", "acme/accounts").code == 0
    said = program("quota", "acme").lines[0]
    assert (said["used"], said["limit"], said["source"]) == (3, 60, "reported")


def test_a_connection_that_was_never_used(acme: Acme) -> None:
    assert acme("quota", "acme").lines[0]["used"] == 0
    assert acme("log", "acme", "--format", "json").json == []
    assert acme("log", "--writes", "--format", "json").json == []
    assert not connection_dir("acme").exists()


def test_no_connections(program: Program) -> None:
    assert program("quota", "--format", "json").json == []
    assert program("log", "--format", "json").json == []


def test_the_log_of_calls(warm: Acme) -> None:
    warm("show", "acme/accounts/5")
    ran, calls = warm.calls("log", "acme", "--format", "json")
    assert calls == []
    newest = ran.json[0]
    assert list(newest) == ["at", "method", "path", "status", "ms", "cost"]
    assert MOMENT.fullmatch(newest["at"])
    assert (newest["method"], newest["path"], newest["status"], newest["cost"]) == (
        "GET",
        "/accounts/5",
        404,
        1,
    )
    assert [entry["path"] for entry in ran.json[1:]] == ["/users", "/accounts", "/datadictionary/accounts"]
    assert warm("log").lines == ran.json
    assert warm.served.token not in ran.out


@pytest.mark.fresh
def test_the_log_of_writes(warm: Acme) -> None:
    warm("new", "acme/contacts", "accountid=1", "last=Lee")
    id_ = warm("new", "acme/accounts", "name=New").lines[0]["id"]
    ran, calls = warm.calls("log", "acme", "--writes", "--format", "json")
    assert calls == []
    assert list(ran.json[0]) == ["id", "op", "ref", "state", "why", "created"]
    assert [(w["op"], w["ref"], w["state"]) for w in ran.json] == [
        ("create", f"acme/accounts/{id_}", "done"),
        ("create", "acme/contacts", "refused"),
    ]
    assert MOMENT.fullmatch(ran.json[0]["created"])
