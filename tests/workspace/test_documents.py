"""Files of records, against the sandbox and lines that break: on disk, in the mirror, in the journal."""

import asyncio
import json
import os
import stat
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crmtui.model.errors import (
    BadAnswer,
    ConfigError,
    CrmError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Restricted,
    Unreachable,
    UsageError,
)
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.write import State
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk
from crmtui.workspace.documents import Documents
from crmtui.workspace.pointing import where_to
from crmtui.workspace.reading import read
from tests.conftest import Open, Served
from tests.proxy import Canned, Fault, Proxy, answer, closed_port, hang_up

Run = Callable[[Coroutine[Any, Any, Any]], Any]
PARENT = "95920978"
OFFER = "710100"
PDF = b"%PDF-1.7 made up\n" * 999


class Office:
    """An account with its documents, and a folder to save into."""

    def __init__(self, account: Account, folder: Path, run: Run) -> None:
        self.account = account
        self.folder = folder
        self.run = run
        self.desk = Desk(account)
        self.documents = Documents(self.desk)
        folder.mkdir(exist_ok=True)

    def ref(self, kind: str, id_: str = "") -> Ref:
        return Ref("acme", kind, id_)

    def save(self, id_: str = OFFER, place: str = "", folder: bool = True) -> Path:
        where = str(self.folder / place) if folder else place
        path: Path = self.run(self.documents.download(self.ref("documents", id_), where))
        return path

    def unsaved(self, *given: Any, **more: Any) -> CrmError:
        with pytest.raises(CrmError) as caught:
            self.save(*given, **more)
        return caught.value

    def upload(self, path: Path, parent: str = PARENT, **more: str) -> Any:
        write = self.documents.plan(self.ref("accounts", parent), path, **more)
        return self.run(self.documents.upload(write))

    @property
    def files(self) -> dict[str, int]:
        """What is in the folder: names and sizes."""
        return {path.name: path.stat().st_size for path in self.folder.iterdir()}

    def of_parent(self) -> Query:
        """The list of the account's documents, as screens ask for it."""
        kind = self.account.kind("documents")
        way = self.documents.way(self.account.kind("accounts"))
        assert way is not None
        order = tuple(Order.parse(text) for text in kind.order)
        return Query("documents", where_to([way], self.ref("accounts", PARENT)), order)


@pytest.fixture
def office(account: Account, tmp_path: Path, run: Run) -> Office:
    return Office(account, tmp_path / "saved", run)


@pytest.fixture
def at(open_served: Open, sandbox: Served, tmp_path: Path, run: Run) -> Callable[..., Office]:
    """An office whose account has another url, or another setting."""

    def start(**changed: Any) -> Office:
        connection = msgspec.structs.replace(sandbox.connection, **changed)
        return Office(open_served(sandbox, connection), tmp_path / "saved", run)

    return start


At = Callable[..., Office]


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    path = tmp_path / "Größe 見.pdf"
    path.write_bytes(PDF)
    return path


# -- saving


def test_a_file_is_saved_under_the_name_that_the_service_gives(office: Office) -> None:
    assert office.save() == office.folder / "Offer.pdf"
    assert office.files == {"Offer.pdf": 12 * 1024}


def test_a_file_is_saved_under_the_name_that_a_person_gives(office: Office) -> None:
    assert office.save(place="mine.bin") == office.folder / "mine.bin"
    assert office.files == {"mine.bin": 12 * 1024}


def test_no_file_is_written_over(office: Office) -> None:
    (office.folder / "Offer.pdf").write_text("mine")
    assert office.save().name == "Offer (2).pdf"
    assert office.save().name == "Offer (3).pdf"
    assert office.save(place="Offer.pdf").name == "Offer (4).pdf"
    (office.folder / "Offer (5).pdf").symlink_to("nowhere")
    assert office.save().name == "Offer (6).pdf"
    assert (office.folder / "Offer.pdf").read_text() == "mine"


