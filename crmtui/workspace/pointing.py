"""Who points at a record: which kinds, through which of their fields, and how they are asked for it."""

from collections.abc import Mapping, Sequence

from crmtui.model.bind import All, Any_, Op, Test, Text, Where
from crmtui.model.record import Ref
from crmtui.model.schema import FieldType, Kind, Related
from crmtui.workspace.desk import Desk


def pointing(desk: Desk, kind: Kind) -> Mapping[str, Sequence[Related]]:
    """The ways to a kind by the kinds they come from, in the order of the sidebar; asks nobody."""
    found: dict[str, list[Related]] = {}
    for other in desk.account.adapter.kinds:
        fields = desk.schema(other).fields
        ways = [
            Related(other, field.name)
            for field in fields
            if field.type is FieldType.REFERENCE and field.refers_to == kind.name
        ]
        ways += [related for related in kind.related if related.kind == other]
        if ways:
            found[other] = ways
    return found


def where_to(ways: Sequence[Related], ref: Ref) -> Where:
    """What the records of one kind that point at this one fulfil, by whichever way."""
    tests = [_where(way, ref) for way in ways]
    return tests[0] if len(tests) == 1 else Any_(tuple(tests))


def _where(way: Related, ref: Ref) -> Where:
    test = Test(way.field, Op.EQ, (Text(ref.id),))
    if not way.given:
        return test
    return All((*(Test(name, Op.EQ, (Text(value),)) for name, value in way.given), test))
