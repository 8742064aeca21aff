"""What a person wants changed, before it is sent: as an intent, checked, priced, and shown as requests."""

import asyncio
import os
import time
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote

import msgspec

from crmtui.model.call import Call
from crmtui.model.errors import Invalid, NotFound, Restricted
from crmtui.model.given import can_have
from crmtui.model.record import Part, Record, Ref, Value, is_empty
from crmtui.model.schema import Kind, Schema
from crmtui.model.value import check
from crmtui.model.write import Op, Write
from crmtui.workspace import hanging, row_mirror
from crmtui.workspace.account import Account
from crmtui.workspace.fields import Fields
from crmtui.workspace.known_choices import with_choices
from crmtui.workspace.parts import is_own, joined, parts_of

NOT_YET = "{id}"
"""Stands for the id of a record that is yet to be made."""


def only_listed(account: Account, kind: Kind) -> str:
    """Why a record of a kind cannot be asked for by itself, as a sentence; empty where it can."""
    if kind.can.single:
        return ""
    return (
        f"{account.adapter.label} gives no {kind.singular} by itself, only with its list:"
        f" crmtui list {account.name}/{kind.name} reads that anew."
    )


def apart(schema: Schema, write: Write) -> tuple[Write, dict[str, Value]]:
    """A creation without what it cannot carry, and that, to be written once the record is there."""
    if write.op is not Op.CREATE:
        return write, {}
    later = {name: value for name, value in write.edits.items() if schema.field(name).part}
    own = {name: value for name, value in write.edits.items() if name not in later}
    filled = {name: value for name, value in later.items() if not is_empty(value)}
    return (msgspec.structs.replace(write, edits=own) if later else write), filled


def _named(call: Call) -> Call:
    """A request for a record that is yet to be made, with the sign for its id as people read it."""
    return msgspec.structs.replace(call, path=call.path.replace(quote(NOT_YET), NOT_YET))


