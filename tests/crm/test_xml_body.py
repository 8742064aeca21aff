"""XML from outside: whatever is wrong with it is one error, and nothing in it is ever fetched or grown."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.crm.xml_body import MOST_DEPTH, decode, encode
from crmtui.model.errors import BadAnswer

_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 9}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"plain",
        b"<a>",
        b"<a></b>",
        b"<a>\x1b</a>",
        b"<a>&#27;</a>",
        b"<a>&nbsp;</a>",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        "<a>\u00e9</a>".encode("latin-1"),
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        f'<!DOCTYPE a [<!ENTITY a0 "x">{_LAUGHS}]><a>&a8;</a>'.encode(),
        b"<a>" * (MOST_DEPTH + 1) + b"</a>" * (MOST_DEPTH + 1),
        b"<a>" + b"<b/>" * 400_001 + b"</a>",
    ],
    ids=range(14),
)
def test_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        decode(body)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for document in (body, b"<a>" + body + b"</a>"):
        with contextlib.suppress(BadAnswer):
            assert isinstance(decode(document), dict)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_what_is_sent_is_well_formed_and_holds_every_character_that_may_be_sent(text: str) -> None:
    said = decode(encode("request", {"x": f"|{text}|"}))["request"]["x"]
    # A parser makes one line's end of each of the two.
    kept = "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "~" or (c >= "\xa0" and c not in "\ufffe\uffff")
    )
    assert said == f"|{kept}|".replace("\r\n", "\n").replace("\r", "\n")
