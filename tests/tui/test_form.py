"""The form, its lookups, the review and the question: driven as a person does, over a real service."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, cast

import msgspec
import pytest
from textual.app import App
from textual.events import Paste

from crmtui.config import Connection
from crmtui.model.call import Call
from crmtui.model.errors import CrmError, OutcomeUnknown, Unreachable
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.model.text import mend
from crmtui.model.write import Op
from crmtui.sandbox import Request, Sandbox
from crmtui.sandbox.hostile import TEXTS
from crmtui.tui.app import CrmTui
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.conflict import ConflictScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.status import Status
from crmtui.tui.term import SafeFilter
from crmtui.tui.theme import DARK, load_theme, variables
from crmtui.tui.widgets.drop_list import DropList
from crmtui.workspace.desk import Desk
from crmtui.workspace.forms import Form
from crmtui.workspace.opening import open_account
from crmtui.workspace.saved import Saved, SavedAll
from tests.proxy import closed_port
from tests.tui.driver import NORMAL, WIDE, Driven, sizes

P = ParamSpec("P")
NAME = {"name": "Acme Ltd", "type": "Prospect", "website": "https://acme.example"}
FEW = {
    "type",
    "source",
    "website",
    "slaid",
    "discount",
    "notes",
    "first",
    "email",
    "value",
    "closedate",
    "modifieddate",
}
STYLES = Path(__file__).parents[2] / "crmtui" / "tui" / "styles" / "app.tcss"


class Shell(App[None]):
    """The least app that screens can stand on."""

    CSS_PATH: ClassVar[Any] = [STYLES]
    keymap: ClassVar[dict[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        theme, _ = load_theme(DARK)
        assert theme is not None
        self.register_theme(theme)
        self.theme = DARK
        self.status = Status()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(self.current_theme)

    def get_line_filters(self) -> list[Any]:
        return [*super().get_line_filters(), SafeFilter()]

    def say(self, message: str, *, error: bool = False, lasting: bool = False) -> None:
        self.said.append(message)


class Opened(Driven):
    """A form on the screen."""

    def __init__(self, shell: Shell, pilot: Any, form: FormScreen, sandbox: Sandbox) -> None:
        super().__init__(cast(CrmTui, shell), pilot)
        self.shell = shell
        self.screen = form
        self.saved: list[Saved | SavedAll | None] = []
        self.patches = 0
        """How many writes were sent before the person's own."""
        self._sandbox = sandbox
        self._before = len(sandbox.requests)

    def sent(self, *methods: str) -> list[Request]:
        """What was sent since the form was opened."""
        return [each for each in self._sandbox.requests[self._before :] if each.method in methods]

    def body(self) -> Any:
        """What the one write said."""
        (request,) = self.sent("PATCH", "POST")
        return json.loads(request.body)

    async def go(self, field: str) -> "Opened":
        """To a field, as with the mouse."""
        self.screen.set_focus(self.screen.panel.rows[field].editor)
        await self.pilot.pause()
        return self

    async def leave(self) -> None:
        """Back to what was there before."""
        await self.press("escape")
        await self.until(lambda: self.saved, "the end of the form")

    async def review(self) -> None:
        await self.press("ctrl+s")
        await self.on(ReviewScreen)

    async def send(self) -> Saved:
        """Over the review to the service."""
        await self.review()
        await self.press("enter")
        await self.until(lambda: self.saved, "the end of the save")
        assert isinstance(self.saved[0], Saved)
        return self.saved[0]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Mapping[str, str]]]:
    """A service for all tests; each edits records of its own."""
    with Sandbox(tmp_path_factory.mktemp("sandbox"), records=20, crm="spotler") as sandbox:
        yield sandbox, sandbox.start()["spotler"]


