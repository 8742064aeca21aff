"""`list` and `show`: what the service answers, or with `--offline` what was read last."""

from collections.abc import Sequence

import msgspec

from crmtui.cli.failure import say
from crmtui.cli.output import Format, print_said, write
from crmtui.cli.session import kind_of, opened, record_of, today
from crmtui.cli.sheet import Sheet
from crmtui.cli.terminal import progress
from crmtui.model.errors import CrmError, Forbidden, Invalid, NotFound, Restricted, UsageError
from crmtui.model.query import Query
from crmtui.model.record import Record
from crmtui.model.schema import FieldType, Kind, Schema
from crmtui.workspace import hanging
from crmtui.workspace.asking import total_of
from crmtui.workspace.desk import Desk
from crmtui.workspace.edits import only_listed
from crmtui.workspace.mirrored import here
from crmtui.workspace.pointing import learn, pointing, undecided, where_to
from crmtui.workspace.reading import Found, read
from crmtui.workspace.selection import orders_of, where_of

RELATED = 100
"""The most records of a kind that `--related` adds."""
_FAILED = frozenset({4, 5, 8})
"""Exit codes of errors that a copy helps over."""


class Wish(msgspec.Struct, frozen=True):
    """What `list` was asked for, in the words of the command line; `limit` None is all."""

    target: str
    where: Sequence[str]
    order: Sequence[str]
    limit: int | None
    columns: str | None
    offline: bool


async def list_records(wish: Wish, format_: Format) -> int:
    """Prints the records of a kind."""
    ref = kind_of(wish.target)
    async with opened(ref.connection) as desk:
        kind = desk.account.kind(ref.kind)
        try:
            schema = desk.fields.now(kind.name) if wish.offline else await desk.fields.schema(kind.name)
            sheet = Sheet(desk, kind, schema, wish.columns)
            where = await where_of(desk, schema, wish.where, today(), offline=wish.offline)
            query = Query(kind.name, where, orders_of(kind, schema, wish.order, offline=wish.offline))
            if wish.offline:
                found = _from_mirror(desk, kind, schema, query, wish.limit)
            else:
                with progress(desk.account, ref.kind):
                    found = await _from_service(desk, schema, query, wish.limit)
        except CrmError as error:
            _offer_copy(error, desk.account.mirror.newest(kind.name), f"crmtui list {ref} --offline")
            raise
        sheet.print_many(format_, found.records)
        if window := found.window:
            say(
                f"{kind.label} of {window.words}; {window.field} in WHERE names another {window.what}:"
                f" {window.field}={window.another}."
            )
        _say_rest(found)
    return 0


async def show_record(target: str, format_: Format, *, related: bool) -> int:
    """Prints one record, and with `related` those that point at it."""
    ref = record_of(target)
    if related and format_ is Format.CSV:
        raise UsageError(
            "--related adds records of other kinds, and csv has one sort of row: use another format."
        )
    async with opened(ref.connection) as desk:
        kind = desk.account.kind(ref.kind)
        try:
            schema = await desk.fields.schema(kind.name)
            record = await desk.edits.read(ref)
            if reason := only_listed(desk.account, kind):
                say(f"Read {_ago(record.fetched_at)}. {reason}")
            found = await _related(desk, kind, record) if related else {}
        except CrmError as error:
            known = desk.account.mirror.get(ref)
            where = f"crmtui list {ref.connection}/{ref.kind} id={ref.id} --offline"
            _offer_copy(error, known.fetched_at if known else None, where)
            raise
        # Answers may have held members that no dictionary told of.
        sheet = Sheet(desk, kind, desk.fields.now(kind.name) if related else schema)
        if not related:
            sheet.print_one(format_, record)
        elif format_ is Format.TABLE:
            _print_tables(sheet, record, found)
        else:
            others = {name: other.many(records) for name, (other, records) in found.items()}
            print_said(format_, {**sheet.said(record), "related": others})
    return 0


