"""A token and where it was found."""

from typing import NoReturn

HIDDEN = "•••"
"""What stands wherever a token would have been."""


class Token:
    """A secret that no `repr`, log line or crash report shows; `value` is read only to sign a call."""

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str) -> None:
        self._value = value
        self.source = source
        """Where it was found: a variable's name, token_command, token_file, keyring or typed."""

    @property
    def value(self) -> str:
        """The secret itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Token({HIDDEN}, from {self.source})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and (self._value, self.source) == (other._value, other.source)

    def __hash__(self) -> int:
        return hash((self._value, self.source))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not written anywhere")
