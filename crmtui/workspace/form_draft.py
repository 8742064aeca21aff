"""What is kept of a form that is not sent: on disk from the first key on, gone when nothing is changed."""

import os
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from crmtui.model.record import Ref, Value
from crmtui.model.value import same
from crmtui.store.drafts import Draft

if TYPE_CHECKING:
    from crmtui.workspace.forms import Form

PREFIX = "+"
"""Begins the id of a draft whose record is not yet made."""


class FormDraft:
    """The draft of one form."""

    def __init__(self, form: "Form", given: Draft | None, *, named: Ref | None, prefilled: bool) -> None:
        """`named` may be the ref of a new record's draft; a form that is `prefilled` begins without one."""
        self._form = form
        self._drafts = form.desk.account.drafts
        if prefilled:
            given = None
        self.ref = given.ref if given else self._ref(named, prefilled=prefilled)
        if given is None and not prefilled:
            given = self._drafts.get(self.ref)
        self._found = given
        self.moved: tuple[str, ...] = ()
        """The changed fields whose values are others now than when the draft was begun."""
        if given is not None:
            self._restore(given)

    @property
    def found(self) -> Draft | None:
        """The draft that the form was opened with."""
        return self._found

    @property
    def base(self) -> Mapping[str, Value]:
        """What the draft's changes start from."""
        return self._found.base if self._found else {}

    def age(self, now: float | None = None) -> str:
        """From when it is: `draft from today 14:05`."""
        if self._found is None:
            return ""
        moment = datetime.fromtimestamp(self._found.updated_at)
        today = datetime.fromtimestamp(time.time() if now is None else now).date()
        day = "today" if moment.date() == today else f"{moment.day} {moment:%b}"
        return f"draft from {day} {moment:%H:%M}"

    def keep(self, focus: str, cursor: int) -> None:
        """Stores the form as it stands; one that is as it was opened leaves nothing."""
        form = self._form
        if not form.touched:
            self._drafts.drop(self.ref)
            return
        changed = [name for name, each in form.fields.items() if each.changed]
        names = dict.fromkeys(name for each in changed for name in self._beside(each))
        texts = {name: form.fields[name].text for name in names}
        base = {**form.base, **{name: each.base for name, each in form.fields.items() if each.rows}}
        bases = {name: base[name] for name in texts if name in base}
        self._drafts.keep(Draft(self.ref, texts, bases, focus, cursor))

    def drop(self) -> None:
        """There is nothing left to keep."""
        self._drafts.drop(self.ref)
        self._found, self.moved = None, ()

    def _ref(self, named: Ref | None, *, prefilled: bool) -> Ref:
        """Of a new record: one draft a kind, and one more for each that begins with another's values."""
        ref = self._form.ref
        if not self._form.is_new:
            return ref
        if named is not None and named.id.startswith(PREFIX):
            return named
        more = f"-{os.urandom(4).hex()}" if prefilled else ""
        return Ref(ref.connection, ref.kind, f"{PREFIX}{ref.kind}{more}")

    def _beside(self, name: str) -> Iterable[str]:
        """A changed field, or the whole row that it is in: what was in it is told should it be gone."""
        rows = self._form.fields[name].rows
        return self._form.rows[rows].beside(name) if rows else (name,)

    def _restore(self, draft: Draft) -> None:
        moved: list[str] = []
        for field, rows in self._form.rows.items():
            begin = f"{field}."
            moved += rows.restore(
                {name: text for name, text in draft.texts.items() if name.startswith(begin)}, draft.base
            )
        for name, text in draft.texts.items():
            if name.partition(".")[0] in self._form.rows:
                continue
            each = self._form.fields.get(name)
            if each is None:  # the service no longer has the field, or no longer lets it be written
                continue
            if name in draft.base:
                if not same(each.field, each.base, draft.base[name]):
                    moved.append(name)
                each.start_from(draft.base[name])
            each.text = text
        self.moved = tuple(moved)
