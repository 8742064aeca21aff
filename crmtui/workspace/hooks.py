"""The webhooks of an account: listed, made and deleted.

They are no records: what is sent of one holds a secret, which neither journal nor draft may hold.
"""

import contextlib
import time
from collections.abc import Sequence

import msgspec

from crmtui.model.call import CALL_SECONDS, Call
from crmtui.model.errors import CrmError, Invalid, NoRoute, NotFound, OutcomeUnknown, Restricted
from crmtui.model.hook import Hook
from crmtui.secrets import HIDDEN
from crmtui.store.hooks import Made
from crmtui.workspace.account import Account
from crmtui.workspace.opening import redactor

_UNANSWERED = "unanswered-"


class Shown(msgspec.Struct, frozen=True):
    """One webhook of a list; `handle` names it where its creation was not answered, and it has no id."""

    hook: Hook
    handle: str = ""

    @property
    def name(self) -> str:
        """What deletes it."""
        return self.hook.id or self.handle


class Listed(msgspec.Struct, frozen=True):
    """The webhooks, and what must be said of the list, in sentences."""

    shown: Sequence[Shown]
    notes: Sequence[str] = ()


class Hooks:
    """What can be done with the webhooks of an account whose service has some."""

    def __init__(self, account: Account) -> None:
        """Raises `Restricted` where the service has none."""
        self._account = account
        self._made = account.hooks
        if account.adapter.hooks is None:
            raise Restricted(f"{account.adapter.label} has no webhooks.")
        self.service = account.adapter.hooks

    async def list(self) -> Listed:
        """All webhooks as the service tells of them, else those that were made from here."""
        try:
            told: Sequence[Hook] = await self._account.send(self.service.list())
        except NoRoute:
            return self._remembered()
        left = self._settle(told)
        shown = [Shown(hook) for hook in told]
        return Listed([*shown, *map(_shown, left)], [self._doubt(left)] if left else ())

    async def create(self, hook: Hook, secret: str) -> Hook:
        """Makes a webhook, once; `OutcomeUnknown` where nobody can tell whether it was made."""
        call = self._checked(hook, secret)
        redactor.register(secret)
        # A person who is asked for the token takes long: the try begins after that.
        await self._account.connect()
        number = self._made.begin(hook)
        try:
            made: Hook = await self._account.send(call)
        except OutcomeUnknown as error:
            return await self._found(number, error)
        except CrmError:
            self._made.drop(number)
            raise
        self._made.answered(number, made)
        return made

    def planned(self, hook: Hook) -> Call:
        """The request that makes a webhook, without its secret."""
        return self._checked(hook, HIDDEN)

    async def delete(self, id_: str) -> None:
        """Deletes a webhook; of one whose creation was not answered only what is remembered of it."""
        self._account.refuse_writes()
        if number := _number(id_):
            if number not in {made.number for made in self._made.all()}:
                raise NotFound(f"No webhook is remembered as {id_}.")
            self._made.drop(number)
            return
        try:
            await self._account.send(self.service.delete(id_))
        except OutcomeUnknown as error:
            raise OutcomeUnknown(
                f"{error.message} Whether the webhook was deleted is not known: the same again settles it."
            ) from error
        except NotFound:
            self._forget(id_)
            raise
        self._forget(id_)

    # -- inner parts

    def _checked(self, hook: Hook, secret: str) -> Call:
        self._account.refuse_writes()
        wrong = dict(self.service.problems(hook))
        if not secret:
            wrong["secret"] = "is required: without it nobody can tell who posts"  # noqa: S105 (a reason)
        if wrong:
            named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
            raise Invalid(f"Nothing was sent: {named}.", wrong)
        return self.service.create(hook, secret)

    async def _found(self, number: int, error: OutcomeUnknown) -> Hook:
        """A webhook whose creation was not answered, where the service lists it; else the error it is."""
        with contextlib.suppress(CrmError):
            self._settle(await self._account.send(self.service.list()))
        made = next((made for made in self._made.all() if made.number == number), None)
        if made and made.hook.id:
            return made.hook
        raise OutcomeUnknown(
            f"{error.message} Whether the webhook was made is not known: look at {self.service.where} before"
            f" you make it again; crmtui hooks list {self._account.name} shows it as {_UNANSWERED}{number}."
        ) from error

    def _settle(self, told: Sequence[Hook]) -> Sequence[Made]:
        """Takes over what the service tells; gives what was not answered and may yet come to be."""
        ids = {hook.id for hook in told}
        here = self._made.all()
        free = [hook for hook in told if hook.id not in {made.hook.id for made in here}]
        left: list[Made] = []
        for made in here:
            if made.hook.id:
                if made.hook.id not in ids:
                    self._made.drop(made.number)
            elif twin := next((hook for hook in reversed(free) if _is_twin(made.hook, hook)), None):
                free.remove(twin)
                self._made.answered(made.number, twin)
            elif time.time() > made.at + CALL_SECONDS:
                self._made.drop(made.number)
            else:
                left.append(made)
        return left

    def _remembered(self) -> Listed:
        made = self._made.all()
        unanswered = [each for each in made if not each.hook.id]
        notes = [
            f"{self._account.adapter.label} does not list its webhooks here: these were made from this"
            f" machine; {self.service.where} has all."
        ]
        return Listed([*map(_shown, made)], [*notes, self._doubt(unanswered)] if unanswered else notes)

    def _doubt(self, unanswered: Sequence[Made]) -> str:
        names = ", ".join(f"{_UNANSWERED}{made.number}" for made in unanswered)
        return (
            f"Whether {names} was made is not known, for no answer came: {self.service.where} has it if it"
            " was. Deleting it here makes no call and forgets it."
        )

    def _forget(self, id_: str) -> None:
        for made in self._made.all():
            if made.hook.id == id_:
                self._made.drop(made.number)


def _shown(made: Made) -> Shown:
    return Shown(made.hook, "" if made.hook.id else f"{_UNANSWERED}{made.number}")


def _number(id_: str) -> int:
    digits = id_.removeprefix(_UNANSWERED)
    return int(digits) if digits != id_ and digits.isdigit() and len(digits) < 16 else 0


def _is_twin(one: Hook, other: Hook) -> bool:
    """Whether two webhooks do the same; the id of one is not known."""
    return msgspec.structs.replace(one, id="") == msgspec.structs.replace(other, id="")
