"""Why a search found a record: the field that has the words, and the text around the first of them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crmtui.model.record import Record, Value
from crmtui.model.text import clean
from crmtui.store.words import plain

_WORD = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]"
    r"|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
)
"""An ideograph, kana or Hangul syllable alone, or letters and figures with their accents."""
_DIGITS = re.compile("[0-9]+")
_LEAST_DIGITS = 6
_BEFORE = 14
"""Characters that are shown before the words that were found."""


class Span(NamedTuple):
    """Where words stand in a text."""

    start: int
    end: int


class Evidence(NamedTuple):
    """A field's name, none for the id, and a piece of its text with the words that were looked for."""

    field: str
    text: str
    span: Span


class Wanted:
    """What was typed into a search, word by word; the last one may be only begun."""

    def __init__(self, text: str) -> None:
        self._words = [pieces for word in text.split() if (pieces := _pieces(word))]
        self._begun = bool(text[-1:].strip())
        digits = "".join(_DIGITS.findall(text))
        self._digits = digits if len(digits) >= _LEAST_DIGITS and not re.search(r"[^\W\d]", text) else ""

    def spans(self, text: str) -> dict[int, Span]:
        """Where each of the words stands first in a text; one that is not there is missing."""
        # Most texts have none of the words, and that is quickly seen.
        whole = _folded(text)
        near = [number for number, pieces in enumerate(self._words) if pieces[0] in whole]
        words = [(found, _folded(found[0])) for found in _WORD.finditer(text)] if near else []
        spans: dict[int, Span] = {}
        for number in near:
            pieces = self._words[number]
            last = len(self._words) - 1 == number and self._begun
            for at in range(len(words) - len(pieces) + 1):
                some = words[at : at + len(pieces)]
                if _same([word for _, word in some], pieces, begun=last):
                    spans[number] = Span(some[0][0].start(), _end(text, some[-1], pieces[-1]))
                    break
        if self._digits and len(spans) < len(self._words) and (span := _phone(text, self._digits)):
            return dict.fromkeys(range(len(self._words)), span)
        return spans

    def why(self, record: Record) -> Evidence | None:
        """The field that tells most of why a record was found; None where its title has all the words."""
        missing = set(range(len(self._words))) - self.spans(record.title).keys()
        best: Evidence | None = None
        most = 0
        for name, text in _texts(record) if missing else ():
            spans = [span for number, span in self.spans(text).items() if number in missing]
            if len(spans) > most:
                best, most = _piece(name, text, min(spans)), len(spans)
            if most == len(missing):
                break
        return best


def _same(words: Sequence[str], pieces: Sequence[str], *, begun: bool) -> bool:
    if begun:
        return words[-1].startswith(pieces[-1]) and list(words[:-1]) == list(pieces[:-1])
    return list(words) == list(pieces)


def _pieces(word: str) -> list[str]:
    return [_folded(found) for found in _WORD.findall(word)]


def _folded(word: str) -> str:
    return plain(word).strip().casefold()


def _end(text: str, last: tuple[re.Match[str], str], piece: str) -> int:
    """Where what was typed of the last word ends; the whole word where letters and places do not agree."""
    found, word = last
    return found.start() + len(piece) if len(word) == len(found[0]) else found.end()


def _phone(text: str, digits: str) -> Span | None:
    """Where a number stands that is written with other gaps, or with the zero of one's own country."""
    places = [at for at, letter in enumerate(text) if letter in "0123456789"]
    written = "".join(text[at] for at in places)
    for tail in (digits, digits.lstrip("0")):
        if tail and (at := written.find(tail)) >= 0:
            return Span(places[at], places[at + len(tail) - 1] + 1)
    return None


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    """Every text of a record with its field's name; the id, which is the field of no name, comes last."""
    for name, value in record.values.items():
        if name in record.labels:
            yield name, record.labels[name]
        for text in _parts(value):
            yield name, text
    yield "", record.ref.id


def _parts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _parts(part)


def _piece(field: str, text: str, span: Span) -> Evidence:
    """The text from a little before the words on, on one line."""
    start = 0
    if span.start > _BEFORE:
        start = text.rfind(" ", 0, span.start - _BEFORE // 2) + 1
        start = start if span.start - start <= _BEFORE else span.start - _BEFORE // 2
    before = ("…" if start else "") + " ".join(clean(text[start : span.start]).split(" "))
    words = clean(text[span.start : span.end])
    after = clean(text[span.end : span.end + 200])
    return Evidence(field, f"{before}{words}{after}", Span(len(before), len(before) + len(words)))
