"""What the account has set up, for forms: users, milestones, stages and other choices."""

from collections.abc import Iterable
from typing import Any

from crmtui.sandbox.capsule import account, places

from .dialect import Dialect
from .embeds import embeds
from .message import Answered, Asked, Problem, invalid, nowhere
from .paging import paged, rows_of

Json = dict[str, Any]
_LISTS = {
    "users": ("users", account.USERS),
    "teams": ("teams", tuple({"id": team["id"], "name": team["name"]} for team in account.TEAMS)),
    "pipelines": ("pipelines", account.PIPELINES),
    "boards": ("boards", account.BOARDS),
    "stages": ("stages", account.STAGES),
    "categories": ("categories", account.CATEGORIES),
    "activitytypes": ("activityTypes", account.ACTIVITY_TYPES),
    "lostreasons": ("lostReasons", account.LOST_REASONS),
    "trackdefinitions": ("trackDefinitions", account.TRACKS),
    "titles": ("personTitles", account.TITLES),
}
_WHOLE = {"countries": places.COUNTRIES, "currencies": places.CURRENCIES}
_SINGULAR = {
    "users": "user",
    "teams": "team",
    "pipelines": "pipeline",
    "boards": "board",
    "stages": "stage",
    "categories": "category",
    "milestones": "milestone",
    "lostreasons": "lostReason",
}
NAMES = frozenset((*_LISTS, *_WHOLE, "milestones", "site"))


def lookup(asked: Asked, dialect: Dialect) -> Answered:
    """The answer to a call below one of `NAMES`."""
    name, *rest = asked.steps
    match name, rest:
        case "site", []:
            return Answered({"site": account.SITE})
        case "milestones", []:
            # Without a pipeline they are those of the oldest one.
            return _page(asked, dialect, "milestones", _within("pipeline", account.PIPELINES[0]["id"]))
        case "pipelines", [number, "milestones"]:
            _row(account.PIPELINES, number, "pipeline")
            return _page(asked, dialect, "milestones", _within("pipeline", int(number)))
        case "boards", [number, "stages"]:
            _row(account.BOARDS, number, "board")
            return _page(asked, dialect, "stages", _within("board", int(number)))
        case "users", ["current"]:
            embeds(asked, name)
            return Answered({"user": account.USERS[0]})
        case _, [] if name in _WHOLE:
            return Answered({name: _WHOLE[name]})
        case _, [] if name in _LISTS:
            embeds(asked, name)
            key, rows = _LISTS[name]
            return _page(asked, dialect, key, rows)
        case _, [number] if name in _SINGULAR:
            rows = account.MILESTONES if name == "milestones" else _LISTS[name][1]
            return _one(rows, name, number)
    raise nowhere()


def _page(asked: Asked, dialect: Dialect, key: str, rows: Iterable[Json]) -> Answered:
    words = asked.parameters.get("q", "").casefold() if key == "boards" else ""
    found = [row for row in rows if not words or words in row["name"].casefold()]
    return paged(asked, dialect, key, rows_of(found))


def _one(rows: Iterable[Json], name: str, word: str) -> Answered:
    singular = _SINGULAR[name]
    numbers = word.split(",")
    if len(numbers) == 1:
        return Answered({singular: _row(rows, word, singular)})
    if len(numbers) > 10:
        raise invalid("too many ids", "query", "id")
    return Answered({_LISTS[name][0]: [_row(rows, number, singular) for number in numbers]})


def _row(rows: Iterable[Json], number: str, what: str) -> Json:
    for row in rows:
        if str(row["id"]) == number:
            return row
    raise Problem(404, f"{what} not found")


def _within(member: str, number: int) -> list[Json]:
    rows = account.MILESTONES if member == "pipeline" else account.STAGES
    return [row for row in rows if row[member]["id"] == number]
