"""Values that go by other texts: looked for by them, written by them, and asked for once."""

import json

import pytest

from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve

ACCOUNT = "95920978"
"""Its `slaid` is 125357, which is called Standard."""
SLA = "GET /lookup/accounts/slaid"


def where(acme: Acme) -> object:
    """The filter of the last request."""
    return json.loads(dict(pair.split("=", 1) for pair in acme.last.query.split("&"))["q"])


def ids(acme: Acme, *arguments: str) -> list[str]:
    ran = acme("list", "acme/accounts", *arguments)
    assert ran.code == 0, ran
    return [line["id"] for line in ran.lines]


def test_a_number_with_a_list_is_found_by_its_label(warm: Acme) -> None:
    ran, calls = warm.calls("list", "acme/accounts", "slaid=gold")
    assert calls == [SLA, "GET /accounts"]
    assert {line["values"]["slaid"] for line in ran.lines} == {125359}
    assert {line["labels"]["slaid"] for line in ran.lines} == {"Gold"}
    again, calls = warm.calls("list", "acme/accounts", "slaid=Gold")
    assert (again.out, calls) == (ran.out, ["GET /accounts"]), "it is asked for once"
    assert ids(warm, "slaid=125359") == [line["id"] for line in ran.lines]


def test_terms_of_a_number_with_a_list(warm: Acme) -> None:
    gold, silver = set(ids(warm, "slaid=Gold")), set(ids(warm, "slaid=Silver"))
    assert len(gold) + len(silver) == len(gold | silver) > 1
    assert set(ids(warm, "slaid=Gold|silver")) == gold | silver
    assert set(ids(warm, "slaid=125358..125359")) == gold | silver
    assert set(ids(warm, "slaid>125358")) == gold
    assert set(ids(warm, "slaid^=Go")) == gold
    assert set(ids(warm, "slaid~L", "slaid!=Gold")) == silver
    assert set(ids(warm, "slaid!=Gold|125358")).isdisjoint(gold | silver)
    assert set(ids(warm, "slaid=Gold", "--offline")) == gold
    warm("list", "acme/accounts", "slaid=Golf").failed(2, 'does not take "Golf"', "125359 (Gold)")
    warm("list", "acme/accounts", "slaid>Gold").failed(2, "no number")
    assert ids(warm, "slaid=7") == [], "a number that is in no list is one all the same"


def test_it_is_printed_by_its_label_in_tables_alone(warm: Acme) -> None:
    assert warm("choices", "acme/accounts", "slaid").lines[0] == {"value": "125357", "label": "Standard"}
    show = ("show", f"acme/accounts/{ACCOUNT}")
    said = warm(*show).lines[0]
    assert (said["values"]["slaid"], said["labels"]["slaid"]) == (125357, "Standard")
    listed = ("list", "acme/accounts", f"id={ACCOUNT}", "--columns", "slaid", "--format")
    assert warm(*listed, "table").out.split() == ["id", "slaid", ACCOUNT, "Standard"]
    assert warm(*listed, "csv").out.split() == ["id,slaid", f"{ACCOUNT},125357"]


@pytest.mark.fresh
def test_a_number_with_a_list_is_written_by_its_label(acme: Acme) -> None:
    ran, calls = acme.calls("edit", f"acme/accounts/{ACCOUNT}", "slaid=Gold")
    path = f"/accounts/{ACCOUNT}"
    assert calls == ["GET /datadictionary/accounts", SLA, f"GET {path}", f"PATCH {path}"]
    assert json.loads(acme.last.body) == {"slaid": 125359}, "a number, as it was read"
    assert (ran.lines[0]["values"]["slaid"], ran.lines[0]["labels"]["slaid"]) == (125359, "Gold")
    _, calls = acme.calls("edit", f"acme/accounts/{ACCOUNT}", "slaid=125358")
    assert SLA not in calls
    acme("new", "acme/accounts", "name=New Ltd", "slaid=silver")
    assert json.loads(acme.last.body) == {"name": "New Ltd", "slaid": 125358}
    acme("edit", f"acme/accounts/{ACCOUNT}", "slaid=Golf").failed(6, 'does not take "Golf"', "125359 (Gold)")
    acme("edit", f"acme/accounts/{ACCOUNT}", "slaid=")
    assert json.loads(acme.last.body) == {"slaid": None}


@pytest.mark.fresh
def test_a_value_is_added_to_the_list_of_a_number(warm: Acme) -> None:
    ran = warm("choices", "acme/accounts", "slaid", "--add", "Platinum")
    assert ran.lines[-1] == {"value": "125360", "label": "Platinum"}
    assert warm("edit", f"acme/accounts/{ACCOUNT}", "slaid=Platinum").lines[0]["values"]["slaid"] == 125360


@pytest.fixture
def renamed(serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """A service whose values are called otherwise: `Customer` is `Customer (Customer)`."""
    served = serve(SPOTLER_LOOKUP_LABELS="other")
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    return Acme(served, program)


def test_labels_that_are_not_known_yet_are_asked_for_once(renamed: Acme) -> None:
    label = "type=Customer (Customer)"
    ran, calls = renamed.calls("list", "acme/accounts", label)
    assert "GET /lookup/accounts/type" in calls
    assert {line["values"]["type"] for line in ran.lines} == {"Customer"}
    assert {line["labels"]["type"] for line in ran.lines} == {"Customer (Customer)"}
    assert renamed.calls("list", "acme/accounts", label)[1] == ["GET /accounts"]
    assert renamed.calls("list", "acme/accounts", "type~(cust")[0].out == ran.out
    assert renamed.calls("list", "acme/accounts", "type=Nobody knows")[1] == ["GET /accounts"]


def test_a_part_of_a_label_that_is_not_known_yet(renamed: Acme) -> None:
    ran, calls = renamed.calls("list", "acme/accounts", "type$=(Customer)")
    assert "GET /lookup/accounts/type" in calls
    assert {line["values"]["type"] for line in ran.lines} == {"Customer"}


def test_a_label_that_is_written_is_asked_for_once(renamed: Acme) -> None:
    edit = ("edit", f"acme/accounts/{ACCOUNT}", "sector=Retail (retail)", "--dry-run")
    ran, calls = renamed.calls(*edit)
    assert "GET /lookup/accounts/sector" in calls
    assert '{"sector":"Retail"}' in ran.out.replace(": ", ":")
    assert "GET /lookup/accounts/sector" not in renamed.calls(*edit)[1]


def test_without_a_line_what_is_cached_will_do(renamed: Acme) -> None:
    assert renamed("list", "acme/accounts").code == 0
    ran, calls = renamed.calls("list", "acme/accounts", "type=Customer", "--offline")
    assert (calls, {line["values"]["type"] for line in ran.lines}) == ([], {"Customer"})
