"""Text that is kept as HTML: shown as plain text, and what was not typed over stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.crm.solve360.html_text import edited, is_marked_up, to_html, to_text

PIECES = ["a", "é", " ", "\n", "\r\n", "<", ">", "&", ";", "lt;", "&amp;", "<br />", "<BR>", "<p>", "</p>"]
PIECES += ["<b>", "</b>", "<li>", "<!--", "-->", "<style>", "</style>"]
texts = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("5 &lt; 6 &amp; so on", "5 < 6 & so on"),
        ("one<br />two", "one\ntwo"),
        ("one<br />\ntwo<br>\r\n<BR/>three", "one\ntwo\n\nthree"),
        ("posted\nas plain text", "posted\nas plain text"),
        ("<p>One</p>\n<p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("Hello<div>World</div>", "Hello\nWorld"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<b>Bold</b> <a href='https://x'>link</a>", "Bold link"),
        ("&#8364;5 &nbsp;&euro; &unknown; R&D", "€5 \xa0€ &unknown; R&D"),
        ("<!-- a\nb -->x<style>p {}</style><script>alert(1)</script>", "x"),
        ("5 <6 and <b", "5 <6 and <b"),
        ("İ<style>x</style>y", "İy"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text", "written"),
    [
        ("<b>Hello</b> world", "Howdy world", "<b>Howdy</b> world"),
        ("see <a href='u'>here</a> now", "see there now", "see <a href='u'>there</a> now"),
        ("<p>One</p><p>Two</p>", "One\nThree", "<p>One</p><p>Three</p>"),
        ("<p>One <b>x</b></p><p>Two</p>", "One xTwo", "One <b>x</b>Two"),
        ("<i>a &lt; b</i>", "a < c", "<i>a &lt; c</i>"),
        ("<b>a</b>", "a\nb", "<b>a</b><br />b"),
        ("<b>a</b>", "", "<b></b>"),
    ],
)
def test_markup_outlives_an_edit(html: str, text: str, written: str) -> None:
    assert edited(html, text) == written


@given(texts)
def test_what_is_typed_comes_back(text: str) -> None:
    assert to_text(to_html(text)) == text.replace("\r\n", "\n")
    assert not is_marked_up(to_html(text))


@given(texts, texts)
def test_an_edit_says_what_was_typed(html: str, text: str) -> None:
    assert to_text(edited(html, text)) == text.replace("\r\n", "\n")


@given(texts)
def test_a_text_left_as_it_was_leaves_the_markup(html: str) -> None:
    assert edited(html, to_text(html)) == html


@pytest.mark.parametrize("begun", ["<!--", "<script>", "<b", "&", "<"])
def test_a_pile_of_beginnings_takes_no_time(begun: str) -> None:
    assert len(to_text(begun * 20_000)) <= len(begun) * 20_000
