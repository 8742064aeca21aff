"""Every error answer: its type, its sentence, and what is made of the service's own words."""

import json
from typing import Any

import pytest

from crmtui.model.call import Call
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unavailable,
)
from crmtui.model.write import Op

from .spotler import adapter, list_call, ref, said, write_call

SHOW = adapter().show(ref("accounts", "7"))
CREATE = write_call(Op.CREATE, ref("contacts"), {"last": "Lee"})


def error(body: Any, status: int, call: Call = SHOW, **headers: str) -> CrmError:
    with pytest.raises(CrmError) as caught:
        adapter().read(call, said(body, status, **headers))
    return caught.value


@pytest.mark.parametrize(
    ("status", "words", "type_", "exit_code", "sentence"),
    [
        (400, "Bad q", Invalid, 6, 'says: "Bad q"'),
        (401, "Who?", AuthFailed, 4, "token was refused"),
        (402, "Unauthenticated.", AuthFailed, 4, "The token was refused"),
        (402, "", AuthFailed, 4, "answered 402"),
        (403, "Unauthenticated.", AuthFailed, 4, "The token was refused"),
        (403, "Your price plan does not include this", Forbidden, 4, "plan"),
        (404, "Record not found", NotFound, 3, "acme/accounts/7 does not exist"),
        (405, "Not allowed", Forbidden, 4, 'says: "Not allowed"'),
        (422, "The given data was invalid.", Invalid, 6, "refused"),
        (429, "API call limit reached", RateLimited, 5, "fewer calls"),
        (500, "Internal server error", Unavailable, 8, "nothing was done"),
        (500, "Invalid record type (accounts)", NotFound, 3, "no such kind"),
        (502, "", Unavailable, 8, "answered 502"),
        (503, "Down for maintenance", Unavailable, 8, "Down for maintenance"),
        (504, "", Unavailable, 8, "504"),
        (418, "teapot", Unavailable, 8, "teapot"),
    ],
)
def test_statuses(status: int, words: str, type_: type[CrmError], exit_code: int, sentence: str) -> None:
    found = error({"type": "x", "code": status, "message": words}, status)
    assert type(found) is type_
    assert found.exit_code == exit_code
    assert sentence in found.message
    assert words.rstrip(".") in found.message


@pytest.mark.parametrize(
    "body", [b"", b"<html><b>502</b></html>", b"[]", b"null", b'"x"', b'{"message":7}', b"\xff"]
)
@pytest.mark.parametrize(
    ("status", "type_"), [(403, AuthFailed), (404, NotFound), (422, Invalid), (500, Unavailable)]
)
def test_errors_without_words(body: bytes, status: int, type_: type[CrmError]) -> None:
    found = error(body, status)
    assert type(found) is type_
    assert f"answered {status}" in found.message
    assert "html" not in found.message


@pytest.mark.parametrize(
    "words", ["a\x1b]52;c;eA==\x07b", "a\nb", "a\u202eb", "a\x9b31mb", "a\x00b\x7f", "a\ud800b"]
)
def test_words_are_made_harmless(words: str) -> None:
    bad = {"message": words, "validation": {words: [{words: [words]}], "f": words}}
    for status in (400, 403, 404, 422, 429, 500):
        found = error(bad, status)
        assert isinstance(found, CrmError)
        texts = [found.message, *(getattr(found, "fields", {}) or {}), *getattr(found, "fields", {}).values()]
        for text in texts:
            assert not set("\x1b\x07\n\x9b\x00\x7f\u202e\ud800") & set(text)
            text.encode()