def test_a_name_that_another_download_left_behind(office: Office) -> None:
    (office.folder / "Offer.pdf.part").write_text("half")
    assert office.save().name == "Offer.pdf"
    assert office.files == {"Offer.pdf": 12 * 1024, "Offer.pdf.part": 4}


def test_a_file_system_without_links(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert [office.save().name, office.save().name] == ["Offer.pdf", "Offer (2).pdf"]
    assert set(office.files) == {"Offer.pdf", "Offer (2).pdf"}


@pytest.mark.parametrize("disposition", ["attachment", "none"])
def test_hostile_names_harm_nobody(
    serve: Callable[..., Served], open_served: Open, tmp_path: Path, run: Run, disposition: str
) -> None:
    served = serve(SPOTLER_DISPOSITION=disposition)
    office = Office(open_served(served), tmp_path / "saved", run)
    for index in range(20):
        path = office.save(str(710100 + index))
        assert path.parent == office.folder
    names = set(office.files)
    assert len(names) == 20
    assert not {name for name in names if name.startswith(".") or name.upper() == "CON"}
    assert all(name.isprintable() and len(name.encode()) <= 206 for name in names)
    plain = {"passwd", "hosts"} if disposition == "attachment" else {"etc-passwd"}
    assert names >= {"_CON", "bashrc", "Invoice fdp.exe", *plain}
    assert any(name.startswith("A very long name") and name.endswith(".pdf") for name in names)
    assert set(os.listdir(tmp_path)) >= {"saved"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(cut_response=1000), Unreachable),
        (Fault(cut_response=1000, reset=True), Unreachable),
        (Fault(garble=lambda piece: piece.replace(b"HTTP/1.1 200", b"HTTP/1.1 2x0")), Unreachable),
        (Fault(garble=lambda piece: piece.replace(b"\x1f\x8b", b"\x1f\x00")), BadAnswer),
    ],
    ids=["cut", "reset", "no status", "no gzip"],
)
def test_a_file_that_does_not_arrive_leaves_nothing(
    fault: Fault, error: type[CrmError], sandbox: Served, at: At
) -> None:
    with Proxy(sandbox.connection.url, fault) as proxy:
        office = at(url=proxy.url)
        assert isinstance(office.unsaved("710119", place="x.pdf"), error)
        assert office.files == {}


def test_a_download_that_is_stopped_leaves_nothing(office: Office) -> None:
    async def scene() -> None:
        arrived = asyncio.Event()

        def note(done: int, total: int | None) -> None:
            arrived.set()

        place = str(office.folder)
        ref = office.ref("documents", "710119")
        task = asyncio.ensure_future(office.documents.download(ref, place, note))
        await arrived.wait()
        assert [name for name in office.files if name.endswith(".part")]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    office.run(scene())
    assert office.files == {}


def test_a_full_disk_is_told_and_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    found = office.unsaved(place="x.pdf")
    assert "No space left on device" in found.message
    assert isinstance(found, UsageError)
    assert office.files == {}


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("", "Nothing names the place"),
        ("/nowhere/at/all.pdf", "There is no folder /nowhere/at."),
        ("/nowhere/", "There is no folder /nowhere."),
        ("nul\0l", "no zero bytes"),
        ("~nobody-of-that-name/x", "no place for a file"),
    ],
)
def test_places_that_there_are_not(place: str, words: str, office: Office, sandbox: Served) -> None:
    before = len(sandbox.requests)
    assert words in office.unsaved(place=place, folder=False).message
    assert len(sandbox.requests) == before


def test_what_is_no_document_has_no_file(office: Office) -> None:
    with pytest.raises(UsageError, match="only documents"):
        office.run(office.documents.download(office.ref("accounts", PARENT), str(office.folder)))
    assert isinstance(office.unsaved("999"), NotFound)


