"""What the account has set up, as v1 tells it: users, milestones, tracks and lists of plain words."""

from collections.abc import Iterable
from typing import Any

from .element import Element, holding, listed

Json = dict[str, Any]


def users_element(users: Iterable[Json], caller: int) -> Element:
    """The users; only the caller is `loggedIn`."""
    return listed(
        "users",
        (
            holding(
                "user",
                ("id", user["id"]),
                ("username", user["username"]),
                ("name", user["name"]),
                ("currency", user["currency"]),
                ("timezone", user["timezone"]),
                ("loggedIn", True if user["id"] == caller else None),
                ("partyId", (user.get("party") or {}).get("id")),
            )
            for user in users
        ),
    )


def milestones_element(milestones: Iterable[Json]) -> Element:
    """The milestones of the pipeline that v1 knows."""
    names = ("id", "name", "description", "probability", "complete")
    return listed(
        "milestones",
        (holding("milestone", *((name, milestone.get(name)) for name in names)) for milestone in milestones),
    )


def tracks_element(tracks: Iterable[Json], direction: str | None) -> Element:
    """The tracks, those of one direction where one is asked for."""
    names = ("id", "description", "captureRule", "direction")
    return listed(
        "tracks",
        (
            holding("track", *((name, track.get(name)) for name in names))
            for track in tracks
            if direction in (None, track.get("direction"))
        ),
    )


def words_element(name: str, each: str, words: Iterable[str]) -> Element:
    """A list of plain words: categories, countries, currencies."""
    return listed(name, (Element(each, word) for word in words))
