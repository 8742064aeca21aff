"""`show`, and what hangs on a record."""

import csv
import io
import re

import httpx
import pytest
import yaml

from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve


def test_one_object_for_one_call(warm: Acme) -> None:
    ran, calls = warm.calls("show", f"acme/accounts/{warm.first_id()}", "--format", "json")
    assert calls[-1:] == [f"GET /accounts/{ran.json['id']}"]
    assert ran.json["title"] == "Acme Ltd"
    assert ran.json["labels"]["ownerid"] == "Jane Smith"
    assert "related" not in ran.json


def test_only_the_schema_is_read_besides(acme: Acme) -> None:
    _, calls = acme.calls("show", "acme/accounts/95920978")
    assert calls == ["GET /datadictionary/accounts", "GET /accounts/95920978"]


def test_formats(warm: Acme) -> None:
    show = ("show", f"acme/accounts/{warm.first_id()}")
    said = warm(*show, "--format", "json").json
    assert warm(*show).lines == [said]
    assert yaml.safe_load(warm(*show, "--format", "yaml").out) == said
    rows = list(csv.DictReader(io.StringIO(warm(*show, "--format", "csv").out)))
    assert [(row["id"], row["name"]) for row in rows] == [(said["id"], "Acme Ltd")]


def test_a_missing_record(warm: Acme) -> None:
    warm("show", "acme/accounts/5").failed(3, "acme/accounts/5")
    warm("show", "acme/nosuch/5").failed(3, "nosuch")
    warm("show", "acme/accounts").failed(2)


@pytest.mark.fresh
def test_a_record_that_is_gone_leaves_the_mirror(warm: Acme) -> None:
    id_ = warm.first_id("contacts")
    [contact] = warm("list", "acme/contacts", f"id={id_}", "--offline").lines
    assert warm("delete", f"acme/contacts/{contact['id']}", "--yes").code == 0
    warm("show", f"acme/contacts/{id_}").failed(3)
    assert warm("list", "acme/contacts", f"id={id_}", "--offline").out == ""


def test_related(warm: Acme) -> None:
    id_ = warm("list", "acme/accounts", "name=Acme Ltd").lines[0]["id"]
    ran = warm("show", f"acme/accounts/{id_}", "--related", "--format", "json")
    related = ran.json["related"]
    assert {"contacts", "opportunities", "activities"} <= set(related)
    assert related["contacts"]
    for kind, records in related.items():
        for record in records:
            values = record["values"]
            assert (record["kind"], values.get("accountid", values.get("parentid"))) == (kind, id_)
            assert values.get("parentobject", "Account") == "Account"


@pytest.mark.fresh
def test_related_records_of_a_custom_table_too(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(records=5)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url, "kinds: [claims]")
    ran = program("show", "acme/accounts/95920978", "--related")
    assert [claim["title"] for claim in ran.lines[0]["related"]["claims"]]


def test_what_a_user_is_in_charge_of(warm: Acme) -> None:
    ran, calls = warm.calls("show", "acme/users/90501", "--related", "--format", "json")
    related = ran.json["related"]
    owned = {"accounts", "contacts", "opportunities", "activities", "cases", "campaigns"}
    assert set(related) == owned, "who last changed a record is not in charge of it"
    assert related["accounts"]
    for kind, records in related.items():
        assert {record["values"]["ownerid"] for record in records} <= {"90501"}
        assert calls.count(f"GET /{kind}") == 1
    mine = warm("list", "acme/accounts", "ownerid=Jane Smith").lines
    assert [each["id"] for each in related["accounts"]] == [each["id"] for each in mine]
    again, calls = warm.calls("show", "acme/users/90501", "--related", "--format", "json")
    assert (again.json, len(calls)) == (ran.json, 1 + len(owned)), "a call for each kind"


@pytest.mark.fresh
def test_related_without_any_is_an_empty_array(warm: Acme) -> None:
    id_ = warm("new", "acme/accounts", "name=Alone").lines[0]["id"]
    related = warm("show", f"acme/accounts/{id_}", "--related").lines[0]["related"]
    assert related["contacts"] == []


def test_related_in_tables_and_not_in_csv(warm: Acme) -> None:
    target = f"acme/accounts/{warm.first_id()}"
    out = warm("show", target, "--related", "--format", "table").out
    assert re.search(r"\n\ncontacts [0-9]+\nid +last +first ", out)
    ran, calls = warm.calls("show", target, "--related", "--format", "csv")
    ran.failed(2, "csv")
    assert calls == []


def test_a_hundred_related_are_given_and_more_are_said(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(records=1)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    headers = {"Authorization": f"Bearer {served.token}"}
    with httpx.Client(base_url=served.connection.url, headers=headers, trust_env=False) as client:
        account = client.get("/accounts").json()["list"][0]["record"]["id"]
        for number in range(101):
            contact = {"accountid": account, "last": f"L{number}"}
            client.post("/contacts", json=contact).raise_for_status()
    ran = program("show", f"acme/accounts/{account}", "--related")
    assert len(ran.lines[0]["related"]["contacts"]) == 100
    assert "100 of 102 contacts" in ran.err
