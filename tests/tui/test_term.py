"""What reaches the terminal: nothing that it acts on, in signs that it has, in few bytes."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.driver import Driver
from textual.filter import LineFilter
from textual.widgets import Static

from crmtui.tui.term import AsciiFilter, SafeFilter, needs_ascii, plain, safe
from crmtui.tui.thrifty import thrifty, thrifty_driver

GROUND = Color(0, 0, 0)
HOSTILE = [
    "\x1b]52;c;aGk=\x07", "\x1b[2J", "a\x00b\x08c", "\x7f", "\x9b31m", "\x9d0;title\x9c", "\u202eevil",
    "\u2066x\u2069", "zero\u200bwidth", "\ufeffbom", "\U000e0041tag", "soft\xadhyphen", "lone\ud800surrogate",
    "line\u2028break", "\r\n\t",
]  # fmt: skip
ACTS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def filtered(net: LineFilter, *segments: Segment) -> list[Segment]:
    return net.apply(list(segments), GROUND)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_terminal_acts_on_gets_through(text: str) -> None:
    (segment,) = filtered(SafeFilter(), Segment(text, Style(bold=True)))
    assert not ACTS.search(segment.text)
    assert cell_len(segment.text) == cell_len(text)
    assert segment.style == Style(bold=True)


@given(st.text())
def test_any_text_is_safe_and_as_wide_as_before(text: str) -> None:
    assert not ACTS.search(safe(text))
    assert cell_len(safe(text)) == cell_len(text)


@pytest.mark.parametrize("text", ["Acme Ltd", "株式会社", "Ålesund", "👨‍👩‍👧 family", "☎️", "नमस्ते", "│▌●…▰▱"])
def test_honest_text_is_left_alone(text: str) -> None:
    assert safe(text) == text
    segments = [Segment(text), Segment("plain", Style(bold=True))]
    assert SafeFilter().apply(segments, GROUND) is segments


def test_control_segments_and_hostile_links_are_disarmed() -> None:
    link = Style(link="https://example.com/\x1b]52;c;aGk=\x07", bold=True)
    control, linked = filtered(SafeFilter(), Segment("\x1b[2J", None, []), Segment("site", link))
    assert "\x1b" not in control.text
    assert control.control is None
    assert linked.style is not None
    assert linked.style.link is None
    assert linked.style.bold


def test_filters_of_a_kind_are_equal_so_that_strips_remember_their_work() -> None:
    assert SafeFilter() == SafeFilter()
    assert hash(SafeFilter()) == hash(SafeFilter())
    assert AsciiFilter("latin-1") != AsciiFilter("ascii")


def test_boxes_gauges_and_signs_in_ascii() -> None:
    assert plain("╭─ Accounts ─╮ │▌● Name ▲² ▰▰▱ a→b … ✗ ═║") == "+- Accounts -+ ||* Name ^2 ##- a>b ~ x -|"


@given(st.text())
def test_ascii_is_as_wide_as_what_it_stands_for(text: str) -> None:
    shown = plain(safe(text))
    assert shown.isascii()
    assert cell_len(shown) == cell_len(safe(text))


def test_what_the_encoding_lacks_becomes_a_question_mark_per_cell() -> None:
    assert plain("株 Söhne 👨‍👩‍👧") == "?? S?hne ??"
    assert plain("株 Söhne ▲", "latin-1") == "?? Söhne ^"
    segment, kept = filtered(AsciiFilter(), Segment("Ärger", Style(bold=True)), Segment("ok"))
    assert segment == Segment("?rger", Style(bold=True))
    assert kept == Segment("ok")


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LC_CTYPE": "UTF-8"}, False),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LANG": "C"}, True),
        ({}, True),
        # what Python's own coercion of the C locale leaves behind
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "en_GB.UTF-8"}, False),
    ],
)
def test_the_locale_tells_what_the_terminal_can_show(environ: dict[str, str], ascii_only: bool) -> None:
    assert needs_ascii(environ, "linux") is ascii_only


def test_windows_terminals_know_unicode() -> None:
    assert not needs_ascii({}, "win32")


SGR = st.lists(
    st.sampled_from(
        [
            "1",
            "2",
            "3",
            "4",
            "7",
            "9",
            "38;2;1;2;3",
            "38;2;9;9;9",
            "48;2;7;7;7",
            "48;5;17",
            "31",
            "97",
            "44",
            "100",
        ]
    ),
    unique=True,
    max_size=4,
).map(";".join)
RUNS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 20), SGR, st.text("ab ─", max_size=9)), max_size=12
)


def picture(data: str) -> Any:
    screen = pyte.Screen(40, 10)
    pyte.Stream(screen).feed(data)
    return {
        (y, x): cell
        for y, line in screen.buffer.items()
        for x, cell in line.items()
        if cell != screen.default_char
    }


@given(RUNS)
def test_a_thrifty_frame_draws_the_same_picture(runs: list[tuple[int, int, str, str]]) -> None:
    frame = ""
    for y, x, codes, text in runs:
        frame += f"\x1b[{y};{x}H" + (f"\x1b[{codes}m{text}\x1b[0m" if codes else text) + "\n"
    frame += "\x1b[9;1H\x1b[0m"
    short = thrifty(frame)
    # what follows must not inherit a style either
    assert picture(short + "after") == picture(frame + "after")
    assert len(short) <= len(frame)


def test_a_style_is_sent_as_what_changes() -> None:
    frame = "\x1b[3;1H\x1b[38;2;1;2;3;48;2;4;5;6mab\x1b[0m\x1b[1;38;2;1;2;3;48;2;4;5;6mcd\x1b[0m\n\x1b[4;1Hef"
    assert thrifty(frame) == "\x1b[3;1H\x1b[38;2;1;2;3;48;2;4;5;6mab\x1b[1mcd\x1b[0m\x1b[4;1Hef"


def test_what_is_no_frame_is_left_alone() -> None:
    for data in ("\x1b[?1049h", "\x1b[1mbold from here on", "\x1b[0m\x1b[1mon", "text"):
        assert thrifty(data) == data


class Recorder(Driver):
    """A driver that keeps what it is given."""

    sent: list[str]

    def __init__(self) -> None:
        self.sent = []

    def write(self, data: str) -> None:
        self.sent.append(data)

    def start_application_mode(self) -> None: ...
    def disable_input(self) -> None: ...
    def stop_application_mode(self) -> None: ...


def test_small_frames_go_without_synchronization_marks() -> None:
    driver = thrifty_driver(Recorder)
    assert issubclass(driver, Recorder)
    writer: Recorder = driver()
    start, end = "\x1b[?2026h", "\x1b[?2026l"
    for frame in ("small", "large" * 200, "small"):
        for data in (start, frame, end):
            writer.write(data)
    assert writer.sent == ["small", start + "large" * 200, end, "small"]


class Hostile(App[None]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), SafeFilter()]

    def compose(self) -> ComposeResult:
        yield Static(Content(self._text))


def test_the_net_holds_in_an_app() -> None:
    async def shown() -> str:
        app = Hostile("before\x1b]52;c;aGk=\x07\u202eafter")
        async with app.run_test(size=(40, 3)):
            return "".join(strip.text for strip in app.screen._compositor.render_strips())

    text = asyncio.run(shown())
    assert "before]52;c;aGk=after" in text
    assert not ACTS.search(text)
