"""Alerts of commands: one line on stderr, beside what was asked for, and never twice."""

import time
from pathlib import Path

import pytest

from crmtui.paths import config_file
from tests.cli.conftest import Acme, Program, configure
from tests.proxy import Canned, answer
from tests.secrets.jwt import token

LIST = b'{"metadata":{"total_count":0,"has_more":false},"list":[]}'
OOPS = answer(500, b'{"message":"Oops"}')


def test_a_percentage_is_said_once(warm: Acme) -> None:
    configure(warm.served.connection.url, "call_limit: 5", "alerts: [80]")
    ran = warm("list", "acme/accounts", "--limit", "20")
    assert ran.err == "crmtui: acme has used 80 % of its 5 API calls; they start anew at 00:00 UTC.\n"
    assert (ran.code, len(ran.lines)) == (0, 20)
    assert warm("list", "acme/accounts", "--limit", "20").err == ""
    quota, calls = warm.calls("quota", "acme")
    assert (quota.lines[0]["used"], calls, quota.err) == (5, [], "")


def test_no_alerts_are_wanted(warm: Acme) -> None:
    configure(warm.served.connection.url, "call_limit: 2", "alerts: []")
    assert warm("list", "acme/accounts", "--limit", "20").err == ""


def test_a_failure_that_ends_the_command_is_said_by_it_alone(warm: Acme, tmp_path: Path) -> None:
    told = tmp_path / "told"
    with Canned(OOPS) as canned:
        configure(canned.url)
        with config_file().open("a") as file:
            file.write(f"alert_command: [/bin/sh, -c, 'printf %s \"$1\" > {told}', sh]\n")
        warm("list", "acme/accounts").failed(8, "500")
    assert told.read_text().startswith("acme: The service failed (500), nothing was done.")


def test_a_failure_that_ends_nothing_is_said(acme: Acme) -> None:
    """The dictionary fails and the list does not."""
    with Canned(OOPS, OOPS, OOPS, answer(200, LIST)) as canned:
        configure(canned.url)
        ran = acme("list", "acme/accounts")
    assert ran.code == 0
    assert ran.err.startswith("crmtui: acme: The service failed (500)")


def test_connect_warns_of_a_token_that_ends_soon(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", token(exp=int(time.time() + 12.5 * 86_400)))
    with Canned(answer(200, LIST)) as canned:
        ran = program("connect", "acme", "--crm", "spotler", "--url", canned.url)
    assert ran.code == 0
    connected, warned = ran.err.splitlines()
    assert "is connected" in connected
    assert "The token of acme ends on " in warned
    assert "crmtui connect acme --replace" in warned
    assert "Manage API Keys" in warned


def test_connect_says_nothing_of_a_fresh_token(acme: Acme) -> None:
    assert "ends" not in acme("connect", "acme", "--replace").err
