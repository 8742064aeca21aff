"""`kinds`, `fields` and `choices`."""

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
    warm("choices", "acme/accounts", "type", "--add", "New").failed(2, "--add")


def test_tables_and_csv(warm: Acme) -> None:
    assert warm("fields", "acme/accounts", "--format", "csv").out.startswith("name,label,type,required,")
    assert warm("choices", "acme/accounts", "name", "--format", "csv").out == "value,label\n"
    assert warm("kinds", "acme", "--format", "table").out.split()[:4] == ["name", "label", "count", "can"]
