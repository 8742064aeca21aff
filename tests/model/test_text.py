"""Text from outside, before anybody sees it: whatever it is, a terminal takes no order from it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmtui.model.text import clean, clean_lines, mend, typed

ANY = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from(
        "ab\x00\x07\x08\t\n\x0b\r\x1b[]\\\x7f\x80\x9b\x9d\xad\u0301\u200b\u200d\u202e\u2028\ufeff\ud800\U000e0041"
    ),
    max_size=60,
)
REORDERING = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(ANY)
@settings(max_examples=300, deadline=None, database=None)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for cleaned, allowed in ((clean(text), ""), (clean_lines(text), "\n")):
        controls = {char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")}
        assert controls <= set(allowed)
        assert not REORDERING & set(cleaned)
        cleaned.encode()


@given(ANY)
@settings(max_examples=200, deadline=None, database=None)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)
    assert mend(mend(text)) == mend(text)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40))
@settings(max_examples=200, deadline=None, database=None)
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert clean(text) == clean_lines(text) == typed(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Acme [/] Ltd", "Acme [/] Ltd"),
        ("\x1b]52;c;cHduZWQ=\x07", "␛]52;c;cHduZWQ=␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("a\x9b31mb", "a\ufffd31mb"),
        ("a\r\nb\tc", "a b c"),
        ("a\u2028b", "a b"),
        ("x\u202eevil\u202cy", "xevily"),
        ("a\u200b\ufeff\u00adb", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("株式会社アクメ", "株式会社アクメ"),
        ("👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈", "👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Z" + "\u0321" * 40 + "a", "Z" + "\u0321" * 4 + "a"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert clean(text) == line


def test_lines_are_kept_where_there_is_room_for_them() -> None:
    assert clean_lines("a\r\nb\nc\u2029d\te\x1b[2J") == "a\nb\nc\nd e␛[2J"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("x\x1b]52;c;AA\x07y", "x]52;c;AAy"),
        ("a\x9bb\x7fc\x00", "abc"),
        ("a\ud800b", "a\ufffdb"),
        ("É [/] $x", "É [/] $x"),
    ],
)
def test_what_is_pasted_loses_its_control_characters(pasted: str, kept: str) -> None:
    assert typed(pasted) == kept
