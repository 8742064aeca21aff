"""What a service said that an account may not do now: refused before a call, lifted by its word."""

import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.model.errors import AuthFailed, Restricted
from crmtui.model.news import News
from crmtui.model.query import Query
from crmtui.model.write import Op
from crmtui.secrets import fingerprint
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.joining import check, token_of
from tests.conftest import Open, Serve
from tests.workspace.stage import Run

_ALL = ("create", "edit", "delete", "restore")
_REFUSED = {
    "deals_limit_reached": {"contacts": ("create", "restore"), "deals": ("create", "restore")},
    "contacts_list_full": {"contacts": ("create", "restore"), "deals": ("create", "restore")},
    "too_many_contacts": {
        "contacts": ("create", "edit", "restore"),
        "actions": _ALL,
        "notes": _ALL,
        "deals": _ALL,
    },
}


def refused(account: Account) -> dict[str, tuple[str, ...]]:
    """The writes of each kind that are switched off."""
    kinds = account.adapter.kinds.values()
    found = {k.name: tuple(op.value for op in Op if account.restrictions.why_not(k, op)) for k in kinds}
    return {name: ops for name, ops in found.items() if ops}


def listed(account: Account) -> Any:
    """Asks for the contacts, as `crmtui list acme/contacts --limit 1` does."""
    asked = account.adapter.list(Query("contacts", None, ()), account.adapter.built_in("contacts").by_name, 1)
    return account.send(asked.call)


@pytest.mark.parametrize("word", _REFUSED)
@pytest.mark.parametrize("format_", ["xml", "json", "yaml"])
def test_each_notice_switches_off_what_it_means(
    serve: Serve, open_served: Open, run: Run, word: str, format_: str
) -> None:
    served = serve(crm="onepagecrm-v1", ONEPAGECRM_V1_NOTIFY=word)
    account = open_served(served, msgspec.structs.replace(served.connection, format=format_))
    assert refused(account) == {}
    run(listed(account))
    assert refused(account) == _REFUSED[word]


@pytest.mark.parametrize("crm", ["onepagecrm-v1", "onepagecrm"])
def test_a_write_is_refused_before_a_call(serve: Serve, open_served: Open, run: Run, crm: str) -> None:
    served = serve(crm=crm)
    desk = Desk(open_served(served))
    desk.account._hear(News(notices=("contacts_list_full",)))
    write = desk.edits.intent(Op.CREATE, desk.account.ref("contacts", ""), {"lastname": "Lee"})
    with pytest.raises(Restricted) as error:
        run(desk.courier.save(write, desk.schema("contacts")))
    assert error.value.exit_code == 6
    assert "as many contacts as it may have" in error.value.message
    assert "crmtui list acme/contacts --limit 1" in error.value.message
    assert served.requests == []


def test_the_next_program_knows_it_and_an_answer_lifts_it(serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(crm="onepagecrm-v1")
    first = open_served(served, folder="same")
    first._hear(News(notices=("too_many_contacts",)))
    assert "contacts" in refused(open_served(served, folder="same"))
    run(listed(first))
    assert refused(open_served(served, folder="same")) == {}


def test_a_refusal_that_tells_none_lifts_none(serve: Serve, open_served: Open, run: Run) -> None:
    account = open_served(serve(crm="onepagecrm-v1", ONEPAGECRM_V1_ACCOUNT="blocked"))
    account._hear(News(notices=("too_many_contacts",)))
    with pytest.raises(AuthFailed):
        run(listed(account))
    assert "contacts" in refused(account)


def test_after_15_minutes_the_service_decides(
    serve: Serve, open_served: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_served(serve(crm="onepagecrm-v1"))
    account._hear(News(notices=("too_many_contacts",)))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 14 * 60)
    assert refused(account)
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    assert (refused(account), account.restrictions.told) == ({}, [])


def test_an_unknown_word_is_shown_as_it_is(serve: Serve, open_served: Open, run: Run) -> None:
    account = open_served(serve(crm="onepagecrm-v1", ONEPAGECRM_V1_NOTIFY="free_beer,too_many_contacts"))
    run(listed(account))
    told = account.restrictions.told
    assert told[0] == "free_beer"
    assert "more contacts than it may have" in told[1]


def test_a_password_is_exchanged_for_the_token(serve: Serve) -> None:
    served = serve(crm="onepagecrm-v1", ONEPAGECRM_V1_PASSWORDS="pass word")
    connection = msgspec.structs.replace(served.connection, user="user61@example.com")
    with pytest.raises(AuthFailed):
        asyncio.run(token_of(connection, "wrong"))
    token = asyncio.run(token_of(connection, "pass word"))
    assert token == f"{served.connection.user}:{served.token}"
    asyncio.run(check(connection, token))
    logins = [request.path for request in served.requests if "auth/login" in request.path]
    assert len(logins) == 2


def test_a_password_may_be_any_text_and_no_trace_of_it_is_kept(
    serve: Serve, open_served: Open, tmp_path: Path
) -> None:
    password = "pä ss: 'wörd' 密码"
    served = serve(crm="onepagecrm-v1", ONEPAGECRM_V1_PASSWORDS=password)
    connection = msgspec.structs.replace(served.connection, user="user61@example.com")
    token = asyncio.run(token_of(connection, password, tmp_path / "joined"))
    assert token == f"{served.connection.user}:{served.token}"
    salt = open_served(served, folder="joined").ledger.salt
    traces = (password.encode(), fingerprint(password, salt).encode())
    files = [path.read_bytes() for path in (tmp_path / "joined").rglob("*") if path.is_file()]
    assert any(b"/api/auth/login" in content for content in files)
    assert not any(trace in content for trace in traces for content in files)
