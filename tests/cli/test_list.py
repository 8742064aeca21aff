"""`list`: what is asked, what is printed, what is said beside it."""

import csv
import io
import json
from urllib.parse import parse_qs

import pytest
import yaml

from crmtui.paths import config_file
from tests.cli.conftest import Acme, Program, configure
from tests.conftest import Serve


def asked(acme: Acme) -> dict[str, list[str]]:
    return parse_qs(acme.last.query)


def test_a_first_list_reads_dictionary_and_users_once(acme: Acme) -> None:
    _, first = acme.calls("list", "acme/accounts")
    _, second = acme.calls("list", "acme/accounts")
    assert first == ["GET /datadictionary/accounts", "GET /accounts", "GET /users"]
    assert second == ["GET /accounts"]


def test_a_record_is_printed_as_the_contract_says(warm: Acme) -> None:
    record = warm("list", "acme/accounts", "name=Acme Ltd").lines[0]
    assert list(record) == ["connection", "kind", "id", "title", "modified", "values", "labels"]
    assert (record["connection"], record["kind"], record["title"]) == ("acme", "accounts", "Acme Ltd")
    assert isinstance(record["id"], str)
    assert record["modified"] == record["values"]["modifieddate"]
    assert record["modified"][10] == "T"
    assert "id" not in record["values"]
    assert record["values"]["ownerid"] == "90501"
    assert record["labels"]["ownerid"] == "Jane Smith"
    assert "type" not in record["labels"]
    assert record["values"]["campaignid"] is None
    assert record["values"]["2yearpolicy"] in (True, False)


def test_formats(warm: Acme) -> None:
    names = ["Acme Ltd", "Acorn & Söhne"]
    base = ("list", "acme/accounts", "--limit", "2", "--columns", "name,ownerid")
    array = warm(*base, "--format", "json").json
    assert [record["values"]["name"] for record in array] == names
    assert warm(*base).lines == array
    assert warm("--format", "yaml", *base).out.startswith("- connection: acme")
    assert yaml.safe_load(warm(*base, "--format=yaml").out) == array
    rows = list(csv.reader(io.StringIO(warm(*base, "--format", "csv").out)))
    assert rows[0] == ["id", "name", "ownerid"]
    assert [row[1:] for row in rows[1:]] == [[names[0], "90501"], [names[1], "90504"]]
    table = warm(*base, "--format", "table").out.splitlines()
    assert table[0].split() == ["id", "name", "ownerid"]
    assert "Jane Smith" in table[1]
    assert table[0].index("ownerid") == table[1].index("Jane Smith")


def test_an_empty_list(warm: Acme) -> None:
    base = ("list", "acme/accounts", "name=Nobody at all")
    assert warm(*base).out == ""
    assert warm(*base, "--format", "json").json == []
    assert yaml.safe_load(warm(*base, "--format", "yaml").out) == []
    assert warm(*base, "--format", "csv").out.startswith("id,name,")
    assert warm(*base).code == 0


def test_numbers_keep_their_digits(warm: Acme) -> None:
    ran = warm("list", "acme/accounts", "name=Acme Ltd", "--columns", "creditlimit")
    assert '"creditlimit":500.5}' in ran.out


@pytest.mark.parametrize(
    ("arguments", "shown"), [((), 100), (("--limit", "7"), 7), (("--limit", "120"), 120), (("--all",), 130)]
)
def test_limits(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], shown: int
) -> None:
    served = serve(records=130)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    ran = program("list", "acme/accounts", *arguments)
    assert len(ran.lines) == shown
    assert len({line["id"] for line in ran.lines}) == shown
    assert (" 130 " in ran.err) == (shown < 130)


def test_more_than_the_limit_where_a_part_is_done_here(warm: Acme) -> None:
    ran = warm("list", "acme/accounts", "ownerid~smith", "--limit", "1")
    assert ran.lines[0]["labels"]["ownerid"] == "Jane Smith"
    assert "more than 1" in ran.err


def test_limit_and_all_exclude_each_other(acme: Acme) -> None:
    acme("list", "acme/accounts", "--limit", "1", "--all").failed(2)
    acme("list", "acme/accounts", "--limit", "0").failed(2)


def test_order_is_asked_of_the_service(warm: Acme) -> None:
    warm("list", "acme/accounts", "--order", "type", "--order", "name:desc")
    assert json.loads(asked(warm)["order"][0]) == {"type": "asc", "name": "desc"}


def test_where_is_asked_of_the_service(warm: Acme) -> None:
    ran = warm("list", "acme/accounts", "type=Customer", "ownerid=jane SMITH")
    assert json.loads(asked(warm)["q"][0]) == {"type": "Customer", "ownerid": 90501}
    assert all(line["values"]["ownerid"] == "90501" for line in ran.lines)


