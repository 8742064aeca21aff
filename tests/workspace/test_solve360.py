"""What the app makes of a service whose lists leave fields out."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmtui.config import Connection
from crmtui.model.query import Query
from crmtui.sandbox import Sandbox
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.forms import Form
from crmtui.workspace.reading import read
from tests.conftest import Open, Served

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def solve(tmp_path: Path, open_served: Open) -> Iterator[Account]:
    """An account on a sandbox of Solve360."""
    with Sandbox(tmp_path / "solve", records=5, crm="solve360") as sandbox:
        reached = sandbox.start()["solve360"]
        connection = Connection(name="acme", crm="solve360", url=reached["url"], user=reached["user"])
        yield open_served(Served(sandbox, connection, reached["token"]))


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
