"""`doctor`: each check with its finding, the exit code of the first fault, recordings that name nobody."""

import json
import os
import sqlite3
import stat
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from crmtui.cli import doctor
from crmtui.paths import config_dir, config_file, connection_dir, data_dir
from tests.cli.conftest import Acme, Program, Ran, configure
from tests.conftest import Serve
from tests.crm.test_recordings import judge
from tests.proxy import Canned, answer, closed_port
from tests.secrets.jwt import token

EMPTY = b'{"metadata":{"total_count":0,"has_more":false},"list":[]}'
KINDS = ("accounts", "contacts", "opportunities", "activities", "cases", "campaigns")


def findings(ran: Ran) -> dict[str, tuple[bool, str]]:
    """What was found, by check."""
    assert all(list(line) == ["check", "ok", "said"] for line in ran.lines)
    return {line["check"]: (line["ok"], line["said"]) for line in ran.lines}


def faults(ran: Ran) -> list[str]:
    return [name for name, (ok, _) in findings(ran).items() if not ok]


def private() -> None:
    """Closes what the fixtures left open."""
    config_dir().chmod(0o700)
    config_file().chmod(0o600)
    for path in (data_dir(), *data_dir().rglob("*")):
        if path.exists():
            path.chmod(0o700 if path.is_dir() else 0o600)


@pytest.fixture
def well(acme: Acme) -> Acme:
    private()
    return acme


def test_all_is_well(well: Acme) -> None:
    ran, calls = well.calls("doctor")
    found = findings(ran)
    assert faults(ran) == []
    assert ran.code == 0
    assert calls == [
        "GET /accounts",
        *(f"GET /datadictionary/{kind}" for kind in KINDS),
        "GET /lookup/accounts/type",
    ]
    assert ran.err == "crmtui: all is well; this cost 8 API calls.\n"
    assert list(found) == [
        "configuration",
        "rights",
        "keyring",
        "terminal",
        *(f"acme: {what}" for what in ("files", "token", "token expiry", "host", "certificate", "clock")),
        "acme: token accepted",
        *(f"acme: fields of {kind}" for kind in KINDS),
        "acme: lookup",
        "acme: quota",
    ]
    assert "CRMTUI_TOKEN_ACME" in found["acme: token"][1]
    assert "28 fields" in found["acme: fields of accounts"][1]
    assert "values of accounts.type" in found["acme: lookup"][1]
    assert well.served.token not in ran.out + ran.err
    assert well("quota", "acme").lines[0]["used"] == 8, "its calls are counted like all calls"


def test_one_connection_or_all(well: Acme) -> None:
    assert [name for name in findings(well("doctor", "acme")) if ":" in name]
    ran, calls = well.calls("doctor", "nobody")
    ran.failed(2, "nobody", "acme")
    assert calls == []


def test_without_any_configuration(program: Program) -> None:
    ran = program("doctor")
    found = findings(ran)
    assert ran.code == 0
    assert "crmtui connect NAME --crm spotler" in found["configuration"][1]
    assert "token_file" in found["keyring"][1]
    assert "0 API calls" in ran.err
    assert not data_dir().exists()


@pytest.mark.parametrize("format_", ["json", "csv", "yaml", "table"])
def test_formats(well: Acme, format_: str) -> None:
    out = well("doctor", "--format", format_).out
    if format_ == "json":
        assert [set(line) for line in json.loads(out)] == [{"check", "ok", "said"}] * 19
    else:
        assert "acme: token accepted" in out


