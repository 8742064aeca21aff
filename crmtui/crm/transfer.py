"""Files on the wire: an upload read from disk while it leaves, a download poured out as it comes."""

import asyncio
import mimetypes
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import BinaryIO

import httpx

from crmtui.crm.http import decoded, read_body
from crmtui.model.attachment import Sink
from crmtui.model.call import Answer, Progress, Upload
from crmtui.model.errors import BadAnswer, OutcomeUnknown, Unreachable, UsageError

MOST_FILE_BYTES = 500 * 1024 * 1024
"""A download is refused beyond this."""
LEAST_BYTES = 1024
"""A transfer that moves fewer bytes than these in the time of a call is given up."""
_PIECE = 16_384
"""Bytes handed to the line at once: on a bad one each piece has the time of a silence to leave."""


class Pace:
    """Puts the end of a call off as long as its bytes move."""

    def __init__(self, limit: asyncio.Timeout, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._since = 0

    def moved(self, count: int) -> None:
        """So many bytes more."""
        self._since += count
        if self._since >= LEAST_BYTES:
            self._since = 0
            self._limit.reschedule(asyncio.get_running_loop().time() + self._seconds)


class Body:
    """The multipart body of an upload (RFC 7578)."""

    def __init__(self, upload: Upload, file: BinaryIO) -> None:
        self._upload = upload
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        parts = [
            _part(upload.boundary, name) + value.encode(errors="replace") for name, value in upload.fields
        ]
        opening = _part(upload.boundary, "file", upload.name)
        self._head = b"\r\n".join([*parts, opening])
        self._tail = f"\r\n--{upload.boundary}--\r\n".encode()

    @property
    def length(self) -> int:
        """Bytes of the whole body."""
        return len(self._head) + self._size + len(self._tail)

    async def pieces(self, pace: Pace, progress: Progress) -> AsyncIterator[bytes]:
        """The body as it leaves; the progress counts the file's bytes."""
        yield self._head
        left = self._size
        while left:
            piece = self._read(min(_PIECE, left))
            left -= len(piece)
            yield piece
            pace.moved(len(piece))
            progress(self._size - left, self._size)
        yield self._tail

    def _read(self, count: int) -> bytes:
        """The next bytes of the file; one that became shorter cannot be sent as it was announced."""
        try:
            piece = self._file.read(count)
        except OSError as error:
            reason = error.strerror or "it cannot be read"
        else:
            if piece:
                return piece
            reason = "it became shorter"
        raise OutcomeUnknown(f"{self._upload.path} could not be sent to its end ({reason}).")


@contextmanager
def opened(upload: Upload | None) -> Iterator[Body | None]:
    """The body of an upload, its file open; a file that cannot be read is told before anything leaves."""
    if upload is None:
        yield None
        return
    try:
        file = open(upload.path, "rb")  # noqa: SIM115 (what is wrong in the block is not the file's fault)
    except OSError as error:
        raise UsageError(f"{upload.path} cannot be read: {error.strerror}; nothing was sent.") from error
    with file:
        yield Body(upload, file)


class Pouring:
    """Takes the body of a download: what answers well is poured out, anything else is kept to be read."""

    def __init__(
        self, host: str, seconds: float, place: Callable[[Answer], Sink], progress: Progress
    ) -> None:
        """`place` is asked once an answer is good; `seconds` is the longest time without progress."""
        self._host = host
        self._seconds = seconds
        self._place = place
        self._progress = progress
        self._came = 0
        self._total: int | None = None

    async def __call__(self, response: httpx.Response, limit: asyncio.Timeout) -> bytes:
        """The body of what is no file; of a file nothing, when it is whole."""
        if response.status_code != 200:
            return await read_body(response)
        self._total = _length(response)
        if (self._total or 0) > MOST_FILE_BYTES:
            raise _too_large()
        headers = {name.lower(): value for name, value in response.headers.items()}
        sink = self._place(Answer(200, headers, b""))
        # From here on only a standstill ends it: a large file may take longer than any other call.
        limit.reschedule(None)
        try:
            async with asyncio.timeout(self._seconds) as own:
                await self._pour(response, sink, Pace(own, self._seconds))
        except (httpx.TransportError, OSError) as error:
            raise Unreachable(f"{self._broken(error)}; nothing is kept. Try again.") from error
        return b""

    async def _pour(self, response: httpx.Response, sink: Sink, pace: Pace) -> None:
        def arrived(count: int) -> None:
            self._came += count
            pace.moved(count)

        written = 0
        async with aclosing(decoded(response, arrived)) as pieces:
            async for piece in pieces:
                written += len(piece)
                if written > MOST_FILE_BYTES:
                    raise _too_large()
                sink.write(piece)
                self._progress(self._came, self._total)

    def _broken(self, error: BaseException) -> str:
        of = "" if self._total is None else f" of {self._total:,}"
        still = isinstance(error, (httpx.TimeoutException, TimeoutError))
        how = "fell silent" if still else "broke"
        return f"The line to {self._host} {how} after {self._came:,}{of} bytes of the file"


def _too_large() -> BadAnswer:
    return BadAnswer(f"The file is larger than {MOST_FILE_BYTES // 1024 // 1024} MB, nothing is kept.")


def _length(response: httpx.Response) -> int | None:
    said = response.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _part(boundary: str, name: str, filename: str | None = None) -> bytes:
    """The head of a part. Names are quoted as browsers do (HTML, multipart/form-data encoding algorithm)."""
    lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{_quoted(name)}"']
    if filename is not None:
        lines[1] += f'; filename="{_quoted(filename)}"'
        lines.append(f"Content-Type: {mimetypes.guess_type(filename)[0] or 'application/octet-stream'}")
    return "\r\n".join([*lines, "", ""]).encode(errors="replace")


def _quoted(text: str) -> str:
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
