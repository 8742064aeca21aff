"""`kinds`, `fields` and `choices`."""

import json

import pytest

from tests.cli.conftest import Acme, configure


def test_kinds_cost_no_call(acme: Acme) -> None:
    ran, calls = acme.calls("kinds", "acme", "--format", "json")
    assert calls == []
    accounts = ran.json[0]
    assert list(accounts) == ["name", "label", "count", "can"]
    assert (accounts["name"], accounts["count"]) == ("accounts", None)
    assert list(accounts["can"]) == ["create", "edit", "delete", "tags", "notes", "filter", "order"]
    assert accounts["can"]["create"] is True
    assert "=" in accounts["can"]["filter"]
    users = next(kind for kind in ran.json if kind["name"] == "users")
    assert users["can"]["delete"] is False


def test_kinds_know_the_last_total(warm: Acme) -> None:
    warm("list", "acme/accounts", "name=Acme Ltd")
    assert warm("kinds", "acme").lines[0]["count"] == 20


def test_custom_tables_are_kinds(acme: Acme) -> None:
    configure(acme.served.connection.url, "kinds: [claims]")
    assert acme("kinds", "acme").lines[-1]["name"] == "claims"


def test_fields(acme: Acme) -> None:
    ran, calls = acme.calls("fields", "acme/accounts", "--format", "json")
    assert calls == ["GET /datadictionary/accounts"]
    fields = {field["name"]: field for field in ran.json}
    assert fields["name"] == {
        "name": "name",
        "label": "Account Name",
        "type": "text",
        "required": True,
        "read_only": False,
        "max_length": 100,
        "choices": [],
        "open": True,
        "refers_to": None,
    }
    assert (fields["type"]["type"], fields["type"]["choices"]) == ("choice", None)
    assert (fields["ownerid"]["type"], fields["ownerid"]["refers_to"]) == ("user", "users")
    assert fields["campaignid"]["refers_to"] == "campaigns"
    assert fields["modifieddate"]["read_only"] is True
    assert "id" not in fields


def test_fields_are_read_once_a_day(warm: Acme) -> None:
    ran, calls = warm.calls("fields", "acme/accounts")
    assert (ran.code, calls) == (0, [])
    warm("fields", "acme/nosuch").failed(3)


def test_choices(warm: Acme) -> None:
    ran, calls = warm.calls("choices", "acme/accounts", "type", "--format", "json")
    assert calls == ["GET /lookup/accounts/type"]
    assert ran.json[0] == {"value": "Customer", "label": "Customer"}
    assert warm.calls("choices", "acme/accounts", "type")[1] == []


def test_choices_of_users_are_the_users(warm: Acme) -> None:
    assert {"value": "90501", "label": "Jane Smith"} in warm("choices", "acme/accounts", "ownerid").lines


def test_choices_of_other_fields(warm: Acme) -> None:
    assert warm("choices", "acme/accounts", "name", "--format", "json").json == []
    warm("choices", "acme/contacts", "accountid").failed(2, "crmtui list acme/accounts")
    warm("choices", "acme/accounts", "nosuch").failed(2, "nosuch")
    warm("choices", "acme/accounts").failed(2)


def test_tables_and_csv(warm: Acme) -> None:
    assert warm("fields", "acme/accounts", "--format", "csv").out.startswith("name,label,type,required,")
    assert warm("choices", "acme/accounts", "name", "--format", "csv").out == "value,label\n"
    assert warm("kinds", "acme", "--format", "table").out.split()[:4] == ["name", "label", "count", "can"]


def values(acme: Acme, field: str = "type") -> list[str]:
    return [line["value"] for line in acme("choices", "acme/accounts", field).lines]


@pytest.mark.fresh
def test_values_are_added_to_a_list(warm: Acme) -> None:
    known = values(warm)
    ran, calls = warm.calls("choices", "acme/accounts", "type", "--add", "Reseller", "--add", " Charity ")
    assert calls == ["PATCH /lookup/accounttype", "GET /lookup/accounts/type"]
    assert json.loads(warm.served.requests[-2].body) == {"items": ["Reseller", "Charity"]}
    assert [line["value"] for line in ran.lines] == [*known, "Reseller", "Charity"]
    assert (ran.code, ran.err) == (0, "")
    assert warm.calls("choices", "acme/accounts", "type")[1] == []


@pytest.mark.fresh
def test_values_that_are_there_are_not_sent(warm: Acme) -> None:
    known = values(warm)
    ran, calls = warm.calls("choices", "acme/accounts", "type", "--add", "customer", "--add", "Prospect")
    assert (ran.code, calls) == (0, [])
    assert [line["value"] for line in ran.lines] == known
    assert '"customer" is in the list of type already' in ran.err
    assert '"Prospect" is in the list' in ran.err
    warm("choices", "acme/accounts", "type", "--add", "New", "--add", "new", "--add", "Partner")
    assert json.loads(warm.served.requests[-2].body) == {"items": ["New"]}


@pytest.mark.fresh
def test_other_fields_with_the_list_learn_of_it(warm: Acme) -> None:
    warm("fields", "acme/opportunities")
    warm("choices", "acme/opportunities", "source")
    assert warm("choices", "acme/accounts", "source", "--add", "Radio").code == 0
    assert "Radio" in warm("choices", "acme/opportunities", "source").out


def test_lists_to_which_nothing_can_be_added(warm: Acme) -> None:
    before = len(warm.served.sent("PATCH"))
    for field in ("name", "notes"):
        warm("choices", "acme/accounts", field, "--add", "New").failed(2, field, "--list NAME")
    for field in ("ownerid", "campaignid", "renewaldate", "nosuch"):
        warm("choices", "acme/accounts", field, "--add", "New").failed(2, field)
    warm("choices", "acme/accounts", "type", "--list", "x").failed(2, "--add")
    warm("choices", "acme/accounts", "type", "--add", " ").failed(6, "type")
    warm("choices", "acme/accounts", "type", "--add", "x" * 200).failed(6, "type", "characters")
    warm("choices", "acme/contacts", "interests", "--add", "a;b").failed(6, "interests", "semicolons")
    warm("choices", "acme/accounts", "type", "--add", "New", "--list", "nosuch").failed(3, "nosuch")
    assert len(warm.served.sent("PATCH")) == before + 1
    configure(warm.served.connection.url, "read_only: true")
    warm("choices", "acme/accounts", "type", "--add", "New").failed(6, "read-only")
    assert len(warm.served.sent("PATCH")) == before + 1


@pytest.mark.fresh
def test_the_name_of_a_list_can_be_given(warm: Acme) -> None:
    ran, calls = warm.calls("choices", "acme/accounts", "sector", "--add", "Space", "--list", "accountsector")
    assert calls == [
        "GET /lookup/accounts/sector",
        "PATCH /lookup/accountsector",
        "GET /lookup/accounts/sector",
    ]
    assert "Space" in ran.out
