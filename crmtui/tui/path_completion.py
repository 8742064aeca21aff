"""What a half-typed path may become."""

import os
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

from crmtui.model.text import clean

_MOST = 20_000
"""Entries of a folder that are looked through."""


class Completion(NamedTuple):
    """The text as far as it is certain, and the names that go on from there where there are several."""

    text: str
    names: tuple[str, ...] = ()


def complete(text: str) -> Completion:
    """Completes the last part of a path as a shell does; a folder ends in `/`, `~` stays as it is."""
    head, slash, stem = text.rpartition("/")
    if not slash and text.startswith("~"):
        return Completion(f"{text}/") if _is_folder(text) else Completion(text)
    names = sorted(_names(f"{head}{slash}" or ".", stem))
    if not names:
        return Completion(text)
    certain = _beginning(names)
    if len(certain) < len(stem):
        certain = stem
    return Completion(f"{head}{slash}{certain}", tuple(names) if len(names) > 1 else ())


def _beginning(names: list[str]) -> str:
    """What sorted names have in common, which is what the first and the last have."""
    pairs = zip(names[0], names[-1], strict=False)
    return names[0][: sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))]


def _names(folder: str, stem: str) -> list[str]:
    """The entries that begin with a stem, with its case or else without; hidden ones only when asked for."""
    found: list[str] = []
    try:
        with os.scandir(Path(folder).expanduser()) as entries:
            for entry in islice(entries, _MOST):
                name = entry.name
                hidden = name.startswith(".") and not stem.startswith(".")
                # What cannot be shown as it is cannot be typed as it is either.
                if not hidden and clean(name) == name and name.lower().startswith(stem.lower()):
                    found.append(f"{name}/" if entry.is_dir() else name)
    except (OSError, RuntimeError, ValueError):
        return []
    return [name for name in found if name.startswith(stem)] or found


def _is_folder(text: str) -> bool:
    try:
        return Path(text).expanduser().is_dir()
    except (OSError, RuntimeError, ValueError):
        return False
