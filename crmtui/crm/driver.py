"""The one place that sends Calls: it signs, repeats reads, counts, and names what went wrong."""

import asyncio
import contextlib
import email.utils
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import httpx

from crmtui.crm.adapter import Adapter
from crmtui.crm.http import open_client, read_body
from crmtui.crm.together import Together
from crmtui.crm.transfer import Body, Pace, Pouring, opened
from crmtui.model.attachment import Place, Sink
from crmtui.model.call import CALL_SECONDS, Answer, Call, Progress, Recorder, unwatched
from crmtui.model.errors import (
    AuthFailed,
    BadAnswer,
    CrmError,
    OutcomeUnknown,
    Unavailable,
    Unreachable,
)
from crmtui.model.news import News

REPEATS = 2
PAUSES = (0.3, 1.0)
"""Seconds before the first and the second repeat, where the service names no time."""
_LARGE = 16_000
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_GAVE_UP = (502, 504)
"""What a gateway answers that does not know what became of a write behind it."""

_Take: TypeAlias = Callable[[httpx.Response, asyncio.Timeout], Awaitable[bytes]]
"""What becomes of an answer's body, and the call's time limit."""


async def _kept(response: httpx.Response, limit: asyncio.Timeout) -> bytes:
    return await read_body(response)


class Driver:
    """Sends the Calls of one connection, one client for all of them."""

    def __init__(
        self,
        adapter: Adapter,
        url: str,
        token: Callable[[], str],
        recorder: Recorder,
        turn: Callable[[], float] = lambda: 0.0,
        hear: Callable[[News], None] = lambda news: None,
    ) -> None:
        """`token` is asked for at the first call, and each time for the present one.

        `turn` takes the turn of a request, and tells how many seconds it is to wait for it. `hear` is told
        what answers tell besides.
        """
        self._adapter = adapter
        self._url = url.rstrip("/")
        self._token = token
        self._recorder = recorder
        self._turn = turn
        self._hear = hear
        self._client: httpx.AsyncClient | None = None
        self._together = adapter.batch and Together(adapter.batch, self._once)

    async def send(self, call: Call, progress: Progress = unwatched) -> Any:
        """What the answer to a call says, or the typed error it is; `progress` is an upload's."""
        answer = await self.ask(call, progress)
        try:
            if len(answer.body) > _LARGE:
                return await asyncio.to_thread(self._adapter.read, call, answer)
            return self._adapter.read(call, answer)
        except BadAnswer as error:
            if call.safe or not answer.ok:
                raise
            raise OutcomeUnknown(f"The write was answered, but the answer cannot be read. {error}") from error
        except CrmError as error:
            if error.report:
                moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
                error.report = f"Sub-domain: {self._host}\nTime: {moment} UTC\n{error.report}"
            raise

    async def download(self, call: Call, place: Place, progress: Progress = unwatched) -> None:
        """Pours a file into what `place` gives, which is asked once the service has begun to send it.

        It is asked for again like any read until its first byte; what breaks off later is an error.
        """

        def begin(answer: Answer) -> Sink:
            return place(self._adapter.read(call, answer))

        pouring = Pouring(self._host, CALL_SECONDS, begin, progress)
        answer = await self.ask(call, take=pouring)
        if answer.status != 200:
            self._adapter.read(call, answer)
            raise BadAnswer(f"The service answered {answer.status}, which is no file.")

    async def ask(self, call: Call, progress: Progress = unwatched, take: _Take = _kept) -> Answer:
        """The answer to a call, whatever its status; a read is asked for at most three times."""
        deadline = time.monotonic() + CALL_SECONDS
        for left in range(REPEATS if call.safe else 0, -1, -1):
            try:
                answer = await self._left(call, deadline, progress, take)
            except (httpx.TimeoutException, TimeoutError) as error:
                if isinstance(error, _NOT_SENT):
                    if left and await self._pause(left, None, deadline):
                        continue
                    raise Unreachable(self._unreachable(error)) from error
                if call.safe:
                    raise Unreachable(f"{self._host} did not answer in time; try again.") from error
                raise OutcomeUnknown(f"{self._host} did not answer in time.") from error
            except (httpx.TransportError, OSError) as error:
                if left and await self._pause(left, None, deadline):
                    continue
                if call.safe or isinstance(error, _NOT_SENT):
                    raise Unreachable(self._unreachable(error)) from error
                raise OutcomeUnknown(f"The line to {self._host} broke before it answered.") from error
            if left and self._adapter.passes(answer) and await self._pause(left, answer, deadline):
                continue
            return self._judged(call, answer)
        raise AssertionError("the last try returns or raises")

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._together is not None:
            self._together.close()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    @property
    def _host(self) -> str:
        return self._url.split("://", 1)[-1]

    def _unreachable(self, error: BaseException) -> str:
        return f"{self._host} cannot be reached ({_reason(error)}); check the line and the connection's url."

    async def _left(self, call: Call, deadline: float, progress: Progress, take: _Take) -> Answer:
        """One try of a call, in company if it can be; a file takes its time by itself."""
        if self._together is not None and call.upload is None and take is _kept:
            return await self._together.exchange(call, deadline)
        return await self._once(call, deadline, progress, take)

    async def _once(
        self, call: Call, deadline: float, progress: Progress = unwatched, take: _Take = _kept
    ) -> Answer:
        if (seconds := self._turn()) > 0:
            await asyncio.sleep(min(seconds, max(0.0, deadline - time.monotonic())))
        headers = {**dict(call.headers), **(self._signature(call) if call.signed else {})}
        if self._client is None:
            self._client = open_client(self._url)
        with opened(call.upload) as body:
            answer = await self._exchange(self._client, call, headers, body, deadline, progress, take)
        await self._tell(answer)
        return answer

    def _signature(self, call: Call) -> Mapping[str, str]:
        """The headers that carry the token, or what it signs."""
        token = self._token()
        if not (token and token == token.strip() and token.isascii() and token.isprintable()):
            # Checked before any library sees it: their errors would quote it.
            raise AuthFailed("The token holds characters that no header can carry; store it again.")
        return self._adapter.sign(call, token)

    async def _exchange(
        self,
        client: httpx.AsyncClient,
        call: Call,
        headers: dict[str, str],
        body: Body | None,
        deadline: float,
        progress: Progress,
        take: _Take,
    ) -> Answer:
        """One request and its answer, noted in the ledger unless it never left."""
        at, started = time.time(), time.monotonic()
        status: int | None = None
        answer: Answer | None = None
        sent = True
        try:
            async with asyncio.timeout(max(0.001, deadline - started)) as limit:
                request = _request(client, call, headers, body, Pace(limit, CALL_SECONDS), progress)
                response = await client.send(request, stream=True)
                status = response.status_code
                try:
                    content = await take(response, limit)
                finally:
                    with contextlib.suppress(httpx.HTTPError, OSError):
                        await response.aclose()
            answer = Answer(status, {k.lower(): v for k, v in response.headers.items()}, content)
            return answer
        except BadAnswer as error:
            if call.safe or status is None or (status >= 300 and status not in _GAVE_UP):
                raise
            raise OutcomeUnknown(f"The write was answered, but the answer cannot be read. {error}") from error
        except _NOT_SENT:
            sent = False
            raise
        finally:
            if sent:
                ms = round((time.monotonic() - started) * 1000)
                quota = self._adapter.quota(answer, time.time()) if answer else None
                with contextlib.suppress(CrmError):
                    # A full disk must not make a write that was answered look like one that was not.
                    self._recorder.record_call(call, status, ms if status is not None else None, quota, at)

    async def _tell(self, answer: Answer) -> None:
        """What an answer tells besides; a large one is taken apart off the loop."""
        large = len(answer.body) > _LARGE
        news = await asyncio.to_thread(self._adapter.news, answer) if large else self._adapter.news(answer)
        if news is not None:
            with contextlib.suppress(CrmError):
                self._hear(news)

    def _judged(self, call: Call, answer: Answer) -> Answer:
        """Refuses redirects, and calls a write unknown whose gateway gave up waiting."""
        if 300 <= answer.status < 400:
            raise Unavailable(
                f"{self._host} redirects elsewhere ({answer.status}), and a token is never sent along;"
                " check the connection's url, and whether the token has expired."
            )
        if not call.safe and answer.status in _GAVE_UP:
            raise OutcomeUnknown(f"A gateway before {self._host} gave up waiting ({answer.status}).")
        return answer

    async def _pause(self, left: int, answer: Answer | None, deadline: float) -> bool:
        """Waits before a repeat, as long as the service asks; False where that would take too long."""
        seconds = PAUSES[REPEATS - left]
        if answer is not None:
            own = self._adapter.pauses
            seconds = max(own[REPEATS - left] if own else seconds, retry_after(answer) or 0.0)
        if time.monotonic() + seconds > deadline - 5:
            return False
        await asyncio.sleep(seconds)
        return True


