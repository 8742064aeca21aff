"""What the sandbox needs to know of one emulated service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from .switches import Switches


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a service keeps its data, how much of it there is, and how it is to behave."""

    home: Path
    records: int
    fresh: bool
    switches: Switches


@dataclass(frozen=True, slots=True)
class Service:
    """One running service: its application, what a client needs besides the address, how to end it."""

    app: ASGIApp
    credentials: Mapping[str, str]
    close: Callable[[], None]


Factory = Callable[[Setting], Service]