def test_the_place_to_offer(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    document = Record(office.ref("documents", "7"), "a/b.pdf", {}, {}, None, 0.0)
    assert office.documents.default_place(document) == str(tmp_path / "a-b.pdf")
    (tmp_path / "Downloads").mkdir()
    (tmp_path / "Downloads" / "a-b.pdf").touch()
    assert office.documents.default_place(document) == str(tmp_path / "Downloads" / "a-b (2).pdf")
    nameless = msgspec.structs.replace(document, title="Contract of 3 May")
    assert office.documents.default_place(nameless) == f"{tmp_path / 'Downloads'}/"


# -- uploading


def test_an_uploaded_document_is_there_in_the_mirror(office: Office, offer: Path) -> None:
    fields = office.desk.schema("documents").by_name
    saved = office.upload(offer, description="für Ann")
    record = saved.record
    assert (record.title, record.values["description"]) == ("Größe 見.pdf", "für Ann")
    assert (record.values["parentobject"], record.values["parentid"]) == ("Account", int(PARENT))
    assert saved.other == {}
    assert office.desk.record(record.ref) is not None
    assert office.save(record.ref.id).read_bytes() == PDF
    found = office.run(read(office.account, office.of_parent(), fields, None))
    assert [each.ref for each in found.records].count(record.ref) == 1


def test_an_upload_is_in_the_journal_with_the_file_s_place(office: Office, offer: Path) -> None:
    saved = office.upload(offer)
    [entry] = office.account.writes.all()
    assert (entry.state, entry.write.ref) == (State.DONE, saved.record.ref)
    assert entry.write.edits == {
        "name": offer.name,
        "parentid": PARENT,
        "parentobject": "Account",
        "file": str(offer),
    }


def test_the_progress_of_an_upload(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(os.urandom(3_000_000))
    seen: list[tuple[int, int | None]] = []
    write = office.documents.plan(office.ref("accounts", PARENT), path)
    record = office.run(office.documents.upload(write, lambda *step: seen.append(step))).record
    assert seen[-1] == (3_000_000, 3_000_000)
    assert len(seen) > 50
    assert office.save(record.ref.id).read_bytes() == path.read_bytes()


def test_a_refused_upload_names_the_field(office: Office, offer: Path) -> None:
    with pytest.raises(Invalid) as caught:
        office.upload(offer, parent="1")
    assert "parentid" in caught.value.fields
    assert office.account.writes.all()[0].state is State.REFUSED


@pytest.mark.parametrize("fault", [Fault(cut_response=0), Fault(cut_request=3000), Fault(cut_response=30)])
def test_an_upload_without_an_answer_is_unknown_and_never_sent_again(
    fault: Fault, sandbox: Served, at: At, offer: Path
) -> None:
    with Proxy(sandbox.connection.url, fault) as proxy:
        office = at(url=proxy.url)
        with pytest.raises(OutcomeUnknown) as caught:
            office.upload(offer)
        [entry] = office.account.writes.waiting()
        assert entry.state is State.UNKNOWN
        assert entry.write.id in caught.value.message
        assert proxy.connections == 1


def test_an_upload_that_never_left_was_not_done(at: At, offer: Path) -> None:
    with closed_port() as url:
        office = at(url=url)
        with pytest.raises(Unreachable):
            office.upload(offer)
        assert office.account.writes.waiting() == []


def test_an_upload_that_is_stopped_is_unknown(at: At, offer: Path) -> None:
    async def scene(office: Office) -> None:
        write = office.documents.plan(office.ref("accounts", PARENT), offer)
        left = asyncio.Event()
        task = asyncio.ensure_future(office.documents.upload(write, lambda *step: left.set()))
        await left.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with Canned(lambda client: server.wait_for_hang_up(client)) as server:
        office = at(url=server.url)
        office.run(scene(office))
    [entry] = office.account.writes.waiting()
    assert entry.state is State.UNKNOWN


def listing(*ids: int) -> bytes:
    rows = [{"record": {"id": id_, "name": "Größe 見.pdf", "parentid": 95920978}} for id_ in ids]
    rows.append({"record": {"id": 999, "name": "another.pdf", "parentid": 95920978}})
    return answer(200, json.dumps({"metadata": {"has_more": False}, "list": rows}).encode())


def test_an_answer_without_the_record_is_followed_by_a_look_for_it(at: At, offer: Path) -> None:
    with Canned(answer(201, b'{"message":"Uploaded"}'), listing(7, 12, 9)) as server:
        office = at(url=server.url)
        assert office.upload(offer).record.ref.id == "12"
        assert [request.split()[0] for request in server.requests] == [b"POST", b"GET"]


@pytest.mark.parametrize("found", [listing(), hang_up, answer(403)])
def test_a_record_that_cannot_be_found_leaves_the_upload_unknown(found: Any, at: At, offer: Path) -> None:
    with Canned(answer(201, b"{}"), found) as server:
        office = at(url=server.url)
        with pytest.raises(OutcomeUnknown):
            office.upload(offer)
        assert [request.split()[0] for request in server.requests].count(b"POST") == 1


def make(path: Path, what: str) -> Path:
    match what:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "empty":
            path.touch()
        case "unreadable":
            path.write_text("x")
            path.chmod(0)
    return path


@pytest.mark.parametrize(
    ("what", "words"),
    [("missing", "There is no file"), ("folder", "is a folder"), ("pipe", "is no plain file"),
     ("empty", "is empty")],
)  # fmt: skip
def test_what_cannot_be_uploaded_is_told_early(
    what: str, words: str, office: Office, sandbox: Served, tmp_path: Path
) -> None:
    path = make(tmp_path / "thing", what)
    before = len(sandbox.requests)
    with pytest.raises(UsageError, match=words):
        office.upload(path)
    assert len(sandbox.requests) == before
    assert office.account.writes.all() == []


def test_a_file_that_nobody_may_read(office: Office, tmp_path: Path) -> None:
    path = make(tmp_path / "thing", "unreadable")
    if os.access(path, os.R_OK):
        pytest.skip("rights bind no superuser")
    assert stat.S_IMODE(path.stat().st_mode) == 0
    with pytest.raises(UsageError, match="rights"):
        office.upload(path)


def test_a_file_whose_name_is_no_text(office: Office, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.pdf"
    with open(path, "wb") as file:
        file.write(b"x")
    with pytest.raises(UsageError, match="rename it"):
        office.upload(Path(os.fsdecode(path)))


def test_records_that_have_no_documents(office: Office, offer: Path) -> None:
    with pytest.raises(Restricted, match="no documents with users"):
        office.documents.plan(office.ref("users", "90501"), offer)


def test_a_read_only_connection(at: At, offer: Path, sandbox: Served) -> None:
    office = at(read_only=True)
    with pytest.raises(Restricted, match="read-only"):
        office.upload(offer)
    assert sandbox.requests == []


def test_a_description_that_is_too_long(office: Office, offer: Path) -> None:
    office.run(office.desk.fields.schema("documents"))
    with pytest.raises(Invalid, match="description"):
        office.upload(offer, description="x" * 10_001)


@pytest.mark.parametrize("kind", ["accounts", "contacts", "opportunities", "cases", "activities", "claims"])
def test_what_documents_hang_on_and_back(kind: str, at: At, offer: Path) -> None:
    office = at(kinds=("claims",))
    parent = office.run(read(office.account, Query(kind, None), {}, 1)).records[0].ref
    write = office.documents.plan(parent, offer)
    record = office.run(office.documents.upload(write)).record
    assert office.documents.parent(record) == parent


def test_a_parent_that_nobody_knows(office: Office) -> None:
    def parent(**values: Any) -> Ref | None:
        return office.documents.parent(Record(office.ref("documents", "1"), "", values, {}, None, 0.0))

    assert parent(parentobject="Quotation", parentid=7) is None
    assert parent(parentobject="Account", parentid=None) is None
    assert parent() is None
    assert parent(parentobject="account", parentid="7") == office.ref("accounts", "7")


def test_a_journal_that_cannot_be_written_sends_nothing(
    office: Office, offer: Path, sandbox: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = office.documents.plan(office.ref("accounts", PARENT), offer)
    office.account._journal_file.sql.execute("PRAGMA query_only=1")
    with pytest.raises(ConfigError):
        office.run(office.documents.upload(write))
    assert sandbox.sent("POST") == []
