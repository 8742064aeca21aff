"""Stand-ins for what is personal in a JSON text: only letters and digits are changed."""

import hashlib
import os
import re
from collections.abc import Iterator
from itertools import chain

from crmtui.secrets import HIDDEN

_TOKEN = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<mark>[{}\[\],:])',
    re.DOTALL,
)
_SIGN = re.compile(r"\\u([0-9a-fA-F]{4})|\\.|.", re.DOTALL)
_DATE = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)((?:[T ][\d:.,+Z-]*)?)", re.ASCII)
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_ID = re.compile(r"id|.*id|createdby|modifiedby", re.IGNORECASE)
_LETTERS = {(True, True): "X", (True, False): "x", (False, True): "É", (False, False): "é"}
"""By whether a letter is ASCII and whether it is a capital."""
_IDEOGRAPH = "字"
_SMALL = frozenset({"", "0", "1"})
"""What says yes, no or nothing, as a text or as a number."""
_METADATA = frozenset({"total_count", "object_type", "record_type"})
_ERROR = frozenset({"type", "code", "message", "error"})
"""What is the service's own word of a list and of an error, and no person's."""

_PEOPLE = frozenset({"user", "users", "team", "filters"})
"""Members of OnePageCRM's dictionary that are about people, or made by them."""
_SECRET = re.compile(r"auth_?key|api_?key|token|password|secret", re.IGNORECASE)
"""Members that open the account, the key of another user or an older one among them."""


class StandIns:
    """One run's stand-ins: the same id gets the same one in every file, so that references still lead."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._ids: dict[str, str] = {}

    def of_records(self, text: str) -> str:
        """A JSON text of records with the values replaced; names of members, types and lengths stay."""
        return self._replaced(text, error=False)

    def of_error(self, text: str) -> str:
        """An error's JSON text: its message stays, but for addresses of e-mail; the rest as in records."""
        return self._replaced(text, error=True)

    def of_dictionary(self, text: str) -> str:
        """A JSON text of what records can hold, as it is; what it tells of people and keys is replaced."""
        pieces, end = [], 0
        for start, stop, path, is_text in _scalars(text):
            if _SECRET.search(path[-1] if path else ""):
                value = HIDDEN if is_text else "null"
            elif _PEOPLE.isdisjoint(path):
                continue
            else:
                value = self._value(text[start:stop], path, is_text, error=False)
            pieces += [text[end:start], value]
            end = stop
        return "".join([*pieces, text[end:]])

    def of_text(self, text: str) -> str:
        """What is no JSON, letter by letter."""
        return self._masked(text)

    def _replaced(self, text: str, *, error: bool) -> str:
        pieces, end = [], 0
        for start, stop, path, is_text in _scalars(text):
            pieces += [text[end:start], self._value(text[start:stop], path, is_text, error)]
            end = stop
        return "".join([*pieces, text[end:]])

    def _value(self, value: str, path: tuple[str, ...], is_text: bool, error: bool) -> str:
        name = path[-1] if path else ""
        about = "metadata" in path[:-1]
        if value in _SMALL or (about and name in _METADATA):
            return value
        if error and name in _ERROR:
            return _MAIL.sub(lambda mail: self._masked(mail[0]), value)
        if about and value.startswith(("/", "\\/")):
            return re.sub(r"\d+", lambda digits: self._id(digits[0]), value)
        if _ID.fullmatch(name) and value.isascii() and value.isdigit():
            return self._id(value)
        if not is_text:
            return re.sub("[1-9]", "5", value)
        date = _DATE.fullmatch(value)
        return self._masked(value) if date is None else self._date(date)

    def _id(self, digits: str) -> str:
        """Another id of as many digits, the same for the same one; 0 and 1 may mean none, no and yes."""
        if digits in _SMALL:
            return digits
        if digits not in self._ids:
            taken = set(self._ids.values())
            least = max(2, 10 ** (len(digits) - 1))
            chance = (self._made(digits, number) for number in range(100))
            any_ = map(str, range(least, 10 ** len(digits)))
            self._ids[digits] = next((made for made in chain(chance, any_) if made not in taken), digits)
        return self._ids[digits]

    def _made(self, digits: str, number: int) -> str:
        said = hashlib.blake2b(f"{number} {digits}".encode(), key=self._key).digest()
        made = [str(byte % 10) for byte in said[: len(digits)]]
        made += ["5"] * (len(digits) - len(made))
        # Neither a zero in front, which would make it shorter, nor one of the small values.
        made[0] = str(2 + said[-1] % 8 if len(made) == 1 else 1 + said[-1] % 9)
        return "".join(made)

    def _date(self, date: re.Match[str]) -> str:
        """A date that there is, written in the same way; a zero date and midnight stay what they are."""
        year, separator, month, day, time = date.groups()
        if not int(year + month + day):
            return date[0]
        said = hashlib.blake2b(date[0].encode(), key=self._key).digest()
        made = separator.join(
            (f"20{said[0] % 30:02}", _like(month, 10, said[1] % 3), _like(day, 10, said[2] % 10))
        )
        if not re.search("[1-9]", time):
            return made + time
        # Hours below 20, minutes and seconds below 60: the first digit of each pair stays small.
        return made + re.sub(r"\d\d?", lambda pair: _like(pair[0], 10, said[3] % 10), time)

    def _masked(self, text: str) -> str:
        """Letters and digits replaced by some of their class, also those that are written as escapes."""
        return _SIGN.sub(_stand_in, text)


def _scalars(text: str) -> Iterator[tuple[int, int, tuple[str, ...], bool]]:
    """Begin, end, names above and whether it is a text, of every text and number that is a value."""
    names: list[str] = []
    kinds: list[str] = []
    wants_name = False
    for token in _TOKEN.finditer(text):
        match token["mark"]:
            case "{" | "[" as mark:
                kinds.append(mark)
                names.append("")
                wants_name = mark == "{"
            case "}" | "]":
                kinds.pop()
                names.pop()
            case ",":
                wants_name = bool(kinds) and kinds[-1] == "{"
            case ":":
                wants_name = False
            case _ if wants_name:
                names[-1] = token["text"]
            case _:
                group = "number" if token["text"] is None else "text"
                path = tuple(name for name in names if name)
                yield token.start(group), token.end(group), path, group == "text"


def _stand_in(sign: re.Match[str]) -> str:
    code = sign[1]
    if code is None:
        return sign[0] if len(sign[0]) > 1 else _like_sign(sign[0])
    found = chr(int(code, 16))
    if "\ud800" <= found <= "\udfff":
        return "\\ud83d" if found < "\udc00" else "\\ude00"
    return f"\\u{ord(_like_sign(found)):04x}"


def _like_sign(sign: str) -> str:
    if sign.isdigit():
        return sign if sign == "0" else "5"
    if not sign.isalpha():
        return sign
    if sign.lower() == sign.upper():
        return _IDEOGRAPH
    return _LETTERS[sign.isascii(), sign.isupper()]


def _like(digits: str, least: int, more: int) -> str:
    """A number of as many digits: `least` and `more` where there are two, else 1 to 9."""
    return str(least + more) if len(digits) == 2 else str(1 + more % 9)