def _request(
    client: httpx.AsyncClient,
    call: Call,
    headers: dict[str, str],
    body: Body | None,
    pace: Pace,
    progress: Progress,
) -> httpx.Request:
    """The signed request; of an upload the body is made while it is sent."""
    if body is None:
        return client.build_request(call.method, call.target, headers=headers, content=call.body or None)
    usual = client.timeout
    # The system takes bytes long before they have left: their way is no silence of the service.
    patient = httpx.Timeout(connect=usual.connect, read=CALL_SECONDS, write=usual.write, pool=usual.pool)
    return client.build_request(
        call.method,
        call.target,
        headers={**headers, "Content-Length": str(body.length)},
        content=body.pieces(pace, progress),
        timeout=patient,
    )


def retry_after(answer: Answer) -> float | None:
    """The seconds that `Retry-After` asks for, 300 at most; None where it does not."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(min(int(said[:9]), 300))
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        moment = email.utils.parsedate_to_datetime(said).timestamp()
        return min(max(moment - time.time(), 0.0), 300.0)
    return None


def _reason(error: BaseException) -> str:
    """The cause in a few words, without addresses or class names of a library."""
    text = str(error).strip()
    if "Name or service" in text or "getaddrinfo" in text or "nodename" in text:
        return "its name is not known here"
    if "CERTIFICATE" in text.upper():
        return "its certificate is not trusted"
    if "refused" in text.lower() or "All connection attempts failed" in text:
        return "the connection was refused"
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return "no answer in time"
    return text[:80] or "the line broke"
