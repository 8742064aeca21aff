"""Takes the pictures of `screenshots/` from the running app on made-up records: `python -m tests.shoot`."""

import asyncio
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len

from crmtui.config import Connection
from crmtui.model.record import Value
from crmtui.model.write import Op, State, Write
from crmtui.sandbox import Sandbox
from crmtui.store.drafts import Draft
from crmtui.store.writes import NEVER
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.conflict import ConflictScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.help import HelpScreen
from crmtui.tui.screens.outbox import OutboxScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.today import TodayScreen
from crmtui.tui.screens.welcome import WelcomeScreen
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.mirror_foot import MirrorFoot
from crmtui.tui.widgets.preview import Preview
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.search_line import SearchLine
from tests.plans import ANN, ME, OTHER, day, plan
from tests.tui.driver import Driven, driven

FOLDER = Path(__file__).parent.parent / "screenshots"
RECORDS = 400
COMPANY = "Acme Ltd"
DEAL = "7300201"
"""One of its opportunities, with lines."""
NAME, OTHER_NAME, PARTY_NAME = "demo", "solve360", "capsule"
WIDE, NORMAL = (120, 36), (80, 24)
_UNREACHABLE = Connection(name=NAME, crm="spotler", url="https://crm.invalid", call_limit=10_000)
_PLACES: tuple[tuple[str, tuple[int, int]], ...] = (("dark", WIDE), ("light", WIDE), ("dark", NORMAL))
_BLANK = "&#160;"
_CELL = 12.2
_RUN = re.compile(
    r'(?P<head><text class="[^"]*" )x="(?P<x>[^"]*)"(?P<middle> y="[^"]*" )textLength="(?P<width>[^"]*)"'
    r"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>"
)
_ALL = (*_PLACES, ("light", NORMAL))


class Picture(NamedTuple):
    """A screen: what stands in it for certain, and in which themes and sizes it is taken."""

    words: Sequence[str]
    places: Sequence[tuple[str, tuple[int, int]]] = _PLACES


PICTURES = {
    "browse": Picture(("Accounts", COMPANY, "Records", "search"), _ALL),
    "sync": Picture(("Syncing", "calls", "S stops", "syncing"), _ALL),
    "search": Picture(("All kinds · / noon", "Found in", "Notes:", "before noon"), _ALL),
    "record": Picture(("Account · Details", COMPANY, "Related", "edit"), _ALL),
    "opportunity": Picture(("Details", "Lines", "Total", "Timeline", "Related"), _ALL),
    "form": Picture((COMPANY, "changed", "review"), _ALL),
    "rows": Picture(("Edit · Imran", "Phone numbers", "+ Number", "Work", "Tags"), _ALL),
    "review": Picture(("Review", "old → new", "PATCH", "send"), _ALL),
    "outbox": Picture(("Outbox", "Drafts", "Waiting", "Settled", "no line", "you decide", "undo"), _ALL),
    "conflict": Picture(("Conflict", "original", "mine", "theirs", "review"), _ALL),
    "undo": Picture(("Review · undo", "Takes back the edit", "old → new", "PATCH"), _ALL),
    "palette": Picture(("Search for commands", "Edit", "Filter the list")),
    "help": Picture(("Help · Browse", "Find records")),
    "confirm": Picture(("Delete", "yes", "no")),
    "welcome": Picture(("Welcome to crmtui", "Token", "demo")),
    "today": Picture(("Today · ", "mine", "Overdue", "Ring about the quote", "In 7 days", "r asks"), _ALL),
    "error": Picture(("✗", "offline", "cannot be reached", "Aceites", "as of")),
}


class Service(NamedTuple):
    """The sandbox that the pictures are taken of, and how it is reached; the others are other services'."""

    connection: Connection
    token: str
    folder: Path
    other: Connection
    other_token: str
    party: Connection
    party_token: str


def path(name: str, theme: str, size: tuple[int, int], folder: Path = FOLDER) -> Path:
    """Where a picture lies."""
    return folder / f"{name}-{theme}-{size[0]}x{size[1]}.svg"


