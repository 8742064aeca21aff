"""Related items in the app: told by name, gone to, typed by name, saved by what was added and removed."""

from pathlib import Path

from textual.widgets import Input

from crmtui.tui.screens.choose import ChooseScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from tests.tui.driver import NORMAL, SIZES, Driven, browsing, opened, played
from tests.tui.solve360 import ANN, Solve, put, solve

__all__ = ["solve"]
ACORN = "<relatedto><id>10960105</id><note>her {} [b]employer</note></relatedto>"


async def at_field(app: Driven) -> Input:
    """The form of the record, at its related items."""
    await app.press("e")
    await app.on(FormScreen)
    await app.settle()
    form = app.app.screen
    assert isinstance(form, FormScreen)
    editor = form.panel.rows["relateditems"].editor
    form.set_focus(editor)
    await app.settle()
    assert isinstance(editor, Input)
    return editor


@played
async def test_they_stand_beside_the_record_and_lead_to_theirs(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    put(served, ANN, f"<relateditems><add>{ACORN}</add></relateditems>")
    async with opened(served, target=ANN, base=tmp_path / "app", size=NORMAL) as app:
        await app.at_record("Ann Lee", "Acme Ltd; Acorn & Söhne (her {} [b]employer)")
        await app.press("tab", "tab")
        await app.shows("▌  Acme Ltd", "her {} [b]employer")
        before = len(served.requests)
        await app.press("O")
        await app.on(ChooseScreen)
        await app.press("escape")
        await app.on(RecordScreen)
        assert len(served.requests) == before
        await app.press("down", "enter")
        await app.shows("Acorn & Söhne", "company 10960105")
        await app.press("escape")
        await app.shows("contact 479038")


@played
async def test_one_is_added_by_name_and_one_removed(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    async with browsing(served, base=tmp_path / "app", size=NORMAL) as app:
        await app.press("right_square_bracket")
        await app.list_has("Acorn")
        await app.settle()
        app.app.open_record(app.app.screen.desk, ANN, None)  # type: ignore[attr-defined]
        await app.on(RecordScreen)
        await app.settle()
        await app.press("r")
        await app.shows("Acme Ltd", "Related items")
        await app.settle()
        editor = await at_field(app)
        assert editor.value == "Acme Ltd"
        await app.press("ctrl+u", *"acorn")
        await app.shows("Acorn & Söhne")
        await app.press("enter")
        await app.until(lambda: editor.value == "Acorn & Söhne", "the name")
        await app.press("end", *" (boss)", "ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("Acme Ltd → Acorn & Söhne (boss)", "2 calls")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Saved: Ann Lee", "Acorn & Söhne (boss)")
        body = served.sent("PUT")[-1].body.decode()
        assert "<add><relatedto><id>10960105</id><note>boss</note></relatedto></add>" in body
        assert "<remove><relatedto><id>10960104</id></relatedto></remove>" in body


@played
async def test_a_name_that_nobody_has_is_told_and_kept(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    async with opened(served, target=ANN, base=tmp_path / "app", size=SIZES[0]) as app:
        await app.at_record("Ann Lee")
        editor = await at_field(app)
        await app.press("end", *"; Nobody Ltd", "escape", "ctrl+s")
        await app.shows("names no record known here")
        assert editor.value == "Acme Ltd; Nobody Ltd"
        assert served.sent("PUT") == []
