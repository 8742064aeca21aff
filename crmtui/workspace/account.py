"""One connection, opened: its adapter, its two files, and the line to its service."""

import asyncio
import contextlib
import contextvars
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec

from crmtui.config import Connection
from crmtui.crm.adapter import Adapter
from crmtui.crm.registry import make_adapter
from crmtui.model.attachment import Place
from crmtui.model.call import Call, More, Progress, unwatched
from crmtui.model.errors import AuthFailed, CrmError, Forbidden, NotFound, QuotaSpent, Restricted
from crmtui.model.news import News
from crmtui.model.query import Order
from crmtui.model.quota import Quota
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Kind
from crmtui.model.write import Op
from crmtui.paths import connection_dir
from crmtui.secrets import Token, expires_at, fingerprint
from crmtui.store import health
from crmtui.store.beside import Beside
from crmtui.store.bucket import Bucket
from crmtui.store.database import open_journal, open_mirror
from crmtui.store.drafts import Drafts
from crmtui.store.hooks import MadeHooks
from crmtui.store.known import Known
from crmtui.store.ledger import Ledger
from crmtui.store.lock import Lock
from crmtui.store.marks import Marks
from crmtui.store.mirror import Mirror
from crmtui.store.notices import Notices
from crmtui.store.samples import Samples
from crmtui.store.told import Told
from crmtui.store.writes import Writes
from crmtui.workspace import support
from crmtui.workspace.alerts import Alert, Alerts
from crmtui.workspace.restrictions import Restrictions
from crmtui.workspace.token_end import naming_end

_PAGES_FROM = "pages_from"
NESTED = "nested"
_HOUR = 3600.0
"""The longest that a service may want not to be asked at all: a wrong clock ends there."""
_ROWS, _ROWS_HERE = 100, 25
"""Rows that are written at once: what a write elsewhere may have to wait for, and what a frame may."""
unasked: contextvars.ContextVar[bool] = contextvars.ContextVar("unasked", default=False)
"""Set where work goes on that nobody asked for just now: then no token is asked for either."""


class Line(Protocol):
    """What sends calls: the driver."""

    async def send(self, call: Call, progress: Progress = unwatched) -> Any:
        """What the answer says, or the typed error it is."""

    async def download(self, call: Call, place: Place, progress: Progress) -> None:
        """Pours a file into what `place` gives."""

    async def aclose(self) -> None:
        """Closes the connections."""