class World:
    """What a test opens forms on."""

    def __init__(self, sandbox: Sandbox, reached: Mapping[str, str], base: Path) -> None:
        self.sandbox = sandbox
        connection = Connection(name="acme", crm="spotler", url=reached["url"])
        self.desk = Desk(open_account(connection, tokens={"acme": reached["token"]}, base=base))
        self._url = reached["url"]

    async def create(self, kind: str = "accounts", **values: Value) -> Record:
        """A record of the test's own, there and in the mirror."""
        schema = await self.desk.fields.schema(kind)
        write = self.desk.edits.intent(Op.CREATE, Ref("acme", kind), values or NAME)
        record = (await self.desk.outbox.save(write, schema)).record
        assert record is not None
        return record

    async def elsewhere(self, record: Record, **values: Value) -> None:
        """Somebody else changes a record; nothing here hears of it."""
        write = self.desk.edits.intent(Op.EDIT, record.ref, values)
        for call in self.desk.edits.calls(write, record, self.desk.schema(record.ref.kind)):
            await self.desk.account.send(call)

    async def line(self, url: str = "") -> None:
        """The next calls go to a url, else to the service again."""
        await self.desk.account.hang_up()
        self.desk.account.connection = msgspec.structs.replace(
            self.desk.account.connection, url=url or self._url
        )

    def schema(self, kind: str, *, whole: bool) -> Schema:
        """The fields of a kind; a few of them are enough for most tests, and sooner on the screen."""
        schema = self.desk.schema(kind)
        fields = [field for field in schema.fields if whole or field.required or field.name in FEW]
        return Schema(kind, tuple(fields), schema.fetched_at)

    @property
    def drafts(self) -> list[dict[str, str]]:
        """The texts of every draft on disk."""
        return [dict(draft.texts) for draft in self.desk.account.drafts.all()]

    @asynccontextmanager
    async def form(
        self,
        on: Record | str,
        *,
        size: tuple[int, int] = NORMAL,
        early: str = "",
        schema: Schema | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> AsyncIterator[Opened]:
        """A form of a record, or of a new one of a kind."""
        record = on if isinstance(on, Record) else None
        ref = on.ref if isinstance(on, Record) else Ref("acme", on)
        shell = Shell()
        async with shell.run_test(size=size) as pilot:
            schema = schema or self.schema(ref.kind, whole=size != NORMAL)
            screen = FormScreen(Form(self.desk, schema, record, ref=ref, values=values))
            opened = Opened(shell, pilot, screen, self.sandbox)
            shell.push_screen(screen, opened.saved.append)
            if early:
                await opened.write(early)
            await opened.on(FormScreen)
            yield opened


def asked(test: Callable[..., Any]) -> Callable[..., None]:
    """Runs a coroutine test, its account closed afterwards."""

    @wraps(test)
    def run(world: World, **rest: Any) -> None:
        async def whole() -> None:
            try:
                await test(world, **rest)
            finally:
                await world.desk.account.close()

        asyncio.run(whole())

    return run


@pytest.fixture
def world(service: tuple[Sandbox, Mapping[str, str]], tmp_path: Path) -> World:
    return World(*service, tmp_path)


# -- opening and leaving


@pytest.mark.parametrize("size", [NORMAL, WIDE])
@asked
async def test_it_opens_in_the_first_text_with_the_cursor_at_its_end(
    world: World, size: tuple[int, int]
) -> None:
    record = await world.create()
    async with world.form(record, size=size) as form:
        await form.shows("Edit · Acme Ltd", "Account Name *", "nothing changed", "required")
        await form.write(" plc")
        await form.shows("Acme Ltd plc", "1 changed · 2 calls · ctrl+s review")


@asked
async def test_a_contact_opens_in_a_text_and_no_lookup(world: World) -> None:
    account = await world.create()
    contact = await world.create("contacts", accountid=account.ref.id, first="Ann", last="Lee")
    async with world.form(contact) as form:
        await form.press("exclamation_mark")
        await form.until(lambda: form.screen.form.changed == ["first"], "the change")
        assert form.screen.form.shown("first") == "Ann!"


@asked
async def test_keys_typed_while_it_opens_are_not_lost(world: World) -> None:
    async with world.form(await world.create(), early=" & Co") as form:
        await form.until(lambda: form.screen.form.shown("name") == "Acme Ltd & Co", "the typed text")


@asked
async def test_what_is_typed_is_a_draft_and_comes_back(world: World) -> None:
    record = await world.create()
    async with world.form(record) as form:
        await form.go("website")
        await form.press("x", "y", "left")
        await form.until(lambda: world.drafts == [{"website": "https://acme.examplexy"}], "the draft")
        await form.leave()
        assert form.saved == [None]
        assert not form.sent("PATCH", "POST")
    async with world.form(record) as form:
        await form.shows("draft from today", "ctrl+x discards it", "https://acme.examplexy")
        await form.press("z")
        await form.until(lambda: form.screen.form.shown("website").endswith("xzy"), "the cursor's place")
        await form.press("ctrl+x")
        await form.shows("nothing changed", "https://acme.example")
        assert world.drafts == []
        await form.leave()
    assert world.drafts == []


@asked
async def test_what_stands_in_the_fields_is_kept_before_any_event_tells_of_it(world: World) -> None:
    """The line may drop at any moment: what is seen on the screen then is on disk."""
    async with world.form(await world.create()) as form:
        rows = form.screen.panel.rows
        rows["name"].editor.insert_text_at_cursor(" & Co")
        rows["notes"].editor.insert("Rang.\nTwice.")
        rows["type"].editor.value = "Supplier"
        form.screen.flush()
        assert world.drafts == [{"name": "Acme Ltd & Co", "notes": "Rang.\nTwice.", "type": "Supplier"}]
        await form.until(lambda: form.screen.form.changed == ["name", "type", "notes"], "the form knows it")
        await form.leave()


@asked
async def test_a_form_left_as_it_was_leaves_no_draft(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.press("tab", "tab", "shift+tab")
        await form.go("name")
        await form.press("x", "backspace")
        await form.leave()
    assert world.drafts == []


@asked
async def test_a_paste_is_one_harmless_line(world: World) -> None:
    async with world.form(await world.create()) as form:
        editor = form.screen.panel.rows["name"].editor
        editor.post_message(Paste("\x1b]52;c;x\x07 two\r\nlines"))
        await form.until(lambda: form.screen.form.changed, "the paste")
        assert form.screen.form.shown("name") == "Acme Ltd]52;c;x two lines"


# -- saving


@pytest.mark.parametrize("size", [NORMAL, WIDE])
@asked
async def test_one_changed_field_is_all_that_is_sent(world: World, size: tuple[int, int]) -> None:
    record = await world.create()
    async with world.form(record, size=size) as form:
        await form.write(" plc")
        await form.review()
        await form.shows("Review · Acme Ltd", "old → new", "Acme Ltd → Acme Ltd plc", "2 calls")
        await form.shows(f"GET /accounts/{record.ref.id}", '{"name":"Acme Ltd plc"}')
        await form.shows("enter send", "esc back to the form")
        assert "Bearer" not in form.text
        await form.press("escape")
        await form.on(FormScreen)
        assert not form.sent("GET", "PATCH")
        saved = await form.send()
        assert saved.record is not None
        assert saved.record.values["name"] == "Acme Ltd plc"
        assert form.body() == {"name": "Acme Ltd plc"}
        assert len(form.sent("GET", "PATCH")) == 2
    assert world.drafts == []
    mirrored = world.desk.record(record.ref)
    assert mirrored is not None
    assert mirrored.title == "Acme Ltd plc"


@asked
async def test_enter_pressed_twice_sends_once(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.write("2")
        await form.review()
        await form.press("enter", "enter", "ctrl+s", "enter", "x")
        await form.until(lambda: form.saved, "the end of the save")
        assert form.body() == {"name": "Acme Ltd2"}


@asked
async def test_nothing_changed_is_said(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.press("ctrl+s")
        await form.until(lambda: form.shell.said == ["Nothing changed."], "the notice")
        await form.on(FormScreen)


@asked
async def test_what_can_be_told_here_is_told_at_its_field(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.press("ctrl+u")
        await form.go("discount")
        await form.write("many")
        await form.press("ctrl+s")
        await form.shows("✗ is no number")
        await form.press("ctrl+u", "ctrl+s")
        await form.shows("✗ is required")
        assert form.screen.focused is form.screen.panel.rows["name"].editor
        await form.press("B")
        await form.hides("✗")
        assert not form.sent("GET", "PATCH")


@asked
async def test_a_refusal_lands_on_its_field(world: World) -> None:
    account = await world.create()
    record = await world.create("contacts", accountid=account.ref.id, last="Lee")
    async with world.form(record) as form:
        await form.go("email")
        await form.write("nowhere")
        await form.review()
        await form.press("enter")
        await form.on(FormScreen)
        await form.shows("✗ is no e-mail address")
        await form.until(lambda: form.screen.focused is form.screen.panel.rows["email"].editor, "the focus")
        assert world.drafts == [{"email": "nowhere"}]
        await form.write("@acme.example")
        await form.send()
        assert json.loads(form.sent("PATCH")[-1].body) == {"email": "nowhere@acme.example"}


@asked
async def test_a_new_record_is_one_post(world: World) -> None:
    await world.create()
    async with world.form("accounts") as form:
        await form.shows("New account", "nothing filled in")
        await form.write("Fresh")
        await form.until(lambda: world.drafts == [{"name": "Fresh"}], "the draft")
        await form.review()
        await form.shows("Review · new account", "1 call")
        await form.press("enter")
        await form.until(lambda: form.saved, "the end of the save")
        assert form.body() == {"name": "Fresh"}
        assert isinstance(form.saved[0], Saved)
        assert form.saved[0].record is not None
        assert form.saved[0].record.ref.id
    assert world.drafts == []


@asked
async def test_a_duplicate_begins_with_the_others_values(world: World) -> None:
    record = await world.create()
    async with world.form("accounts", values=record.values) as form:
        await form.shows("New account", "Acme Ltd", "Prospect")
        await form.leave()
    assert world.drafts == []


# -- when it does not go well


@asked
async def test_without_a_line_the_text_goes_from_the_draft_to_the_outbox(world: World) -> None:
    record = await world.create()
    async with world.form(record) as form:
        await form.write("2")
        await form.until(lambda: world.drafts == [{"name": "Acme Ltd2"}], "the draft")
        with closed_port() as url:
            await world.line(url)
            saved = await form.send()
        assert "cannot be reached" in saved.waits
    assert world.drafts == []
    [entry] = world.desk.outbox.waiting()
    assert entry.write.edits == {"name": "Acme Ltd2"}
    shown = world.desk.shown(record.ref)
    assert shown is not None
    assert shown.title == "Acme Ltd2"


@asked
async def test_a_form_on_a_waiting_record_starts_from_what_waits(world: World) -> None:
    record = await world.create()
    async with world.form(record) as form:
        await form.write("2")
        with closed_port() as url:
            await world.line(url)
            await form.send()
    async with world.form(world.desk.shown(record.ref) or record) as form:
        await form.shows("Acme Ltd2")
        await form.write("3")
        await world.line()
        saved = await form.send()
        assert saved.record is not None
        assert [json.loads(each.body) for each in form.sent("PATCH")] == [
            {"name": "Acme Ltd2"},
            {"name": "Acme Ltd23"},
        ]
    assert not world.desk.outbox.waiting()


# -- conflicts


@asynccontextmanager
async def clashing(world: World, record: Record, **theirs: Value) -> AsyncIterator[Opened]:
    """A form that was sent after somebody else had changed the name too."""
    async with world.form(record) as form:
        await form.write("2")
        await world.elsewhere(record, name="Elsewhere", **theirs)
        form.patches = len(form.sent("PATCH"))
        await form.review()
        await form.press("enter")
        await form.on(ConflictScreen)
        yield form


@pytest.mark.parametrize(
    ("keys", "name"),
    [("", "Acme Ltd2"), ("t", ""), ("o", "Acme Ltd"), ("tm", "Acme Ltd2"), ("e!", "Acme Ltd2!")],
)
@asked
async def test_a_conflict_is_decided_field_by_field(world: World, keys: str, name: str) -> None:
    record = await world.create()
    async with clashing(world, record, website="https://other.example") as form:
        await form.shows(
            "Conflict · Elsewhere", "○ original  Acme Ltd", "● mine      Acme Ltd2", "○ theirs    Elsewhere"
        )
        await form.shows("Choose what is to stand")
        await form.press(*(key if key != "!" else "exclamation_mark" for key in keys))
        if "!" in keys:
            await form.shows("● typed     Acme Ltd2!")
        await form.press("ctrl+s")
        if name:
            await form.on(ReviewScreen)
            await form.shows(f"Elsewhere → {name}")
            await form.press("enter")
        await form.until(lambda: form.saved, "the end of the save")
        sent = [json.loads(each.body) for each in form.sent("PATCH")[form.patches :]]
        assert sent == ([{"name": name}] if name else [])
    assert world.drafts == []
    mirrored = world.desk.record(record.ref)
    assert mirrored is not None
    assert mirrored.values["name"] == (name or "Elsewhere")
    assert mirrored.values["website"] == "https://other.example"


@asked
async def test_an_undecided_conflict_leaves_the_form_and_the_draft(world: World) -> None:
    record = await world.create()
    async with clashing(world, record) as form:
        await form.press("ctrl+s")
        await form.on(ReviewScreen)
        await form.press("escape")
        await form.on(ConflictScreen)
        await form.press("escape")
        await form.on(FormScreen)
        await form.shows("Somebody else changed name", "ctrl+s asks again", "Acme Ltd2")
        assert len(form.sent("PATCH")) == form.patches
        assert world.drafts == [{"name": "Acme Ltd2"}]
        assert not world.desk.outbox.waiting()
        await form.review()
        await form.press("enter")
        await form.on(ConflictScreen)


@asked
async def test_another_value_can_be_given_up_again(world: World) -> None:
    async with clashing(world, await world.create()) as form:
        await form.press("t", "e", "x")
        await form.shows("● typed")
        await form.press("escape")
        await form.shows("● theirs")
        await form.on(ConflictScreen)
        await form.press("e", "ctrl+u", "ctrl+s")
        await form.shows("✗ Account Name is required")


@asked
async def test_side_by_side_where_there_is_room(world: World) -> None:
    record = await world.create()
    async with world.form(record, size=WIDE) as form:
        await form.write("2")
        await world.elsewhere(record, name="Elsewhere")
        await form.review()
        await form.press("enter")
        await form.on(ConflictScreen)
        await form.until(
            lambda: any("Acme Ltd " in x and "Acme Ltd2" in x and "Elsewhere" in x for x in form.lines),
            "a row",
        )


# -- the editors


@asked
async def test_a_value_is_found_by_its_letters(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.go("type")
        await form.until(lambda: form.screen.form.candidates("type", "cu"), "the values")
        await form.write("cu")
        listed = form.screen.query_one(DropList)
        await form.until(lambda: listed.display, "the list")
        await form.shows("Customer", "Former customer")
        await form.press("escape")
        await form.until(lambda: not listed.display, "the end of the list")
        await form.on(FormScreen)
        await form.write("s")
        await form.press("down", "up", "enter")
        await form.until(lambda: form.screen.form.shown("type") == "Customer", "the value")
        assert not listed.display
        assert (await form.send()).record is not None
        assert form.body() == {"type": "Customer"}


@asked
async def test_a_number_with_a_list_is_chosen_by_its_name(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.go("slaid")
        await form.until(lambda: form.screen.form.shown("slaid") == "Standard", "its name")
        await form.press("ctrl+u")
        await form.write("none such")
        await form.press("ctrl+s")
        await form.shows('✗ does not take "none such"; it takes 125357', "125358 (Silver)")
        await form.press("ctrl+u")
        await form.write("go")
        await form.shows("Gold")
        await form.press("enter")
        await form.until(lambda: form.screen.form.shown("slaid") == "Gold", "the value")
        await form.review()
        await form.shows("Standard", "Gold")
        await form.press("enter")
        await form.until(lambda: form.saved, "the end of the save")
        assert form.body() == {"slaid": 125359}


@asked
async def test_the_mouse_chooses_too(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.go("type")
        await form.until(lambda: form.screen.form.candidates("type", "cu"), "the values")
        await form.write("cu")
        await form.shows("Former customer")
        await form.click("Former customer")
        await form.until(lambda: form.screen.form.shown("type") == "Former customer", "the value")
        await form.click("ctrl+s")
        await form.on(ReviewScreen)


@asked
async def test_a_word_that_is_no_value_is_taken_where_it_may_be(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.go("type")
        await form.write("Zebra")
        await form.press("tab")
        await form.send()
        assert form.body() == {"type": "Zebra"}


@asked
async def test_values_that_do_not_come_leave_typing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def choices(kind: str, field: Field) -> tuple[Choice, ...]:
        raise Unreachable("No line.")

    monkeypatch.setattr(world.desk.fields, "choices", choices)
    async with world.form(await world.create()) as form:
        await form.go("source")
        await form.shows("the values could not be loaded; type the value · No line.")
        await form.write("Fair")
        await form.until(lambda: form.screen.form.changed == ["source"], "the change")


@asked
async def test_a_reference_stores_the_id_of_the_name(world: World) -> None:
    first, second = await world.create(name="Alpha"), await world.create(name="Beta & Sons")
    contact = await world.create("contacts", accountid=first.ref.id, last="Lee")
    async with world.form(contact) as form:
        await form.shows("Alpha")
        await form.go("accountid")
        await form.write("bet")
        await form.shows("Beta & Sons")
        await form.press("enter")
        await form.until(lambda: form.screen.form.shown("accountid") == "Beta & Sons", "the name")
        await form.review()
        await form.shows("Alpha → Beta & Sons")
        await form.press("enter")
        await form.until(lambda: form.saved, "the end of the save")
        assert form.body() == {"accountid": int(second.ref.id)}
        assert not [each for each in form.sent("GET") if each.path == "/accounts"]


@asked
async def test_yes_no_numbers_and_dates(world: World) -> None:
    account = await world.create()
    record = await world.create("opportunities", accountid=account.ref.id, name="Deal", value=1000)
    async with world.form(record) as form:
        await form.go("value")
        await form.press("ctrl+u")
        await form.write("1250.50")
        await form.go("closedate")
        await form.write("2031-02-03")
        await form.shows("= Mon 3 Feb 2031")
        await form.send()
        assert form.body() == {"value": 1250.5, "closedate": "2031-02-03"}


@asked
async def test_yes_and_no_are_a_key_each(world: World) -> None:
    fields = (Field("name", "Name"), Field("live", "Live", FieldType.BOOLEAN))
    async with world.form("accounts", schema=Schema("accounts", fields)) as form:
        await form.shows("○ yes   ○ no   —")
        await form.go("live")
        for key, text in (
            ("space", "true"),
            ("space", "false"),
            ("space", ""),
            ("n", "false"),
            ("y", "true"),
            ("backspace", ""),
        ):
            await form.press(key)
            assert form.screen.form.fields["live"].text == text
        await form.on(FormScreen)
        await form.press("y")
        await form.shows("● yes")


@asked
async def test_several_lines_grow_and_enter_stays_in_them(world: World) -> None:
    async with world.form(await world.create()) as form:
        await form.go("notes")
        editor = form.screen.panel.rows["notes"].editor
        await form.press("a", "enter", "b", "enter", "c", "enter", "d", "enter", "e")
        await form.until(lambda: form.screen.form.shown("notes") == "a\nb\nc\nd\ne", "the text")
        await form.until(lambda: editor.size.height == 5, "the height")
        await form.press("tab")
        assert form.screen.focused is not editor


@asked
async def test_hostile_texts_neither_act_nor_change(world: World) -> None:
    types = [type_ for type_ in FieldType if type_ is not FieldType.ROWS]
    fields = tuple(
        Field(
            f"{type_}",
            text,
            type_,
            choices=(Choice(text, text),) if type_ is FieldType.CHOICE else None,
            refers_to="accounts" if type_ is FieldType.REFERENCE else None,
        )
        for type_, text in zip(types, map(mend, TEXTS), strict=False)
    )
    values: dict[str, Value] = {field.name: field.label for field in fields}
    schema = Schema("accounts", (*fields, Field("seen", TEXTS[0], read_only=True)))
    record = Record(Ref("acme", "accounts", "1"), TEXTS[7], {**values, "seen": TEXTS[9]}, {"user": TEXTS[7]})
    world.desk.account.mirror.upsert([record])
    async with world.form(record, schema=schema) as form:
        for _ in fields:
            await form.press("tab")
        assert "\x1b" not in form.text
        assert form.screen.form.changed == []
        await form.press("ctrl+s")
        await form.until(lambda: form.shell.said == ["Nothing changed."], "the notice")
        await form.leave()
    assert world.drafts == []


# -- adding to a list


async def offered_to_add(form: Opened, field: str, text: str) -> DropList:
    """Types a text that is no value yet, and waits for the offer to make it one."""
    await form.go(field)
    await form.until(lambda: form.screen.form.lookups.choices(form.screen.form.field(field)), "the values")
    await form.write(text)
    await form.shows(f'+ add "{text}"', "(2 calls)")
    return form.screen.query_one(DropList)


@sizes
@asked
async def test_a_new_word_is_added_to_the_list_and_chosen(world: World, size: tuple[int, int]) -> None:
    word = f"Reseller {size[0]}"
    async with world.form(await world.create(), size=size) as form:
        await offered_to_add(form, "type", word)
        await form.press("down", "enter")
        await form.on(ConfirmScreen)
        await form.shows(f'Add "{word}"', "2 calls")
        assert not form.sent("PATCH")
        await form.press("y")
        await form.until(lambda: form.shell.said == [f'Added: "{word}".'], "the word")
        (patch,) = form.sent("PATCH")
        assert (patch.path, json.loads(patch.body)) == ("/lookup/accounttype", {"items": [word]})
        await form.until(lambda: form.screen.form.shown("type") == word, "the value")
        assert word in [choice.label for choice in form.screen.form.candidates("type", "")]
        await form.send()
        assert json.loads(form.sent("PATCH")[1].body) == {"type": word}


@asked
async def test_the_safe_answer_adds_nothing(world: World) -> None:
    async with world.form(await world.create()) as form:
        await offered_to_add(form, "type", "Zebra")
        await form.press("down", "enter")
        await form.on(ConfirmScreen)
        await form.press("enter")
        await form.on(FormScreen)
        assert form.screen.form.shown("type") == "Zebra"
        assert not form.sent("PATCH")


@pytest.mark.parametrize(
    "error", [OutcomeUnknown("No answer."), Unreachable("No line.")], ids=["unknown", "line"]
)
@asked
async def test_a_failed_addition_leaves_the_text_and_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch, error: CrmError
) -> None:
    async with world.form(await world.create()) as form:
        await offered_to_add(form, "source", "Wireless")

        async def send(call: Call) -> Any:
            raise error

        monkeypatch.setattr(world.desk.account, "send", send)
        await form.press("down", "enter")
        await form.on(ConfirmScreen)
        await form.press("y")
        await form.shows("✗", error.message.split(".")[0])
        assert form.screen.form.shown("source") == "Wireless"


@asked
async def test_of_several_values_the_last_is_added(world: World) -> None:
    record = await world.create("contacts", accountid="95920978", last="Lee", interests="Events")
    schema = world.desk.schema("contacts")
    few = [field for field in schema.fields if field.required or field.name == "interests"]
    async with world.form(record, schema=Schema("contacts", tuple(few), schema.fetched_at)) as form:
        await form.go("interests")
        await form.until(lambda: form.screen.form.candidates("interests", "ev"), "the values")
        await form.write("; Golf")
        await form.shows('+ add "Golf"')
        await form.press("down", "enter")
        await form.on(ConfirmScreen)
        await form.press("y")
        await form.until(lambda: form.shell.said, "the word")
        await form.send()
        assert json.loads(form.sent("PATCH")[1].body) == {"interests": "Events;Golf"}


@asked
async def test_where_no_list_is_known_words_in_use_are_offered_and_none_is_added(world: World) -> None:
    record = await world.create(name="Acme Ltd", sector="Astronautics")
    async with world.form(record, size=WIDE) as form:
        world.desk.account.known.keep_choices("accounts", "source", ())
        world.desk.account.mirror.upsert(
            [msgspec.structs.replace(record, values={**record.values, "source": "Word of mouth"})]
        )
        await form.go("source")
        await form.write("wor")
        await form.shows("Word of mouth")
        assert "+ add" not in form.text
        await form.press("enter")
        assert form.screen.form.shown("source") == "Word of mouth"