def expected() -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Every picture that there is to be."""
    for name, picture in PICTURES.items():
        for theme, size in picture.places:
            yield name, theme, size


def svg(app: Driven) -> str:
    """The screen as a picture that asks nothing of the network and looks the same in every viewer."""
    text = app.app.export_screenshot(title="crmtui")
    text = re.sub(r"\s*@font-face\s*\{[^}]*\}", "", text)
    return _RUN.sub(_tight, text)


def _tight(run: re.Match[str]) -> str:
    """A run of text without the blanks around it: some viewers drop those and stretch the rest."""
    text = run["text"]
    inner = re.sub(f"^({_BLANK})+|({_BLANK})+$", "", text)
    if not inner:
        return ""
    before = text.index(inner) // len(_BLANK)
    after = (len(text) - len(inner)) // len(_BLANK) - before
    x = float(run["x"]) + before * _CELL
    width = float(run["width"]) - (before + after) * _CELL
    return f'{run["head"]}x="{x:.1f}"{run["middle"]}textLength="{width:.1f}"{run["rest"]}>{inner}</text>'


async def shots(service: Service, theme: str, size: tuple[int, int]) -> dict[str, str]:
    """Goes through the screens once: the picture of each by its name."""
    taken: dict[str, str] = {}
    tokens = {NAME: service.token}
    look = f"crmtui-{theme}"
    async with driven(tokens={}, base=service.folder, size=size, theme=look) as app:
        await app.on(WelcomeScreen)
        await app.shows("Token")
        taken["welcome"] = svg(app)
    async with driven(service.connection, tokens=tokens, base=service.folder, size=size, theme=look) as app:
        await app.shows("just now")
        await _count_kinds(app)
        await _filter(app)
        taken["browse"] = svg(app)
        await app.press("question_mark")
        await app.on(HelpScreen)
        taken["help"] = svg(app)
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.press("colon")
        await app.shows("Edit")
        taken["palette"] = svg(app)
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.press("x")
        await app.shows("Delete")
        taken["confirm"] = svg(app)
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        for _ in range(2):
            await app.press("tab")
            await app.settle()
        await app.press("tab")
        taken["record"] = svg(app)
        taken["opportunity"] = await _opportunity(app)
        await app.press("e")
        await app.on(FormScreen)
        await _change(app)
        taken["form"] = svg(app)
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        taken["review"] = svg(app)
        await app.press("escape")
        await app.on(FormScreen)
        await app.press("ctrl+x", "escape")
        await app.on(RecordScreen)
        await app.press("escape")
        await app.on(BrowseScreen)
        taken |= await _writes(app)
    async with driven(service.connection, tokens=tokens, base=service.folder, size=size, theme=look) as app:
        await app.shows("live")
        await app.settle()
        mirrors = app.app.mirrors
        await mirrors.toggle(app.app.desks[NAME])
        while " of " not in app.painted(MirrorFoot):
            # As if keys were pressed: a sync gives way to them, and is still under way then.
            mirrors.give_way()
            await asyncio.sleep(0.02)
        taken["sync"] = svg(app)
        await app.until(lambda: "Synced" in app.painted(MirrorFoot), "the end of the sync")
        await app.settle()
        await app.press("slash")
        await app.until(lambda: app.app.screen.query(SearchLine), "the line")
        await app.write("noon")
        await app.press("tab")
        await app.shows("All kinds · / noon", "before noon")
        await app.settle()
        await app.press("down", "up")
        title = app.one(ListPane).current
        await app.until(
            lambda: title and title.title in str(app.one(Preview).border_title), "the preview of the first"
        )
        taken["search"] = svg(app)
    taken["today"] = await _today(service, theme, size)
    taken["rows"] = await _rows(service, theme, size)
    async with driven(_UNREACHABLE, tokens=tokens, base=service.folder, size=size, theme=look) as app:
        await app.shows("offline")
        await app.settle()
        app.app.clear_notifications()
        await app.settle()
        taken["error"] = svg(app)
    return taken


async def _today(service: Service, theme: str, size: tuple[int, int]) -> str:
    """What is due, on the day of the picture."""
    async with driven(
        service.other,
        tokens={OTHER_NAME: service.other_token},
        base=service.folder,
        size=size,
        theme=f"crmtui-{theme}",
    ) as app:
        await app.shows("live")
        await app.press("A")
        await app.on(TodayScreen)
        await app.shows("r asks")
        await app.settle()
        await app.press("down")
        await app.until(lambda: "Send the offer" in str(app.one(Preview).border_title), "the preview")
        return svg(app)


async def _rows(service: Service, theme: str, size: tuple[int, int]) -> str:
    """The form of a person with phones, e-mail addresses and the like."""
    async with driven(
        service.party,
        tokens={PARTY_NAME: service.party_token},
        base=service.folder,
        size=size,
        theme=f"crmtui-{theme}",
    ) as app:
        await app.shows("Imran O’Brien")
        await app.press("down", "down", "enter")
        await app.shows("Party · Details")
        await app.press("e")
        await app.on(FormScreen)
        await app.shows("Phone numbers")
        await app.settle()
        return svg(app)


async def _opportunity(app: Driven) -> str:
    """An opportunity of the company, with the focus on its lines; then the company again."""
    await app.press("tab", "tab")
    rows = app.app.screen.query_one("#related RecordList", RecordList)
    while f"/opportunities/{DEAL}" not in rows.key:
        here = rows.cursor
        await app.press("down")
        await app.until(lambda: rows.cursor != here, "the next row")  # noqa: B023 - read at once
    await app.press("enter")
    await app.shows("Opportunity · Details")
    for _ in range(5):
        await app.press("tab")
        await app.settle()
    picture = svg(app)
    await app.press("escape")
    await app.shows("Account · Details")
    await app.press("tab")
    return picture


async def _writes(app: Driven) -> dict[str, str]:
    """What was done can be undone, what waits is shown with its reason, and a conflict is decided."""
    desk, record = app.app.desks[NAME], app.one(ListPane).current
    assert record is not None
    account, phone = desk.account, record.values["phone"]

    def decided(base: Mapping[str, Value], **edits: Value) -> Write:
        write = desk.edits.intent(Op.EDIT, record.ref, edits, base)
        account.writes.queue(write, keeps=True)
        return write

    done = decided({"phone": "+44 20 7946 0999"}, phone=phone)
    account.writes.settle(done, State.DONE, before={"phone": "+44 20 7946 0999"}, after={"phone": phone})
    await app.press("u")
    await app.on(ReviewScreen)
    taken = {"undo": svg(app)}
    await app.press("escape")
    await app.on(BrowseScreen)
    refused = decided({"website": record.values["website"]}, website="acme")
    account.writes.settle(refused, State.REFUSED, "Nothing was sent: website is no web address.")
    clash = decided(
        {"type": "Prospect", "phone": "+44 20 7946 0999"}, type="Supplier", phone="+44 20 7946 0111"
    )
    account.writes.wait(
        clash.id, "Somebody else changed type, phone in the meantime; nothing was sent.", NEVER
    )
    await desk.courier.close(0)  # what waits is to wait until its picture is taken
    new = desk.edits.intent(Op.CREATE, account.ref("accounts", ""), {"name": "Baker & Lane"})
    account.writes.queue(new, keeps=True)
    account.writes.wait(new.id, "The service cannot be reached; check the line.", time.time() + 300)
    account.drafts.keep(Draft(record.ref, {"name": "Acme Ltd & Sons"}, {"name": "Acme Ltd"}, "name"))
    await app.press("W")
    await app.on(OutboxScreen)
    await app.press("j")
    await app.shows("enter decides")
    taken["outbox"] = svg(app)
    await app.press("enter")
    await app.on(ConflictScreen)
    await app.press("j", "t")
    taken["conflict"] = svg(app)
    await app.press("escape")
    await app.on(OutboxScreen)
    for write in (clash, new):
        desk.outbox.drop(write.id)
    account.drafts.drop(record.ref)
    await app.press("escape")
    await app.on(BrowseScreen)
    return taken


async def _count_kinds(app: Driven) -> None:
    """The counts of the kinds come with their lists."""
    for key in ("right_square_bracket", "left_square_bracket"):
        for _ in range(3):
            await app.press(key)
            await app.settle()
    await app.list_has("Customer")


async def _filter(app: Driven) -> None:
    """The customers, and the cursor on one of them."""
    await app.press("f")
    await app.shows("Customer value")
    await app.write("type=Customer")
    await app.press("enter")
    await app.shows("Accounts · type=Customer")
    await app.settle()
    for _ in range(30):
        record = app.one(ListPane).current
        if record is not None and record.title == COMPANY:
            await app.until(lambda: COMPANY in str(app.one(Preview).border_title), "the preview")
            return
        here = app.rows.key
        await app.press("down")
        await app.until(lambda: app.rows.key != here, "the next row")  # noqa: B023 - read at once
    raise AssertionError(f"{COMPANY} is not among the first customers")


async def _change(app: Driven) -> None:
    """Something to review."""
    await app.write(" & Sons")
    await app.settle()


async def take(theme: str, size: tuple[int, int], folder: Path) -> dict[str, str]:
    """The pictures of every screen in one theme and size; the folder is for what the app keeps."""
    os.environ.update(CRMTUI_CONFIG_DIR=f"{folder}/config", CRMTUI_DATA_DIR=f"{folder}/data")
    with Sandbox(folder / "sandbox", records=RECORDS, crm="spotler") as sandbox:
        reached = sandbox.start()["spotler"]
        connection = Connection(name=NAME, crm="spotler", url=reached["url"], call_limit=10_000)
        with Sandbox(folder / "other", records=10, crm="solve360") as another:
            told = another.start()["solve360"]
            other = Connection(name=OTHER_NAME, crm="solve360", url=told["url"], user=told["user"])
            _plan(other, told["token"])
            with Sandbox(folder / "third", records=30, crm="capsule") as third:
                known = third.start()["capsule"]
                party = Connection(name=PARTY_NAME, crm="capsule", url=known["url"])
                service = Service(
                    connection,
                    reached["token"],
                    folder / "data",
                    other,
                    told["token"],
                    party,
                    known["token"],
                )
                taken = await shots(service, theme, size)
    secrets = [said[part] for said in (reached, told, known) for part in ("token", "url")]
    for picture in taken.values():
        _check(picture, str(folder), *secrets)
    return taken


def _plan(connection: Connection, token: str) -> None:
    """A day's work: late, today, soon, some day."""
    of = partial(plan, connection, token)
    mine, people = {"assignedto": ME}, [str(int(ANN) + at) for at in range(8)]
    of("followup", people[0], details="Ring about the quote", duedate=day(-4), priority="2", **mine)
    of("task", people[1], title="Send the offer", duedate=day(-1), **mine)
    of(
        "event",
        people[2],
        title="Demo of the web shop",
        attendees=f"{ME},{OTHER}",
        timestart=f"{day(0)} 09:30:00",
    )
    of("followup", people[3], details="Ask who signs for the renewal", duedate=day(0), **mine)
    of("event", people[4], title="Visit the warehouse", attendees=ME, timestart=f"{day(0)} 15:00:00")
    of("task", people[5], title="Prepare the workshop", duedate=day(2), **mine)
    of(
        "opportunity", people[6], description="Fit-out of the new office", responsible=ME,
        closingdate=day(5), status="Pending", valueunit="60750", valuecurrency="EUR", probability="50",
    )  # fmt: skip
    of("followup", people[7], details="Thank for the reference", nodate="1", **mine)