async def _from_service(desk: Desk, schema: Schema, query: Query, limit: int | None) -> Found:
    labels = desk.labels(schema)

    def labelled(record: Record) -> Record:
        return msgspec.structs.replace(record, labels=labels.of(record))

    found = await read(desk.account, query, schema.by_name, limit, labelled)
    if any(field.type is FieldType.USER for field in schema.fields):
        try:
            await desk.fields.users()
        except CrmError as error:
            say(f"Users are shown by their ids, for they could not be read. {error.message}")
    return found


def _from_mirror(desk: Desk, kind: Kind, schema: Schema, query: Query, limit: int | None) -> Found:
    mirror, name = desk.account.mirror, desk.account.name
    found = here(desk, query, schema)
    held, total = mirror.count(kind.name), desk.account.known.fact(total_of(kind.name), int)
    if not kind.can.listed:
        say(f"The mirror holds what was read of {name}/{kind.name}: they are listed beneath a record only.")
    elif not held:
        say(f"Nothing of {name}/{kind.name} is mirrored yet: crmtui sync {name} reads it.")
    elif total is None or held < total:
        of = f"an unknown number of {kind.name}" if total is None else f"{total} {kind.name}"
        say(f"The mirror is incomplete, it holds {held} of {of}; crmtui sync {name} reads the rest.")
    kept = found if limit is None else found[:limit]
    records = [record for one in kept if (record := mirror.get(desk.account.ref(kind.name, one.id)))]
    return Found(records, len(found), len(found) > len(kept))


def _say_rest(found: Found) -> None:
    """How many there are where not all were printed."""
    shown = len(found.records)
    if not found.more and found.total is not None and shown < found.total:
        say(f"{shown} of {found.total} records; the service counts the others, and gave no more.")
        return
    if not found.more or (found.total is not None and found.total <= shown):
        return
    if found.total is not None:
        say(f"{shown} of {found.total} records; --all gives all of them.")
    else:
        say(f"Not everything was read, there may be more than {shown}; --all reads to the end.")


def _offer_copy(error: CrmError, fetched_at: float | None, command: str) -> None:
    """Adds to a failing service's error that there is a copy."""
    if error.exit_code in _FAILED and fetched_at is not None:
        error.message += f" A copy from {_ago(fetched_at)} can be had with --offline: {command}"


def _ago(at: float) -> str:
    """How long ago a moment was, in words."""
    import time

    seconds = max(0.0, time.time() - at)
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "less than a minute ago"


async def _related(desk: Desk, kind: Kind, record: Record) -> dict[str, tuple[Sheet, list[Record]]]:
    """The records of every kind that points at this one; a refused kind is named and left out."""
    found: dict[str, tuple[Sheet, list[Record]]] = {}
    await learn(desk, undecided(desk, kind))
    for name, ways in pointing(desk, kind).items():
        if desk.account.kind(name).within:
            found[name] = _beneath(desk, record, name)
            continue
        where = where_to(ways, record.ref)
        try:
            schema = await desk.fields.schema(name)
            rows = await read(desk.account, Query(name, where), schema.by_name, RELATED)
        except (Forbidden, NotFound, Invalid, Restricted) as error:
            say(f"{name} are left out. {error.message}")
            continue
        if rows.more:
            total = f"of {rows.total}" if rows.total is not None else "of more"
            say(f"{len(rows.records)} {total} {name} are given; crmtui list shows all of them.")
        found[name] = Sheet(desk, desk.account.kind(name), desk.fields.now(name)), rows.records
    return found


def _beneath(desk: Desk, record: Record, kind: str) -> tuple[Sheet, list[Record]]:
    """The records of a kind that came with the record they hang on."""
    records = hanging.of(desk.account, record.ref, kind)
    if len(records) > RELATED:
        say(f"{RELATED} of {len(records)} {kind} are given; crmtui list shows all of them.")
    return Sheet(desk, desk.account.kind(kind), desk.fields.now(kind)), records[:RELATED]


def _print_tables(sheet: Sheet, record: Record, found: dict[str, tuple[Sheet, list[Record]]]) -> None:
    """One table after another, each under the name of its kind."""
    sheet.print_one(Format.TABLE, record)
    for name, (other, records) in found.items():
        write(f"\n{name} {len(records)}\n")
        if records:
            other.print_many(Format.TABLE, records)
