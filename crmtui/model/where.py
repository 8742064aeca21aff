"""The filter language as it is written: texts to terms; what terms mean is bound elsewhere."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NoReturn, TypeAlias

import msgspec

from crmtui.model.errors import UsageError


class WhereError(UsageError):
    """A filter that makes no sense; `position` is the place in its text where that shows."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class Sign(StrEnum):
    """What stands between a field and its value."""

    EQUAL = "="
    UNEQUAL = "!="
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    BEGINS = "^="
    ENDS = "$="
    CONTAINS = "~"


LISTING = frozenset({Sign.EQUAL, Sign.UNEQUAL})
"""The signs that take several alternatives, or none at all."""


class Operand(msgspec.Struct, frozen=True):
    """One alternative of a value, without its quotes; quoted, every sign and word in it is plain text."""

    text: str
    quoted: bool = False
    span: tuple[int, int] = (0, 0)


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """A field, a sign and its alternatives; `span` is where the term stands in its text."""

    field: str
    sign: Sign
    operands: tuple[Operand, ...]
    span: tuple[int, int] = (0, 0)


class Not(msgspec.Struct, frozen=True, tag="not"):
    """Holds where its term does not."""

    term: "Term"


class And(msgspec.Struct, frozen=True, tag="and"):
    """Terms side by side: holds where all do."""

    terms: tuple["Term", ...]


class Or(msgspec.Struct, frozen=True, tag="or"):
    """Terms with `or` between them: holds where one does."""

    terms: tuple["Term", ...]


Term: TypeAlias = Compare | Not | And | Or

NAME = re.compile(r"[\w\-./%]+")
SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(Sign, key=len, reverse=True)))
_SPACE = re.compile(r"\s*")
_OPEN = re.compile(r"\(\s*")
_CLOSE = re.compile(r"\)\s*")
NOT = re.compile(r"not\s*(?=\()")
_OR = re.compile(r"or(?=[\s()]|\Z)\s*")
_DEEPEST = 50


def parse_argument(text: str) -> Term:
    """The one term that a command-line argument is: without brackets its value runs to the end."""
    reader = _Reader(text, one=True)
    term = reader.term()
    if reader.rest:
        reader.fail("Nothing may follow a closing bracket: a further term is an argument of its own.")
    return term


def parse_bar(text: str) -> tuple[Term, ...]:
    """The terms side by side in a filter bar, in which values with spaces are quoted."""
    reader = _Reader(text, one=False)
    if not reader.rest:
        return ()
    branches = reader.branches()
    if reader.rest:
        reader.fail('No bracket is open here: quote a value that has a ")".')
    return branches[0] if len(branches) == 1 else (_joined(branches),)


