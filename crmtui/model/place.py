"""Where in a filter bar a cursor stands: in the name of a field, in a sign, or in a value."""

import re
from typing import Literal

import msgspec

from crmtui.model.where import LISTING, NAME, NOT, SIGN, Sign, unquoted

_BEGUN = re.compile(r"[!^$]?\s*\Z")
_OR = re.compile(r"or(?=[\s()])")
_SPACE = re.compile(r"\s*")


class Place(msgspec.Struct, frozen=True):
    """What stands at the cursor.

    `span` is the whole piece, `typed` what of it stands before the cursor, without quotes. Of a value
    `field` and `sign` are those before it. `open` brackets are not yet closed; `joins`: an `or` can follow.
    `ends`: nothing but blanks follows the piece.
    """

    what: Literal["field", "sign", "value"]
    span: tuple[int, int]
    typed: str
    field: str = ""
    sign: Sign | None = None
    quoted: bool = False
    done: bool = False
    """Whether the value is a quoted one that is closed before the cursor."""
    open: int = 0
    joins: bool = False
    ends: bool = True


def place_of(text: str, cursor: int) -> Place | None:
    """What stands at a cursor; None where what is before it makes no sense already."""
    return _Scan(text, max(0, min(cursor, len(text)))).place()


class _Scan:
    """A way through the text up to the cursor."""

    def __init__(self, text: str, cursor: int) -> None:
        self._text = text
        self._head = text[:cursor]
        self._cursor = cursor
        self._at = 0
        self._terms = [0]
        """For each open bracket, and for none, how many terms stand side by side so far."""

    def place(self) -> Place | None:
        head = self._head
        while True:
            self._skip(_SPACE)
            at = self._at
            if at == len(head):
                return self._field(at, "")
            if self._skip(NOT) or self._skip(_OR):
                self._terms[-1] = 0
            elif head[at] == "(":
                self._at += 1
                self._terms.append(0)
            elif head[at] == ")":
                if len(self._terms) == 1 or not self._terms.pop():
                    return None
                self._at += 1
                self._terms[-1] += 1
            else:
                found = self._compare()
                if found is not True:
                    return found or None
                self._terms[-1] += 1

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._head, self._at)
        self._at = found.end() if found else self._at
        return bool(found)

    def _compare(self) -> Place | bool:
        """The place in this comparison; True where the cursor is behind it, False where it makes no sense."""
        head, start = self._head, self._at
        if head[start] == '"':
            name, self._at = unquoted(head, start)
            if not self._at:
                return self._field(start, name, quoted=True)
        elif found := NAME.match(head, start):
            name, self._at = found[0], found.end()
            if self._at == len(head):
                return self._field(start, name)
        else:
            return False
        after = self._at
        sign = SIGN.match(head, after)
        if sign is None:
            if not _BEGUN.match(head, after):
                return False
            known = SIGN.match(self._text, after)
            end = max(self._cursor, known.end() if known else 0)
            return self._made("sign", (after, end), head[after:].strip(), field=name)
        self._at = sign.end()
        whole = SIGN.match(self._text, after)
        if self._at == len(head) and whole and whole.end() > self._at:
            # The cursor stands within a sign of two characters.
            return self._made("sign", (after, whole.end()), head[after:], field=name)
        return self._operands(name, Sign(sign[0]))

    def _operands(self, name: str, sign: Sign) -> Place | bool:
        head = self._head
        while True:
            start = self._at
            if head[start : start + 1] == '"':
                text, end = unquoted(head, start)
                if not end or end == len(head):
                    span = (start, end or self._quote_end(start))
                    return self._made("value", span, text, field=name, sign=sign, quoted=True, done=bool(end))
                self._at = end
            else:
                self._at = _bare_end(head, start, sign)
                if self._at == len(head):
                    span = (start, _bare_end(self._text, start, sign))
                    return self._made("value", span, head[start:], field=name, sign=sign)
            follows = head[self._at]
            if follows == "|" and sign in LISTING and self._at > start:
                self._at += 1
            else:
                return follows.isspace() or follows == ")"

    def _field(self, start: int, typed: str, *, quoted: bool = False) -> Place:
        if quoted:
            end = self._quote_end(start)
        else:
            found = NAME.match(self._text, start)
            end = found.end() if found else self._cursor
        return self._made("field", (start, end), typed, quoted=quoted)

    def _quote_end(self, start: int) -> int:
        """Where what a quote opened ends: behind its closing quote, else with the word at the cursor."""
        _, end = unquoted(self._text, start)
        while not end and self._cursor < len(self._text) and not self._text[self._cursor].isspace():
            self._cursor += 1
        return end or self._cursor

    def _made(
        self,
        what: Literal["field", "sign", "value"],
        span: tuple[int, int],
        typed: str,
        *,
        field: str = "",
        sign: Sign | None = None,
        quoted: bool = False,
        done: bool = False,
    ) -> Place:
        return Place(
            what,
            span,
            typed,
            field,
            sign,
            quoted,
            done,
            len(self._terms) - 1,
            self._terms[-1] > 0,
            not self._text[span[1] :].strip(),
        )


def _bare_end(text: str, start: int, sign: Sign) -> int:
    """Where a value without quotes ends: at a blank, a bracket that it did not open, or a further one."""
    opened = 0
    for at in range(start, len(text)):
        char = text[at]
        if char.isspace() or (char == "|" and sign in LISTING) or (char == ")" and not opened):
            return at
        opened += (char == "(") - (char == ")")
    return len(text)
