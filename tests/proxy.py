"""Servers that misbehave: a TCP proxy that harms what it relays, and one that answers what it is told."""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

HOST = "127.0.0.1"
_CHUNK = 65_536
_METHODS = (b"GET ", b"POST ", b"PATCH ", b"PUT ", b"DELETE ")


@dataclass(frozen=True)
class Fault:
    """What happens to one exchange; positions count bytes from its beginning, None is never."""

    cut_request: int | None = None
    """Relays so many bytes to the server, then hangs up on both."""
    cut_response: int | None = None
    """Relays so many bytes to the client, then hangs up on both."""
    stall_response: int | None = None
    """Relays so many bytes to the client, then falls silent until the client hangs up."""
    reset: bool = False
    """Hangs up with RST instead of FIN."""
    drip: int | None = None
    """Relays the answer in pieces of so many bytes, each in a packet of its own."""
    garble: Callable[[bytes], bytes] = lambda answer: answer
    """What becomes of each piece of the answer."""
    answer: bytes | None = None
    """Answers this itself; the server sees nothing of the request."""
    late: bool = False
    """Hangs up on the client and keeps the request, until `deliver` brings it to the server."""


class _Listener:
    """Accepts connections on a free port and serves each on a thread until it is closed."""

    def __init__(self) -> None:
        self.connections = 0
        self._ending = threading.Event()
        self._socket = socket.create_server((HOST, 0))
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def serve(self, client: socket.socket) -> None:
        """Serves one connection, which is closed afterwards."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in (self._accepting, *self._threads):
            thread.join(5)

    def wait_for_hang_up(self, client: socket.socket) -> None:
        """Says nothing until the client has had enough, or the test has."""
        while not self.has_hung_up(client, 0.02):
            pass

    def has_hung_up(self, client: socket.socket, seconds: float) -> bool:
        """Whether the client leaves within some seconds, or the test ends."""
        ready, _, _ = select.select([client], [], [], seconds)
        return self._ending.is_set() or (bool(ready) and not client.recv(_CHUNK))

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client, contextlib.suppress(OSError):
            self.serve(client)


class Proxy(_Listener):
    """Relays to one server, and does to each connection what `fault` says when it begins."""

    def __init__(self, url: str, fault: Fault | None = None) -> None:
        super().__init__()
        parts = urlsplit(url)
        self._server = (parts.hostname or HOST, parts.port or 80)
        self.fault = fault or Fault()
        self.fault_of: Callable[[bytes], Fault] | None = None
        """Chooses the fault of each exchange by the first bytes of its request, in the place of `fault`."""
        self.answer_bytes = 0
        """The bytes of the last answer as the server sent it."""
        self.request_bytes = 0
        """The bytes of the last request as the client sent it."""
        self._kept: list[bytes] = []

    def deliver(self) -> int:
        """The requests that were kept come in late; how many there were."""
        kept, self._kept = self._kept, []
        for request in kept:
            with socket.create_connection(self._server) as server:
                server.sendall(request)
                server.recv(_CHUNK)
        return len(kept)

    def calm_down(self) -> None:
        """Returns once all clients have hung up, and the server has answered what they asked."""
        for thread in list(self._threads):
            thread.join(5)

    def serve(self, client: socket.socket) -> None:
        fault = self.fault
        request, asked = b"", False
        self.request_bytes = self.answer_bytes = 0
        with socket.create_connection(self._server) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not self._ending.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.02)
                if client in ready:
                    piece = client.recv(_CHUNK)
                    if self.fault_of is not None and piece.startswith(_METHODS):
                        fault = self.fault_of(piece)
                        self.request_bytes = self.answer_bytes = 0
                        request = b""
                    if fault.late or fault.answer is not None:
                        request += piece
                        if self._is_kept_back(client, request, fault) or not piece:
                            break
                        continue
                    if not piece and asked:
                        server.settimeout(0.2)
                        server.recv(_CHUNK)  # the server does what it was asked to
                    if not self._to_server(piece, server, fault):
                        break
                    asked = True
                if server in ready:
                    asked = False
                if server in ready and not self._to_client(client, server, fault):
                    break
            if fault.reset:
                _reset(client)

    def _is_kept_back(self, client: socket.socket, request: bytes, fault: Fault) -> bool:
        """Whether a request is whole, and was done with here."""
        if not _whole(request):
            return False
        if fault.answer is not None:
            client.sendall(fault.answer)
        else:
            self._kept.append(request)
        return True

    def _to_server(self, piece: bytes, server: socket.socket, fault: Fault) -> bool:
        before = self.request_bytes
        self.request_bytes += len(piece)
        if fault.cut_request is not None and self.request_bytes >= fault.cut_request:
            server.sendall(piece[: fault.cut_request - before])
            return False
        server.sendall(piece)
        return bool(piece)

    def _to_client(self, client: socket.socket, server: socket.socket, fault: Fault) -> bool:
        piece = server.recv(_CHUNK)
        before = self.answer_bytes
        self.answer_bytes += len(piece)
        for end in (fault.cut_response, fault.stall_response):
            if end is not None and self.answer_bytes >= end:
                client.sendall(piece[: end - before])
                if end == fault.stall_response:
                    self.wait_for_hang_up(client)
                return False
        piece = fault.garble(piece)
        for part in _parts(piece, fault.drip):
            client.sendall(part)
        return bool(piece)


Script: TypeAlias = "bytes | Callable[[socket.socket], None]"


class Canned(_Listener):
    """Answers each request with the next of its answers, the last one for ever, and then hangs up."""

    def __init__(self, *answers: Script) -> None:
        super().__init__()
        self._answers: Sequence[Script] = answers
        self.requests: list[bytes] = []
        """What came, byte by byte."""

    def serve(self, client: socket.socket) -> None:
        request = b""
        while not _whole(request):
            piece = client.recv(_CHUNK)
            if not piece:
                return
            request += piece
        self.requests.append(request)
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if isinstance(answer, bytes):
            client.sendall(answer)
        else:
            answer(client)


def answer(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """An HTTP answer; headers are given as whole lines."""
    lines = [
        f"HTTP/1.1 {status} Said",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1") + body


def hang_up(client: socket.socket) -> None:
    """No answer: the connection is closed."""


def reset(client: socket.socket) -> None:
    """No answer: the connection is reset."""
    _reset(client)


@contextlib.contextmanager
def closed_port() -> Iterator[str]:
    """The url of a port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        yield f"http://{HOST}:{taken.getsockname()[1]}"


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def _parts(piece: bytes, size: int | None) -> Iterator[bytes]:
    for start in range(0, len(piece), size or max(len(piece), 1)):
        yield piece[start : start + (size or len(piece))]


def _whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return True