class _Reader:
    """A place in a text, and the steps of the grammar that move it on; each skips the space after it."""

    def __init__(self, text: str, *, one: bool) -> None:
        self._text = text
        self._at = len(text) - len(text.lstrip())
        self._depth = 0
        self._one = one

    @property
    def rest(self) -> str:
        return self._text[self._at :]

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        raise WhereError(message, self._at if at is None else at)

    def _take(self, pattern: re.Pattern[str]) -> str:
        """What the pattern matches here, stepped over; an empty text where it does not."""
        found = pattern.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        return found[0]

    def _sees(self, char: str) -> bool:
        return self._text.startswith(char, self._at)

    def branches(self) -> list[tuple[Term, ...]]:
        """Terms side by side, and more of them after each `or`, up to a closing bracket or the end."""
        found = [self._side_by_side()]
        while self._take(_OR):
            found.append(self._side_by_side())
        return found

    def _side_by_side(self) -> tuple[Term, ...]:
        found: list[Term] = []
        while self._at < len(self._text) and not self._sees(")") and not _OR.match(self._text, self._at):
            found.append(self.term())
        if not found:
            self.fail("A term is missing here: write FIELD=VALUE.")
        return tuple(found)

    def term(self) -> Term:
        """A comparison, or terms in brackets with or without `not` before them."""
        if self._take(NOT):
            return Not(self._group())
        return self._group() if self._sees("(") else self._compare()

    def _group(self) -> Term:
        opened = self._at
        if self._depth == _DEEPEST:
            self.fail(f"Brackets nest more than {_DEEPEST} deep: write it flatter.")
        self._depth += 1
        self._take(_OPEN)
        branches = self.branches()
        self._depth -= 1
        if not self._take(_CLOSE):
            self.fail('This bracket is not closed: add a ")".', opened)
        return _joined(branches)

    def _compare(self) -> Compare:
        start = self._at
        name = self._quoted() if self._sees('"') else self._take(NAME)
        if not name:
            self.fail(
                "A field is missing here: write FIELD=VALUE, a name with odd characters in quotes.", start
            )
        found = self._take(SIGN)
        if not found:
            self._fail_without_sign(name)
        sign = Sign(found)
        operands = self._operands(sign)
        if not operands and sign not in LISTING:
            self.fail(f'A value is missing after "{name}{sign}".')
        span = (start, self._at)
        if not self._to_the_end:
            self._take(_SPACE)
        return Compare(name, sign, operands, span)

    def _fail_without_sign(self, name: str) -> NoReturn:
        if name.lower() in ("and", "or"):
            self.fail('Terms side by side must all hold, and "or" between them is written small.')
        if self.rest and not self.rest[0].isspace() and not self._sees(")"):
            self.fail(f'"{self.rest[0]}" is no operator: put quotes round a field name that has it.')
        self.fail(f'No operator after "{name}": write {name}=VALUE, and values with spaces in quotes.')

    def _operands(self, sign: Sign) -> tuple[Operand, ...]:
        if self._ends():
            return ()
        found = [self._operand(sign)]
        while sign in LISTING and self._sees("|"):
            self._at += 1
            found.append(self._operand(sign))
        return tuple(found)

    def _operand(self, sign: Sign) -> Operand:
        start = self._at
        if self._sees('"'):
            text = self._quoted()
            if not self._ends() and not (sign in LISTING and self._sees("|")):
                self.fail('Nothing may follow a closing quote: write \\" for a quote inside.')
            return Operand(text, True, (start, self._at))
        opened = 0
        while not self._ends(opened) and not (sign in LISTING and self._sees("|")):
            opened += self._sees("(") - self._sees(")")
            self._at += 1
        if start == self._at:
            self.fail('An alternative is empty: quote a value that has a "|".')
        return Operand(self._text[start : self._at], False, (start, self._at))

    @property
    def _to_the_end(self) -> bool:
        """Whether the value is all that follows, spaces and brackets included."""
        return self._one and not self._depth

    def _ends(self, opened: int = 0) -> bool:
        """Whether a value ends here, where so many brackets opened in it."""
        if self._at == len(self._text) or self._to_the_end:
            return self._at == len(self._text)
        char = self._text[self._at]
        return char.isspace() or (char == ")" and not opened)

    def _quoted(self) -> str:
        """The text in quotes, in which a backslash means itself but before a quote."""
        text, end = unquoted(self._text, self._at)
        if not end:
            self.fail("This quote is not closed: add one at the end of the value.")
        self._at = end
        return text


def unquoted(text: str, start: int) -> tuple[str, int]:
    """The text in the quotes that open at a place, and where they end; 0 where they are not closed."""
    found: list[str] = []
    at = start + 1
    while (quote := text.find('"', at)) >= 0:
        part = text[at:quote]
        plain = part.rstrip("\\")
        slashes = len(part) - len(plain)
        found.append(plain + "\\" * (slashes // 2))
        at = quote + 1
        if slashes % 2 == 0:
            return "".join(found), at
        found.append('"')
    return "".join([*found, text[at:]]), 0


def _joined(branches: Sequence[tuple[Term, ...]]) -> Term:
    """The one term that stands for what was in brackets."""
    terms = tuple(And(branch) if len(branch) > 1 else branch[0] for branch in branches)
    return Or(terms) if len(terms) > 1 else terms[0]