def test_a_table_cuts_no_sentence(well: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = findings(well("doctor"))["acme: quota"][1].split()
    lines = well("doctor", "--format", "table").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(said[-6:]) in " ".join(" ".join(lines).split())


def test_a_broken_configuration(program: Program) -> None:
    config_file().parent.mkdir(parents=True, mode=0o700)
    config_file().touch(0o600)
    config_file().write_text("connections: {acme: {crm: sptler}}\n")
    ran = program("doctor")
    assert (ran.code, faults(ran)) == (2, ["configuration", "connections"])
    assert "did you mean spotler?" in findings(ran)["configuration"][1]
    assert "first mend" in findings(ran)["connections"][1]


def test_open_rights(well: Acme) -> None:
    assert well("list", "acme/accounts").code == 0
    config_file().chmod(0o644)
    (connection_dir("acme") / "mirror.db").chmod(0o640)
    ran = well("doctor")
    ok, said = findings(ran)["rights"]
    assert (ran.code, ok, faults(ran)) == (2, False, ["rights"])
    assert f"{config_file()} (mode 0644)" in said
    assert "mirror.db (mode 0640)" in said
    command = said.partition(": chmod ")[2]
    assert os.system(f"chmod {command}") == 0
    assert faults(well("doctor")) == [], "the command that is named mends it"


def test_a_keyring_that_is_needed(well: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRMTUI_TOKEN_ACME")
    ran, calls = well.calls("doctor", "--record", "/nowhere/at/all")
    found = findings(ran)
    assert calls == []
    assert ran.code == 2, "the keyring is the first fault"
    assert found["acme: host"][0], "what needs no token is looked at all the same"
    assert "CRMTUI_TOKEN_ACME" in found["acme: token"][1]
    for name in ("token expiry", "clock", "token accepted", "fields of accounts", "lookup", "quota"):
        assert found[f"acme: {name}"] == (
            False,
            "This could not be checked; first mend what is said of acme: token.",
        )


def test_a_refused_token(well: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = token(sub="1", exp=1_500_000_000)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", ended)
    ran, calls = well.calls("doctor")
    found = findings(ran)
    assert (ran.code, calls) == (4, ["GET /accounts"])
    assert "The token of acme ended on 14 Jul 2017. Make a new one" in found["acme: token expiry"][1]
    assert "The token ended on 14 Jul 2017." in found["acme: token accepted"][1]
    assert "crmtui connect" in found["acme: token accepted"][1]
    assert found["acme: clock"][0], "the time is told by a refusal too"
    assert ended not in ran.out + ran.err


def test_a_token_that_ends_soon(well: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", token(exp=int(time.time()) + 29 * 86_400))
    with Canned(answer(200, EMPTY)) as canned:
        configure(canned.url)
        ran = well("doctor")
    ok, said = findings(ran)["acme: token expiry"]
    assert (ran.code, ok) == (4, False)
    assert " in 29 days" in said or " in 28 days" in said


def test_nothing_listens(well: Acme, tmp_path: Path) -> None:
    with closed_port() as url:
        configure(url)
        ran = well("doctor", "--record", str(tmp_path / "rec"))
    found = findings(ran)
    assert ran.code == 8
    assert "takes no connection (the connection was refused)" in found["acme: host"][1]
    assert "acme: host" in found["acme: lookup"][1]
    assert found["acme: quota"][0]
    assert not found["acme: recording"][0]
    assert not (tmp_path / "rec").exists()
    assert "0 API calls" in ran.err


def test_a_name_that_is_not_known(well: Acme) -> None:
    configure("https://nowhere.invalid")
    ran = well("doctor")
    assert (ran.code, findings(ran)["acme: host"][0]) == (8, False)
    assert "nowhere.invalid is not known here" in findings(ran)["acme: host"][1]


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(600, "10 minutes ahead"), (-10_800, "3 hours behind"), (100, ""), (-100, ""), (None, "does not tell")],
)
def test_the_clock(well: Acme, ahead: int | None, words: str) -> None:
    header = [] if ahead is None else [f"Date: {formatdate(time.time() - ahead, usegmt=True)}"]
    with Canned(answer(200, EMPTY, *header)) as canned:
        configure(canned.url)
        private()
        ran = well("doctor")
    ok, said = findings(ran)["acme: clock"]
    assert words in said
    assert ok is (ahead is None or abs(ahead) < 180)
    assert ran.code == (8 if ok else 2), "and the dictionary says nothing"


def test_what_a_dictionary_says_is_told(well: Acme) -> None:
    odd = b'{"fields":[{"name":"last","type":"Text"},{"name":"where","type":"Blob"},{"name":"id"}]}'
    said = [
        answer(200, EMPTY),
        answer(200, odd),
        answer(200, b"{}"),
        answer(403, b'{"message":"Not in your plan."}'),
    ]
    with Canned(*said, answer(200, b"<html>")) as canned:
        configure(canned.url)
        private()
        ran = well("doctor")
    found = findings(ran)
    assert found["acme: fields of accounts"] == (
        True,
        "2 fields are understood; shown as text, for their type words are not known: blob.",
    )
    assert "names no field; crmtui doctor acme --record DIR" in found["acme: fields of contacts"][1]
    assert found["acme: fields of opportunities"][0], "a plan without a kind is no fault"
    assert "closed" in found["acme: fields of opportunities"][1]
    assert not found["acme: fields of activities"][0]
    assert not found["acme: lookup"][0], "one check that fails does not stop the next"
    assert ran.code == 8


@pytest.mark.parametrize("shape", ["list", "map", "fields", "wrapped", "names"])
def test_every_shape_of_a_dictionary(
    serve: Serve, program: Program, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    served = serve(records=3, SPOTLER_DICT_SHAPE=shape)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", served.token)
    configure(served.connection.url)
    found = findings(program("doctor"))
    assert found["acme: fields of accounts"][1].startswith("28 fields are understood")


def test_a_damaged_mirror_and_a_damaged_journal(warm: Acme) -> None:
    private()
    for name, code in (("mirror.db", 2), ("journal.db", 2)):
        path = connection_dir("acme") / name
        sound = path.read_bytes()
        path.write_bytes(sound[:5000] + b"\x55" * (len(sound) - 5000))
        ran, calls = warm.calls("doctor")
        found = findings(ran)
        assert (ran.code, found["acme: files"][0]) == (code, False)
        assert f"{name} is damaged" in found["acme: files"][1]
        assert "remove it" in found["acme: files"][1] or "move it away" in found["acme: files"][1]
        assert "acme: files" in found["acme: token accepted"][1]
        assert calls == [], "what cannot be counted is not asked"
        path.write_bytes(sound)
    assert faults(warm("doctor")) == []


def test_a_quota_that_is_used_up(well: Acme) -> None:
    configure(well.served.connection.url, "call_limit: 3")
    private()
    ran = well("doctor")
    assert (ran.code, faults(ran)) == (5, ["acme: quota"])
    assert "has used 266 % of its 3 API calls" in findings(ran)["acme: quota"][1]


# -- the terminal


@pytest.mark.parametrize(
    ("variables", "ok", "words"),
    [
        ({"COLUMNS": "120", "LINES": "36"}, True, ["xterm-256color", "120×36", "256 colours"]),
        ({"COLORTERM": "truecolor", "SSH_CONNECTION": "x", "TMUX": "x"}, True, ["million", "SSH", "tmux"]),
        ({"NO_COLOR": "1"}, True, ["no colours"]),
        ({"COLUMNS": "79"}, False, ["79×24", "80×24", "larger"]),
        ({"LINES": "20"}, False, ["80×20"]),
        ({"LANG": "C", "LC_ALL": "C"}, False, ["UTF-8", "set LANG"]),
        ({"TERM": "dumb"}, False, ["TERM=dumb"]),
    ],
)
def test_a_terminal(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    ok: bool,
    words: list[str],
) -> None:
    monkeypatch.setattr(doctor, "is_terminal", lambda *streams: True)
    monkeypatch.setattr("crmtui.cli.terminal.is_terminal", lambda *streams: True)
    for name in ("NO_COLOR", "COLORTERM", "SSH_CONNECTION", "TMUX", "STY", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    usual = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    for name, value in (usual | variables).items():
        monkeypatch.setenv(name, value)
    ran = program("doctor", "--format", "jsonl")
    found, said = findings(ran)["terminal"]
    assert found is ok
    for word in words:
        assert word in said
    assert ran.code == (0 if ok else 2)


# -- recordings


@pytest.mark.fresh
def test_what_is_recorded_can_be_read_and_names_nobody(well: Acme, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "rec"
    ran, calls = well.calls("doctor", "--record", str(folder))
    assert ran.code == 0
    assert f"{len(calls)} API calls" in ran.err
    assert calls.count("GET /opportunities") == 2
    assert well.last.query == "lines=true&limit=1"
    files = sorted((folder / "spotler").iterdir())
    assert len(files) == len(calls)
    names = {file.stem for file in files}
    assert {
        "datadictionary_contacts",
        "lookup_accounts_type",
        "get_contacts",
        "get_opportunities_lines",
    } <= names
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        text = file.read_text("utf-8")
        assert text.splitlines()[1] == "X-Recording-Source: recorded"
        assert well.served.token not in text
        assert "authorization" not in text.lower()
        judge(text)
    private_words = _texts(well)
    assert len(private_words) > 20
    told = "".join(file.read_text("utf-8") for file in files if file.stem.startswith("get_"))
    assert not [word for word in private_words if word in told]


def _texts(acme: Acme) -> set[str]:
    """The texts of one account and one contact, as a person knows them."""
    records = [
        acme("show", f"acme/{kind}/{acme.first_id(kind)}").lines[0] for kind in ("accounts", "contacts")
    ]
    values = [value for record in records for value in record["values"].values()]
    return {value for value in values if isinstance(value, str) and len(value) > 3}


@pytest.mark.fresh
def test_nothing_is_overwritten_and_a_folder_keeps_its_rights(well: Acme, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "spotler").mkdir(parents=True)
    folder.chmod(0o755)
    mine = folder / "spotler" / "get_accounts.http"
    mine.write_text("mine")
    for _ in range(2):
        assert well("doctor", "--record", str(folder)).code == 0
    assert mine.read_text() == "mine"
    assert {"get_accounts_2.http", "get_accounts_3.http"} <= {file.name for file in mine.parent.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    (tmp_path / "file").touch()
    ran = well("doctor", "--record", str(tmp_path / "file"))
    assert (ran.code, faults(ran)) == (2, ["acme: recording"])
    assert "name another folder" in findings(ran)["acme: recording"][1]


def test_what_is_unreadable_is_recorded_too(
    well: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "sec/ret-token")
    page = b"<html>Dear Ann Lee</html>"
    headers = ("Set-Cookie: laravel_session=abc123", "X-Owner: ann@acme.example sec/ret-token")
    with Canned(answer(200, page, *headers)) as canned:
        configure(canned.url)
        private()
        ran = well("doctor", "--record", str(tmp_path / "rec"))
        assert len(canned.requests) == 1, "a service that is none is not asked any more"
    assert faults(ran)[0] == "acme: token accepted"
    [file] = (tmp_path / "rec" / "spotler").iterdir()
    text = file.read_text("utf-8")
    for word in ("Ann", "abc123", "ann@", "ret-token"):
        assert word not in text
    assert "set-cookie: •••" in text
    assert "<xxxx>Xxxx Xxx Xxx</xxxx>" in text


def test_a_refusal_is_recorded_with_its_words(well: Acme, tmp_path: Path) -> None:
    said = answer(403, b'{"type":"Forbidden","code":403,"message":"Unauthenticated."}')
    with Canned(said) as canned:
        configure(canned.url)
        well("doctor", "--record", str(tmp_path))
    text = (tmp_path / "spotler" / "get_accounts_403.http").read_text("utf-8")
    assert text.endswith('{"type":"Forbidden","code":403,"message":"Unauthenticated."}')
    judge(text)


def test_the_doctor_leaves_the_files_as_they_are(warm: Acme) -> None:
    private()
    with sqlite3.connect(connection_dir("acme") / "mirror.db") as sql:
        before = sql.execute("SELECT count(*) FROM record").fetchone()
    assert warm("doctor").code == 0
    with sqlite3.connect(connection_dir("acme") / "mirror.db") as sql:
        assert sql.execute("SELECT count(*) FROM record").fetchone() == before
