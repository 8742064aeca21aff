"""What is not loaded until the first frame is on the screen."""

import subprocess
import sys
from pathlib import Path

LATER = {
    "anyio", "click", "crmtui.crm.driver", "crmtui.model.place", "crmtui.tui.palette", "crmtui.tui.related",
    "crmtui.tui.screens.confirm", "crmtui.tui.screens.form", "crmtui.tui.screens.record",
    "crmtui.tui.screens.review", "crmtui.tui.screens.transfer", "crmtui.tui.screens.welcome",
    "crmtui.tui.widgets.ask_line", "crmtui.tui.widgets.drop_list", "crmtui.tui.widgets.list_filter",
    "crmtui.workspace.completion", "crmtui.workspace.documents", "crmtui.workspace.filter_bar",
    "crmtui.workspace.forms", "crmtui.workspace.selection", "httpx", "keyring", "starlette", "yaml",
}  # fmt: skip
SCRIPT = """
import asyncio, sys
from crmtui.config import Config, Connection
from crmtui.tui.app import CrmTui
from crmtui.tui.widgets.list_pane import ListPane

loaded = []

def first_frame(pane):
    # The service is asked when the frame is painted: from here on anything may be loaded.
    loaded.extend(sys.modules)

ListPane.refresh_rows = first_frame
connection = Connection(name="acme", crm="spotler", url="http://127.0.0.1:9")

async def run():
    async with CrmTui(Config(connections={"acme": connection})).run_test() as pilot:
        while not loaded:
            await pilot.pause()
    print(*loaded)

asyncio.run(run())
"""


def test_the_first_frame_loads_only_what_it_shows() -> None:
    # The first start ever reads the theme's YAML, and keeps what it says for the next ones.
    for _ in range(2):
        ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.split())
    assert "crmtui.tui.screens.browse" in loaded
    assert sorted(LATER & loaded) == []


def test_what_must_come_later_is_there_at_all() -> None:
    root = Path(__file__).parents[2]
    ours = [name for name in LATER if name.startswith("crmtui.")]
    assert all(root.joinpath(*name.split(".")).with_suffix(".py").exists() for name in ours)
