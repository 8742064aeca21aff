"""Whether a text fits a pattern that a service gives for a field, without trusting the pattern.

Such patterns are written by customers for another program: one that takes long, or means something else
in Python, is not looked at, and the service decides.
"""

import re
from functools import lru_cache

_LONGEST = 500
"""Characters of a pattern."""
_MOST_STEPS = 5_000_000
"""Ways to match a text, at the worst, that are still tried."""
_SET = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_MARK = re.compile(r"[*+?]|\{[0-9]*(?:,[0-9]*)?\}")
_FOREIGN = re.compile(r"\[\[|&&|--|\|\||~~|\(\?(?!:)|\\[0-9pPQExk]")
"""What Python reads otherwise, or does not know, and what refers back."""


def fits(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text, or cannot be told."""
    compiled, ways = _compiled(pattern)
    if compiled is None or ways(len(text)) > _MOST_STEPS:
        return True
    return compiled.search(text) is not None


class _Ways:
    """At most how many ways there are to match a text of some length."""

    def __init__(self, repeats: int = 0, forks: int = 0) -> None:
        self._repeats = repeats
        self._forks = forks

    def __call__(self, length: int) -> int:
        return int((length + 1) ** self._repeats) << self._forks


@lru_cache(64)
def _compiled(pattern: str) -> tuple[re.Pattern[str] | None, _Ways]:
    """The pattern if it can be trusted to end, and how long it may take."""
    if len(pattern) > _LONGEST or _FOREIGN.search(pattern):
        return None, _Ways()
    # Each sign as one letter: what counts is what repeats and what forks.
    plain = _SET.sub("x", re.sub(r"\\.", "x", pattern, flags=re.DOTALL))
    marks = _MARK.findall(plain)
    if re.search(r"\)\s*(?:[*+]|\{)", plain):  # a group that repeats may hold what repeats
        return None, _Ways()
    # Found anywhere: a pattern without an anchor is tried at each place.
    repeats = sum(mark[0] in "*+{" and not mark[1:-1].isdigit() for mark in marks)
    repeats += not plain.startswith("^")
    forks = marks.count("?") + plain.count("|")
    try:
        return re.compile(pattern), _Ways(repeats, forks)
    except (re.error, OverflowError, RecursionError):
        return None, _Ways()