def test_endless_words_are_shortened_and_that_is_said() -> None:
    found = error({"message": "x" * 10_000, "errors": {"a": "y" * 10_000}}, 422)
    assert isinstance(found, Invalid)
    assert len(found.message) < 1000
    assert found.fields["a"].endswith("…")
    assert "…" in found.message


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"validation": {"accountid": [{"Required": []}]}}, {"accountid": "is required"}),
        ({"validation": {"accountid": {"Required": []}}}, {"accountid": "is required"}),
        ({"validation": {"name": [{"Max": ["100"]}]}}, {"name": "is too long or too large (100 at most)"}),
        ({"validation": {"name": [{"Max": []}]}}, {"name": "is too long or too large"}),
        ({"validation": {"email": [{"Email": []}]}}, {"email": "is no e-mail address"}),
        (
            {"validation": {"n": [{"Numeric": []}, {"Max": [5]}]}},
            {"n": "is no number; is too long or too large (5 at most)"},
        ),
        ({"validation": {"t": [{"In": ["A", "B"]}]}}, {"t": "is not one of: A, B"}),
        ({"validation": {"t": [{"Exists": ["users", "id"]}]}}, {"t": "names a record that does not exist"}),
        ({"validation": {"t": [{"VatNumber": ["GB"]}]}}, {"t": "breaks the rule VatNumber (GB)"}),
        ({"validation": {"t": [{"Odd{}": ["{0}"]}]}}, {"t": "breaks the rule Odd{} ({0})"}),
        ({"validation": {"t": [{"In": ["{0}", "%s"]}]}}, {"t": "is not one of: {0}, %s"}),
        ({"errors": {"email": ["The email must be valid."]}}, {"email": "The email must be valid"}),
        ({"errors": {"email": "Wrong"}}, {"email": "Wrong"}),
        ({"validation": {"x": []}}, {"x": "was refused"}),
        ({"validation": {"x": None}}, {"x": "was refused"}),
        ({"validation": {"x": 7}}, {"x": "was refused"}),
        ({"validation": {"x": [{"Between": {"min": 1}}]}}, {"x": "breaks the rule Between ({'min': 1})"}),
        ({"validation": []}, {}),
        ({"validation": "no"}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_refusals_are_put_on_their_fields(body: dict[str, Any], fields: dict[str, str]) -> None:
    found = error({"message": "The given data was invalid.", **body}, 422, CREATE)
    assert isinstance(found, Invalid)
    assert found.fields == fields
    for name, reason in fields.items():
        assert f"{name} {reason}" in found.message


@pytest.mark.parametrize(
    "body", [b"", b" ", b"{}", b"null", b"[]", b'{"record":null}', b'{"record":{}}', b'{"record":[]}']
)
def test_a_record_that_is_nothing_is_not_there(body: bytes) -> None:
    with pytest.raises(NotFound, match="acme/accounts/7 does not exist"):
        adapter().read(SHOW, said(body))


@pytest.mark.parametrize("body", [b"", b"{}", b'{"record":null}'])
@pytest.mark.parametrize("call", [CREATE, write_call(Op.EDIT, ref("accounts", "7"), {"name": "x"})])
def test_a_write_that_is_answered_without_a_record_was_done(call: Call, body: bytes) -> None:
    assert adapter().read(call, said(body, 201)) is None


@pytest.mark.parametrize("call", [SHOW, list_call(), adapter().schema("accounts")])
@pytest.mark.parametrize(
    "body", [b"<!doctype html><title>Login</title>", b"OK", b"{", b"\xff\xfe{", b"NaN", b'{"a":1e}']
)
def test_a_success_that_is_no_json(call: Call, body: bytes) -> None:
    with pytest.raises(BadAnswer) as caught:
        adapter().read(call, said(body))
    if body.startswith(b"<"):
        assert "web page" in caught.value.message
        assert "token" in caught.value.message


@pytest.mark.parametrize(
    ("said_", "seconds"), [("7", 7.0), ("99999999999999", 300.0), ("soon", None), ("", None)]
)
def test_the_wait_that_a_429_asks_for(said_: str, seconds: float | None) -> None:
    found = error({"message": "slow"}, 429, retry_after=said_)
    assert isinstance(found, RateLimited)
    assert found.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "words", "passes"),
    [(429, "x", True), (500, "Internal", True), (500, "Invalid record type (x)", False), (502, "", True),
     (503, "", True), (504, "", True), (404, "", False), (403, "", False), (400, "", False),
     (422, "", False)],
)  # fmt: skip
def test_which_errors_may_pass(status: int, words: str, passes: bool) -> None:
    assert adapter().passes(said(json.dumps({"message": words}).encode(), status)) is passes
