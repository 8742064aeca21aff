"""Every record type of the service: made, shown, changed and deleted, by the documented requests alone."""

import json

import pytest

from tests.cli.conftest import Program, configure
from tests.conftest import Serve

ACCOUNT, OPPORTUNITY, CONTACT, CAMPAIGN = "95920978", "7300200", "41200100", "21100"
NEW = {
    "accounts": (["name=New Ltd"], "phone=123"),
    "contacts": ([f"accountid={ACCOUNT}", "last=Neu"], "first=Ann"),
    "opportunities": ([f"accountid={ACCOUNT}", "name=New deal"], "value=1200.50"),
    "activities": (
        [f"accountid={ACCOUNT}", "type=Call", "date=2026-11-22 10:00"],
        "description=Rang back",
    ),
    "cases": ([f"accountid={ACCOUNT}", "subject=Broken"], "subject=Mended"),
    "campaigns": (["name=Autumn"], "active=yes"),
    "campaignstages": ([f"campaignid={CAMPAIGN}", "name=Invited"], "sequence=9"),
    "campaigndetails": ([f"campaignid={CAMPAIGN}", f"contactid={CONTACT}"], "status=Left"),
    "opportunity_lines": (
        [f"opportunityid={OPPORTUNITY}", "product=Data Migration", "unitprice=10"],
        "quantity=3",
    ),
    "opportunityhistories": ([f"opportunityid={OPPORTUNITY}", "opportunitystatus=Qualified"], "value=5"),
    "claims": ([f"accountid={ACCOUNT}", "name=CL-1"], "claimpaidbyuw=yes"),
}


@pytest.mark.parametrize("kind", NEW)
def test_a_record_of_every_type(
    kind: str, serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(records=5)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url, "kinds: [claims]")
    given, change = NEW[kind]
    field, _, _ = change.partition("=")

    made = program("new", f"acme/{kind}", *given).lines[0]
    (post,) = served.sent("POST")
    assert (post.path, set(json.loads(post.body))) == (
        f"/{kind}",
        {each.partition("=")[0] for each in given},
    )

    target = f"acme/{kind}/{made['id']}"
    assert program("show", target).lines[0]["id"] == made["id"]
    before = len(served.requests)
    changed = program("edit", target, change).lines[0]
    assert [each.method for each in served.requests[before:]] == ["GET", "PATCH"]
    patch = served.requests[-1]
    assert (patch.path, list(json.loads(patch.body))) == (f"/{kind}/{made['id']}", [field])
    assert changed["values"][field] != made["values"].get(field)

    ran = program("delete", target, "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert (served.requests[-1].method, served.requests[-1].path) == ("DELETE", f"/{kind}/{made['id']}")
    assert program("show", target).code == 3
