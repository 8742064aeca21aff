"""The sandbox: every emulated service on its own loopback port, served from one thread."""

import asyncio
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from .service import Service, Setting
from .services import SERVICES
from .switches import Switches
from .traffic import Request, Traffic

HOST = "127.0.0.1"
STARTING = 10.0
"""Seconds after which a server that does not come up is an error and no longer waited for."""


class Sandbox:
    """Starts the emulated services with their data in one folder, and stops them."""

    def __init__(
        self,
        data_dir: Path,
        *,
        records: int = 400,
        crm: str | None = None,
        port: int = 0,
        fresh: bool = False,
        switches: Mapping[str, str] | None = None,
    ) -> None:
        if crm is not None and crm not in SERVICES:
            raise ValueError(f"no service {crm}: expected one of {', '.join(SERVICES)}")
        if records < 0:
            raise ValueError("records must not be negative")
        self._setting = Setting(data_dir, records, fresh, Switches(switches or {}))
        self._names = [name for name in SERVICES if crm in (None, name)]
        self._port = port
        self._traffic = Traffic()
        self._services: list[Service] = []
        self._servers: list[_Server] = []
        self._connections: dict[str, dict[str, str]] = {}
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def requests(self) -> list[Request]:
        """What clients sent, in order of arrival: the last 10,000 requests."""
        return list(self._traffic)

    def start(self) -> dict[str, dict[str, str]]:
        """Serve, and say per service how to reach it once connections are accepted; harmless when running."""
        if self._connections:
            return self._connections
        self._stopped.clear()
        sockets = self._bind()
        try:
            self._setting.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in self._names:
                self._services.append(SERVICES[name](self._setting))
        except BaseException:  # whatever stops the start, a ctrl+c too, leaves no port taken
            for bound in sockets:
                bound.close()
            self._close_services()
            raise
        ready = threading.Barrier(len(sockets) + 1)
        for service in self._services:
            self._servers.append(_Server(self._traffic.recorded(service.app), ready))
        self._thread = threading.Thread(target=self._serve, args=(sockets,), name="sandbox", daemon=True)
        self._thread.start()
        ready.wait(STARTING)
        self._connections = {
            name: {"url": f"http://{HOST}:{bound.getsockname()[1]}", **service.credentials}
            for name, bound, service in zip(self._names, sockets, self._services, strict=True)
        }
        return self._connections

    def stop(self) -> None:
        """End all services at once, open connections included; harmless when already stopped."""
        for server in self._servers:
            server.end()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._close_services()
        self._servers.clear()
        self._connections = {}
        self._stopped.set()

    def wait(self) -> None:
        """Block until stopped."""
        self._stopped.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _close_services(self) -> None:
        for service in self._services:
            service.close()
        self._services.clear()

    def _bind(self) -> list[socket.socket]:
        sockets: list[socket.socket] = []
        for index, name in enumerate(self._names):
            port = self._port + index if self._port else 0
            # Only of a socket that says TCP does asyncio switch off Nagle's delay (40 ms an answer).
            bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            sockets.append(bound)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                bound.bind((HOST, port))
            except (OSError, OverflowError) as error:
                for each in sockets:
                    each.close()
                raise OSError(f"port {port} for {name} cannot be used: {error}") from error
        return sockets

    def _serve(self, sockets: list[socket.socket]) -> None:
        async def all_services() -> None:
            async with asyncio.TaskGroup() as group:
                for server, bound in zip(self._servers, sockets, strict=True):
                    group.create_task(server.serve([bound]))

        asyncio.run(all_services())


class _Server(uvicorn.Server):
    """A web server that tells when it accepts connections and ends without waiting for clients."""

    def __init__(self, app: ASGIApp, ready: threading.Barrier) -> None:
        super().__init__(
            uvicorn.Config(
                app=app,
                http="h11",
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                log_level="critical",
                timeout_keep_alive=75,
                access_log=False,
                server_header=False,
            )
        )
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        # With several services the barrier must not hold up the loop that the others start on.
        await asyncio.to_thread(self._ready.wait)

    async def main_loop(self) -> None:
        """See uvicorn, which looks ten times a second whether it is over."""
        ticking = asyncio.create_task(super().main_loop())
        await self._over.wait()
        ticking.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn, which gives clients a tenth of a second; here they are hung up on."""
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
            connection.transport.abort()
        await asyncio.sleep(0)  # what was aborted is closed in the next turn

    def end(self) -> None:
        """Ends it, from another thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)
