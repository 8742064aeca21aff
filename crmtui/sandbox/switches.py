"""Switches that make an emulated service behave differently, from a mapping or the environment."""

import os
from collections.abc import Mapping, Sequence


class Switches:
    """Named switches; what is given directly wins over the environment."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._values = {**os.environ, **given}

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """The switch's word, the first allowed one where it is not set."""
        word = self._values.get(name) or allowed[0]
        if word not in allowed:
            raise ValueError(f"{name}={word}: expected one of {', '.join(allowed)}")
        return word

    def number(self, name: str) -> int | None:
        """The switch's whole number, or None where it is not set."""
        word = self._values.get(name)
        if not word:
            return None
        if not (word.isascii() and word.isdigit()):
            raise ValueError(f"{name}={word}: expected a whole number")
        return int(word)

    def words(self, name: str) -> frozenset[str]:
        """The switch's words, separated by commas."""
        return frozenset(word.strip() for word in self._values.get(name, "").split(",") if word.strip())
