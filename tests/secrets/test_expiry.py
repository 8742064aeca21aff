"""What is read of a token: its end, and a name for it that does not tell it."""

import pytest

from crmtui.sandbox.bearer import new_bearer
from crmtui.secrets import expires_at, fingerprint
from tests.secrets.jwt import part, token

SALT = b"0123456789abcdef"


@pytest.mark.parametrize("end", [1, 1_800_000_000, 1_800_000_000.5, 253_402_300_799])
def test_the_end_is_read(end: float) -> None:
    # The lengths differ, so that each rest of the padding comes up.
    for sub in ("", "1", "12", "123"):
        assert expires_at(token(exp=end, sub=sub)) == end
    assert expires_at(f"  {token(exp=end)}\n") == end


@pytest.mark.parametrize(
    "end", [None, True, "1800000000", [], {}, 0, -5, 1_800_000_000_000, 10**400, float("nan"), float("inf")]
)
def test_no_sensible_end(end: object) -> None:
    assert expires_at(token(exp=end)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a-plain-key",
        "a.b.c",
        "é.é.é",
        "x" * 5000,
        f"a.{part(b'[1]')}.c",
        f"a.{part(b'null')}.c",
        f"a.{part(bytes(range(128, 256)))}.c",
        f"a.{part(b'{' * 100_000)}.c",
        f"a.{part(b'[' * 100_000)}.c",
        "a." + part(b'{"exp":' + b"9" * 5000 + b"}") + ".c",
        "a." + part(b'{"exp": 5}')[:-3] + ".c",
    ],
)
def test_what_is_no_web_token_has_no_end_and_still_a_name(text: str) -> None:
    assert expires_at(text) is None
    assert len(fingerprint(text, SALT)) == 32


def test_a_renewed_token_of_a_user_keeps_its_name() -> None:
    old, new = new_bearer("36971"), new_bearer("36971")
    assert old != new
    assert fingerprint(old, SALT) == fingerprint(new, SALT)
    assert fingerprint(old, SALT) != fingerprint(new_bearer("1"), SALT)
    assert fingerprint(token(sub="1", aud="2"), SALT) != fingerprint(token(sub="1", aud="3"), SALT)
    assert fingerprint(token(sub="1", aud="2"), SALT) != fingerprint(token(sub="1", aud="2"), b"other salt")


def test_keys_differ_by_all_they_are() -> None:
    assert fingerprint("key-1", SALT) != fingerprint("key-2", SALT)
    assert fingerprint("key-1", SALT) == fingerprint(" key-1\n", SALT)
    assert fingerprint(token(aud="2", jti="a"), SALT) != fingerprint(token(aud="2", jti="b"), SALT)
