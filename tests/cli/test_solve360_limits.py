"""Solve360's limit of a day, which nobody says the end of, and its own words in every refusal."""

import pytest

from tests.proxy import Canned, answer

from .test_solve360 import Begin, begin, configure

__all__ = ["begin"]
ANN = "acme/contacts/479038"
SPENT = "Http-X-Solve360-Api-Call-Limit: 12000/12000"


def test_a_limit_that_is_reached_says_when_it_ends(begin: Begin) -> None:
    acme = begin()
    with Canned(answer(403, b"", SPENT)) as canned:
        configure(canned.url)
        ran = acme("edit", ANN, "jobtitle=x")
        assert (ran.code, "within 24 hours" in ran.err) == (5, True)
        assert all(asked.startswith(b"GET") for asked in canned.requests)
    ran = acme("quota", "acme")
    assert (ran.code, ran.lines[0]["used"], ran.lines[0]["resets_at"]) == (0, 12000, None)
    assert "within 24 hours" in ran.err
    ran = acme("doctor", "acme")
    assert "within 24 hours" in ran.out
    ran, calls = acme.calls("sync", "acme")
    assert (ran.code, calls) == (5, [])


@pytest.mark.parametrize(
    ("status", "code"), [(400, 5), (401, 4), (403, 4), (404, 3), (406, 8), (500, 8)]
)  # fmt: skip
def test_the_service_s_own_words(begin: Begin, status: int, code: int) -> None:
    acme = begin()
    assert acme("list", "acme/contacts").code == 0
    said = b"<response><errors><somekey>Its own words</somekey></errors><status>failed</status></response>"
    with Canned(answer(status, said)) as canned:
        configure(canned.url)
        for command in (("show", "acme/contacts/1"), ("hooks", "delete", "acme", "1", "--yes")):
            ran = acme(*command)
            assert (ran.code, "Its own words" in ran.err) == (code, True), ran
