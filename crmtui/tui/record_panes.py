"""Which panes stand beside a record, and which records it refers to itself."""

from typing import NamedTuple

from crmtui.model.record import Record, Ref
from crmtui.model.text import clean
from crmtui.tui.activities import ActivitiesSource
from crmtui.tui.lines import LinesSource
from crmtui.tui.panes import Pane, PaneSource
from crmtui.tui.related import RelatedSource
from crmtui.tui.relations import RelationsSource
from crmtui.tui.timeline import TimelineSource
from crmtui.workspace.desk import Desk
from crmtui.workspace.named_rows import fields_of
from crmtui.workspace.named_rows import pointed as rows_to
from crmtui.workspace.pointing import pointed, pointing, unlearnt
from crmtui.workspace.row_mirror import rows_fields

LINES, TIMELINE, RELATED, RELATIONS = "lines", "timeline", "related", "relations"


class Reference(NamedTuple):
    """A record that another refers to: by which field, and what it is called as far as that is known."""

    ref: Ref
    what: str
    which: str


def sources_of(desk: Desk, ref: Ref) -> dict[str, PaneSource]:
    """The panes of a record by their ids: its rows, what stands on its timeline, and the other kinds."""
    account = desk.account
    sources: dict[str, PaneSource] = {}
    fields = rows_fields(account, ref.kind)
    if fields:
        sources[LINES] = LinesSource(desk, ref, fields[0])
    kinds = {name: account.kind(name) for name in pointing(desk, account.kind(ref.kind))}
    others = kinds.keys() - {field.refers_to for field in fields}
    told = {name for name in others if kinds[name].timeline}
    if came := {name for name in told if kinds[name].within}:
        sources[TIMELINE] = ActivitiesSource(desk, ref)
        told = came
    elif told:
        sources[TIMELINE] = TimelineSource(desk, ref, told)
    for field, _ in fields_of(desk.schema(ref.kind)):
        if not field.read_only:
            sources[RELATIONS] = RelationsSource(desk, ref, field)
    if others - told or unlearnt(desk, account.kind(ref.kind)):
        sources[RELATED] = RelatedSource(desk, ref, others - told)
    return sources


def panes_of(desk: Desk, ref: Ref) -> list[Pane]:
    """The panes of a record, in the order of `sources_of`."""
    return [Pane(source, id=id_, entries=id_ == TIMELINE) for id_, source in sources_of(desk, ref).items()]


def references_of(desk: Desk, record: Record) -> list[Reference]:
    """The records that a record refers to, in the order of its fields."""
    schema = desk.schema(record.ref.kind)
    labels = desk.labels(schema).of(record)
    rows = [
        Reference(each.ref, clean(field.title), each.name)
        for field, each in rows_to(desk.account, schema, record)
        if each.ref is not None
    ]
    own = [
        Reference(ref, clean(field.title), clean(labels.get(field.name) or _name(desk, ref)))
        for field, ref in pointed(desk, record)
    ]
    return own + rows


def _name(desk: Desk, ref: Ref) -> str:
    known = desk.record(ref)
    return known.title if known else ref.id
