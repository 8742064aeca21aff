"""Whatever is pressed, on whatever service: the app stays, and none of it is a mistake of the program."""

import os
import random

import pytest

from crmtui.config import SERVICES
from crmtui.paths import log_dir
from crmtui.tui.commands import COMMANDS
from crmtui.tui.screens.welcome import WelcomeScreen
from tests.conftest import Serve
from tests.tui.driver import NORMAL, browsing, played

_LEAVES = {"quit", "palette"}
"""Commands that end the app, or lead to all of them by name."""
_COMMANDS = sorted(
    {key for each in COMMANDS.values() if each.id not in _LEAVES for key in each.keys.split(",")}
)
_MOVES = ("enter", "tab", "shift+tab", "down", "down", "up", "left", "right", "home", "end", "pagedown")
_TYPED = ("1", "x", "space", "backspace", "escape", "escape", "escape")
_STEPS = int(os.environ.get("CRMTUI_STEPS", "30"))


@pytest.mark.parametrize("crm", SERVICES)
@played
async def test_any_keys_in_any_order(serve: Serve, crm: str) -> None:
    walk = random.Random(crm if "CRMTUI_STEPS" not in os.environ else None)
    async with browsing(serve(records=12, crm=crm), size=NORMAL) as app:
        for _ in range(_STEPS):
            if isinstance(app.app.screen, WelcomeScreen):
                break  # its keys lead out of the app
            await app.press(walk.choice((*_COMMANDS, *_MOVES, *_TYPED)))
            assert app.app.is_running
    assert not [*log_dir().glob("crash-*")]
