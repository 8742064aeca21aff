"""Texts as the full-text index reads them, and a search as the question that it is asked."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import accumulate

from crmtui.model.record import Value

KIND = "\ue000"
"""Begins the word that stands for a kind: a letter that no text and no search has."""
_PART = "\ue001"
_MOST_WORDS = 20
_SHORTEST_PHONE, _LONGEST_PHONE = 6, 20
# What decomposes into no letter and accent, and is typed as other letters where it is not on the keyboard.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f]")
_FOREIGN = re.compile("[\ue000\ue001\ud800-\udfff]")
_IDEOGRAPH = re.compile(
    "([\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af])"
)
_PHONE = re.compile(r"[+(]{0,2}[0-9][0-9 ()./+-]{4,34}")
_DIGITS = re.compile("[0-9]+")
_FIRST_OF_PHONE = frozenset("+(0123456789")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T].*)?", re.DOTALL)


def plain(text: str) -> str:
    """A text without case and accents, each ideograph, kana and Hangul syllable a word of its own."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    folded = unicodedata.normalize("NFC", _ACCENTS.sub("", _FOREIGN.sub("", folded)))
    return _IDEOGRAPH.sub(r" \1 ", folded)


def kind_word(kind: str) -> str:
    """The one word by which records of a kind are found."""
    return KIND + "".join(letter if letter.isalnum() else _PART for letter in kind)


def body_text(id_: str, values: Mapping[str, Value], labels: Mapping[str, str]) -> str:
    """All that a record is found by besides its title: its id, texts, labels, and the members of rows."""
    found = [id_, *labels.values()]
    _gather(values.values(), found)
    return plain("\n".join(found))


def _gather(values: Iterable[Value], found: list[str]) -> None:
    """The texts in some values; dates are none, and a phone number can be found from any group on."""
    for value in values:
        if isinstance(value, str):
            if value[:1] in _FIRST_OF_PHONE:
                if _DATE.fullmatch(value):
                    continue
                if _PHONE.fullmatch(value):
                    found += _tails(value)
            found.append(value)
        elif isinstance(value, list):
            _gather(value, found)
        elif isinstance(value, dict):
            _gather(value.values(), found)


def _tails(phone: str) -> Iterable[str]:
    """The digits of a number without gaps, from each group on; without groups from each digit on."""
    groups = _DIGITS.findall(phone)
    digits = "".join(groups)
    if not _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE:
        return ()
    starts: Iterable[int] = range(1, len(digits) - 3)
    if len(groups) > 1:
        starts = accumulate(map(len, groups[:-1]), initial=0)
    tails = [digits[at:] for at in starts]
    return dict.fromkeys(tails + [tail.lstrip("0") for tail in tails if tail[0] == "0"])


class Question:
    """A search in the index's own language; whatever was typed is text in it, and never syntax."""

    def __init__(self, text: str) -> None:
        words = [word for word in map(_phrase, text.split()[:_MOST_WORDS]) if word]
        # The last word may still be being typed.
        self._last = " *" if text[-1:].strip() else ""
        self._words = words
        self._digits = _phone_digits(text)

    def __bool__(self) -> bool:
        return bool(self._words)

    @property
    def is_ranked(self) -> bool:
        """Whether enough was typed to tell good answers from others: four letters, or two words."""
        return len(self._words) > 1 or len(self._words[0].replace(" ", "")) >= 4

    @property
    def anywhere(self) -> str:
        """Records that have all the words."""
        more = [f'"{digits}" *' for digits in self._digits]
        return f"({' OR '.join([f'({self._all})', *more])})"

    @property
    def in_title(self) -> str:
        """Records that have all the words in their titles."""
        return f"title : ({self._all})"

    @property
    def begins_title(self) -> str:
        """Records whose titles begin with what was typed."""
        return f'title : (^ "{" ".join(self._words)}"{self._last})'

    @property
    def _all(self) -> str:
        return " AND ".join(f'"{word}"' for word in self._words) + self._last


def _phrase(word: str) -> str:
    """A word of a search as the words of the index that stand side by side; empty where it has no letter."""
    kept = [letter if _is_letter(letter) else " " for letter in plain(word)]
    return " ".join("".join(kept).split())


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] in "LNM"


def _phone_digits(text: str) -> list[str]:
    """What is typed of a phone number, without gaps, and without the zero of one's own country."""
    text = text.strip()
    digits = "".join(_DIGITS.findall(text))
    if len(digits) < _SHORTEST_PHONE or not _PHONE.fullmatch(text):
        return []
    return list(dict.fromkeys((digits, digits.lstrip("0") or digits)))
