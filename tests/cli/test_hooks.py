"""`crmtui hooks`: webhooks made, listed, deleted and proven, their secret seen nowhere."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crmtui.cli import hooks
from crmtui.paths import config_file, data_dir
from crmtui.sandbox.solve360.hooks import signature
from tests.conftest import Served
from tests.proxy import Canned, Fault, Proxy, answer

from . import conftest
from .conftest import Acme, Program
from .test_solve360 import Begin, begin, configure, only

__all__ = ["begin"]
SECRET = "pa<ss & wörd"
NEW = ("hooks", "create", "acme", "--event", "items.update", "--url", "https://a.example/e")
Type = Callable[[bytes], None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Type:
    """What stands on standard input."""

    def type_(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))

    return type_


def is_kept(secret: str) -> bool:
    """Whether a secret stands in any file of the program, in any of its forms."""
    forms = [secret.encode(), b"pa&lt;ss", b"pa<ss"]
    files = [path for path in data_dir().rglob("*") if path.is_file()]
    return any(form in path.read_bytes() for path in files for form in forms)


@pytest.mark.parametrize("listed", ["none", "listed"])
@pytest.mark.parametrize("status", ["201", "200"])
def test_made_listed_and_deleted(begin: Begin, typed: Type, listed: str, status: str) -> None:
    acme = begin(HOOK_LIST=listed, HOOK_STATUS=status)
    typed(SECRET.encode() + b"\n")
    ran = acme(*NEW, "--title", "T", "--content", "json", "--constraint", "contact", "--inactive",
               "--secret-stdin")  # fmt: skip
    made = only(ran)
    assert made == {
        "id": made["id"], "event": "items.update", "url": "https://a.example/e", "title": "T",
        "content": "json", "constraint": "contact", "active": False,
    }  # fmt: skip
    [request] = acme.served.sent("POST")
    assert "<secret>pa&lt;ss &amp; wörd</secret>" in request.body.decode()
    shown = acme("hooks", "list", "acme")
    assert (shown.lines, "does not list" in shown.err) == ([made], listed == "none")
    acme("hooks", "delete", "acme", made["id"]).failed(2, "--yes")
    ran = acme("hooks", "delete", "acme", made["id"], "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert acme("hooks", "list", "acme").lines == []
    acme("hooks", "delete", "acme", made["id"], "--yes").failed(3, "Item is not found")
    assert not is_kept(SECRET)


def test_one_that_others_deleted_is_forgotten(begin: Begin, typed: Type) -> None:
    acme = begin()
    typed(b"s3cret-word\n")
    made = only(acme(*NEW, "--secret-stdin"))
    assert acme("hooks", "list", "acme").lines == [made]
    with Canned(answer(200, b"<response><hooks/><status>success</status></response>")) as canned:
        configure(canned.url)
        assert acme("hooks", "list", "acme").lines == []


def test_a_dry_run_asks_for_no_secret(begin: Begin) -> None:
    acme = begin()
    ran = acme(*NEW, "--dry-run")
    assert ran.code == 0
    assert "<secret>•••</secret>" in ran.out
    assert ran.out.endswith("\n1 call\n")
    assert acme.served.requests == []


def test_the_secret_is_asked_for_unseen(begin: Begin, monkeypatch: pytest.MonkeyPatch, typed: Type) -> None:
    acme = begin()
    acme(*NEW).failed(2, "--secret-stdin")
    typed(b"\n")
    acme(*NEW, "--secret-stdin").failed(2, "no secret")
    monkeypatch.setattr(hooks, "is_terminal", lambda *streams: True)
    monkeypatch.setattr(hooks, "ask_hidden", lambda prompt: "")
    acme(*NEW).failed(2, "No secret was typed")
    assert acme.served.requests == []
    monkeypatch.setattr(hooks, "ask_hidden", lambda prompt: SECRET)
    assert only(acme(*NEW))["id"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--event", "items.eat"), "items.categorize"),
        (("--url", "http://a.example/e"), "https://"),
        (("--content", "yaml"), "content"),
        (("--constraint", "ticket"), "constraint"),
    ],
)
def test_what_is_refused_before_a_call(begin: Begin, given: tuple[str, ...], words: str) -> None:
    acme = begin()
    acme(*NEW, *given).failed(6, words)
    assert acme.served.requests == []


def test_the_service_s_own_refusal_is_told_without_the_secret(begin: Begin, typed: Type) -> None:
    acme = begin()
    typed(SECRET.encode())
    said = "<response><errors><secret>pa&lt;ss &amp; wörd is too short</secret></errors></response>"
    with Canned(answer(400, said.encode())) as canned:
        configure(canned.url)
        ran = acme(*NEW, "--secret-stdin")
    ran.failed(6, "too short")
    assert "pa<ss" not in ran.err
    configure(acme.served.connection.url)
    assert acme("hooks", "list", "acme").lines == []


@pytest.mark.parametrize("listed", ["none", "listed"])
def test_a_creation_that_was_not_answered(begin: Begin, typed: Type, listed: str) -> None:
    acme = begin(HOOK_LIST=listed)
    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = lambda asked: Fault(cut_response=0) if asked.startswith(b"POST") else Fault()
        configure(proxy.url)
        typed(SECRET.encode())
        ran = acme(*NEW, "--secret-stdin")
    configure(acme.served.connection.url)
    assert len(acme.served.sent("POST")) == 1
    shown = acme("hooks", "list", "acme")
    if listed == "listed":
        assert only(ran) == only(shown)
        assert only(ran)["id"].isdigit()
        return
    ran.failed(9, "unanswered-1", "before you make it again")
    assert "unanswered-1" in shown.err
    assert [row["id"] for row in shown.lines] == ["unanswered-1"]
    _, calls = acme.calls("hooks", "delete", "acme", "unanswered-1", "--yes")
    assert calls == []
    assert acme("hooks", "list", "acme").lines == []
    acme("hooks", "delete", "acme", "unanswered-1", "--yes").failed(3, "remembered")
    assert not is_kept(SECRET)


def test_a_deletion_that_was_not_answered(begin: Begin, typed: Type) -> None:
    acme = begin()
    typed(SECRET.encode())
    made = only(acme(*NEW, "--secret-stdin"))
    with Proxy(acme.served.connection.url) as proxy:
        proxy.fault_of = lambda asked: Fault(cut_response=0)
        configure(proxy.url)
        acme("hooks", "delete", "acme", made["id"], "--yes").failed(9, "the same again")
    configure(acme.served.connection.url)
    acme("hooks", "delete", "acme", made["id"], "--yes").failed(3, "not found")
    assert acme("hooks", "list", "acme").lines == []


def test_read_only_makes_none(begin: Begin, typed: Type) -> None:
    acme = begin()
    path = config_file()
    path.write_text(path.read_text() + "    read_only: true\n")
    acme(*NEW).failed(6, "read-only")
    acme("hooks", "delete", "acme", "1", "--yes").failed(6, "read-only")
    assert acme("hooks", "list", "acme").code == 0


def test_a_service_without_webhooks(
    shared: Served, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    conftest.configure(shared.connection.url)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", shared.token)
    acme = Acme(shared, program)
    for command in (("list", "acme"), NEW[1:], ("delete", "acme", "1", "--yes")):
        ran, calls = acme.calls("hooks", *command)
        ran.failed(6, "has no webhooks")
        assert calls == []


# -- proving

PAYLOAD = b"<notification>\xff\r\n\x00</notification>"


def test_a_payload_is_proven(program: Program, typed: Type, tmp_path: Path) -> None:
    file, right = tmp_path / "payload", signature(SECRET, PAYLOAD)
    file.write_bytes(PAYLOAD)
    for how in (right, right.upper(), f"X-Solve360-Hmac-Sha256: {right}"):
        typed(SECRET.encode() + b"\r\n")
        ran = program("hooks", "verify", "--secret-stdin", "--signature", how, str(file))
        assert (ran.code, ran.out) == (0, ""), ran
    typed(SECRET.encode() + b"\n" + PAYLOAD)
    assert program("hooks", "verify", "--secret-stdin", "--signature", right, "-").code == 0
    typed(SECRET.encode() + b"\n" + PAYLOAD + b"\n")
    program("hooks", "verify", "--secret-stdin", "--signature", right).failed(6, "does not fit")
    typed(b"other\n")
    ran = program("hooks", "verify", "--secret-stdin", "--signature", right, str(file))
    ran.failed(6, "the secret is another")
    typed(b"other\n")
    program("hooks", "verify", "--secret-stdin", "--signature", "12", str(file)).failed(6, "64 hex")


def test_what_cannot_be_proven(program: Program, typed: Type, tmp_path: Path) -> None:
    program("hooks", "verify", str(tmp_path / "x")).failed(2, "--signature")
    typed(b"s\n")
    ran = program("hooks", "verify", "--secret-stdin", "--signature", "1", str(tmp_path / "x"))
    ran.failed(2, "cannot be read")
    typed(b"\xff\n")
    ran = program("hooks", "verify", "--secret-stdin", "--signature", "1", str(tmp_path / "x"))
    ran.failed(2, "not UTF-8")
