"""`crmtui tag`: tags by their names, one write of what differs from the record as it is."""

import pytest

from tests.conftest import Served

from . import conftest
from .conftest import Acme, Program
from .test_solve360 import Begin, begin, only

__all__ = ["begin"]
ANN = "acme/contacts/479038"


def test_tags_are_added_and_removed(begin: Begin) -> None:
    acme = begin()
    assert only(acme("tag", ANN, "+VIP", "+press & media"))["labels"]["categories"] == "VIP;Press & Media"
    assert acme("list", "acme/contacts").code == 0
    ran, calls = acme.calls("tag", ANN, "+Do not call", "-vip")
    assert calls == ["GET /contacts/479038", "PUT /contacts/479038"]
    assert only(ran)["labels"]["categories"] == "Press & Media;Do not call"
    body = acme.last.body.decode()
    assert "<add><category>123502093</category></add>" in body
    assert "<remove><category>123502091</category></remove>" in body
    assert only(acme("show", ANN))["labels"]["categories"] == "Press & Media;Do not call"
    assert acme("undo", "acme").code == 0
    assert set(only(acme("show", ANN))["labels"]["categories"].split(";")) == {"VIP", "Press & Media"}


def test_what_is_there_or_gone_already_is_said_and_not_sent(begin: Begin) -> None:
    acme = begin()
    only(acme("tag", ANN, "+VIP"))
    before = len(acme.served.sent("PUT"))
    ran = acme("tag", ANN, "+VIP", "-Prospect", "-what is this", "-h", "--help")
    assert only(ran)["labels"]["categories"] == "VIP"
    assert ran.err.splitlines() == [
        "crmtui: acme/contacts/479038: VIP is there already.",
        "crmtui: acme/contacts/479038: Prospect is not there.",
        "crmtui: acme/contacts/479038: what is this is not there.",
        "crmtui: acme/contacts/479038: h is not there.",
        "crmtui: acme/contacts/479038: -help is not there.",
    ]
    assert len(acme.served.sent("PUT")) == before


def test_a_tag_that_nobody_knows(begin: Begin) -> None:
    acme = begin()
    acme("tag", ANN, "+VIP", "+Fan club").failed(
        6, "Fan club", "crmtui choices acme/contacts categories --add 'Fan club'"
    )
    assert acme.served.sent("PUT") == []
    assert acme("choices", "acme/contacts", "categories", "--add", "Fan club").code == 0
    assert only(acme("tag", ANN, "+Fan club"))["labels"]["categories"] == "Fan club"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "No tag is named"),
        (("VIP",), "neither +NAME nor -NAME"),
        (("+",), "neither +NAME nor -NAME"),
        (("+VIP", "-vip"), "both added and removed"),
        (("+VIP", "-123502091"), "both added and removed"),
    ],
)
def test_what_makes_no_sense(begin: Begin, words: tuple[str, ...], said: str) -> None:
    acme = begin()
    only(acme("tag", ANN, "+VIP"))
    before = len(acme.served.sent("PUT"))
    acme("tag", ANN, *words).failed(2, said)
    assert len(acme.served.sent("PUT")) == before


def test_kinds_tell_who_has_tags(begin: Begin) -> None:
    acme = begin()
    tagged = {row["name"] for row in acme("kinds", "acme").lines if row["can"]["tags"]}
    assert tagged == {"contacts", "companies", "projectblogs", "tickets"}
    acme("tag", "acme/activities/1", "+VIP").failed(6, "no tags")


def test_a_service_without_tags(shared: Served, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    conftest.configure(shared.connection.url)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", shared.token)
    acme = Acme(shared, program)
    ran, calls = acme.calls("tag", "acme/accounts/1", "+VIP")
    ran.failed(6, "no tags for accounts")
    assert calls == []
