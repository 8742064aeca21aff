"""Names of saved files: whatever a service proposes, one harmless name in the folder it is meant for."""

import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.workspace.file_name import MOST_BYTES, numbered, parted, safe_name
from crmtui.workspace.progress import Steps, amount, size

DEVICES = ("con", "prn", "aux", "nul", "com1", "lpt9")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Offer.pdf", "Offer.pdf"),
        ("Größentabelle 見積書.ods", "Größentabelle 見積書.ods"),
        ("../../etc/passwd", "etc-passwd"),
        ("Contract 3/2024.pdf", "Contract 3-2024.pdf"),
        ("C:\\x\\y.pdf", "C--x-y.pdf"),
        ("..", "otherwise"),
        ("...", "otherwise"),
        ("", "otherwise"),
        ("\u202e\u200b", "otherwise"),
        ("\u200d", "otherwise"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Lpt1 .pdf", "_Lpt1 .pdf"),
        ("COM¹", "_COM¹"),
        ("console.txt", "console.txt"),
        ("a\x00b\x1b[31m\nc.pdf", "ab[31m c.pdf"),
        ("Invoice \u202efdp.exe", "Invoice fdp.exe"),
        ("x.pdf. . ", "x.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("a\ud800b", "ab"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_name(text, "otherwise") == name


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("見" * 300 + ".pdf", "otherwise")
    assert name == "見" * 65 + ".pdf"
    assert len(safe_name("x" * 300, "otherwise")) == MOST_BYTES
    assert len(safe_name("x." + "y" * 300, "otherwise")) == MOST_BYTES


_signs = st.one_of(
    st.characters(), st.sampled_from('./\\:*?"<>| \t\n\x00\x1b\x9b\u202e\u2066\u200b\u200dconauxCON1.')
)
_texts = st.one_of(
    st.text(_signs, max_size=40),
    st.text(_signs, min_size=150, max_size=400),
    st.sampled_from(DEVICES).flatmap(lambda word: st.text(_signs, max_size=4).map(lambda end: word + end)),
)


@given(_texts)
def test_whatever_is_proposed_is_one_harmless_name(text: str) -> None:
    name = safe_name(text, "otherwise")
    assert name
    assert len(name.encode()) <= MOST_BYTES + 1
    assert Path(name).name == PureWindowsPath(name).name == name
    assert not set(name) & set('/\\:*?"<>|')
    assert name == name.strip()
    assert not name.startswith((".", "-"))
    assert not name.endswith(".")
    shown = name.replace("\u200c", "").replace("\u200d", "")
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert name.partition(".")[0].strip().lower() not in DEVICES
    assert safe_name(name, "otherwise") == name


@given(_texts, st.integers(2, 9999))
def test_numbers_keep_the_ending_and_the_length_a_file_system_takes(text: str, number: int) -> None:
    name = safe_name(text, "otherwise")
    other = numbered(name, number)
    assert other != name
    assert parted(other)[1] == parted(name)[1]
    assert len(f"{other}.part".encode()) <= 255


def test_a_number_stands_before_the_ending() -> None:
    assert numbered("offer.pdf", 1) == "offer.pdf"
    assert numbered("offer.pdf", 2) == "offer (2).pdf"
    assert numbered("offer", 3) == "offer (3)"
    assert numbered("Offer of 3. May", 2) == "Offer of 3. May (2)"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (1024, "1.0 KB"), (150_000, "146 KB"),
     (1_258_291, "1.2 MB"), (2_000_000_000, "1,907 MB")],
)  # fmt: skip
def test_sizes_in_words(count: int, words: str) -> None:
    assert size(count) == words


def test_progress_in_words() -> None:
    assert amount(1_258_292, 4_194_304) == "1.2 MB of 4.0 MB · 30 %"
    assert amount(500, None) == "500 bytes"
    assert amount(0, 0) == "0 bytes"


def test_progress_is_told_at_each_tenth_and_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    steps = Steps()
    assert [done for done in range(101) if steps.due(done, 100)] == list(range(0, 101, 10))
    slow = Steps()
    assert slow.due(1, 1000)
    assert not slow.due(2, 1000)
    now[0] += 1.1
    assert slow.due(3, 1000)
    unknown = Steps()
    assert [unknown.due(done, None) for done in (1, 2, 3)] == [True, False, False]