def test_a_reference_by_its_title(warm: Acme) -> None:
    [account] = warm("list", "acme/accounts", "name=Acme Ltd").lines
    found = warm("list", "acme/contacts", "accountid=ACME ltd").lines
    assert found
    assert {line["values"]["accountid"] for line in found} == {account["id"]}
    assert {line["labels"]["accountid"] for line in found} == {"Acme Ltd"}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("nosuch=1", "nosuch"),
        ("name", "name="),
        ("creditlimit>abc", "abc"),
        ("name>a", "name"),
        ("ownerid=Nobody", "Jane Smith (90501)"),
        ("campaignid=Nothing", "campaigns"),
    ],
)
def test_a_where_that_makes_no_sense(warm: Acme, where: str, said: str) -> None:
    ran, calls = warm.calls("list", "acme/accounts", where)
    ran.failed(2)
    assert calls == []
    assert said.split(" (")[0] in ran.err


@pytest.mark.fresh
def test_several_records_of_one_name_are_named(warm: Acme) -> None:
    ids = [warm("new", "acme/accounts", "name=Twin").lines[0]["id"] for _ in range(2)]
    ran, calls = warm.calls("list", "acme/contacts", "accountid=twin")
    ran.failed(2, *ids)
    assert calls == ["GET /datadictionary/contacts"]


def test_unknown_names(acme: Acme) -> None:
    ran, calls = acme.calls("list", "acme/nosuch")
    ran.failed(3, "nosuch", "accounts")
    assert calls == []
    acme("list", "other/accounts").failed(2, "other")
    acme("list", "acme").failed(2)
    acme("list", "acme/accounts/5").failed(2)
    acme("list", "acme/accounts", "--columns", "nosuch").failed(2, "nosuch")
    acme("list", "acme/accounts", "--order", "nosuch:desc").failed(2, "nosuch")


def test_custom_tables_are_kinds_once_they_are_named(acme: Acme) -> None:
    acme("list", "acme/claims").failed(3)
    configure(acme.served.connection.url, "kinds: [claims]")
    ran = acme("list", "acme/claims", "--limit", "1")
    assert ran.lines[0]["kind"] == "claims"
    assert ran.lines[0]["values"]["claimpaidbyuw"] is False


class TestOffline:
    def test_nothing_mirrored(self, acme: Acme) -> None:
        ran, calls = acme.calls("list", "acme/accounts", "--offline", "--format", "json")
        assert (ran.code, ran.json, calls) == (0, [], [])
        assert "crmtui sync acme" in ran.err

    def test_an_incomplete_mirror_is_said(self, acme: Acme) -> None:
        acme("list", "acme/accounts", "--limit", "3")
        ran, calls = acme.calls("list", "acme/accounts", "--offline")
        assert (len(ran.lines), calls) == (3, [])
        assert "3 of 20" in ran.err
        assert "crmtui sync acme" in ran.err

    def test_a_whole_mirror_answers_like_the_service(self, warm: Acme) -> None:
        wish = ("list", "acme/accounts", "type=customer", "--order", "name:desc", "--columns", "name")
        ran, calls = warm.calls(*wish, "--offline")
        assert (ran.err, calls) == ("", [])
        # The service's own order of scripts is its own matter, so that only the sets are compared.
        assert {line["id"] for line in ran.lines} == {line["id"] for line in warm(*wish).lines}
        names = [line["values"]["name"].casefold() for line in ran.lines]
        assert names == sorted(names, reverse=True)

    def test_empty_values_come_last_either_way(self, warm: Acme) -> None:
        for order in ("creditlimit", "creditlimit:desc"):
            ran = warm("list", "acme/accounts", "--offline", "--order", order, "--columns", "creditlimit")
            values = [line["values"]["creditlimit"] for line in ran.lines]
            held = [value for value in values if value is not None]
            assert values == sorted(held, reverse=order.endswith("desc")) + [None] * (20 - len(held))

    def test_limit_and_total(self, warm: Acme) -> None:
        ran = warm("list", "acme/accounts", "--offline", "--limit", "4")
        assert len(ran.lines) == 4
        assert "4 of 20" in ran.err

    def test_labels_are_printed_text(self, warm: Acme) -> None:
        ran = warm("list", "acme/accounts", "--offline", "ownerid~smith")
        assert {line["labels"]["ownerid"] for line in ran.lines} == {"Jane Smith"}


def test_without_a_mirror_on_disk_nothing_is_kept(acme: Acme) -> None:
    configure(acme.served.connection.url, "mirror: false")
    assert len(acme("list", "acme/accounts").lines) == 20
    ran = acme("list", "acme/accounts", "--offline")
    assert (ran.code, ran.out) == (0, "")
    assert not list(config_file().parent.parent.rglob("mirror.db"))