class Edits:
    """The writes of an account."""

    def __init__(self, account: Account, fields: Fields) -> None:
        self._account = account
        self._fields = fields

    def intent(
        self,
        op: Op,
        ref: Ref,
        edits: Mapping[str, Value],
        base: Mapping[str, Value] | None = None,
        undoes: str = "",
    ) -> Write:
        """A new write, not yet stored."""
        return Write(os.urandom(4).hex(), op, ref, dict(edits), dict(base or {}), time.time(), undoes)

    def check(self, schema: Schema, op: Op, edits: Mapping[str, Value]) -> None:
        """Raises `Invalid`, each field named, for what the service would refuse anyway."""
        wrong: dict[str, str] = {}
        for name, value in edits.items():
            field = schema.field(name)
            if field.read_only:
                wrong[name] = "is read-only"
            elif field.fixed and op is Op.EDIT:
                wrong[name] = "cannot be changed: it is given to new records only"
            elif field.required and is_empty(value):
                wrong[name] = "is required"
            elif reason := check(field, value):
                wrong[name] = reason
        if op is Op.CREATE:
            given = {name for name, value in edits.items() if not is_empty(value)}
            missing = (
                f.name
                for f in schema.fields
                if f.required and not f.read_only and f.name not in given and can_have(schema, f, edits)
            )
            wrong |= dict.fromkeys(missing, "is required")
        if wrong:
            named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
            raise Invalid(f"Nothing was sent: {named}.", wrong)

    def calls(
        self, write: Write, current: Record | None, schema: Schema, *, looked: bool = False
    ) -> Sequence[Call]:
        """All that a write takes, as it would be sent now; an edit is preceded by a look at the record.

        `looked`: it was looked at already. What is sent of a new record once it is there names it by `{id}`.
        """
        own, later = apart(schema, write)
        calls = [*self.requests(own, current, schema)]
        if write.op is Op.EDIT and not looked:
            calls = [*self.look(write.ref, write.edits), *calls]
        if write.op is Op.CREATE:
            made = msgspec.structs.replace(write.ref, id=NOT_YET)
            following: list[Call] = []
            if any(call.reads_back for call in calls):
                following += self.look(made, ())
            if later:
                following += self.look(made, later)[1:]
                following += self.requests(self.intent(Op.EDIT, made, later), None, schema)
            calls += map(_named, following)
        return calls

    def requests(self, write: Write, current: Record | None, schema: Schema) -> Sequence[Call]:
        """The Calls that write what is to be written, given the record as it is now."""
        kind = self._account.kind(write.ref.kind)
        self._account.refuse_writes(kind, write.op)
        if write.op is Op.RESTORE:
            return self._restoring(write.ref)
        current = current or self._placed(write.ref)
        if current is not None:
            # With every form of "none" that was read of its fields, for clearing them.
            forms = self._account.mirror.empties(write.ref)
            current = msgspec.structs.replace(current, empties=forms)
        fields = with_choices(self._account, write.ref.kind, schema.by_name)
        return self._account.adapter.write(write, current, fields)

    def _restoring(self, ref: Ref) -> Sequence[Call]:
        if (call := self._account.adapter.restore(ref)) is None:
            label = self._account.adapter.label
            raise Restricted(f"Nothing was sent: {label} brings no deleted {ref.kind} back.")
        return (call,)

    def look(self, ref: Ref, names: Collection[str] | None = None) -> Sequence[Call]:
        """Asks for a record as it is now, as far as `names` are concerned; None for all of it."""
        schema = self._fields.now(ref.kind)
        parts = [self._account.adapter.part(ref, part) for part in parts_of(schema, names)]
        if is_own(schema, names) or self._account.mirror.get(ref) is None:
            return (self._account.adapter.show(ref, self._placed(ref)), *parts)
        return parts

    async def read(self, ref: Ref, names: Collection[str] | None = None) -> Record:
        """A record as it is now, with what hangs on it; one that is gone leaves the mirror too.

        `names`: the fields that matter, None for all; of the others it may be as it was read before. What
        cannot be asked for by itself is what its list brought last.
        """
        kind = self._account.kind(ref.kind)
        if not kind.can.single:
            if (known := self._account.mirror.get(ref)) is None:
                raise NotFound(f"{ref} is not here. {only_listed(self._account, kind)}")
            return known
        try:
            whole = await self._ask(ref, names)
            await self._keep(whole)
            return hanging.of_read(self._account, ref, whole)
        except NotFound:
            former = self._account.mirror.get(ref)
            self._account.mirror.remove(ref)
            row_mirror.follow(self._account, former, None)
            if former:
                hanging.forget(self._account, former)
            raise

    async def _ask(self, ref: Ref, names: Collection[str] | None) -> Record:
        """What the service tells of a record, at once where that takes several calls."""
        known = self._account.mirror.get(ref)
        asked = (self._account.send(call) for call in self.look(ref, names))
        told = await asyncio.gather(*asked, return_exceptions=True)
        if error := next((each for each in told if isinstance(each, BaseException)), None):
            raise error
        found: list[Record] = [each for each in told if isinstance(each, Record)]
        record = found[0] if found else known
        if record is None:
            raise NotFound(f"{ref} does not exist, or not for this user.")
        if record.ref != ref:  # what it is read with
            return record
        parts = [each for each in told if isinstance(each, Part)]
        return joined(self._fields.now(ref.kind), record, parts, known)

    async def _keep(self, record: Record) -> None:
        former = self._account.mirror.get(record.ref)
        self._account.mirror.upsert([record], whole=True)
        await hanging.keep(self._account, record)
        row_mirror.keep(self._account, record, former)
        row_mirror.follow(self._account, former, record)

    def _placed(self, ref: Ref) -> Record | None:
        """The mirrored record, of those that are only known by what they hang on."""
        return self._account.mirror.get(ref) if self._account.kind(ref.kind).within else None
