"""Content-Disposition as servers write it: the name it proposes, and nothing but a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.crm.disposition import filename_of


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="x.pdf"', "x.pdf"),
        ("attachment; filename=x.pdf", "x.pdf"),
        ("attachment;filename=a b.pdf", "a b.pdf"),
        ("ATTACHMENT; FileName = x.pdf ; size=3", "x.pdf"),
        ('inline; filename="x.pdf"', "x.pdf"),
        ('filename="x.pdf"', None),
        ('attachment; filename="a\\"b\\\\c.pdf"', "c.pdf"),
        ('attachment; filename="a;b=c.pdf"', "a;b=c.pdf"),
        ('attachment; filename="open.pdf', "open.pdf"),
        ('attachment; filename="Größe 见.pdf"', "Größe 见.pdf"),
        ("attachment; filename=\"plain\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        ("attachment; filename*=utf-8'en'a%20b.pdf; filename=plain", "a b.pdf"),
        ("attachment; filename*=ISO-8859-1''%A3.txt", "£.txt"),
        ("attachment; filename*=UTF-8''%ff.pdf; filename=plain.pdf", "plain.pdf"),
        ("attachment; filename*=koi8-r''x; filename=plain.pdf", "plain.pdf"),
        ("attachment; filename*=x; filename=plain.pdf", "plain.pdf"),
        ("attachment; filename=first; filename=second", "first"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ('attachment; filename="C:\\Windows\\hosts"', "hosts"),
        ('attachment; filename="folder/"', None),
        ('attachment; filename=""', None),
        ("attachment", None),
        ("", None),
        (";;;===;;;", None),
    ],
)
def test_forms(header: str, name: str | None) -> None:
    assert filename_of(header) == name


@given(st.text(alphabet=st.sampled_from("a.;=*'\"\\/% \t\n\x00é"), max_size=60))
def test_whatever_a_server_writes_is_read(text: str) -> None:
    name = filename_of(f"attachment; {text}")
    assert name is None or (name and not set(name) & {"/", "\\"})
