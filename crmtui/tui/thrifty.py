"""The same picture in fewer bytes: how frames leave for the terminal."""

import re
import sys
from functools import lru_cache

from textual.driver import Driver

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_SMALL = 512
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_MOVES = re.compile(r"(?:\n|\x1b\[[0-9;]*H)*")
_IDLE_MOVES = re.compile(r"(?:\n|\x1b\[\d+;\d+H)+(?=\x1b\[\d+;\d+H)")
_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24, 51: 54, 52: 54, 53: 55}


class ThriftyWriter(Driver):
    """A driver that sends each frame in fewer bytes; to be mixed in before the driver for the platform."""

    _held = False
    """Whether the start of a synchronized frame waits to be sent."""
    _open = False

    def write(self, data: str) -> None:
        """Send a piece; a frame so small that it arrives in one is not put between synchronization marks."""
        if data == _SYNC_START:
            self._held = True
            return
        if data == _SYNC_END:
            if not self._open:
                self._held = False
                return
            self._open = False
        else:
            data = thrifty(data)
            if self._held:
                self._held = False
                if len(data) > _SMALL:
                    self._open = True
                    data = _SYNC_START + data
        super().write(data)  # type: ignore[safe-super]


def thrifty_driver(base: type[Driver]) -> type[Driver]:
    """The driver with a writer that repeats no style; for `App.get_driver_class`."""
    if sys.platform == "win32":
        return base  # there Textual writes a frame in pieces that end anywhere
    return type(f"Thrifty{base.__name__}", (ThriftyWriter, base), {})


def thrifty(data: str) -> str:
    """The same picture in fewer bytes: styles as differences, no move that another follows.

    Textual sets every run's whole style and resets it after; most of a frame over SSH is that.
    """
    if "\x1b[0m" not in data:
        return data
    out: list[str] = []
    terminal = wanted = ""
    pieces = iter(_SGR.split(_IDLE_MOVES.sub("", data)))
    out.append(next(pieces))
    for codes, text in zip(pieces, pieces, strict=True):
        reset = codes in ("", "0")
        wanted = "" if reset else f"{wanted};{codes}" if wanted else codes
        if text:
            if wanted != terminal and not _MOVES.fullmatch(text):
                out.append(_change(terminal, wanted))
                terminal = wanted
            out.append(text)
    if wanted:
        return data  # a style meant to outlast the frame is none of ours
    if terminal:
        out.append("\x1b[0m")
    return "".join(out)


@lru_cache(4096)
def _change(old: str, new: str) -> str:
    """The shortest sequence that turns one style into another."""
    whole = f"\x1b[0;{new}m" if new and old else f"\x1b[{new or '0'}m"
    before, after = _state(old), _state(new)
    if before is None or after is None:
        return whole
    gone, come = before[0] - after[0], after[0] - before[0]
    off = {_OFF[code] for code in gone}
    # switching bold off takes dim with it, and the like
    come |= {code for code in after[0] if _OFF[code] in off}
    codes = [str(code) for code in sorted(off) + sorted(come)]
    codes += [colour for was, colour in zip(before[1:], after[1:], strict=True) if was != colour]
    changed = f"\x1b[{';'.join(codes)}m" if codes else ""
    return min(changed, whole, key=len)


def _state(codes: str) -> tuple[frozenset[int], str, str] | None:
    """Attributes, colour and ground after these codes; None where one is unknown."""
    attributes: set[int] = set()
    colours = {3: "39", 4: "49"}
    numbers = iter(int(code or 0) for code in codes.split(";")) if codes else iter(())
    for number in numbers:
        plane = number % 60 // 10 if 90 <= number <= 107 else number // 10
        if number in _OFF:
            attributes.add(number)
        elif number in (38, 48):
            kind = next(numbers, 0)
            rest = [next(numbers, 0) for _ in range(3 if kind == 2 else 1)]
            colours[plane] = ";".join(str(part) for part in (number, kind, *rest))
        elif 30 <= number <= 49 or 90 <= number <= 107:
            colours[plane] = str(number)
        else:
            return None
    return frozenset(attributes), colours[3], colours[4]
