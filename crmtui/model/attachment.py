"""A file that hangs on a record at the service."""

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

import msgspec

FILE: Final = "file"
"""The edit of a new record of files that names the local file to upload; no field of the service."""


class Attachment(msgspec.Struct, frozen=True):
    """What an answer says of the file it brings: the name it proposes, None where it proposes none."""

    name: str | None


class Sink(Protocol):
    """What a file is written into; what goes wrong with it is a `CrmError`."""

    def write(self, piece: bytes, /) -> object:
        """Takes the next bytes."""


Place: TypeAlias = Callable[[Attachment], Sink]
"""Asked for a sink once the service has begun to send a file."""
