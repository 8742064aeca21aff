"""What became of a write that was sent and not answered: found out by reading, before anything is sent again.

An edit was done if its record has the new values, a delete if its record is gone, a restoring if it is
there again, a creation if its twin is there. Only a creation can leave a doubt.
"""

from crmtui.model.errors import NotFound, OutcomeUnknown
from crmtui.model.record import Record
from crmtui.model.schema import Schema
from crmtui.model.write import Op, merge
from crmtui.store.writes import Entry
from crmtui.workspace.account import Account
from crmtui.workspace.edits import Edits
from crmtui.workspace.saved import Saved
from crmtui.workspace.sending import Sending
from crmtui.workspace.twin import find_twin


class Doubt(OutcomeUnknown):
    """The service cannot tell whether a creation was done; a person has to say what becomes of it."""

    def __init__(self, message: str, likely: Record | None) -> None:
        """`likely` is the record that it may have made."""
        super().__init__(message)
        self.likely = likely


class Settling:
    """Settles unknown writes of an account."""

    def __init__(self, account: Account, edits: Edits, sending: Sending) -> None:
        self._account = account
        self._edits = edits
        self._sending = sending

    async def settle(self, entry: Entry, schema: Schema, *, insist: bool = False) -> Saved | None:
        """What the write did, settled as done; None if it was not done, or if a person says so by `insist`.

        Raises `Doubt` where it cannot be told, `NotFound` where the edited record is gone, and what
        the reading raises; nothing is settled then.
        """
        write = entry.write
        if write.op is Op.CREATE:
            twin = await find_twin(self._account, schema, write, entry.tried_at or write.created)
            if twin.doubt and not insist:
                raise Doubt(
                    f"{twin.doubt} Look there: crmtui outbox send {write.ref.connection} {write.id} creates"
                    " it, outbox drop gives it up.",
                    twin.record,
                )
            if twin.doubt or twin.record is None:
                return None
            return self._sending.done(write, schema, Saved(twin.record, sent=True), None, None)
        former = self._account.mirror.get(write.ref)
        try:
            now = await self._edits.read(write.ref, write.edits)
        except NotFound:
            if write.op is Op.RESTORE:
                return None
            if write.op is not Op.DELETE:
                raise
            return self._sending.done(write, schema, Saved(None, sent=True), None, former)
        if write.op is Op.DELETE or any(merge(schema, write, now)):
            return None
        return self._sending.done(write, schema, Saved(now, sent=True), None, former)
