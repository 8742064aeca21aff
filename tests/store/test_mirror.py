"""What the mirror keeps of records: every value as it was, merges, forms of "none", positions in lists."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmtui.crm.json_body import decode, encode
from crmtui.model.query import Order
from crmtui.model.record import Record, Ref, Value
from crmtui.store.database import Database, open_mirror
from crmtui.store.listings import Listing
from crmtui.store.mirror import Mirror


def ref(id_: str = "1", kind: str = "accounts") -> Ref:
    return Ref("acme", kind, id_)


def record(id_: str = "1", /, title: str = "Acme", **values: Value) -> Record:
    return Record(ref(id_), title, values)


def values_of(mirror: Mirror, id_: str = "1") -> dict[str, Value]:
    found = mirror.get(ref(id_))
    assert found is not None
    return dict(found.values)


BODY = (
    b'{"money":10000000000000000.01,"zero":0.00,"exp":1e2,"tiny":1E-30,"neg":-0.0,"big":123456789012345678901234567890,'
    b'"least":-9223372036854775809,"u64":18446744073709551615,"int":7,"text":"7","no":"","null":null,"t":true,"f":false,'
    b'"list":[1,1.0,"1",null,[]],"row":{"a":{"b":0.10}},"u":"\\u0000\\u001b\\ud83d\\ude00\xc3\xa9","/":"\\/"}'
)


def test_values_go_through_the_mirror_byte_for_byte(mirror: Mirror) -> None:
    said = decode(BODY)
    mirror.upsert([record(**said)])
    found = values_of(mirror)
    assert repr(found) == repr(said)
    assert encode(found) == encode(said)
    assert b"10000000000000000.01" in encode(found)
    assert b"123456789012345678901234567890" in encode(found)
    assert b'"zero":0.00' in encode(found)
    assert found["exp"] == Decimal("1E+2")
    assert "missing" not in found


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False).filter(lambda d: "." in str(d) or "E" in str(d))
    | st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=5))
@settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_value_goes_through_the_mirror(mirror: Mirror, values: dict[str, Value]) -> None:
    mirror.upsert([Record(ref(), "t", values)], whole=True)
    assert repr(sorted(values_of(mirror).items())) == repr(sorted(values.items()))


def test_whoever_pauses_while_reading_all_can_write_what_another_wrote_to(
    mirror: Mirror, mirror_file: Database
) -> None:
    mirror.upsert([record("1", "Acme"), record("2", "Bell"), record("3", "Carr")])
    reading = mirror.all("accounts")
    assert next(reading).title == "Acme"
    other = open_mirror(mirror_file.path)
    Mirror(other, "acme").upsert([record("4", "Dean")])
    other.close()
    mirror.upsert([record("5", "Eady")])
    assert [each.title for each in reading] == ["Bell", "Carr"]
    assert mirror.count("accounts") == 5


def test_a_row_of_a_list_is_merged_into_the_record(mirror: Mirror) -> None:
    mirror.upsert([record(name="Acme", notes="long", phone="1")], whole=True)
    mirror.upsert([record(name="Acme Ltd", phone=None)])
    assert values_of(mirror) == {"name": "Acme Ltd", "notes": "long", "phone": None}


def test_a_whole_record_replaces_it(mirror: Mirror) -> None:
    mirror.upsert([record(name="Acme", gone="x")])
    mirror.upsert([Record(ref(), "New", {"name": "New"}, stamp="s2", fetched_at=5.5)], whole=True)
    found = mirror.get(ref())
    assert found is not None
    assert found.values == {"name": "New"}
    assert (found.title, found.stamp, found.fetched_at) == ("New", "s2", 5.5)


def test_labels_stay_as_long_as_their_values(mirror: Mirror) -> None:
    mirror.upsert([Record(ref(), "t", {"owner": 1, "type": 2}, {"owner": "Ann", "type": "Two"})])
    mirror.upsert([Record(ref(), "t", {"owner": 1})])
    assert labels_of(mirror) == {"owner": "Ann", "type": "Two"}
    mirror.upsert([Record(ref(), "t", {"owner": 9})])
    assert labels_of(mirror) == {"type": "Two"}
    mirror.upsert([Record(ref(), "t", {"owner": 9})], whole=True)
    assert labels_of(mirror) == {}


def labels_of(mirror: Mirror) -> dict[str, str]:
    found = mirror.get(ref())
    assert found is not None
    return dict(found.labels)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("form", ["", None])
def test_a_field_that_was_empty_is_cleared_in_that_form(form: Value, whole: bool, mirror: Mirror) -> None:
    # The kind's form is another one, so that the record's own must win.
    mirror.upsert([record("other", city=None if form == "" else "")])
    mirror.upsert([record(city=form)], whole=whole)
    mirror.upsert([record(city="Kent")], whole=whole)
    mirror.upsert([record(city="London", name="x")], whole=whole)
    if not whole:
        mirror.upsert([record(name="y")])
    assert mirror.empties(ref())["city"] == form
    assert ("city" in mirror.empties(ref("never read"))) is True


def test_the_last_form_counts(mirror: Mirror) -> None:
    for city in ("", "Kent", None, "London"):
        mirror.upsert([record(city=city)], whole=True)
    assert mirror.empties(ref())["city"] is None


def test_a_reference_to_nothing_is_cleared_as_it_came(mirror: Mirror) -> None:
    mirror.upsert([Record(ref(), "t", {"campaignid": None}, empties={"campaignid": 0})], whole=True)
    mirror.upsert([record(campaignid=21105)], whole=True)
    assert mirror.empties(ref())["campaignid"] == 0
    assert mirror.empties(ref("2"))["campaignid"] == 0


def test_a_field_that_was_never_empty_has_no_form(mirror: Mirror) -> None:
    mirror.upsert([record(name="Acme")])
    assert "name" not in mirror.empties(ref())


def test_members_of_answers_are_remembered_by_kind(mirror: Mirror) -> None:
    mirror.upsert([Record(ref(), "A", {"name": "A", "addresscounty/state": "", "2year": 1})])
    assert mirror.learnt.seen("accounts") == {"name", "addresscounty/state", "2year"}
    assert mirror.learnt.seen("contacts") == set()


# -- lists


def ids(count: int, first: int = 0) -> list[str]:
    return [f"r{number}" for number in range(first, first + count)]


def begin(mirror: Mirror, total: int | None, first: list[str]) -> Listing:
    mirror.upsert([record(id_) for id_ in ids(30)])
    return mirror.lists.begin("accounts", "q", total, first)


def places(mirror: Mirror, listing: Listing) -> dict[int, str]:
    return {at: r.ref.id for at, r in mirror.lists.rows("accounts", listing, 0, 100).items()}


def test_positions_that_were_never_read_are_missing(mirror: Mirror) -> None:
    listing = begin(mirror, 30, ids(10))
    mirror.lists.place(listing, 20, ids(5, 20))
    assert mirror.lists.listed(listing, 8, 14) == ["r8", "r9", *[None] * 10, "r20", "r21"]
    assert mirror.lists.listed(listing, 28, 10) == [None, None]
    assert places(mirror, listing) == {at: f"r{at}" for at in (*range(10), *range(20, 25))}
    assert (mirror.lists.position(listing, "r21"), mirror.lists.position(listing, "r15")) == (21, None)


def test_a_list_that_begins_as_before_keeps_its_further_rows(mirror: Mirror) -> None:
    mirror.lists.place(begin(mirror, 30, ids(10)), 20, ids(5, 20))
    again = begin(mirror, 30, ids(10))
    assert len(places(mirror, again)) == 15
    assert mirror.lists.known("accounts", "q") == again


@pytest.mark.parametrize(("total", "first"), [(31, ids(10)), (30, ["r29", *ids(9)]), (3, ids(3)), (0, [])])
def test_a_list_that_begins_otherwise_begins_anew(total: int, first: list[str], mirror: Mirror) -> None:
    mirror.lists.place(begin(mirror, 30, ids(10)), 20, ids(5, 20))
    again = begin(mirror, total, first)
    assert places(mirror, again) == dict(enumerate(first))
    assert again.total == total


def test_questions_and_kinds_have_lists_of_their_own(mirror: Mirror) -> None:
    one = mirror.lists.begin("accounts", "q1", 1, ["a"])
    two = mirror.lists.begin("accounts", "q2", 1, ["b"])
    three = mirror.lists.begin("contacts", "q1", 1, ["c"])
    assert [mirror.lists.listed(each, 0, 1) for each in (one, two, three)] == [["a"], ["b"], ["c"]]
    assert mirror.lists.known("accounts", "q3") is None


def test_resizing_cuts_the_end(mirror: Mirror) -> None:
    listing = begin(mirror, 30, ids(10))
    mirror.lists.resize(listing, 4)
    assert places(mirror, listing) == dict(enumerate(ids(4)))
    found = mirror.lists.known("accounts", "q")
    assert found is not None
    assert found.total == 4


def test_a_record_that_is_gone_closes_its_gap_everywhere(mirror: Mirror) -> None:
    listing = begin(mirror, 30, ids(10))
    mirror.lists.place(listing, 20, ids(5, 20))
    other = mirror.lists.begin("accounts", "newest", 2, ["r3", "r1"])
    foreign = mirror.lists.begin("contacts", "q", 1, ["r3"])
    mirror.remove(ref("r3"))
    assert mirror.get(ref("r3")) is None
    assert mirror.lists.listed(listing, 0, 10) == [*ids(3), *ids(6, 4), None]
    assert mirror.lists.listed(listing, 18, 6) == [None, "r20", "r21", "r22", "r23", "r24"]
    assert mirror.lists.listed(other, 0, 1) == ["r1"]
    assert mirror.lists.listed(foreign, 0, 1) == ["r3"]
    now = mirror.lists.known("accounts", "q")
    assert now is not None
    assert now.total == 29
    mirror.remove(ref("never there"))
    mirror.remove(ref("r3"))
    again = mirror.lists.known("accounts", "q")
    assert again is not None
    assert again.total == 29


def test_looking_up_by_title(mirror: Mirror) -> None:
    mirror.upsert(
        [
            record("1", title="100% Acme"),
            record("2", title="Acme_x"),
            record("3", title="acorn"),
            record("4", title=""),
        ]
    )
    assert mirror.like("accounts", "ac", 9) == [("2", "Acme_x"), ("3", "acorn"), ("1", "100% Acme")]
    assert mirror.like("accounts", "%", 9) == [("1", "100% Acme")]
    assert mirror.like("accounts", "_", 9) == [("2", "Acme_x")]
    assert mirror.like("accounts", "ac", 1) == [("2", "Acme_x")]
    assert mirror.titles("accounts", ["1", "3", "4", "9"]) == {"1": "100% Acme", "3": "acorn"}
    assert [r.ref.id for r in mirror.all("accounts")] == ["4", "1", "2", "3"]


@pytest.mark.parametrize("way", ["value", "value:desc"])
def test_the_place_of_a_record_is_where_the_list_has_it(mirror_file: Database, way: str) -> None:
    mirror = Mirror(mirror_file, "acme", {"accounts": [Order.parse(way), Order.parse(f"name{way[5:]}")]})
    values: list[Value] = [3, None, "x", 2, 3, "", Decimal("2.5"), None]
    mirror.upsert(
        [
            record(str(at), name=f"n{at % 3}" if at % 4 else None, value=value)
            for at, value in enumerate(values)
        ]
    )
    listed = [found.ref.id for found in mirror.ordered.rows("accounts", 0, 99)]
    assert sorted(listed) == sorted(map(str, range(len(values))))
    assert [mirror.ordered.position("accounts", id_) for id_ in listed] == list(range(len(values)))
    assert mirror.ordered.position("accounts", "never read") is None
