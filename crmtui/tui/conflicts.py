"""What a person decides where somebody else changed the same: asked on screens, sent again by the caller."""

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from crmtui.model.text import clean
from crmtui.model.write import Op, Write
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.workspace.desk import Desk
from crmtui.workspace.resolution import Resolution
from crmtui.workspace.saved import Clashed
from crmtui.workspace.wording import Wording

if TYPE_CHECKING:
    from textual.app import App


async def decide(app: "App[object]", desk: Desk, write: Write, clashed: Clashed) -> Write | None:
    """The write as it is wanted now that theirs is known, without edits where theirs stands.

    None: nothing was decided. Runs in a worker.
    """
    if write.op is Op.DELETE:
        return await _decide_deletion(app, desk, write, clashed)
    from crmtui.tui.screens.conflict import ConflictScreen

    resolution = Resolution(desk, write, clashed)
    while await app.push_screen_wait(ConflictScreen(desk, resolution)):
        decided = resolution.decided(date.today())
        if not decided.edits:
            return decided
        calls = desk.edits.calls(decided, resolution.theirs, desk.schema(write.ref.kind))
        changes = resolution.wording.changes(decided)
        review = ReviewScreen(desk, clashed.theirs.title, changes, calls, back="back to the conflict")
        if await app.push_screen_wait(review):
            return decided
    return None


async def _decide_deletion(app: "App[object]", desk: Desk, write: Write, clashed: Clashed) -> Write | None:
    wording = Wording(desk, write.ref.kind)
    theirs = "; ".join(
        f'{wording.title(clash.field)} from "{wording.text(clash.field, clash.original)}"'
        f' to "{wording.text(clash.field, clash.theirs)}"'
        for clash in clashed.clashes
    )
    question = (
        f"{clean(clashed.theirs.title)} was changed after you decided to delete it: {theirs}."
        " Delete it all the same?"
    )
    if not await app.push_screen_wait(ConfirmScreen("Conflict", question, yes="delete it", no="leave it")):
        return None
    return msgspec.structs.replace(write, base=clashed.theirs.values)