class Account:
    """A connection's parts, opened and closed together. Opening makes no call and asks for no token."""

    def __init__(
        self,
        connection: Connection,
        token: Callable[[], Token],
        base: Path | None = None,
        *,
        alert_command: Sequence[str] = (),
        redact: Callable[[str], str] = str,
    ) -> None:
        """`token` is asked for at the first call, on a thread of its own; `base` is the data folder.

        `redact` takes the tokens out of what `alert_command` and a vendor's support are told.
        """
        self.connection = connection
        self.name = connection.name
        folder = connection_dir(connection.name, base)
        self._mirror_file = open_mirror(folder / "mirror.db" if connection.mirror else None)
        self._journal_file = open_journal(folder / "journal.db")
        self.samples = Samples(self._mirror_file)
        self.known = Known(self._mirror_file)
        self.marks = Marks(self._mirror_file)
        self.sync_lock = Lock(folder / "sync.lock" if connection.mirror else None)
        self.drafts = Drafts(self._journal_file, connection.name)
        self.writes = Writes(self._journal_file, connection.name)
        self.hooks = MadeHooks(self._journal_file)
        self.ledger = Ledger(self._journal_file, connection.call_limit)
        pages_from = self.known.fact(_PAGES_FROM, int)
        self.adapter: Adapter = make_adapter(
            connection,
            pages_from=1 if pages_from is None else pages_from,
            nested=self.known.fact(NESTED, bool) is not False,
            schema=self.known.schema,
        )
        pace = self.adapter.pace
        host = connection.url.split("://")[-1].replace(":", "_")
        self.bucket = Bucket(folder.parent.parent / f"{host}.pace", pace) if pace else None
        """The turns of calls, where the service wants no more than so many a second."""
        self.restrictions = Restrictions(connection.name, self.adapter, Notices(self._journal_file))
        orders = {
            kind.name: [Order.parse(text) for text in kind.order] for kind in self.adapter.kinds.values()
        }
        self.mirror = Mirror(self._mirror_file, connection.name, orders)
        self.writer = Beside(self._mirror_file, self.mirror, orders)
        self.searcher = Beside(self._mirror_file, self.mirror, orders)
        self.alerts = Alerts(
            connection,
            self.ledger,
            Told(self._journal_file),
            command=alert_command,
            redact=redact,
            help_=self.adapter.token_help,
        )
        self._redact = redact
        self.support_report = ""
        """What the vendor's support wants to be told of the last request that it asks for reports of."""
        self._token = token
        self._source: str | None = None
        self._line: Line | None = None
        self._opening = asyncio.Lock()
        self._checking: asyncio.Task[bool] | None = None
        self.on_call: Callable[[], None] = lambda: None
        """Called after every request that left, for the gauge."""
        self.news = News()
        """What answers told of the account besides, the newest of each."""
        self.on_news: Callable[[], None] = lambda: None
        """Called when an answer told any such thing that was not known."""
        self.on_answer: Callable[[], None] = lambda: None
        """Called after every call that was answered: the line is there."""

    async def send(self, call: Call, progress: Progress = unwatched) -> Any:
        """What the answer to a call says, or the typed error it is; `progress` is an upload's."""
        line = await self._open_line()
        self._refuse_spent()
        async with self._watched(line, call):
            said = await line.send(call, progress)
        # What a service tells in several answers is asked for to its end, each time as a call of its own.
        return await self.send(said.call) if isinstance(said, More) else said

    async def download(self, call: Call, place: Place, progress: Progress = unwatched) -> None:
        """Pours the file that a call asks for into what `place` gives."""
        line = await self._open_line()
        self._refuse_spent()
        async with self._watched(line, call):
            await line.download(call, place, progress)

    def _refuse_spent(self) -> None:
        """Raises `QuotaSpent` where the service wants not to be asked before its calls start anew."""
        if not self.adapter.waits_for_reset:
            return
        quota, now = self.quota(), time.time()
        until = min(quota.resets_at or 0.0, quota.read_at + _HOUR)
        if quota.source == "reported" and quota.share is not None and quota.share >= 1 and now < until:
            at = datetime.fromtimestamp(until).astimezone()
            raise QuotaSpent(
                f"The {quota.limit} calls of this hour are used up; they start anew at {at:%H:%M}."
                " Nothing was sent; what is mirrored can be browsed (--offline on the command line)."
            )

    @asynccontextmanager
    async def _watched(self, line: Line, call: Call) -> AsyncIterator[None]:
        """A call: what it costs and how it fails is told to those who look."""
        with self.alerts.watch(), naming_end(self.name, self.alerts.token_ends, self._source):
            try:
                yield
                self.on_answer()
            except AuthFailed as error:
                raise await self._judged(line, call, error) from error
            except CrmError as error:
                if error.report:
                    self.support_report = support.keep(self._redact(error.report), error)
                raise
            finally:
                self.on_call()

    @property
    def on_alert(self) -> Callable[[Alert], None] | None:
        """Shows the person an alert that is due; None where nobody looks."""
        return self.alerts.say

    @on_alert.setter
    def on_alert(self, say: Callable[[Alert], None]) -> None:
        self.alerts.say = say

    async def _judged(self, line: Line, call: Call, error: AuthFailed) -> CrmError:
        """What a refused token means: one that is good elsewhere is only not let into this kind."""
        check = self.adapter.check()
        if not error.words or call.args.get("kind") in (None, check.args.get("kind")):
            return error
        # Of many calls that are refused together the token is checked once.
        if self._checking is None:
            self._checking = asyncio.create_task(_is_answered(line, check))
            self._checking.add_done_callback(self._end_check)
        if not await asyncio.shield(self._checking):
            return error
        return Forbidden(f"This is closed to the token, or not part of the plan. {error.words}")

    def _end_check(self, done: asyncio.Task[bool]) -> None:
        self._checking = None

    @property
    def notes(self) -> list[str]:
        """What a person should know of how the files were opened, in sentences."""
        if self._mirror_file.is_kept and self._journal_file.is_kept:
            return []
        folder = (self._journal_file.path or self._mirror_file.path or Path()).parent
        return [
            f"{folder} cannot be written: what is read is kept for this run only, and nothing can be saved."
        ]

    async def mend_mirror(self) -> str:
        """Sets a mirror aside that an unclean end has damaged, and says so; empty where nothing is wrong.

        A big one takes a second to look at, on a thread of its own; after a clean end it costs nothing.
        """
        file = self._mirror_file
        if not file.is_suspect or file.path is None:
            return ""
        fault = await asyncio.to_thread(health.fault, file.path)
        file.is_suspect = False
        if fault is None:
            return ""
        self.writer.close()
        self.searcher.close()
        file.begin_anew()
        self.mirror.begin_anew()
        return f"The mirror of {self.name} was damaged ({fault}); it was set aside and is read anew."

    async def connect(self) -> None:
        """The line is open: its token was found, which may have meant asking the person."""
        await self._open_line()

    async def keep(self, records: Sequence[Record], *, whole: bool = False) -> None:
        """Mirrors what was read, a few at a time, so that neither a screen nor a small write waits long.

        `whole`: see `Mirror.upsert`.
        """
        most = _ROWS if self.writer.is_apart else _ROWS_HERE
        for first in range(0, len(records), most):
            some = records[first : first + most]
            await self.writer.do(partial(Mirror.upsert, records=some, whole=whole))

    async def index(self) -> None:
        """Indexes what an older version of the program left unindexed."""
        while not self.mirror.is_indexed and await self.writer.do(Mirror.index_more):
            pass

    async def hang_up(self) -> None:
        """Closes the line; the next call opens another, and looks for the token again."""
        line, self._line = self._line, None
        if line is not None:
            await line.aclose()

    async def close(self) -> None:
        """Closes the line and the files."""
        await self.hang_up()
        await self.alerts.close()
        self.writes.close()
        self.searcher.close()
        self.writer.close()
        self._mirror_file.close()
        self._journal_file.close()

    def kind(self, name: str) -> Kind:
        """A kind by its name, `NotFound` if this account has none such."""
        try:
            return self.adapter.kinds[name]
        except KeyError:
            known = ", ".join(self.adapter.kinds)
            raise NotFound(
                f"{self.name} has no kind {name!r}; it has {known}. Custom tables are named under kinds:"
                " in the configuration."
            ) from None

    def ref(self, kind: str, id_: str) -> Ref:
        """The name of a record here."""
        return Ref(self.name, self.kind(kind).name, id_)

    @property
    def pages_proven(self) -> bool:
        """Whether it is known what the service's pages are counted from."""
        return self.adapter.pages_from is None or self.known.fact(_PAGES_FROM, int) is not None

    def learn_pages(self, pages_from: int | None) -> None:
        """The service's pages are counted from this number."""
        self.adapter.pages_from = pages_from
        self.known.keep_fact(_PAGES_FROM, pages_from)

    def quota(self) -> Quota:
        """The calls used and allowed, as far as is known."""
        return self.ledger.quota()

    def refuse_writes(self, kind: Kind | None = None, op: Op | None = None) -> None:
        """Raises `Restricted` where the connection is read-only, or a write could not be kept account of.

        So it does of a kind that is written elsewhere, and of what the service said that it would refuse.
        """
        if kind is not None and kind.can.elsewhere:
            raise Restricted(kind.can.elsewhere)
        if not self._journal_file.is_kept:
            raise Restricted(f"{self.notes[0]} Nothing was sent.")
        if self.connection.read_only:
            raise Restricted(
                f"{self.name} is read-only (read_only: true in the configuration); nothing was sent."
            )
        if kind is not None and op is not None:
            self.restrictions.refuse(kind, op)

    def _hear(self, news: News) -> None:
        """What an answer told besides: kept, and shown where somebody looks."""
        before = self.news, self.restrictions.told
        if news.notices is not None:
            self.restrictions.hear(news.notices)
        told = {name: part for name in News.__struct_fields__ if (part := getattr(news, name)) is not None}
        self.news = msgspec.structs.replace(self.news, **told)
        if before != (self.news, self.restrictions.told):
            self.on_news()

    def _turn(self) -> float:
        """Takes the turn of a request, among all that this person asks of the service."""
        return self.bucket.take() if self.bucket else 0.0

    async def _open_line(self) -> Line:
        """The driver, made at the first call: httpx costs a tenth of a second to import."""
        async with self._opening:
            if self._line is None:
                found = await _on_daemon_thread(self._token)
                token, self._source = found.value, found.source
                self.ledger.count_for(fingerprint(token, self.ledger.salt))
                self.alerts.token_ends = expires_at(token)
                from crmtui.crm.driver import Driver

                self._line = Driver(
                    self.adapter, self.connection.url, lambda: token, self.ledger, self._turn, self._hear
                )
            return self._line


async def _is_answered(line: Line, call: Call) -> bool:
    try:
        await line.send(call)
    except CrmError:
        return False
    return True


def _on_daemon_thread(work: Callable[[], Token]) -> Awaitable[Token]:
    """Runs blocking work on a thread that never keeps the program from ending."""
    import threading

    loop = asyncio.get_running_loop()
    done: asyncio.Future[Token] = loop.create_future()

    def settle(set_: Callable[[Any], None], value: Any) -> None:
        if not done.done():
            set_(value)

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # whatever it is, it belongs to the one who waits
            told: tuple[Callable[[Any], None], Any] = (done.set_exception, error)
        else:
            told = (done.set_result, result)
        with contextlib.suppress(RuntimeError):  # the program may have ended meanwhile
            loop.call_soon_threadsafe(settle, *told)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name="token", daemon=True).start()
    return done
