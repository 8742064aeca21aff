"""References, records and schemas as plain values."""

from decimal import Decimal

import pytest

from crmtui.model.call import Answer, Call
from crmtui.model.quota import Quota
from crmtui.model.record import Ref, Value, is_empty


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        (Ref("acme", "accounts", "1"), "acme/accounts/1"),
        (Ref("acme", "accounts"), "acme/accounts"),
        (Ref("a", ""), "a"),
    ],
)
def test_a_reference_as_people_write_it(ref: Ref, text: str) -> None:
    assert str(ref) == text


def test_references_are_ordered_and_can_be_keys() -> None:
    assert sorted({Ref("b", "x", "1"), Ref("a", "y", "2"), Ref("a", "y", "2")}) == [
        Ref("a", "y", "2"),
        Ref("b", "x", "1"),
    ]


@pytest.mark.parametrize("value", [None, "", []])
def test_forms_of_nothing(value: Value) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, Decimal("0.0"), False, " ", "0", [None], {}])
def test_what_is_something(value: Value) -> None:
    assert not is_empty(value)


def test_the_request_line_of_a_call() -> None:
    call = Call("GET", "/lookup/accounts/a%2Fb", "choices", (("q", '{"a": "b&c=d"}'), ("é", " +")))
    assert call.target == "/lookup/accounts/a%2Fb?q=%7B%22a%22%3A%20%22b%26c%3Dd%22%7D&%C3%A9=%20%2B"
    assert Call("GET", "/a", "page").target == "/a"


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (201, True), (299, True), (304, False), (500, False)]
)
def test_an_answer_that_says_it_was_done(status: int, ok: bool) -> None:
    assert Answer(status, {}, b"").ok is ok


def test_a_quota_after_its_reset() -> None:
    quota = Quota(50, 200, 1000.0, "reported", 900.0)
    assert quota.at(999.9) == quota
    assert (quota.at(1000.0).used, quota.at(1000.0).limit) == (None, 200)
    assert quota.share == 0.25
    assert quota.at(1000.0).share is None
    assert Quota(5, None).share is None
    assert Quota(5, 0).share is None
    assert Quota(300, 200).share == 1.5
