"""Webhooks of Solve360: the requests, the answers in every form that was seen or guessed, the signature."""

import hashlib
import hmac

import pytest

from crmtui.crm.solve360.hooks import SolveHooks, verify
from crmtui.model.errors import BadAnswer, NoRoute, Unavailable
from crmtui.model.hook import Hook

from .solve360 import adapter, said

HOOK = Hook("items.update", "https://a.example/e", title="A & B", constraint="contact", active=False)
MEMBERS = (
    "<active>0</active><type>web</type><event>items.update</event><title>A &amp; B</title>"
    "<url>https://a.example/e</url><contenttype>xml</contenttype><secret>s</secret>"
    "<constrainttype>contact</constrainttype>"
)
JSON = (
    '"active":"0","type":"web","event":"items.update","title":"A & B","url":"https://a.example/e",'
    '"contenttype":"xml","secret":"s","constrainttype":"contact","id":7'
)
MADE = Hook("items.update", "https://a.example/e", "7", "A & B", "xml", "contact", False)
service = SolveHooks()


def test_the_request_that_makes_one() -> None:
    call = service.create(HOOK, "se<ret")
    assert (call.method, call.target, call.safe, call.cost) == ("POST", "/hooks/", False, 1)
    assert (
        call.body.decode()
        .strip()
        .endswith(
            "<request><active>0</active><type>web</type><event>items.update</event><title>A &amp; B</title>"
            "<url>https://a.example/e</url><contenttype>xml</contenttype><secret>se&lt;ret</secret>"
            "<constrainttype>contact</constrainttype></request>"
        )
    )
    assert "se<" not in repr(call.args)


def test_an_id_stays_one_part_of_the_path() -> None:
    assert service.delete("72").target == "/hooks/72"
    assert service.delete("../x").target == "/hooks/..%2Fx"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, f"{MEMBERS}<id>7</id><status>success</status>", {}),
        (201, f"{MEMBERS}<id>7</id><status>success</status>", {}),
        (201, f"<hook>{MEMBERS}<id>7</id></hook><status>success</status>", {}),
        (201, f"{MEMBERS}<status>success</status>", {"location": "https://x.example/hooks/7/"}),
        (200, '{"status":"success","hook":{' + JSON + "}}", {}),
    ],
    ids=["flat", "201", "wrapped", "location", "json"],
)
def test_the_answer_to_a_new_one(status: int, body: str, headers: dict[str, str]) -> None:
    made = adapter().read(service.create(HOOK, "s"), said(body, status, **headers))
    assert made == MADE


def test_an_answer_without_an_id_is_none() -> None:
    with pytest.raises(BadAnswer):
        adapter().read(service.create(HOOK, "s"), said("<status>success</status>", 201))


@pytest.mark.parametrize(
    "body",
    [
        f"<hooks><hook>{MEMBERS}<id>7</id></hook></hooks><status>success</status>",
        f"<hooks><id7>{MEMBERS}<id>7</id></id7></hooks><status>success</status>",
        f"<id7>{MEMBERS}<id>7</id></id7><count>1</count><status>success</status>",
        f"<hook>{MEMBERS}<id>7</id></hook><status>success</status>",
        '{"status":"success","hooks":[{' + JSON + "}]}",
        '{"status":"success","7":{' + JSON + "}}",
    ],
)
def test_a_list_in_every_form_that_it_may_have(body: str) -> None:
    assert adapter().read(service.list(), said(body)) == (MADE,)


def test_no_webhooks() -> None:
    assert adapter().read(service.list(), said("<hooks/><status>success</status>")) == ()


@pytest.mark.parametrize("status", [404, 405, 406, 501])
def test_a_list_that_is_not_told(status: int) -> None:
    with pytest.raises(NoRoute):
        adapter().read(service.list(), said("", status))


def test_a_list_that_failed_is_no_missing_list() -> None:
    with pytest.raises(Unavailable):
        adapter().read(service.list(), said("", 500))


@pytest.mark.parametrize(
    ("hook", "wrong"),
    [
        (HOOK, set()),
        (Hook("activities.restore", "http://localhost:1/x", constraint="14"), set()),
        (Hook("items.eat", "https://x.example"), {"event"}),
        (Hook("items.create", "https://x.example", constraint="ticket"), {"constraint"}),
        (Hook("items.create", "https://x.example", content="yaml"), {"content"}),
        (Hook("items.create", "http://x.example"), {"url"}),
        (Hook("items.create", "https://"), {"url"}),
        (Hook("items.create", "https://x.example:99999/"), {"url"}),
        (Hook("items.create", "https://x .example"), {"url"}),
        (Hook("items.create", "ftp://x.example"), {"url"}),
    ],
)
def test_what_would_be_refused(hook: Hook, wrong: set[str]) -> None:
    assert set(service.problems(hook)) == wrong


PAYLOAD = b'<notification>\xc3\xa4\r\n<type a="1"/></notification>\n'
RIGHT = hmac.new("käse".encode(), PAYLOAD, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "signature", [RIGHT, RIGHT.upper(), f" {RIGHT}\n", f"x-solve360-hmac-sha256:{RIGHT}",
                  f"X-Solve360-Hmac-Sha256: {RIGHT}"]
)  # fmt: skip
def test_a_signature_that_fits(signature: str) -> None:
    assert verify("käse", PAYLOAD, signature) == ""


@pytest.mark.parametrize(
    ("secret", "payload", "signature", "words"),
    [
        ("kase", PAYLOAD, RIGHT, "does not fit"),
        ("käse", PAYLOAD.replace(b"\r\n", b"\n"), RIGHT, "does not fit"),
        ("käse", PAYLOAD, RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1"), "does not fit"),
        ("käse", PAYLOAD, RIGHT[:-1], "64 hexadecimal digits"),
        ("käse", PAYLOAD, "", "64 hexadecimal digits"),
        ("käse", PAYLOAD, "ü" * 64, "64 hexadecimal digits"),
    ],
)
def test_a_signature_that_does_not(secret: str, payload: bytes, signature: str, words: str) -> None:
    assert words in verify(secret, payload, signature)
