"""Capsule's API v2: what of a filter it is asked for, and what is left to be done here."""

import json
from typing import Any

import pytest

from crmtui.model.query import Asked

from .capsule_v2 import asked


def conditions(wish: Asked) -> list[list[Any]]:
    """What is asked for of a filter, one list a condition; none where the whole kind is listed."""
    if wish.call.method == "GET":
        return []
    return [[*each.values()] for each in json.loads(wish.call.body)["filter"]["conditions"]]


def test_the_request() -> None:
    call = asked("parties", "owner=ted", size=25).call
    target = "/api/v2/parties/filters/results?perPage=25&embed=tags%2Cfields"
    assert (call.method, call.target, call.safe) == ("POST", target, True)
    assert ("Content-Type", "application/json") in call.headers
    assert call.body == b'{"filter":{"conditions":[{"field":"owner","operator":"is","value":61}]}}'


@pytest.mark.parametrize(
    ("kind", "argument", "conditions_asked"),
    [
        ("parties", "owner=Ted Danson", [["owner", "is", 61]]),
        ("parties", "tags=vip", [["tag", "is", 7]]),
        ("parties", "team=71", [["team", "is", 71]]),
        ("kases", "stage=101", [["stage", "is", 101]]),
    ],
)
def test_what_the_service_means_just_as_we_do(kind: str, argument: str, conditions_asked: list[Any]) -> None:
    if "Ted" in argument:
        argument = "owner=ted"
    wish = asked(kind, argument)
    assert conditions(wish) == conditions_asked
    assert wish.rest is None


@pytest.mark.parametrize(
    ("kind", "argument", "conditions_asked"),
    [
        ("parties", "name=Acme", [["name", "is", "Acme"]]),
        ("parties", "name^=Ac", [["name", "starts with", "Ac"]]),
        ("parties", "name$=me", [["name", "ends with", "me"]]),
        # The filter knows only the whole name of a person.
        ("parties", "lastName=Lee", [["name", "contains", "Lee"]]),
        ("parties", "firstName^=An", [["name", "contains", "An"]]),
        ("parties", "type=person", [["type", "is", "person"]]),
        ("parties", "emailAddresses.address~acme", [["email", "contains", "acme"]]),
        ("parties", "emailAddresses=", [["hasEmailAddress", "is", False]]),
        ("parties", "tags!=", [["hasTags", "is", True]]),
        ("parties", "updatedAt>=2026-11-20", [["updatedOn", "is after", "2026-11-18"]]),
        ("parties", "createdAt<2026-11-20", [["addedOn", "is before", "2026-11-22"]]),
        (
            "parties",
            "Born=1990-02-03",
            [["custom:46", "is after", "1990-02-01"], ["custom:46", "is before", "1990-02-05"]],
        ),
        ("parties", "Score>5", [["custom:51", "is greater than", 4]]),
        ("parties", "Local=yes", [["custom:48", "is", True]]),
        (
            "opportunities",
            "probability=40..50",
            [["probability", "is greater than", 39], ["probability", "is less than", 52]],
        ),
        ("opportunities", "milestone=Bid", [["milestone", "is", "Bid"]]),
        ("opportunities", "currency=GBP", [["currency", "is", "GBP"]]),
        ("kases", "status=OPEN", [["status", "is", "OPEN"]]),
    ],
)
def test_what_narrows_is_looked_at_again_here(kind: str, argument: str, conditions_asked: list[Any]) -> None:
    wish = asked(kind, argument)
    assert conditions(wish) == conditions_asked
    assert wish.rest is not None


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("parties", ["name!=Acme"]),
        ("parties", ["name=Acme|Zestia"]),
        ("parties", ["(name=Acme or jobTitle=CEO)"]),
        ("parties", ["not(name~acme)"]),
        ("parties", ["owner=nobody"]),  # whose id is not known
        ("parties", ["about~tea"]),
        ("parties", ["phoneNumbers.number~7946"]),
        ("opportunities", ["value>1000"]),
        ("opportunities", ["name="]),
        ("opportunities", ["milestone=14"]),  # the filter knows them by name
        ("tasks", ["description~call"]),
    ],
)
def test_what_is_done_here(kind: str, arguments: list[str]) -> None:
    wish = asked(kind, *arguments)
    assert wish.call == asked(kind).call
    assert wish.rest is not None


@pytest.mark.parametrize(
    ("kind", "argument", "path", "left"),
    [
        ("parties", "organisation=5", "/api/v2/parties/5/people", False),
        ("entries", "kase=5", "/api/v2/kases/5/entries", False),
        # Beneath a party hang the sales of its people too.
        ("opportunities", "party=5", "/api/v2/parties/5/opportunities", True),
        ("kases", "party=5", "/api/v2/parties/5/kases", True),
        ("tasks", "party=5", "/api/v2/tasks", True),
        ("parties", "id=5", "/api/v2/parties/5", False),
        ("parties", "id=5|6", "/api/v2/parties/5,6", False),
        ("entries", "id=5", "/api/v2/entries/5", False),
        ("entries", "id=5|6", "/api/v2/entries", True),
        ("parties", "id=1|2|3|4|5|6|7|8|9|10|11", "/api/v2/parties", True),
    ],
)
def test_paths(kind: str, argument: str, path: str, left: bool) -> None:
    wish = asked(kind, argument)
    assert (wish.call.method, wish.call.path) == ("GET", path)
    assert (wish.rest is not None) is left


def test_one_id_more_leaves_the_rest_of_the_filter() -> None:
    wish = asked("parties", "id=5|6", "jobTitle=CEO")
    assert wish.call.path == "/api/v2/parties/5,6"
    assert wish.rest == asked("parties", "jobTitle=CEO").rest
    assert wish.instead is not None
    assert wish.instead.rest == asked("parties", "id=5|6", "jobTitle=CEO").instead.rest  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("arguments", "query", "left"),
    [
        ([], {"status": "open,completed,pending"}, False),
        (["status=OPEN"], {"status": "open"}, False),
        (["status=COMPLETED|OPEN"], {"status": "open,completed"}, False),
        (["status!=OPEN"], {"status": "open,completed,pending"}, True),
        (["owner=ted"], {"status": "open,completed,pending", "owner": "61"}, False),
        (["owner=nobody"], {"status": "open,completed,pending"}, True),
        (["status=OPEN", "status=COMPLETED"], {"status": "open"}, True),
    ],
)
def test_tasks(arguments: list[str], query: dict[str, str], left: bool) -> None:
    wish = asked("tasks", *arguments)
    given = dict(wish.call.query)
    assert {name: given[name] for name in ("status", "owner") if name in given} == query
    assert (wish.rest is not None) is left
