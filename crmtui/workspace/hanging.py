"""What hangs on a record and is read with it alone: mirrored as records, in the service's order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crmtui.model.errors import NotFound
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Kind
from crmtui.model.value import text_of
from crmtui.store.listings import Listing
from crmtui.workspace.account import Account


def read_with(account: Account, record: Record) -> Ref | None:
    """The record that one is read with; None where it is read by itself."""
    within = account.kind(record.ref.kind).within
    kind, id_ = (text_of(record.values.get(name)) for name in within) if within else ("", "")
    return Ref(account.name, kind, id_) if kind and id_ else None


def kinds_on(account: Account, kind: Kind) -> list[Kind]:
    """The kinds of what hangs on records of a kind."""
    related = (account.kind(way.kind) for way in kind.related)
    return [each for each in related if each.within]


def of(account: Account, ref: Ref, kind: str | None = None) -> list[Record]:
    """What hangs on a record as it was last read, each followed by what hangs on it; of a kind, or all."""
    listing = _listing(account, ref)
    refs = _refs(account, listing) if listing else []
    found = (account.mirror.get(each) for each in refs if kind in (None, each.kind))
    return [record for record in found if record and read_with(account, record) == ref]


def read_at(account: Account, ref: Ref) -> float | None:
    """When what hangs on a record was last read, UTC seconds; None if never."""
    listing = _listing(account, ref)
    return listing.fetched_at if listing else None


async def keep(account: Account, record: Record) -> None:
    """Mirrors what came with a record; what does not hang there any more is forgotten."""
    if record.beneath is None:
        return
    before = of(account, record.ref)
    await account.keep(record.beneath, whole=True)
    here = [each.ref for each in record.beneath]
    _forget(account, {each.ref for each in before} - set(here))
    _begin(account, record.ref, here)


def place(account: Account, record: Record) -> None:
    """A record was made or moved: it is the first where it hangs, as far as that is known here."""
    root = read_with(account, record)
    listing = root and _listing(account, root)
    if root and listing:
        others = [ref for ref in _refs(account, listing) if ref != record.ref]
        _begin(account, root, [record.ref, *others])


def under(account: Account, record: Record) -> list[Record]:
    """All that hangs on a record, however deep, as far as that was read."""
    root = read_with(account, record) or record.ref
    found: dict[str, Record] = {}
    for each in of(account, root):
        if root == record.ref or above(account, each) in {record.ref.id, *found}:
            found[each.ref.id] = each
    return list(found.values())


def forget(account: Account, former: Record) -> None:
    """A record is gone: so is what hung on it."""
    _forget(account, [record.ref for record in under(account, former)])


def of_read(account: Account, ref: Ref, read: Record) -> Record:
    """The record that was asked for, of what was read: that itself, or what came with it."""
    found = next((each for each in (read, *(read.beneath or ())) if each.ref == ref), None)
    if found is None:
        raise NotFound(f"{ref} does not exist, or not for this user: {read.ref} does not have it any more.")
    return found


def above(account: Account, record: Record) -> str:
    """The id of what a record hangs on: of another such, or of the record that it is read with."""
    timeline = account.kind(record.ref.kind).timeline
    return text_of(record.values.get(timeline.above)) if timeline else ""


def spot(account: Account, record: Record) -> tuple[Ref | None, str]:
    """Where a record hangs: with which record it is read, and beneath what."""
    return read_with(account, record), above(account, record)


# -- inner parts


def _listing(account: Account, ref: Ref) -> Listing | None:
    return account.mirror.lists.known(ref.kind, _question(ref))


def _refs(account: Account, listing: Listing) -> list[Ref]:
    listed = account.mirror.lists.listed(listing, 0, listing.total or 0)
    parts = (each.partition("/") for each in listed if each)
    return [Ref(account.name, kind, id_) for kind, _, id_ in parts]


def _begin(account: Account, ref: Ref, refs: Sequence[Ref]) -> None:
    ids = [f"{each.kind}/{each.id}" for each in refs]
    account.mirror.lists.begin(ref.kind, _question(ref), len(ids), ids)


def _question(ref: Ref) -> str:
    """The name of the list of what hangs on a record; no question of a person is called so."""
    return f"beneath {ref.id}"


def _forget(account: Account, refs: Iterable[Ref]) -> None:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        by_kind[ref.kind].append(ref.id)
    for kind, ids in by_kind.items():
        account.mirror.remove_all(kind, sorted(ids))
