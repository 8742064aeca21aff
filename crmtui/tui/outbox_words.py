"""What waits, was done or was refused, in words; pure functions, no widget."""

import time
from collections.abc import Sequence
from datetime import datetime

from crmtui.model.errors import CrmError
from crmtui.model.schema import Kind
from crmtui.model.text import clean
from crmtui.model.write import Op, State, Write
from crmtui.store.writes import Entry
from crmtui.tui.format import day
from crmtui.tui.widgets.columns import WAITS
from crmtui.workspace.desk import Desk
from crmtui.workspace.saved import Clashed, Saved, SavedAll
from crmtui.workspace.wording import title_of

SIGN = WAITS
"""Stands before what the service does not have yet."""
_DEEDS = {Op.CREATE: "new", Op.EDIT: "edit", Op.DELETE: "delete", Op.RESTORE: "restore"}
_NOUNS = {Op.CREATE: "creation", Op.EDIT: "edit", Op.DELETE: "deletion", Op.RESTORE: "restoring"}
_DONE = {Op.CREATE: "Saved", Op.EDIT: "Saved", Op.DELETE: "Deleted", Op.RESTORE: "Restored"}
_WANTED = {Op.CREATE: "created", Op.EDIT: "saved", Op.DELETE: "deleted", Op.RESTORE: "restored"}
_REASONS = {
    "cannot be reached": "no line",
    "did not answer in time": "no answer",
    "broke before it answered": "no answer",
    "ended before the answer came": "no answer",
    "Somebody else changed": "a conflict",
}
"""Parts of sentences that say why, and how that is said in short."""
_LONGEST = 60
"""Characters of a reason that stands beside other words."""


def deed(write: Write) -> str:
    """What a write does, in a word."""
    return "undo" if write.undoes else _DEEDS[write.op]


def noun(write: Write, kind: Kind, title: str) -> str:
    """What a write is, with its record: `the edit of the account Acme Ltd`."""
    undo = "the undo, " if write.undoes else ""
    return f"{undo}the {_NOUNS[write.op]} of the {kind.singular} {clean(title)}".rstrip()


def moment(at: float) -> str:
    """When it was, as short as is clear."""
    then = datetime.fromtimestamp(at)
    return day(then.isoformat(timespec="minutes"), datetime.fromtimestamp(time.time()).date())


def state(entry: Entry, *, undone: bool = False) -> str:
    """Where a write is, in a word or two."""
    if entry.state is State.DONE:
        return "undone" if undone else "done"
    if entry.state is State.REFUSED:
        return "refused"
    if entry.held or entry.state is State.SENDING:
        return "on its way"
    if entry.waits_for_person:
        return "you decide"
    return "no answer" if entry.state is State.UNKNOWN else "waits"


def when(entry: Entry, now: float) -> str:
    """When a waiting write goes, as a clause."""
    if entry.held or entry.state is State.SENDING:
        return "being sent"
    if entry.waits_for_person:
        return "enter decides"
    word = "asks what became of it" if entry.state is State.UNKNOWN else "tries again"
    if entry.next_try <= now:
        return f"{word} next"
    return f"{word} {datetime.fromtimestamp(entry.next_try):%H:%M}"


def reason(why: str) -> str:
    """Why it waits, in a few words: a known reason's, else the first clause of the sentence."""
    text = clean(why)
    for part, words in _REASONS.items():
        if part in text:
            return words
    first = text.partition(". ")[0].partition("; ")[0].partition(" (")[0].rstrip(".")
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"


def of_record(entries: Sequence[Entry], changes: int, now: float, room: int) -> str:
    """What waits of one record, why, and when it goes, as far as there is room for it.

    The next of its writes tells for all.
    """
    first = entries[0]
    what = "1 change waits" if changes == 1 else f"{changes} changes wait"
    if any(entry.write.op is Op.DELETE for entry in entries):
        what = "will be deleted"
    why = f": {reason(first.why)}" if first.why else ""
    parts = [f"{SIGN} {what}{why}"]
    parts += ["W decides"] if first.waits_for_person else [when(first, now), "W shows it"]
    while len(parts) > 1 and len(" · ".join(parts)) > room:
        parts.pop()
    return " · ".join(parts)


def told(write: Write, title: str, error: CrmError | None, *, waits: bool) -> str:
    """What became of a write that waited; `waits`: it does so until a person decides."""
    name = clean(title)
    if error is None:
        return f"{_DONE[write.op]}: {name} (it waited in the outbox)."
    if waits:
        return f"{name} is not {_WANTED[write.op]} yet, you decide: {error.message} W shows it."
    kept = "" if write.op in (Op.DELETE, Op.RESTORE) else " What you typed is kept; d opens it."
    return f"{name} was not {_WANTED[write.op]}: {error.message}{kept}"


def came_of_all(desk: Desk, saved: SavedAll) -> str:
    """What came of one edit of several records, the first that failed named."""
    done = sum(1 for one in saved.came if isinstance(one, Saved) and one.sent)
    waits = [one for one in saved.came if isinstance(one, Saved) and one.waits]
    clashes = [one for _, one in saved.failed if isinstance(one, Clashed)]
    refused = [(write, one) for write, one in saved.failed if not isinstance(one, Clashed)]
    same = saved.same + sum(1 for one in saved.came if isinstance(one, Saved)) - done - len(waits)
    parts = [f"Changed: {done}."] if done else []
    parts += [f"Like that already: {same}."] if same else []
    if waits:
        parts.append(f"{len(waits)} wait in the outbox ({reason(waits[0].waits)}) and go by themselves.")
    if clashes:
        parts.append(f"{len(clashes)} met changes of somebody else: W decides them.")
    if refused:
        write, error = refused[0]
        parts.append(
            f"{len(refused)} failed, kept as drafts; {clean(title_of(desk, write))}: {error.message}"
        )
    return " ".join(parts)


def came_of(op: Op, title: str, saved: Saved) -> str:
    """What came of a write that a person just decided on."""
    name = clean(title)
    if saved.waits:
        why = reason(saved.waits)
        return f"{name} waits in the outbox ({why}) and is {_WANTED[op]} by itself. W shows it."
    if not saved.sent:
        return f"Nothing was sent: {name} is like that already."
    return f"{_DONE[op]}: {name}."
