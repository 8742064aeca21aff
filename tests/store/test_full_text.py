"""Search in the mirror: every script, phones, hostile words, and nothing found by what it no longer says."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmtui.model.record import Record, Ref, Value
from crmtui.store.database import open_mirror
from crmtui.store.mirror import Mirror
from crmtui.store.words import Question


def record(
    id_: str, title: str = "", stamp: str | None = None, kind: str = "accounts", **values: Value
) -> Record:
    return Record(Ref("acme", kind, id_), title, values, stamp=stamp)


def is_whole(mirror: Mirror) -> bool:
    return mirror.is_indexed


def ids(mirror: Mirror, text: str, kind: str | None = None, limit: int | None = 50) -> list[str]:
    return [found.ref.id for found in mirror.search(text, kind, limit)]


@pytest.mark.parametrize(
    ("text", "searches"),
    [
        ("Müller & Söhne", ["muller", "MÜLLER", "soehne söhne"[7:], "mull", "sohne mü"]),
        ("Łódź Ørsted Æther ß", ["lodz", "orsted", "aether", "ss"]),
        ("Αθήνα Τράπεζα", ["αθηνα", "ΑΘΉΝΑ", "τραπ"]),
        ("Москва Ёлка", ["москва", "МОСК", "елка"]),
        ("株式会社アクメ", ["株式", "会社", "社アク", "メ", "株式会社アクメ"]),
        ("삼성전자", ["삼성", "전자", "성전"]),
        ("ＡＣＭＥ full width", ["acme"]),
        ("Anne-Marie O'Neill", ["anne-marie", "anne marie", "o'neill", "neill", "O’Neill"[2:]]),
        ("ann.lee@example.com", ["ann.lee@example.com", "ann.lee@exa", "lee", "example.com", "@example"]),
        ("100% [/] C++ a_b", ["100%", "c++", "a_b", "[/] 100"]),
    ],
)
def test_a_text_is_found_by_its_parts(mirror: Mirror, text: str, searches: list[str]) -> None:
    mirror.upsert([record("1", "x", notes=text), record("2", text), record("3", "another", notes="other")])
    for search in searches:
        assert set(ids(mirror, search)) == {"1", "2"}, search


@pytest.mark.parametrize("phone", ["+44 (0)20 7946 0018", "+442079460018", "020 7946 0018"])
def test_a_phone_number_is_found_however_it_is_typed(mirror: Mirror, phone: str) -> None:
    mirror.upsert([record("1", "Acme", phone=phone), record("2", "Other", phone="+44 20 7946 0099")])
    for search in ("2079460018", "020 7946 0018", "02079460018", "79460018", "0018"):
        assert ids(mirror, search) == ["1"], search


def test_every_text_of_a_record_is_found(mirror: Mirror) -> None:
    rows: list[Value] = [{"id": 7, "product": "Subscription"}, {"id": 8, "product": "Hosting"}]
    found = Record(
        Ref("acme", "opportunities", "4711"), "Deal", {"owner": 3, "lines": rows}, {"owner": "Ann Lee"}
    )
    mirror.upsert([found])
    for search in ("deal", "subscr", "hosting", "ann le", "4711"):
        assert ids(mirror, search) == ["4711"], search


HOSTILE = (
    *('"', '""', "'", "*", "a*", "AND", "OR NOT", "NEAR(a b)", "-acme", "title:acme", "(", ")", "^acme"),
    *("a AND", "{title}: x", "\x00acme", "\ue000accounts", "%_", "; DROP TABLE record", "\\", "🏦", "́"),
    "\ud800x",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_typed_is_text_and_never_syntax(mirror: Mirror, hostile: str) -> None:
    mirror.upsert([record("1", "Acme and Sons")])
    assert ids(mirror, hostile) in ([], ["1"])
    assert mirror.count_found(hostile) in (0, 1)
    mirror.upsert([record("2", "Other", notes=hostile.encode("utf-8", "replace").decode())])
    if any(letter.isalnum() for letter in hostile) and hostile.isascii():
        assert "2" in ids(mirror, hostile)


LETTERS = st.one_of(
    st.characters(min_codepoint=0, max_codepoint=0x24F),
    # Without what is no letter yet, and one that is younger than SQLite's tables.
    st.characters(
        min_codepoint=0x370, max_codepoint=0x482, exclude_categories=["Cn"], exclude_characters="\u037f"
    ),
    st.characters(min_codepoint=0x3041, max_codepoint=0x30FF),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
)


@given(st.text(LETTERS, max_size=40))
@settings(
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_is_found_by_itself_and_not_after_it_changed(mirror: Mirror, stored: str) -> None:
    mirror.upsert([record("zzz", "zzz", notes=stored)], whole=True)
    if Question(stored):
        assert ids(mirror, stored, "accounts") == ["zzz"]
    mirror.upsert([record("zzz", "zzz", notes="zzz")], whole=True)
    if Question(stored) and "z" not in stored.lower():
        assert ids(mirror, stored + "!") == []
    assert ids(mirror, "zzz") == ["zzz"]


def test_words_go_with_what_they_stood_in(mirror: Mirror) -> None:
    mirror.upsert([record("1", "Acme", phone="555 0100", stamp="2026-01-01 00:00:00"), record("2", "Acorn")])
    mirror.upsert([record("1", "Zenith", stamp="2026-02-01 00:00:00")])
    assert (ids(mirror, "acme"), ids(mirror, "zen"), ids(mirror, "5550100")) == ([], ["1"], ["1"])
    mirror.upsert([record("1", "Zenith", phone=None)])
    assert ids(mirror, "5550100") == []
    mirror.remove(Ref("acme", "accounts", "1"))
    mirror.remove_all("accounts", ["2", "never there"])
    assert (ids(mirror, "zenith"), ids(mirror, "acorn")) == ([], [])
    mirror.upsert([record("1", "Acme")])
    assert ids(mirror, "acme") == ["1"]


def test_a_write_that_fails_leaves_the_words_as_they_were(mirror: Mirror, mirror_file: object) -> None:
    mirror.upsert([record("1", "Acme")])
    with pytest.raises(TypeError):
        mirror.upsert([record("1", "Zenith"), record("2", "Bad", notes=object())])  # type: ignore[arg-type]
    assert (ids(mirror, "acme"), ids(mirror, "zenith")) == (["1"], [])


def test_few_letters_give_the_newest_and_more_the_best(mirror: Mirror) -> None:
    mirror.upsert(
        [
            record("title", "Acme Ltd", "2024-01-01 00:00:00"),
            record("inside", "The Acme Group", "2025-01-01 00:00:00"),
            record("noted", "Zenith", "2026-01-01T00:00:00Z", notes="like acme ltd"),
            record("never", "Acme too", None),
        ]
    )
    assert ids(mirror, "acm") == ["noted", "inside", "title", "never"]
    assert ids(mirror, "acme") == ["title", "never", "inside", "noted"]
    assert ids(mirror, "acme", limit=2) == ["title", "never"]
    assert ids(mirror, "acme l") == ["title", "noted"]
    assert ids(mirror, "ac ") == []
    assert mirror.count_found("acme") == 4


def test_a_kind_is_searched_alone(mirror: Mirror) -> None:
    mirror.upsert([record("1", "Acme"), record("2", "Acme line", kind="opportunity_lines")])
    assert ids(mirror, "acme", "accounts") == ["1"]
    assert ids(mirror, "acme", "opportunity_lines") == ["2"]
    assert ids(mirror, "acme", "contacts") == []
    assert ids(mirror, "accounts") == []
    assert mirror.count_found("acme", "accounts") == 1


def test_a_mirror_of_before_is_indexed_and_ordered_later(tmp_path: Path) -> None:
    path = tmp_path / "mirror.db"
    script = Path(open_mirror.__code__.co_filename).parent / "migrations" / "mirror_0001.sql"
    with sqlite3.connect(path) as sql:
        sql.executescript(script.read_text("utf-8"))
        body = b'{"values":{"name":"n"},"labels":{},"empties":{}}'
        for number in range(250):
            row = ("accounts", str(number), f"Acme {999 - number}", body, None, 1.0)
            sql.execute("INSERT INTO record VALUES (?,?,?,?,?,?)", row)
        sql.execute("PRAGMA user_version=1")
    sql.close()
    database = open_mirror(path)
    mirror = Mirror(database, "acme")
    assert not is_whole(mirror)
    mirror.upsert([record("7", "Changed"), record("new", "New")])
    mirror.remove(Ref("acme", "accounts", "8"))
    assert ids(mirror, "new") == ["new"]
    while mirror.index_more(100):
        pass
    assert is_whole(mirror)
    assert mirror.count_found("acme") == 248
    assert (ids(mirror, "acme 992"), ids(mirror, "acme 991"), ids(mirror, "changed")) == ([], [], ["7"])
    assert [r.title for r in mirror.ordered.rows("accounts", 0, 2)] == ["Acme 750", "Acme 751"]
    assert mirror.ordered.rows("accounts", 249, 5)[0].title == "New"
    assert mirror.ordered.position("accounts", "new") == 249
    database.close()
