"""No form of a live token gets through."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmtui.secrets import HIDDEN, Redactor

TOKEN = "a+b/c=\"é\\ñ&<%>'~ 9"
USER = "ann@example.com"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.register(TOKEN, USER)
    return redactor


FORMS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "repr": repr,
    "json": json.dumps,
    "json in utf-8": lambda text: json.dumps(text, ensure_ascii=False),
    "php json": lambda text: json.dumps(text).replace("/", "\\/"),
    "query": quote_plus,
    "path": quote,
    "url": lambda text: quote(text, safe=""),
    "url in small letters": lambda text: (
        quote(text, safe="").replace("%C3%A9", "%c3%a9").replace("%2B", "%2b")
    ),
    "xml": html.escape,
    "base64": b64,
    "url-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "basic": lambda text: f"Basic {b64(f'{USER}:{text}')}",
    "basic of capsule": lambda text: f"Basic {b64(f'{text}:x')}",
    "basic without padding": lambda text: b64(f"{USER}:{text}").rstrip("="),
}


@pytest.mark.parametrize("form", [name for name in FORMS if name != "url in small letters"])
def test_every_form_is_hidden(form: str, redactor: Redactor) -> None:
    written = FORMS[form](TOKEN)
    shown = redactor.redact(f"before {written} after")
    assert HIDDEN in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert written.strip("\"'") not in shown


def test_small_letters_in_a_url_are_hidden_too() -> None:
    redactor = Redactor()
    redactor.register("é+token")
    assert redactor.redact("x=%c3%a9%2btoken&y") == f"x={HIDDEN}&y"


def test_several_tokens_and_the_rest_of_the_text(redactor: Redactor) -> None:
    redactor.register("other-token")
    assert redactor.redact(f"{TOKEN} and other-token and more") == f"{HIDDEN} and {HIDDEN} and more"
    assert redactor.redact("nothing here") == "nothing here"


def test_a_key_is_hidden_without_its_user_and_so_is_what_it_signs() -> None:
    redactor = Redactor()
    redactor.register("4e0046526381906f7e000002:AJfSRLr7uhsa9lOI=")
    signature = "54d40f0284a23552eae5c62f6e848e636980e88cd13e7e7b58cc43d0825cc307"
    said = redactor.redact(f"Bad key AJfSRLr7uhsa9lOI= of 4e0046526381906f7e000002: {signature}")
    assert said == f"Bad key {HIDDEN} of 4e0046526381906f7e000002: {HIDDEN}"


def test_a_token_that_begins_like_another_leaves_no_rest() -> None:
    redactor = Redactor()
    redactor.register("abc")
    redactor.register("abcdef")
    assert redactor.redact("abcdef") == HIDDEN


@pytest.mark.parametrize("token", ["", " "])
def test_no_token_is_no_redaction(token: str) -> None:
    redactor = Redactor()
    assert redactor.redact("a b") == "a b"
    redactor.register(token)
    assert redactor.redact("a b") == "a b"


@settings(deadline=None)
@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_whatever_the_token_it_is_gone(token: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.register(token, "ann")
    for form in (token, json.dumps(token)[1:-1], repr(token)[1:-1]):
        assert redactor.redact(form) == HIDDEN
    shown = redactor.redact(f"{before}{token}{after}").replace(HIDDEN, "")
    assert token in HIDDEN or token not in shown or token in before + after
