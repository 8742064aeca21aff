"""Terms of the filter language as text, from which `where` makes them again."""

import re
from collections.abc import Sequence

from crmtui.model.where import NAME, And, Compare, Not, Operand, Or, Term

_BARE = re.compile(r'[^\s"]\S*')
_SPACED_TIME = re.compile(r"(?<=\d) (?=\d\d:)")
_BEFORE_QUOTE = re.compile(r'(\\*)("|\Z)')


def print_term(term: Term) -> str:
    """The term as one command-line argument, from which `parse_argument` makes it again."""
    if isinstance(term, Compare):
        return _head(term) + "|".join(_quote(o.text) if o.quoted else o.text for o in term.operands)
    return _piece(term)


def name_text(name: str) -> str:
    """A field's name as it stands in a filter: in quotes where it has odd characters."""
    return name if NAME.fullmatch(name) else _quote(name)


def value_text(text: str) -> str:
    """A plain text as it stands as a value in a filter bar: in quotes where a sign of it would count."""
    plain = _BARE.fullmatch(text) and _is_balanced(text) and text[0] not in "=<>~" and "|" not in text
    return text if plain and ".." not in text else _quote(text)


def print_bar(terms: Sequence[Term]) -> str:
    """The terms side by side as in a filter bar, from which `parse_bar` makes them again."""
    return " ".join(_piece(term) for term in terms)


def _piece(term: Term) -> str:
    """A term as it can stand beside others."""
    if isinstance(term, Compare):
        return _head(term) + "|".join(_operand_in_bar(operand) for operand in term.operands)
    return f"not({_inside(term.term)})" if isinstance(term, Not) else f"({_inside(term)})"


def _inside(term: Term) -> str:
    """A term as it stands alone in brackets."""
    if isinstance(term, And):
        return " ".join(_piece(part) for part in term.terms)
    if isinstance(term, Or):
        return " or ".join(_inside(part) if isinstance(part, And) else _piece(part) for part in term.terms)
    return _piece(term)


def _head(term: Compare) -> str:
    return f"{name_text(term.field)}{term.sign}"


def _operand_in_bar(operand: Operand) -> str:
    text = operand.text
    if operand.quoted:
        return _quote(text)
    if ".." in text:
        # Quotes would make the range plain text; a date and its time are joined by T as well.
        text = _SPACED_TIME.sub("T", text)
    return text if _BARE.fullmatch(text) and _is_balanced(text) else _quote(text)


def _is_balanced(text: str) -> bool:
    """Whether every bracket that a text opens is closed in it."""
    opened = 0
    for char in text:
        opened += (char == "(") - (char == ")")
        if opened < 0:
            return False
    return not opened


def _quote(text: str) -> str:
    return '"' + _BEFORE_QUOTE.sub(lambda found: found[1] * 2 + ('\\"' if found[2] else ""), text) + '"'