async def shoot(folder: Path = FOLDER) -> list[Path]:
    """Takes every picture anew."""
    folder.mkdir(exist_ok=True)
    wanted = set(expected())
    written = []
    for theme, size in dict.fromkeys((theme, size) for _, theme, size in expected()):
        with tempfile.TemporaryDirectory() as temporary:
            taken = await take(theme, size, Path(temporary))
        for name, picture in taken.items():
            if (name, theme, size) in wanted:
                written.append(path(name, theme, size, folder))
                written[-1].write_text(picture, "utf-8")
    return written


def readable(picture: str) -> str:
    """The words of a picture, its lines one after the other."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for run in _RUN.finditer(picture):
        place = float(re.sub(r".*y=\"([^\"]*)\".*", r"\1", run["middle"]))
        text = html.unescape(run["text"]).replace("\xa0", " ")
        lines.setdefault(place, []).append((float(run["x"]), text))
    return "\n".join(_joined(runs) for _, runs in sorted(lines.items()))


def _joined(runs: list[tuple[float, str]]) -> str:
    line = ""
    for x, text in sorted(runs):
        line += " " * max(0, round(x / _CELL) - cell_len(line)) + text
    return line


def _check(picture: str, *secret: str) -> None:
    for text in secret:
        if text in picture:
            raise AssertionError(f"{text!r} is in the picture")


def main() -> int:
    """Takes the pictures, in a place where nothing of this machine shows."""
    os.environ.update(LC_ALL="C.UTF-8", TZ="UTC")
    os.environ.pop("NO_COLOR", None)
    time.tzset()
    for written in asyncio.run(shoot()):
        print(written.relative_to(FOLDER.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
