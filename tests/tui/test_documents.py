"""Saving and uploading files on the screen."""

import os
import re
from pathlib import Path

import pytest

from crmtui.model.record import Ref
from crmtui.model.write import State
from crmtui.tui.path_completion import Completion, complete
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.transfer import DownloadScreen, UploadScreen
from crmtui.tui.widgets.path_line import PathLine
from tests.conftest import Served
from tests.proxy import Fault, Proxy
from tests.tui.driver import ACME, NORMAL, Driven, browsing, played, reading, sizes

DOCUMENTS = Ref("acme", "documents")
OFFER = Ref("acme", "documents", "710100")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's home, with a folder of downloads and a file to upload; it is the current folder too."""
    for name in ("XDG_CONFIG_HOME", "XDG_DOWNLOAD_DIR"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    (home / "Downloads").mkdir(parents=True)
    (home / "plan.pdf").write_bytes(b"%PDF" * 1000)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    return home


async def asked(app: Driven) -> str:
    """What stands in the line for the path."""
    await app.until(lambda: app.app.screen.query(PathLine), "the line for the path")
    return app.one(PathLine).value


async def spoil(app: Driven, proxy: Proxy, fault: Fault) -> None:
    """The next call meets a fault; a line that is open has the proxy's old manners, and is closed."""
    proxy.fault = fault
    line = app.app.desks["acme"].account._line
    assert line is not None
    await line.aclose()


async def download_over(app: Driven, proxy: Proxy, fault: Fault) -> None:
    """Begins to save a document that is large enough for the fault to meet it half-way."""
    await app.list_has("Minutes.docx")
    await app.press("G")
    await app.settle()
    await spoil(app, proxy, fault)
    await app.press("s")
    await app.on(DownloadScreen)
    await app.press("enter")


# -- saving


@sizes
@played
async def test_a_document_of_the_list_is_saved(sandbox: Served, home: Path, size: tuple[int, int]) -> None:
    async with browsing(sandbox, target=DOCUMENTS, size=size) as app:
        await app.list_has("Offer.pdf")
        await app.shows("s save file", "U upload")
        before = len(sandbox.requests)
        await app.press("s")
        await app.on(DownloadScreen)
        await app.shows("Save file · Offer.pdf", "1 call", "enter save")
        assert await asked(app) == str(home / "Downloads" / "Offer.pdf")
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.shows(f"Saved: {home / 'Downloads' / 'Offer.pdf'}")
        assert (home / "Downloads" / "Offer.pdf").stat().st_size == 12 * 1024
        assert len(sandbox.requests) == before + 1


@played
async def test_a_document_is_saved_from_its_own_screen_under_another_name(
    sandbox: Served, home: Path
) -> None:
    async with reading(sandbox, OFFER, "Document · Details", "s save file") as app:
        await app.press("s")
        await app.on(DownloadScreen)
        await app.press("ctrl+u")
        await app.write("~/mine.pdf")
        await app.press("enter")
        await app.shows(f"Saved: {home / 'mine.pdf'}")
        assert set(os.listdir(home)) == {"Downloads", "plan.pdf", "mine.pdf"}


@played
async def test_keys_typed_while_the_dialog_opens_are_for_it(sandbox: Served, home: Path) -> None:
    async with browsing(sandbox, target=DOCUMENTS) as app:
        await app.list_has("Offer.pdf")
        await app.write("sx")
        await app.on(DownloadScreen)
        await app.until(lambda: app.one(PathLine).value.endswith("Offer.pdfx"), "the letter in the line")


@played
async def test_a_related_document_is_saved(sandbox: Served, home: Path) -> None:
    async with reading(sandbox, ACME, "tab asks for them") as app:
        await app.press("s")
        await app.shows("this is none")
        await app.press("tab", "tab")
        await app.shows("Offer.pdf", "12 KB")
        await app.settle()
        await app.press("s")
        await app.shows("There is no document under the cursor.")
        await app.press("G")
        await app.press("s")
        await app.on(DownloadScreen)
        await app.press("enter")
        await app.shows("Saved:")
        assert os.listdir(home / "Downloads") == ["Offer.pdf"]


@played
async def test_a_place_that_there_is_not_is_told_and_can_be_mended(sandbox: Served, home: Path) -> None:
    async with browsing(sandbox, target=DOCUMENTS) as app:
        await app.list_has("Offer.pdf")
        await app.press("s")
        await app.on(DownloadScreen)
        await app.press("ctrl+u")
        await app.write("/nowhere/x.pdf")
        await app.press("enter")
        await app.shows("✗ There is no folder /nowhere.")
        assert app.app.focused is app.one(PathLine)
        await app.press("ctrl+u")
        await app.write("x.pdf")
        await app.hides("There is no folder")
        await app.press("enter")
        await app.shows(f"Saved: {home / 'x.pdf'}")


@played
async def test_esc_leaves_without_a_call(sandbox: Served, home: Path) -> None:
    async with browsing(sandbox, target=DOCUMENTS) as app:
        await app.list_has("Offer.pdf")
        before = len(sandbox.requests)
        await app.press("s")
        await app.on(DownloadScreen)
        await app.press("escape")
        await app.on(BrowseScreen)
        assert len(sandbox.requests) == before


@played
async def test_esc_stops_a_download_and_nothing_is_kept(sandbox: Served, home: Path) -> None:
    with Proxy(sandbox.connection.url) as proxy:
        async with browsing(sandbox, target=DOCUMENTS, url=proxy.url) as app:
            await download_over(app, proxy, Fault(stall_response=1500))
            await app.until(lambda: os.listdir(home / "Downloads"), "the beginning of the file")
            [part] = os.listdir(home / "Downloads")
            assert part.endswith(".part")
            await app.shows("esc stop", "KB of")
            await app.press("escape")
            await app.on(BrowseScreen)
            await app.shows("Stopped; nothing of the file is kept.")
            await app.until(lambda: not os.listdir(home / "Downloads"), "the end of the part")


@played
async def test_a_download_that_breaks_can_be_tried_again(sandbox: Served, home: Path) -> None:
    with Proxy(sandbox.connection.url) as proxy:
        async with browsing(sandbox, target=DOCUMENTS, url=proxy.url) as app:
            await download_over(app, proxy, Fault(cut_response=1500))
            await app.shows("✗ The line to", "Try again.", "enter save")
            assert os.listdir(home / "Downloads") == []
            proxy.fault = Fault()
            await app.press("enter")
            await app.shows("Saved:")


# -- uploading


async def upload_dialog(app: Driven, path: str) -> None:
    await app.press("U")
    await app.on(UploadScreen)
    await app.until(lambda: isinstance(app.app.focused, PathLine), "the cursor in the line")
    await app.write(path)


@played
async def test_a_file_is_uploaded_to_a_record(sandbox: Served, home: Path) -> None:
    async with reading(sandbox, ACME, "tab asks for them", size=NORMAL) as app:
        await app.press("tab", "tab")
        await app.shows("Contacts", "Documents")
        await app.settle()
        await upload_dialog(app, "~/pl")
        await app.press("tab")
        await app.until(lambda: app.one(PathLine).value == "~/plan.pdf", "the completed path")
        await app.press("tab")
        await app.until(lambda: getattr(app.app.focused, "id", "") == "description", "the next field")
        await app.write("für Ann")
        before = len(sandbox.requests)
        await app.press("enter")
        await app.on(ReviewScreen)
        await app.shows("Review · upload", "3.9 KB", "account Acme Ltd", "für Ann", "1 call")
        await app.shows("POST /documents", "ParentObject: Account")
        assert len(sandbox.requests) == before
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Uploaded: plan.pdf.")
        assert len(sandbox.requests) == before + 1
        [sent] = sandbox.sent("POST")
        assert b"%PDF" * 1000 in sent.body
        await app.press("G")
        await app.until(
            lambda: re.search(r"Documents +2.*?plan\.pdf.*?Offer\.pdf", app.text, re.DOTALL),
            "the new document, the first of them",
        )


@played
async def test_a_file_is_uploaded_beside_a_document(sandbox: Served, home: Path) -> None:
    async with browsing(sandbox, target=DOCUMENTS) as app:
        await app.list_has("Offer.pdf")
        await app.press("n")
        await app.shows("A document is a file: U uploads one")
        await upload_dialog(app, "plan.pdf")
        await app.shows("Upload · to the account")
        await app.press("enter")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.shows("Uploaded: plan.pdf.")
        [record] = [record for record in app.app.desks["acme"].account.mirror.all("documents")
                    if record.title == "plan.pdf"]  # fmt: skip
        assert str(record.values["parentid"]) == ACME.id


@pytest.mark.parametrize(
    ("path", "words"),
    [("", "Write the path of the file."), ("nothing.pdf", "There is no file"), ("Downloads", "is a folder")],
)
@played
async def test_what_cannot_be_uploaded(sandbox: Served, home: Path, path: str, words: str) -> None:
    async with reading(sandbox, ACME) as app:
        await upload_dialog(app, path)
        await app.press("enter")
        await app.shows(words)
        assert app.is_on(UploadScreen)
        assert sandbox.sent("POST") == []


@played
async def test_the_review_leads_back_to_the_path(sandbox: Served, home: Path) -> None:
    async with reading(sandbox, ACME) as app:
        await upload_dialog(app, "plan.pdf")
        await app.press("enter")
        await app.on(ReviewScreen)
        await app.press("escape")
        await app.on(UploadScreen)
        assert app.one(PathLine).value == "plan.pdf"
        await app.press("escape")
        await app.on(RecordScreen)
        assert sandbox.sent("POST") == []


@played
async def test_a_refused_upload_is_told_in_the_dialog(sandbox: Served, home: Path) -> None:
    async with reading(sandbox, ACME) as app:
        await upload_dialog(app, "plan.pdf")
        await app.press("enter")
        await app.on(ReviewScreen)
        sandbox.sandbox.stop()
        await app.press("enter")
        await app.on(UploadScreen)
        await app.shows("✗", "cannot be reached")
        assert not app.one(PathLine).disabled


@played
async def test_an_upload_is_stopped_only_when_that_is_meant(sandbox: Served, home: Path) -> None:
    with Proxy(sandbox.connection.url) as proxy:
        async with reading(sandbox, ACME, url=proxy.url) as app:
            await upload_dialog(app, "plan.pdf")
            await app.press("enter")
            await app.on(ReviewScreen)
            await spoil(app, proxy, Fault(stall_response=10))
            await app.press("enter")
            await app.on(UploadScreen)
            await app.shows("100 %", "esc stop")
            await app.press("escape")
            await app.on(ConfirmScreen)
            await app.press("n")
            await app.on(UploadScreen)
            await app.shows("100 %")
            await app.press("escape")
            await app.on(ConfirmScreen)
            await app.press("y")
            await app.on(RecordScreen)
            await app.shows("whether the service has the file is not known")
            [entry] = app.app.desks["acme"].account.writes.waiting()
            assert entry.state is State.UNKNOWN


@played
async def test_a_read_only_connection_says_so(sandbox: Served, home: Path) -> None:
    async with reading(sandbox, ACME, read_only=True) as app:
        await app.press("U")
        await app.shows("acme is read-only")


@played
async def test_records_without_documents_say_so(sandbox: Served) -> None:
    async with browsing(sandbox, target=Ref("acme", "users")) as app:
        await app.list_has("Smith")
        await app.press("U")
        await app.shows("keeps no documents with users")


# -- completing paths


def test_paths_are_completed(home: Path) -> None:
    for name in ("plan b.txt", "Über.txt", ".hidden", "bad\x1bname"):
        (home / name).touch()
    assert complete("D") == Completion("Downloads/")
    assert complete("d") == Completion("Downloads/")
    assert complete("pl") == Completion("plan", ("plan b.txt", "plan.pdf"))
    assert complete("plan.") == Completion("plan.pdf")
    assert complete("~/pla") == Completion("~/plan", ("plan b.txt", "plan.pdf"))
    assert complete("~") == Completion("~/")
    assert complete(str(home / "Ü")) == Completion(str(home / "Über.txt"))
    assert complete(".h") == Completion(".hidden")
    assert complete("bad") == Completion("bad")
    assert complete("nowhere/x") == Completion("nowhere/x")
    assert complete("~nobody-of-that-name") == Completion("~nobody-of-that-name")
    assert complete("nul\0l/") == Completion("nul\0l/")
    assert ".hidden" not in complete("").names


@played
async def test_tab_offers_what_there_is_then_goes_on(sandbox: Served, home: Path) -> None:
    (home / "plan b.txt").touch()
    async with reading(sandbox, ACME) as app:
        await upload_dialog(app, "pl")
        await app.press("tab")
        await app.shows("plan b.txt plan.pdf")
        assert app.one(PathLine).value == "plan"
        await app.press("tab")
        await app.until(lambda: getattr(app.app.focused, "id", "") == "description", "the next field")
