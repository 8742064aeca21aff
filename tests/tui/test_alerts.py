"""Alerts in the app: a notice that stays, once, over whatever screen there is."""

import time
from pathlib import Path

import msgspec

from crmtui.config import Connection
from tests.conftest import Served
from tests.proxy import Canned, answer
from tests.secrets.jwt import token
from tests.tui.driver import NORMAL, browsing, driven, opened, played

LIST = b'{"metadata":{"total_count":1,"has_more":false},"list":[{"record":{"id":7,"name":"Acme [/] Ltd"}}]}'


@played
async def test_a_used_quota_is_told_once(sandbox: Served, tmp_path: Path) -> None:
    async with browsing(sandbox, call_limit=4, base=tmp_path, size=NORMAL) as app:
        while app.app.desks["acme"].account.quota().used != 4:
            await app.press("r")
            await app.settle()
        await app.shows("acme has used 100 % of its 4 API calls; they start anew at 00:00 UTC.")
    async with opened(sandbox, call_limit=4, base=tmp_path) as app:
        await app.list_has("Acme Ltd")
        await app.press("r")
        await app.settle()
        assert "has used" not in app.said


@played
async def test_the_end_of_a_token_is_told(tmp_path: Path) -> None:
    near = token(sub="1", exp=int(time.time()) + 12 * 86_400 + 60)
    with Canned(answer(200, LIST)) as canned:
        connection = Connection(name="acme", crm="spotler", url=canned.url)
        async with driven(connection, tokens={"acme": near}, base=tmp_path) as app:
            await app.shows("The token of acme ends on", "crmtui connect acme --replace", "Acme [/] Ltd")
        async with driven(connection, tokens={"acme": near}, base=tmp_path) as app:
            await app.list_has("Acme [/] Ltd")
            await app.settle()
            assert "ends on" not in app.said, "once a day"


@played
async def test_a_failed_call_is_a_notice_and_reaches_the_program(sandbox: Served, tmp_path: Path) -> None:
    told = tmp_path / "told"
    hostile = answer(500, b'{"message":"Oops \\u001b]52;c;x\\u0007 [red]x[/]"}')
    with Canned(hostile) as canned:
        connection = msgspec.structs.replace(sandbox.connection, url=canned.url)
        command = ("/bin/sh", "-c", 'printf %s "$2" > "$1"', "sh", str(told))
        async with driven(
            connection, tokens={"acme": sandbox.token}, base=tmp_path / "base", alert_command=command
        ) as app:
            await app.shows("A call to acme failed (crmtui log acme).")
            await app.shows("✗ The service failed (500)", "[red]x[/]")
            await app.until(lambda: told.exists() and told.read_text(), "the sentence")
    assert told.read_text().startswith("acme: The service failed (500)")
    assert "\x1b" not in told.read_text()
