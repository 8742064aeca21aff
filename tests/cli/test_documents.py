"""Files of documents on the command line: saved by `show --save`, uploaded by `new … file=@PATH`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crmtui.paths import data_dir
from crmtui.store.database import open_journal
from tests.conftest import Served
from tests.proxy import Canned, answer, hang_up

from .conftest import Acme, Program, configure

OFFER = "acme/documents/710100"
PARENT = ("parentobject=Account", "parentid=95920978")
fresh = pytest.mark.fresh


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "Größe.pdf"
    path.write_bytes(b"%PDF\x00\xff" * 1000)
    return path


# -- saving


def test_a_file_is_saved_in_a_folder_or_under_a_name(acme: Acme, offer: Path) -> None:
    folder = offer.parent
    for place, name in ((".", "Offer.pdf"), ("./", "Offer (2).pdf"), ("mine.pdf", "mine.pdf")):
        ran = acme("show", OFFER, "--save", place)
        assert (ran.code, ran.out) == (0, "")
        assert ran.err == f"crmtui: Saved {folder / name} (12.0 KB).\n"
        assert (folder / name).stat().st_size == 12 * 1024


def test_a_name_of_one_s_own_costs_one_call(acme: Acme, offer: Path) -> None:
    assert acme.calls("show", OFFER, "--save", "x.pdf")[1] == ["GET /documents/710100/content"]
    read = "GET /documents/710101"
    assert acme.calls("show", "acme/documents/710101", "--save", ".")[1] == [read, f"{read}/content"]


def test_a_dash_is_the_bytes_themselves(acme: Acme, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "crmtui", "show", OFFER, "--save", "-"]
    ran = subprocess.run(command, env=environment, capture_output=True, timeout=30, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert len(ran.stdout) == 12 * 1024
    assert ran.stdout.startswith(b"%Made up for document 710100")


def test_a_reader_that_closed_the_pipe_is_no_fault(acme: Acme) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "crmtui", "show", "acme/documents/710111", "--save", "-"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        assert len(ran.stdout.read(5)) == 5
        ran.stdout.close()
        assert ran.stderr.read() == b""
        assert ran.wait(30) == 0


def test_places_and_records_that_make_no_sense(acme: Acme) -> None:
    acme("show", OFFER, "--save", "/nowhere/x.pdf").failed(2, "There is no folder /nowhere.")
    acme("show", OFFER, "--save", "").failed(2, "Nothing names the place")
    acme("show", "acme/accounts/95920978", "--save", ".").failed(2, "only documents")
    acme("show", "acme/documents/999", "--save", "x").failed(3, "999")
    acme("show", OFFER, "--save", ".", "--related").failed(2, "--related and --save")


def test_a_file_that_breaks_off(program: Program, offer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "T0KEN")
    whole = answer(200, bytes(5000), 'Content-Disposition: attachment; filename="x.pdf"')
    with Canned(whole[:-10]) as server:
        configure(server.url)
        program("show", OFFER, "--save", "x.pdf").failed(8, "broke after 4,990 of 5,000 bytes")
    assert os.listdir(offer.parent).count("x.pdf.part") == 0
    assert not Path("x.pdf").exists()


# -- uploading


@fresh
def test_an_upload_prints_the_new_record(acme: Acme, offer: Path) -> None:
    ran, calls = acme.calls(
        "new", "acme/documents", "file=@Größe.pdf", *PARENT, "description=für Ann", "--format", "json"
    )
    assert (ran.code, ran.err) == (0, "")
    assert calls[-1] == "POST /documents"
    assert [call.split()[0] for call in calls].count("POST") == 1
    values = ran.json["values"]
    assert ran.json["title"] == "Größe.pdf"
    assert values["parentobject"] == "Account"
    assert str(values["parentid"]) == "95920978"
    assert values["description"] == "für Ann"
    assert acme("show", f"acme/documents/{ran.json['id']}", "--save", "back.pdf").code == 0
    assert Path("back.pdf").read_bytes() == offer.read_bytes()
    shown = acme("show", f"acme/documents/{ran.json['id']}", "--format", "json")
    assert shown.json["values"] == values
    log = acme("log", "acme", "--writes", "--format", "json").json
    assert [(entry["op"], entry["state"]) for entry in log] == [("create", "done")]


@fresh
def test_another_name_and_any_case_of_the_parent(acme: Acme, offer: Path) -> None:
    ran = acme("new", "acme/documents", f"file=@{offer}", "parentobject=contact", "parentid=7", "name=x.pdf")
    ran.failed(6, "parentid names a record that does not exist")
    contact = acme.first_id("contacts")
    named = ("parentobject=contact", f"parentid={contact}", "name=x.pdf", "--format", "json")
    ran = acme("new", "acme/documents", f"file=@{offer}", *named)
    assert (ran.json["title"], ran.json["values"]["parentobject"]) == ("x.pdf", "Contact")


def test_a_dry_run_describes_the_form_and_sends_nothing(acme: Acme, offer: Path) -> None:
    ran, calls = acme.calls("new", "acme/documents", "file=@Größe.pdf", *PARENT, "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert f"POST {acme.served.connection.url}/documents\n" in ran.out
    assert "Content-Type: multipart/form-data; boundary=" in ran.out
    parts = f"ParentId: 95920978\nParentObject: Account\nfile: Größe.pdf (the content of {offer})\n"
    assert parts in ran.out
    assert "%PDF" not in ran.out
    assert ran.out.endswith("1 call\n")
    assert not [call for call in calls if call.startswith("POST")]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("file=@nothing.pdf", *PARENT), 2, "There is no file"),
        (("file=@.", *PARENT), 2, "is a folder"),
        (("file=Größe.pdf", *PARENT), 2, "file=@PATH"),
        (("file=@@Größe.pdf", *PARENT), 2, "file=@PATH"),
        (("file=", *PARENT), 2, "file=@PATH"),
        (("file=@Größe.pdf",), 6, "parentobject and parentid must name"),
        (("file=@Größe.pdf", "parentid=1"), 6, "parentobject and parentid must name"),
        (("file=@Größe.pdf", "parentid=1", "parentobject=User"), 6, "Account, Contact, Opportunity"),
        (("file=@Größe.pdf", "file=@x", *PARENT), 2, "given twice"),
        (("file=@Größe.pdf", *PARENT, "size=3"), 6, "size is read-only"),
        (("file=@Größe.pdf", *PARENT, "colour=red"), 2, "no field"),
    ],
)
def test_uploads_that_make_no_sense(
    arguments: tuple[str, ...], code: int, words: str, acme: Acme, offer: Path
) -> None:
    before = len(acme.served.sent("POST"))
    acme("new", "acme/documents", *arguments).failed(code, words)
    assert len(acme.served.sent("POST")) == before


def test_a_read_only_connection(sandbox: Served, acme: Acme, offer: Path) -> None:
    configure(sandbox.connection.url, "read_only: true")
    acme("new", "acme/documents", "file=@Größe.pdf", *PARENT).failed(6, "read-only")


def test_an_upload_without_an_answer_stays_in_the_outbox(
    program: Program, offer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "T0KEN")
    schema = json.dumps({"list": []}).encode()
    with Canned(answer(200, schema), hang_up) as server:
        configure(server.url)
        ran = program("new", "acme/documents", "file=@Größe.pdf", *PARENT)
        ran.failed(9, "kept in the outbox", "Look at the record's documents")
        assert [request.split()[0] for request in server.requests].count(b"POST") == 1
    rows = open_journal(data_dir() / "connections" / "acme" / "journal.db").sql
    assert rows.execute("SELECT state FROM write").fetchall() == [("unknown",)]


def test_help_tells_of_files(program: Program) -> None:
    assert "--save PATH" in program("show", "--help").out
    assert "file=@FILE" in program("new", "--help").out
