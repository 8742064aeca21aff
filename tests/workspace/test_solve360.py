"""What the app makes of a service whose lists leave fields out."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import pytest

from crmtui.model.query import Query
from crmtui.model.record import Record
from crmtui.model.write import Op, State
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.forms import Form
from crmtui.workspace.reading import read
from tests.conftest import Open, Serve
from tests.workspace.stage import until

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def solve(serve: Serve, open_served: Open) -> Account:
    """An account on a sandbox of Solve360."""
    return open_served(serve(5, "solve360"))


def test_what_a_list_leaves_out_is_not_edited_before_it_was_read(solve: Account, run: Run) -> None:
    desk = Desk(solve)
    found = run(read(solve, Query("contacts"), {}, None))
    ref = found.records[2].ref
    form = Form(desk, desk.schema("contacts"), desk.record(ref))
    assert "jobtitle" in form.fields
    assert "categories" not in form.fields
    run(desk.read(ref))
    form = Form(desk, desk.schema("contacts"), desk.record(ref))
    assert {"jobtitle", "categories", "ownership"} <= form.fields.keys()
    assert "categories" in Form(desk, desk.schema("contacts"), None).fields


def test_what_lists_and_records_leave_out_stays_as_it_was_read(solve: Account, run: Run) -> None:
    desk = Desk(solve)
    ref = run(read(solve, Query("contacts"), {}, None)).records[0].ref
    listed = desk.record(ref)
    shown = run(desk.read(ref))
    assert listed is not None
    assert "company" not in shown.values
    both = desk.record(ref)
    assert both is not None
    assert both.values["company"] == listed.values["company"]
    run(read(solve, Query("contacts"), {}, None))
    again = desk.record(ref)
    assert again is not None
    assert again.values["relateditems"] == shown.values["relateditems"]


def test_a_hundred_saves_that_waited_leave_as_two_requests(serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(110, "solve360")
    desk = Desk(open_served(served))
    found = run(read(desk.account, Query("contacts"), {}, 100)).records
    schema = run(desk.fields.schema("contacts"))
    writes = [
        desk.edits.intent(
            Op.EDIT, r.ref, {"jobtitle": "Head of bolts"}, {"jobtitle": r.values.get("jobtitle")}
        )
        for r in found
    ]
    url = served.connection.url

    async def wait_and_go() -> None:
        desk.account.connection = msgspec.structs.replace(served.connection, url="http://127.0.0.1:9")
        await desk.account.hang_up()
        saved = await asyncio.gather(*(desk.outbox.save(write, schema, keeps=True) for write in writes))
        assert all("cannot be reached" in one.waits for one in saved)
        desk.account.connection = msgspec.structs.replace(served.connection, url=url)
        await desk.account.hang_up()
        desk.courier.start()
        desk.courier.hurry()
        await until(lambda: not desk.outbox.waiting())
        await desk.courier.close(1)

    before = len(served.requests)
    run(wait_and_go())
    asked = served.requests[before:]
    assert [request.path for request in asked] == ["/contacts/", "/batch"]
    assert asked[1].body.count(b"PUT /contacts/") == 100
    states = {entry.state for write in writes if (entry := desk.account.writes.get(write.id))}
    assert states == {State.DONE}
    shown: Record = run(desk.read(found[7].ref))
    assert shown.values["jobtitle"] == "Head of bolts"
