"""One connection under examination: what its checks share, and the line that their calls go over."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from crmtui.config import Connection
from crmtui.crm.registry import make_adapter
from crmtui.model.call import Answer, Call, More
from crmtui.model.quota import Quota
from crmtui.secrets import Token, find, fingerprint
from crmtui.workspace.account import Account
from crmtui.workspace.opening import open_account, redactor

if TYPE_CHECKING:
    from crmtui.crm.driver import Driver


class Exchange(msgspec.Struct, frozen=True):
    """A call and what was answered, whatever its status; `at` is UTC seconds."""

    call: Call
    answer: Answer
    at: float


class Visit:
    """Its parts are opened by the first check that needs them; its calls are counted as all calls are."""

    def __init__(self, connection: Connection, ask: Callable[[], str] | None) -> None:
        """`ask` asks the person for a token that is nowhere else."""
        self.connection = connection
        self.adapter = make_adapter(connection)
        self.exchanges: dict[str, Exchange] = {}
        """What was asked and answered so far, by the request's path and query."""
        self.cost = 0
        """What the requests that left cost, in units of the quota."""
        self._ask = ask
        self._token: Token | None = None
        self._account: Account | None = None
        self._driver: Driver | None = None

    @property
    def token(self) -> Token:
        """The token, looked for once."""
        if self._token is None:
            self._token = find(self.connection, ask=self._ask)
            redactor.register(self._token.value, *([self.connection.user] if self.connection.user else []))
        return self._token

    @property
    def account(self) -> Account:
        """The connection's files, opened once."""
        if self._account is None:
            self._account = open_account(self.connection)
            self._account.ledger.count_for(fingerprint(self.token.value, self._account.ledger.salt))
        return self._account

    async def ask(self, call: Call) -> Exchange:
        """A call and its answer; the same question is asked once."""
        if call.target not in self.exchanges:
            answer = await self._line().ask(call)
            self.exchanges[call.target] = Exchange(call, answer, time.time())
        return self.exchanges[call.target]

    async def read(self, call: Call) -> Any:
        """What the answer to a call says, or the typed error it is."""
        said = self.adapter.read(call, (await self.ask(call)).answer)
        return await self.read(said.call) if isinstance(said, More) else said

    def record_call(
        self, call: Call, status: int | None, ms: int | None, quota: Quota | None, at: float
    ) -> None:
        """Counts a request here and in the ledger."""
        self.cost += call.cost
        self.account.ledger.record_call(call, status, ms, quota, at)

    async def close(self) -> None:
        """Closes what was opened."""
        if self._driver is not None:
            await self._driver.aclose()
        if self._account is not None:
            await self._account.close()

    def _line(self) -> "Driver":
        if self._driver is None:
            from crmtui.crm.driver import Driver

            token = self.token.value
            self._driver = Driver(self.adapter, self.connection.url, lambda: token, self)
        return self._driver
