"""A file that has its name only when it is whole."""

import contextlib
import os
from pathlib import Path
from typing import BinaryIO

from crmtui.model.errors import UsageError
from crmtui.paths import reason
from crmtui.workspace.file_name import numbered

_MOST_NUMBERS = 10_000


class Part:
    """Written as `NAME.part`; `finish` gives it the first free of NAME, `NAME (2)`, …"""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._whole = False
        self._path, self._file = self._open()

    def write(self, piece: bytes, /) -> None:
        """The next bytes."""
        try:
            self._file.write(piece)
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self) -> Path:
        """The file's final path, which never was another file's; it is on disk when this returns."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            for number in range(1, _MOST_NUMBERS):
                final = self._folder / numbered(self._name, number)
                if _renamed(self._path, final):
                    self._whole = True
                    return final
        except OSError as error:
            raise self._unwritable(error) from error
        raise UsageError(f"{self._folder} has too many files of the name {self._name}.")

    def discard(self) -> None:
        """Takes away what is there of a file that did not become whole."""
        if not self._whole:
            with contextlib.suppress(OSError):
                self._file.close()
            self._path.unlink(missing_ok=True)

    def _open(self) -> tuple[Path, BinaryIO]:
        for number in range(1, _MOST_NUMBERS):
            # Another one of that name may be on its way, or have been left by a power cut.
            path = self._folder / f"{numbered(self._name, number)}.part"
            try:
                return path, open(path, "xb")
            except FileExistsError:
                continue
            except OSError as error:
                raise self._unwritable(error) from error
        raise UsageError(f"{self._folder} has too many files of the name {self._name}.")

    def _unwritable(self, error: OSError) -> UsageError:
        return UsageError(
            f"{self._folder / self._name} cannot be written: {reason(error)}. Name another place."
        )


def _renamed(part: Path, final: Path) -> bool:
    """Gives a file another name unless that is taken."""
    try:
        os.link(part, final)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links: the name is taken first, and then filled by the rename.
        try:
            final.touch(exist_ok=False)
        except FileExistsError:
            return False
        part.replace(final)
    else:
        part.unlink()
    return True


def free(folder: Path, name: str) -> Path:
    """The first of NAME, `NAME (2)`, … that nothing has in a folder; another may take it meanwhile."""
    places = (folder / numbered(name, number) for number in range(1, _MOST_NUMBERS))
    return next((place for place in places if not os.path.lexists(place)), folder / name)
