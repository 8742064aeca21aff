"""The filter language as it is written: what becomes of a text, and the text of what became."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmtui.model.errors import UsageError
from crmtui.model.where import (
    LISTING,
    And,
    Compare,
    Not,
    Operand,
    Or,
    Sign,
    Term,
    WhereError,
    parse_argument,
    parse_bar,
)
from crmtui.model.where_text import print_bar, print_term


def _bare(term: Term) -> Term:
    """The term without its places in the text."""
    if isinstance(term, Compare):
        return Compare(term.field, term.sign, tuple(Operand(o.text, o.quoted) for o in term.operands))
    if isinstance(term, Not):
        return Not(_bare(term.term))
    return type(term)(tuple(_bare(part) for part in term.terms))


def _is(field: str, *texts: str, sign: Sign = Sign.EQUAL) -> Compare:
    return Compare(field, sign, tuple(Operand(text) for text in texts))


def _said(field: str, *texts: str) -> Compare:
    return Compare(field, Sign.EQUAL, tuple(Operand(text, True) for text in texts))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        *((f"f{sign}v", _is("f", "v", sign=sign)) for sign in Sign),
        ("f=", _is("f")),
        ("f!=", _is("f", sign=Sign.UNEQUAL)),
        ("  f=v", _is("f", "v")),
        ("f= v ", _is("f", " v ")),
        ("f==v", _is("f", "=v")),
        ("f=>v", _is("f", ">v")),
        ("f!=~v", _is("f", "~v", sign=Sign.UNEQUAL)),
        ("f~=v", _is("f", "=v", sign=Sign.CONTAINS)),
        ("f=a|b c|d", _is("f", "a", "b c", "d")),
        ("f~a|b", _is("f", "a|b", sign=Sign.CONTAINS)),
        ("f=a or b=c", _is("f", "a or b=c")),
        ("f=(a", _is("f", "(a")),
        ("f=1..2", _is("f", "1..2")),
        ('f="a|b"|"c d"', _said("f", "a|b", "c d")),
        ('f="a"|b', Compare("f", Sign.EQUAL, (Operand("a", True), Operand("b")))),
        ('f=a"b"', _is("f", 'a"b"')),
        ('f=""', _said("f", "")),
        (r'f="\""', _said("f", '"')),
        (r'f="C:\dir\x"', _said("f", r"C:\dir\x")),
        (r'f="C:\dir\\"', _said("f", "C:\\dir\\")),
        (r'f="\\host\\\"x"', _said("f", '\\\\host\\"x')),
        ('"county/state"=v', _is("county/state", "v")),
        ('"a \\"b\\" = c"=v', _is('a "b" = c', "v")),
        ("größe=v", _is("größe", "v")),
        ("a-b_c.d/e%=v", _is("a-b_c.d/e%", "v")),
        ("not=v", _is("not", "v")),
        ("or=v", _is("or", "v")),
        ("not(f=v)", Not(_is("f", "v"))),
        ("not ( f=v ) ", Not(_is("f", "v"))),
        ("(f=v)", _is("f", "v")),
        ("((f=v))", _is("f", "v")),
        ("(a=1 b=2)", And((_is("a", "1"), _is("b", "2")))),
        ("(a=1 b=2 or c=3)", Or((And((_is("a", "1"), _is("b", "2"))), _is("c", "3")))),
        ("(a=1 (b=2 or c=3))", And((_is("a", "1"), Or((_is("b", "2"), _is("c", "3")))))),
        ("(a=1 or(b=2))", Or((_is("a", "1"), _is("b", "2")))),
        ("(a=1 or=2)", And((_is("a", "1"), _is("or", "2")))),
        ("(a= b=2)", And((_is("a"), _is("b", "2")))),
        ("(a=)", _is("a")),
        ("(a=x(y) b=2)", And((_is("a", "x(y)"), _is("b", "2")))),
        (
            '(a="x y"|z b=")")',
            And((Compare("a", Sign.EQUAL, (Operand("x y", True), Operand("z"))), _said("b", ")"))),
        ),
        ("not(a=1 or b=2)", Not(Or((_is("a", "1"), _is("b", "2"))))),
    ],
)
def test_an_argument_is_one_term(text: str, term: Term) -> None:
    assert _bare(parse_argument(text)) == term


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        (" ", ()),
        (" a=1  b=2 ", (_is("a", "1"), _is("b", "2"))),
        ("(a=1 b=2)", (And((_is("a", "1"), _is("b", "2"))),)),
        ("(a=1 b=2) c=3", (And((_is("a", "1"), _is("b", "2"))), _is("c", "3"))),
        ("a=1 or b=2", (Or((_is("a", "1"), _is("b", "2"))),)),
        ("name~(Foo)", (_is("name", "(Foo)", sign=Sign.CONTAINS),)),
        ('a="x y" b=', (_said("a", "x y"), _is("b"))),
    ],
)
def test_a_bar_is_terms_side_by_side(text: str, terms: tuple[Term, ...]) -> None:
    assert tuple(_bare(term) for term in parse_bar(text)) == terms


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("type", 4),
        ("=v", 0),
        ('""=v', 0),
        ("f", 1),
        ("f>", 2),
        ("f ~x", 1),
        ("first name=x", 5),
        ("f&g=x", 1),
        ("f=|a", 2),
        ("f=a|", 4),
        ("f=a||b", 4),
        ('f="a', 2),
        (r'f="a\"', 2),
        ('f="a"b', 5),
        ('f="a" ', 5),
        ('f~"a"|"b"', 5),
        ('"f=v', 0),
        ("()", 1),
        ("not()", 4),
        ("(a=1", 0),
        ("(a=1 or", 7),
        ("(or a=1)", 1),
        ("(a=1 or or b=2)", 8),
        ("(a=1) b=2", 6),
        ("(a=1))", 5),
        ("(a=1 and b=2)", 8),
        ("(a=1 b)", 6),
        ("(" * 51 + "a=1" + ")" * 51, 50),
    ],
)
def test_a_mistake_is_shown_where_it_is(text: str, position: int) -> None:
    with pytest.raises(WhereError) as caught:
        parse_argument(text)
    assert (caught.value.position, caught.value.exit_code) == (position, 2)
    assert isinstance(caught.value, UsageError)


@pytest.mark.parametrize(
    ("text", "position"), [("a=1)", 3), ("a=1 b", 5), ("a=x y", 5), ("a= =1", 3), ("or", 0)]
)
def test_a_mistake_in_the_bar_too(text: str, position: int) -> None:
    with pytest.raises(WhereError) as caught:
        parse_bar(text)
    assert caught.value.position == position


def test_terms_know_their_place() -> None:
    text = '(type=a|"b c" not(value>5))'
    term = parse_argument(text)
    assert isinstance(term, And)
    first, second = term.terms
    assert isinstance(first, Compare)
    assert isinstance(second, Not)
    assert isinstance(second.term, Compare)
    places: list[Compare | Operand] = [first, *first.operands, second.term, *second.term.operands]
    said = [text[place.span[0] : place.span[1]] for place in places]
    assert said == ['type=a|"b c"', "a", '"b c"', "value>5", "5"]


@pytest.mark.parametrize(
    ("argument", "bar"),
    [
        ("type=Health & Care", 'type="Health & Care"'),
        ("note=a) b", 'note="a) b"'),
        ("name=Bar..Baz", "name=Bar..Baz"),
        ("when=2026-11-22 09:30..2026-11-23 10:00", "when=2026-11-22T09:30..2026-11-23T10:00"),
    ],
)
def test_an_argument_can_stand_in_the_bar(argument: str, bar: str) -> None:
    term = parse_argument(argument)
    assert print_term(term) == argument
    assert print_bar([term]) == bar
    assert len(parse_bar(bar)) == 1


names = st.from_regex(r"[\w\-./%]{1,8}", fullmatch=True) | st.text(min_size=1, max_size=6)
bare = st.from_regex(r"[^\s\"|()][^\s|()]{0,6}(\([^\s|()]{0,3}\))?", fullmatch=True)
said = st.text(max_size=8) | st.text(alphabet='\\"|. ()', max_size=8)
operands = st.builds(Operand, bare) | st.builds(Operand, said, st.just(True))
signs = st.sampled_from(sorted(LISTING))


def _is_written_so(term: Compare) -> bool:
    """`f>` and a bare `=v` side by side are something else: `f>=` and `v`."""
    return not any(o.text.startswith("=") and not o.quoted for o in term.operands) or term.sign in LISTING


compares = st.one_of(
    st.builds(Compare, names, signs, st.lists(operands, max_size=3).map(tuple)),
    st.builds(Compare, names, st.sampled_from(sorted(set(Sign) - LISTING)), operands.map(lambda o: (o,))),
).filter(_is_written_so)


def _groups(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(And, several) | st.builds(Or, several)


terms: st.SearchStrategy[Term] = st.recursive(compares, _groups, max_leaves=6)


@settings(max_examples=50)
@given(terms)
def test_what_is_printed_is_read_back(term: Term) -> None:
    assert _bare(parse_argument(print_term(term))) == term


@settings(max_examples=50)
@given(st.lists(terms, max_size=3).map(tuple))
def test_a_printed_bar_is_read_back(several: tuple[Term, ...]) -> None:
    assert tuple(_bare(term) for term in parse_bar(print_bar(several))) == several


@given(
    names,
    st.sampled_from(sorted(Sign)),
    st.text(min_size=1).filter(lambda text: text[0] != '"' and "|" not in text),
)
def test_a_value_of_an_argument_is_taken_as_it_stands(name: str, sign: Sign, text: str) -> None:
    term = Compare(name, sign, (Operand(text),))
    assume(_is_written_so(term))
    assert _bare(parse_argument(print_term(term))) == term
    [other] = parse_bar(print_bar([term]))
    assert isinstance(other, Compare)
    if ".." not in text:
        assert [operand.text for operand in other.operands] == [text]


def _position(read: Callable[[str], object], text: str) -> int | None:
    """Where the mistake is, if there is one."""
    try:
        read(text)
    except WhereError as error:
        return error.position
    return None


@given(st.text() | st.text(alphabet='ab=!<>~^$|"\\(). ornt', max_size=30))
def test_any_text_is_terms_or_a_mistake_in_it(text: str) -> None:
    for read in (parse_argument, parse_bar):
        position = _position(read, text)
        assert position is None or 0 <= position <= len(text)
