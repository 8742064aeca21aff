"""What the fields of a kind are and can be: asked for once a day, and never relied on alone."""

import asyncio
from collections import defaultdict
from collections.abc import Collection

import msgspec

from crmtui.model.errors import AuthFailed, CrmError, QuotaSpent, RateLimited, Unreachable, UsageError
from crmtui.model.query import Query
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.store.known import DAY
from crmtui.workspace.account import Account
from crmtui.workspace.reading import read_all

_USERS = "users"
_CLOSED = "users closed"
_SOON = 600.0
_PASSING = frozenset({5, 8})
"""Exit codes of errors that may be gone a moment later."""


class Fields:
    """The schemas, choices and users of an account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """Two screens that want the dictionary of one kind spend one call."""

    def now(self, kind: str) -> Schema:
        """The fields as far as they are known without a call."""
        schema = self._account.known.schema(kind) or self._account.adapter.built_in(kind)
        return self._completed(schema)

    async def schema(self, kind: str) -> Schema:
        """The fields of a kind: those of the dictionary, asked for once a day, seen ones, built-in ones."""
        self._account.kind(kind)
        async with self._asking[kind]:
            return await self._schema(kind)

    def is_learnt(self, kind: str) -> bool:
        """Whether the dictionary of a kind ever told its fields, or was asked for them within a day."""
        known = self._account.known.schema(kind)
        return known is not None and (known.told > 0 or known.fetched_at > _now() - DAY)

    async def _schema(self, kind: str) -> Schema:
        known = self._account.known.schema(kind)
        call = self._account.adapter.schema(kind)
        if call is None or (known and known.fetched_at > _now() - DAY):
            return self.now(kind)
        try:
            schema: Schema = await self._account.send(call)
        except (AuthFailed, Unreachable):
            if known is None:
                raise
        except CrmError as error:
            if isinstance(error, (RateLimited, QuotaSpent)) and known is None:
                raise
            # No dictionary for this kind, or not for this token: the records themselves will tell.
            # One that failed is asked for again soon, one that is refused is not.
            read_at = _now() - (DAY - _SOON if error.exit_code in _PASSING else 0.0)
            best = known or self._account.adapter.built_in(kind)
            self._account.known.keep_schema(msgspec.structs.replace(best, fetched_at=read_at))
        else:
            self._account.known.keep_schema(schema)
        return self.now(kind)

    async def choices(self, kind: str, field: Field) -> tuple[Choice, ...]:
        """The values that a field can take; empty where it has no list."""
        if field.choices is not None:
            return field.choices
        if field.type is FieldType.USER:
            return await self.users()
        if field.type is FieldType.REFERENCE:
            raise UsageError(
                f"{field.name} refers to records of {field.refers_to}:"
                f" crmtui list {self._account.name}/{field.refers_to} shows them."
            )
        known = self._account.known.choices(kind, field.name)
        call = self._account.adapter.choices(kind, field)
        if known is not None or call is None:
            return known or ()
        try:
            found: tuple[Choice, ...] = await self._account.send(call)
        except (AuthFailed, Unreachable):
            raise
        except CrmError as error:
            if error.exit_code in _PASSING:
                return self.choices_now(kind, field)
            found = ()
        self._account.known.keep_choices(kind, field.name, found)
        return found

    def choices_now(self, kind: str, field: Field) -> tuple[Choice, ...]:
        """The values that a field can take, as far as they are known without a call."""
        if field.choices is not None:
            return field.choices
        if field.type is FieldType.USER:
            return self.users_now()
        return self._account.known.choices(kind, field.name, older=float("inf")) or ()

    def users_now(self) -> tuple[Choice, ...]:
        """The users as they were read last, without a call."""
        return self._account.known.choices(_USERS, "", older=float("inf")) or ()

    @property
    def users_cost(self) -> int:
        """The calls that it takes at least to have the users as they are today."""
        known = self._account.known
        fresh = known.choices(_USERS, "") is not None or known.fact(_CLOSED, bool, older=DAY)
        return 0 if fresh else 1

    async def users(self) -> tuple[Choice, ...]:
        """The users, asked for once a day; none where the service does not list them."""
        account = self._account
        known = account.known.choices(_USERS, "")
        if known is not None or account.known.fact(_CLOSED, bool, older=DAY):
            return known or ()
        try:
            users = await self._ask_users()
        except (AuthFailed, Unreachable):
            raise
        except CrmError as error:
            if error.exit_code not in _PASSING:
                account.known.keep_fact(_CLOSED, True)
            return self.users_now()
        account.known.keep_choices(_USERS, "", users)
        return users

    async def _ask_users(self) -> tuple[Choice, ...]:
        """The users by a call of their own, or as the records that they are."""
        adapter = self._account.adapter
        if (call := adapter.users()) is not None:
            users: tuple[Choice, ...] = await self._account.send(call)
            return users
        if adapter.users_kind is None:
            return ()
        records = await read_all(self._account, Query(adapter.users_kind), {})
        return tuple(Choice(record.ref.id, record.title) for record in records)

    def learn_required(self, kind: str, names: set[str]) -> None:
        """Keeps that the service refused a write without these fields, whatever its dictionary says."""
        if names:
            known = set(self._account.known.fact(_required(kind), list[str]) or ())
            self._account.known.keep_fact(_required(kind), sorted(known | names))

    def _completed(self, schema: Schema) -> Schema:
        """The fields with those that only answers told of, and with what a refusal taught."""
        learnt = set(self._account.known.fact(_required(schema.kind), list[str]) or ())
        fields = tuple(self._as_seen(schema.kind, field, learnt) for field in schema.fields)
        names = {field.name for field in fields}
        # A dot names a member of rows in a refusal, which is no field to fill in.
        hidden = sorted(name for name in learnt - names - {"id"} if "." not in name)
        wanted = (Field(name, required=True) for name in hidden)
        seen = sorted(self._account.mirror.learnt.seen(schema.kind) - names - set(hidden))
        unknown = (Field(name, type=FieldType.UNKNOWN, read_only=True) for name in seen)
        return msgspec.structs.replace(schema, fields=(*fields, *wanted, *unknown))

    def _as_seen(self, kind: str, field: Field, required: Collection[str]) -> Field:
        """A field with what answers taught: a dictionary's "date" may be one with a time."""
        if field.name in required:
            field = msgspec.structs.replace(field, required=True)
        if field.type is FieldType.DATE and self._account.known.holds_times(kind, field.name):
            field = msgspec.structs.replace(field, type=FieldType.DATETIME)
        return field


def _required(kind: str) -> str:
    return f"required of {kind}"


def _now() -> float:
    import time

    return time.time()
