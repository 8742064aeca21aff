"""What a command does when the service, the line or the answer fails."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crmtui.crm import driver
from crmtui.model.record import Ref
from tests.cli.conftest import Acme, configure
from tests.proxy import Canned, Fault, Proxy, answer, closed_port, hang_up, reset

ID = "95920978"
GONE = answer(404, b'{"type":"x","code":404,"message":"Record not found"}')
LOGIN = answer(200, b"<!DOCTYPE html><title>Log in</title>")


@contextmanager
def saying(*answers: bytes | Callable[..., None]) -> Iterator[Canned]:
    """A service in the place of the sandbox, that answers what it is told."""
    with Canned(*answers) as canned:
        configure(canned.url)
        yield canned


def record(**values: object) -> bytes:
    """An answer with one account."""
    about = {"object_type": "record", "record_type": "account"}
    return json.dumps({"metadata": about, "record": {"id": int(ID), "name": "Acme Ltd"} | values}).encode()


READ_FAULTS = [
    pytest.param(answer(401), 4, 1, id="401"),
    pytest.param(answer(402), 4, 1, id="402"),
    pytest.param(answer(403, b'{"message":"Unauthenticated."}'), 4, 1, id="403"),
    pytest.param(answer(403, b'{"message":"Not in your plan."}'), 4, 1, id="403-plan"),
    pytest.param(answer(429, b'{"message":"API call limit reached"}', "Retry-After: 900"), 5, 1, id="429"),
    pytest.param(answer(500, b'{"type":"x","code":500,"message":"Oops"}'), 8, 3, id="500"),
    pytest.param(answer(502, b"<html>Bad Gateway</html>"), 8, 3, id="502"),
    pytest.param(answer(301, b"", "Location: https://elsewhere.invalid/login"), 8, 1, id="301"),
    pytest.param(LOGIN, 8, 1, id="login"),
    pytest.param(answer(200, b"\x00\xff\xfe garbage"), 8, 1, id="garbage"),
    pytest.param(answer(200, b'{"message":"Check API Usage"}'), 8, 1, id="no-list"),
    pytest.param(answer(200, b""), 8, 1, id="empty"),
    pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", 8, 3, id="no-http"),
    pytest.param(
        answer(200, gzip.compress(b" " * 40_000_000), "Content-Encoding: gzip"), 8, 1, id="gzip-bomb"
    ),
    pytest.param(hang_up, 8, 3, id="cut"),
    pytest.param(reset, 8, 3, id="reset"),
]


@pytest.mark.parametrize(("said", "code", "tries"), READ_FAULTS)
def test_a_failing_list(warm: Acme, said: bytes, code: int, tries: int) -> None:
    with saying(said) as canned:
        ran = warm("list", "acme/accounts")
    ran.failed(code, "--offline", "A copy from")
    assert len(canned.requests) == tries
    assert warm.served.token not in ran.err
    offline = warm("list", "acme/accounts", "--offline")
    assert len(offline.lines) == 20


def test_nothing_listens(warm: Acme) -> None:
    with closed_port() as url:
        configure(url)
        warm("list", "acme/accounts").failed(8, "refused", "--offline")


def test_a_name_that_is_not_known(warm: Acme) -> None:
    configure("https://nowhere.invalid")
    warm("list", "acme/accounts").failed(8, "name", "--offline")


def test_without_a_copy_none_is_offered(acme: Acme) -> None:
    with saying(LOGIN):
        ran = acme("list", "acme/accounts")
    ran.failed(8, "web page")
    assert "--offline" not in ran.err


def test_a_failing_show_names_the_copy(warm: Acme) -> None:
    with saying(answer(503)):
        warm("show", f"acme/accounts/{ID}").failed(8, f"crmtui list acme/accounts id={ID} --offline")
    assert warm("list", "acme/accounts", f"id={ID}", "--offline").lines[0]["id"] == ID


def test_a_wrong_token(warm: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "a-wrong-token")
    ran = warm("list", "acme/accounts")
    ran.failed(4, "Unauthenticated", "CRMTUI_TOKEN_ACME, which wins over the keyring", "unset it")
    assert "a-wrong-token" not in ran.err


def test_a_wrong_token_of_a_file(warm: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CRMTUI_TOKEN_ACME")
    held = tmp_path / "token"
    held.write_text("a-wrong-token")
    held.chmod(0o600)
    configure(warm.served.connection.url, f"token_file: {held}")
    ran = warm("list", "acme/accounts")
    ran.failed(4, "Unauthenticated", "token_file, which wins over the keyring")
    assert "--replace" not in ran.err, "what that stores would not be found"


def test_a_token_that_the_service_repeats_is_not_printed(warm: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "sec/ret-token")
    with saying(answer(500, b'{"message":"Invalid token sec\\/ret-token"}')):
        ran = warm("list", "acme/accounts")
    ran.failed(8, "Invalid token •••")
    assert "ret-token" not in ran.err


def test_control_sequences_of_a_service_do_not_reach_the_terminal(warm: Acme) -> None:
    with saying(answer(500, b'{"message":"Invalid \\u001b]52;c;eA==\\u0007\\nsecond line"}')):
        ran = warm("list", "acme/accounts")
    ran.failed(8)
    assert "\x1b" not in ran.err
    hostile = record(name="A\x1b[2JB\u202eC")
    with saying(answer(200, hostile)):
        assert "\x1b" not in warm("show", f"acme/accounts/{ID}", "--format", "table").out
        assert warm("show", f"acme/accounts/{ID}").lines[0]["values"]["name"] == "A\x1b[2JB\u202eC"


def test_a_list_cut_in_its_middle_prints_nothing(warm: Acme) -> None:
    with Proxy(warm.served.connection.url, Fault(cut_response=3000)) as proxy:
        configure(proxy.url)
        warm("list", "acme/accounts").failed(8)


def test_a_slow_answer_is_waited_for(warm: Acme) -> None:
    with Proxy(warm.served.connection.url, Fault(drip=500)) as proxy:
        configure(proxy.url)
        assert len(warm("list", "acme/accounts").lines) == 20


@pytest.mark.fresh
def test_a_silent_service(warm: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "CALL_SECONDS", 0.3)
    with Proxy(warm.served.connection.url, Fault(stall_response=100)) as proxy:
        configure(proxy.url)
        warm("list", "acme/accounts").failed(8, "did not answer in time")
        # The look at the record before a write is a read: nothing was sent, so nothing is unknown.
        warm("edit", f"acme/accounts/{ID}", "phone=1").failed(8)
        warm("new", "acme/accounts", "name=Once").failed(9, "outbox")


def forget(acme: Acme) -> None:
    """Leaves no mirrored record, so that the fresh read is what an edit starts from."""
    acme.mirror.remove(Ref("acme", "accounts", ID))


class TestWrites:
    @pytest.mark.parametrize(
        ("said", "code", "state"),
        [
            pytest.param(answer(500, b'{"message":"Oops"}'), 8, "refused", id="500"),
            pytest.param(answer(503), 8, "refused", id="503"),
            pytest.param(
                answer(422, b'{"code":422,"message":"Bad.","validation":{"notes":[{"Max":["3"]}]}}'),
                6,
                "refused",
                id="422",
            ),
            pytest.param(GONE, 3, "refused", id="404"),
            pytest.param(answer(403, b'{"message":"Unauthenticated."}'), 4, "refused", id="403"),
            pytest.param(answer(429), 5, "refused", id="429"),
            pytest.param(answer(302, b"", "Location: /login"), 8, "refused", id="302"),
            pytest.param(answer(502), 9, "unknown", id="502"),
            pytest.param(answer(504), 9, "unknown", id="504"),
            pytest.param(LOGIN, 9, "unknown", id="login"),
            pytest.param(answer(200, b'{"record":'), 9, "unknown", id="garbage"),
            pytest.param(hang_up, 9, "unknown", id="cut"),
            pytest.param(reset, 9, "unknown", id="reset"),
        ],
    )
    def test_a_failing_write_is_sent_once(self, warm: Acme, said: bytes, code: int, state: str) -> None:
        forget(warm)
        with saying(answer(200, record()), said) as canned:
            ran = warm("edit", f"acme/accounts/{ID}", "notes=new")
        ran.failed(code, *(["outbox"] if code == 9 else []))
        assert [request.split(b" ", 1)[0] for request in canned.requests] == [b"GET", b"PATCH"]
        [newest, *_] = warm("log", "acme", "--writes").lines
        assert (newest["state"], bool(newest["why"])) == (state, True)

    def test_a_validation_error_names_its_fields(self, warm: Acme) -> None:
        refusal = {"message": "Invalid.", "validation": {"notes": [{"Max": ["3"]}], "x": [{"Required": []}]}}
        forget(warm)
        with saying(answer(200, record()), answer(422, json.dumps(refusal).encode())):
            ran = warm("edit", f"acme/accounts/{ID}", "notes=new")
        ran.failed(6, "notes is too long", "x is required", "Invalid")

    def test_what_a_refusal_taught_is_checked_before_the_next_write(self, warm: Acme) -> None:
        refusal = {"message": "Invalid.", "validation": {"sector": [{"Required": []}]}}
        with saying(answer(422, json.dumps(refusal).encode())) as canned:
            warm("new", "acme/accounts", "name=X").failed(6, "sector is required")
            warm("new", "acme/accounts", "name=X").failed(6, "sector is required")
        assert len(canned.requests) == 1

    def test_a_field_that_came_back_other(self, warm: Acme) -> None:
        forget(warm)
        with saying(answer(200, record(phone="1")), answer(200, record(phone="+1"))):
            ran = warm("edit", f"acme/accounts/{ID}", "phone=001")
        assert (ran.code, ran.lines[0]["values"]["phone"]) == (0, "+1")
        assert 'phone was sent as "001" and came back as "+1"' in ran.err

    def test_an_answer_without_a_record(self, warm: Acme) -> None:
        forget(warm)
        with saying(answer(200, record(notes="a")), answer(200, b"{}")) as canned:
            ran = warm("edit", f"acme/accounts/{ID}", "notes=b")
        assert len(canned.requests) == 2
        assert (ran.code, ran.lines[0]["modified"], ran.lines[0]["values"]["notes"]) == (0, None, "b")

    def test_a_create_that_names_no_record_is_unknown(self, warm: Acme) -> None:
        with saying(answer(201, b"{}")):
            warm("new", "acme/accounts", "name=X").failed(9, "outbox")

    def test_an_edit_of_what_is_gone_leaves_the_mirror(self, warm: Acme) -> None:
        with saying(GONE):
            warm("edit", f"acme/accounts/{ID}", "phone=1").failed(3)
        assert warm.mirror.get(Ref("acme", "accounts", ID)) is None


def test_a_dictionary_that_fails_is_not_needed(acme: Acme) -> None:
    listed = {"metadata": {"total_count": 1, "has_more": False}, "list": [json.loads(record())]}
    with saying(answer(404), answer(200, json.dumps(listed).encode())):
        ran = acme("list", "acme/accounts")
    assert ran.lines[0]["values"] == {"name": "Acme Ltd"}


def test_pages_that_count_from_0(acme: Acme) -> None:
    rows = [json.loads(record(id=number)) for number in range(1, 251)]

    def page(start: int) -> bytes:
        part = rows[start : start + 100]
        about = {"total_count": 250, "has_more": start + 100 < 250}
        return answer(200, json.dumps({"metadata": about, "list": part}).encode())

    users = answer(404)
    with saying(answer(404), page(0), page(200), page(100), users):
        ran = acme("list", "acme/accounts", "--all")
    assert [line["id"] for line in ran.lines] == [str(number) for number in range(1, 251)]


ADDING = ("choices", "acme/accounts", "type", "--add", "Lost")


@pytest.mark.parametrize(
    "said",
    [hang_up, reset, answer(502, b"<html>"), answer(200, b"{garbage")],
    ids=["cut", "reset", "502", "garbage"],
)
def test_an_unanswered_addition_to_a_list_is_unknown_and_not_repeated(
    warm: Acme, said: bytes | Callable[..., None]
) -> None:
    assert warm(*ADDING[:3]).code == 0
    with saying(said) as canned:
        warm(*ADDING).failed(9, "not known", "ask again with crmtui choices acme/accounts type to see")
        assert len(canned.requests) == 1
    configure(warm.served.connection.url)
    _, calls = warm.calls("choices", "acme/accounts", "type")
    assert calls == ["GET /lookup/accounts/type"], "what is known of the list is in doubt"


@pytest.mark.fresh
def test_an_addition_that_was_made_and_not_answered_is_not_made_twice(warm: Acme) -> None:
    assert warm(*ADDING[:3]).code == 0
    with Proxy(warm.served.connection.url, Fault(cut_response=0)) as proxy:
        configure(proxy.url)
        warm(*ADDING).failed(9)
        assert len(warm.served.sent("PATCH")) == 1, "it arrived"
        warm(*ADDING).failed(8, "Nothing was added, for the list could not be read")
    configure(warm.served.connection.url)
    ran, calls = warm.calls(*ADDING)
    assert calls == ["GET /lookup/accounts/type"]
    assert ran.code == 0
    assert '"Lost" is in the list of type already; it was not sent.' in ran.err
    assert [line["value"] for line in ran.lines].count("Lost") == 1


@pytest.mark.fresh
def test_an_addition_that_never_arrived_is_made_by_the_same_command(warm: Acme) -> None:
    assert warm(*ADDING[:3]).code == 0
    with saying(hang_up):
        warm(*ADDING).failed(9)
    configure(warm.served.connection.url)
    ran, calls = warm.calls(*ADDING)
    assert calls == ["GET /lookup/accounts/type", "PATCH /lookup/accounttype", "GET /lookup/accounts/type"]
    assert (ran.code, ran.lines[-1]["value"]) == (0, "Lost")


@pytest.mark.parametrize(("said", "code"), [(answer(500, b"{}"), 8), (answer(403, b"{}"), 4), (GONE, 3)])
def test_an_addition_that_was_refused_is_not_done(warm: Acme, said: bytes, code: int) -> None:
    assert warm(*ADDING[:3]).code == 0
    with saying(said) as canned:
        warm(*ADDING).failed(code)
        assert len(canned.requests) == 1


def test_an_addition_whose_list_cannot_be_read_again_says_that_it_was_done(warm: Acme) -> None:
    assert warm(*ADDING[:3]).code == 0
    with saying(answer(200, b'{"message":"Lookup values added","items":[]}'), GONE):
        warm(*ADDING).failed(3, "The values were added")


def test_a_value_that_the_list_does_not_have_afterwards_is_told(warm: Acme) -> None:
    assert warm(*ADDING[:3]).code == 0
    with saying(answer(200, b'{"message":"ok"}'), answer(200, b'{"items":[{"value":"One","id":"One"}]}')):
        ran = warm(*ADDING)
    assert (ran.code, [line["value"] for line in ran.lines]) == (0, ["One"])
    assert "does not have it" in ran.err
