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
from crmtui.model.write import Op, Write
from crmtui.sandbox import Request, Sandbox
from crmtui.sandbox.hostile import TEXTS
from crmtui.tui.app import CrmTui
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.status import Status
from crmtui.tui.term import SafeFilter
from crmtui.tui.theme import DARK, load_theme, variables
from crmtui.tui.widgets.drop_list import DropList
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import open_account
from crmtui.workspace.saved import Saved
from tests.tui.driver import NORMAL, SIZES, WIDE, Driven

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
        self.saved: list[Saved | None] = []
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
        assert self.saved[0] is not None
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
            screen = FormScreen(self.desk, ref, schema, record, values=values)
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
        assert form.saved[0] is not None
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


def failing(world: World, monkeypatch: pytest.MonkeyPatch, error: CrmError) -> None:
    async def save(write: Write, schema: Schema) -> Saved:
        raise error

    monkeypatch.setattr(world.desk.edits, "save", save)


@asked
async def test_without_a_line_the_text_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record = await world.create()
    async with world.form(record) as form:
        with monkeypatch.context() as context:
            failing(world, context, Unreachable("The service cannot be reached."))
            await form.write("2")
            await form.review()
            await form.press("enter")
            await form.shows("✗ The service cannot be reached. What you typed is kept")
        assert world.drafts == [{"name": "Acme Ltd2"}]
        await form.press("3")
        await form.send()
        assert form.body() == {"name": "Acme Ltd23"}


@asked
async def test_what_may_have_been_done_is_not_sent_again_unasked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await world.create()
    async with world.form(record) as form:
        with monkeypatch.context() as context:
            failing(world, context, OutcomeUnknown("The line broke."))
            await form.write("2")
            await form.review()
            await form.press("enter")
            await form.shows("✗ The line broke. Look at the record")
        await form.press("ctrl+s")
        await form.on(ConfirmScreen)
        await form.shows("Send again", "n no (enter, esc)")
        await form.press("enter")
        await form.on(FormScreen)
        await form.press("ctrl+s")
        await form.on(ConfirmScreen)
        await form.press("y")
        await form.on(ReviewScreen)
        assert not form.sent("PATCH")


@pytest.mark.parametrize("theirs", [False, True])
@asked
async def test_a_clash_is_shown_before_anything_is_overwritten(world: World, theirs: bool) -> None:
    record = await world.create()
    async with world.form(record) as form:
        await form.write("2")
        await world.elsewhere(record, name="Elsewhere", website="https://other.example")
        patches = len(form.sent("PATCH"))
        await form.review()
        await form.press("enter")
        await form.shows('Account Name from "Acme Ltd" to "Elsewhere"', "https://other.example")
        assert len(form.sent("PATCH")) == patches
        if theirs:
            await form.press("ctrl+t")
            await form.shows("nothing changed", "Elsewhere")
            await form.leave()
            assert world.drafts == []
        else:
            await form.review()
            await form.shows("Elsewhere → Acme Ltd2")
            await form.press("enter")
            await form.until(lambda: form.saved, "the end of the save")
            assert json.loads(form.sent("PATCH")[-1].body) == {"name": "Acme Ltd2"}


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


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
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
