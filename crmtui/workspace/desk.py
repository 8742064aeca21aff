"""An account with all that is done with it, for a screen to hold on to."""

import asyncio
from collections.abc import Mapping

import msgspec

from crmtui.model.query import Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, Schema
from crmtui.workspace.account import Account
from crmtui.workspace.courier import Courier
from crmtui.workspace.edits import Edits
from crmtui.workspace.fields import Fields
from crmtui.workspace.labels import Labels
from crmtui.workspace.lists import RecordList
from crmtui.workspace.outbox import Outbox
from crmtui.workspace.synced_list import SyncedList, is_synced
from crmtui.workspace.waiting import Waiting


class Desk:
    """One account's reading and writing; everything but the awaited methods is from the mirror."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.fields = Fields(account)
        self.edits = Edits(account, self.fields)
        self.outbox = Outbox(account, self.fields, self.edits)
        self.courier = Courier(account, self.fields, self.edits, self.outbox)
        self._reading: dict[Ref, asyncio.Task[Record]] = {}

    def schema(self, kind: str) -> Schema:
        """The fields of a kind as far as they are known without a call."""
        return self.fields.now(kind)

    def labels(self, schema: Schema) -> Labels:
        """Names the values of records of a kind."""
        return Labels(self.account, self.fields, schema)

    def list(self, query: Query, fields: Mapping[str, Field]) -> RecordList:
        """One list, as it was read last and as it arrives."""
        if query.where is None:
            if is_synced(self.account, query):
                return SyncedList(self.account, query, fields)
            return RecordList(self.account, query, fields)
        labels = self.labels(self.schema(query.kind))
        return RecordList(
            self.account,
            query,
            fields,
            lambda record: msgspec.structs.replace(record, labels=labels.of(record)),
        )

    def record(self, ref: Ref) -> Record | None:
        """The mirrored record."""
        return self.account.mirror.get(ref)

    def waiting(self) -> Waiting:
        """What is not settled at this moment."""
        return Waiting(self.account)

    def shown(self, ref: Ref) -> Record | None:
        """The mirrored record as it will be once what waits for it is done."""
        record = self.record(ref)
        return record and self.waiting().over(record)

    async def read(self, ref: Ref) -> Record:
        """The record as it is now; whoever asks while it is being read gets the same answer."""
        task = self._reading.get(ref)
        if task is None:
            task = self._reading[ref] = asyncio.create_task(self.edits.read(ref))
            task.add_done_callback(lambda done: self._reading.pop(ref, None))
        return await asyncio.shield(task)
