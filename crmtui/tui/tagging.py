"""Choosing a record's tags: the choice, the review, and the save."""

from typing import TYPE_CHECKING

from crmtui.model.errors import CrmError
from crmtui.model.record import Ref, Value
from crmtui.model.write import Op
from crmtui.tui.outbox_words import came_of
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.tags import TagsScreen
from crmtui.workspace.desk import Desk
from crmtui.workspace.saved import Clashed, Saved
from crmtui.workspace.tags import Change, difference, named, tags_field, tags_of
from crmtui.workspace.wording import Wording

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui


async def tag(app: "CrmTui", desk: Desk, ref: Ref) -> None:
    """The way of a record's tags from the choice to the service."""
    field = tags_field(desk, ref.kind)
    record = desk.shown(ref)
    if record is None or field.name not in record.values:
        # What lists leave out would look like none.
        await desk.read(ref)
        record = desk.shown(ref)
    if record is None:
        return
    had = tags_of(field, record)
    wanted = had
    while True:
        known = named(desk, field, record, desk.fields.choices_now(ref.kind, field))
        screen = TagsScreen(desk, ref.kind, field, record.title, known, wanted)
        chosen = await app.push_screen_wait(screen)
        if chosen is None:
            return
        wanted = chosen
        change = difference(had, wanted)
        if not change.added and not change.removed:
            app.say("Nothing changed.")
            return
        schema = desk.schema(ref.kind)
        edits: dict[str, Value] = {field.name: list[Value](change.of(had))}
        write = desk.edits.intent(Op.EDIT, ref, edits, {field.name: list[Value](had)})
        calls = desk.edits.calls(write, record, schema)
        rows = Wording(desk, ref.kind).changes(write)
        review = ReviewScreen(desk, record.title, rows, calls, back="back to the tags")
        if await app.push_screen_wait(review):
            break
    try:
        saved = await _save(desk, ref, field.name, had, change)
    except CrmError as error:
        app.say(error.message, error=True)
        return
    after = desk.shown(ref) or saved.record
    if after is not None:
        app.written(after)
    app.say(came_of(Op.EDIT, record.title, saved))


async def _save(desk: Desk, ref: Ref, name: str, had: list[str], change: Change) -> Saved:
    """Saves what was added and removed, on top of what others did to the tags meanwhile."""
    schema = desk.schema(ref.kind)
    while True:
        edits: dict[str, Value] = {name: change.of(had)}
        write = desk.edits.intent(Op.EDIT, ref, edits, {name: list[Value](had)})
        try:
            return await desk.courier.save(write, schema)
        except Clashed as error:
            theirs = tags_of(schema.field(name), error.theirs)
            if theirs == had:
                raise
            had = theirs
