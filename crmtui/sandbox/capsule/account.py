"""What the account has set up: users, teams, milestones, stages and other choices, as v2 tells them."""

from collections.abc import Iterable
from typing import Any

from crmtui.sandbox.world import JOBS

Json = dict[str, Any]
FOUNDED = "2019-03-04T09:30:00Z"
_STAMPS = {"createdAt": FOUNDED, "updatedAt": FOUNDED}
CURRENCY = "GBP"
"""The account's own currency, of values that name none."""
SITE: Json = {"name": "Fictional Ltd", "subdomain": "fictional", "url": "https://fictional.capsulecrm.com"}


def _user(number: int, username: str, name: str, status: str = "ACTIVE") -> Json:
    return {
        "id": number,
        "username": username,
        "name": name,
        "email": f"{username}@example.com",
        "status": status,
        "locale": "en_GB",
        "currency": CURRENCY,
        "timezone": "Europe/London",
        "taskReminder": True,
        **_STAMPS,
    }


USERS = (
    _user(61, "ted", "Ted Danson"),
    _user(62, "jane.smith", "Jane Smith"),
    _user(63, "markus.weiss", "Markus Weiß"),
    _user(64, "helene.fournier", "Hélène Fournier"),
    _user(65, "ken.yamamoto", "山本 健"),
    _user(66, "ann.okafor", "Ann Okafor"),
    _user(67, "omar.alsaid", "Omar السعيد"),
    _user(68, "bob.former", "Bob Former", "INACTIVE"),
    _user(69, "max", "Max [/] \x1b[31m \x9b31m Mustermann\u202e", "INACTIVE"),
)
TOKEN_USER: int = USERS[0]["id"]
"""Ted of the document's examples: the token is his."""
ASSIGNABLE: tuple[int, ...] = tuple(user["id"] for user in USERS if user["status"] == "ACTIVE")
TEAMS: tuple[Json, ...] = (
    {"id": 71, "name": "Sales", "members": [61, 62, 63, 64]},
    {"id": 72, "name": "Delivery & Support", "members": [61, 65, 66]},
)
PIPELINES: tuple[Json, ...] = (
    {"id": 11588, "name": "Sales Pipeline", "description": None, **_STAMPS},
    {"id": 11589, "name": "Renewals", "description": "What comes back every year", **_STAMPS},
)


def _milestone(number: int, pipeline: int, name: str, probability: int, stale: int | None) -> Json:
    return {
        "id": number,
        "name": name,
        "description": "You have put forward a bid for your offering" if name == "Bid" else None,
        "complete": probability in (0, 100),
        "probability": probability,
        "daysUntilStale": stale,
        "pipeline": {"id": PIPELINES[pipeline]["id"], "name": PIPELINES[pipeline]["name"]},
        **_STAMPS,
    }


MILESTONES = (
    _milestone(81, 0, "New", 10, 12),
    _milestone(82, 0, "Qualified", 25, 21),
    _milestone(83, 0, "Bid", 50, 30),
    _milestone(84, 0, "Negotiation", 75, 30),
    _milestone(85, 0, "Won", 100, None),
    _milestone(86, 0, "Lost", 0, None),
    _milestone(91, 1, "Due", 60, 40),
    _milestone(92, 1, "Asked", 80, 20),
    # The names of the other pipeline come again.
    _milestone(93, 1, "Won", 100, None),
    _milestone(94, 1, "Lost", 0, None),
)
BOARDS: tuple[Json, ...] = (
    {
        "id": 34,
        "name": "Projects",
        "description": "From the first outline to completion",
        "team": {"id": 72, "name": "Delivery & Support"},
        **_STAMPS,
    },
    {"id": 35, "name": "Design", "description": None, "team": None, **_STAMPS},
)


def _stage(number: int, board: int, name: str, order: int) -> Json:
    within = {"id": BOARDS[board]["id"], "name": BOARDS[board]["name"]}
    return {
        "id": number, "name": name, "description": None, "board": within, "displayOrder": order, **_STAMPS,
    }  # fmt: skip


STAGES = (
    _stage(101, 0, "Planning", 1),
    _stage(102, 0, "Working", 2),
    _stage(103, 0, "Checking", 3),
    _stage(111, 1, "Concept", 1),
    _stage(112, 1, "Draft", 2),
)
CATEGORIES: tuple[Json, ...] = (
    {"id": 121, "name": "Call", "colour": "#1d86d6"},
    {"id": 122, "name": "Email", "colour": "#3aa63a"},
    {"id": 123, "name": "Follow-up", "colour": "#8a5cc2"},
    {"id": 124, "name": "Meeting", "colour": "#d36c00"},
    {"id": 125, "name": "Billing [/] & co", "colour": "#c23b3b"},
)
TITLES: tuple[Json, ...] = tuple(
    {"id": 130 + place, "title": title}
    for place, title in enumerate(("Mr", "Master", "Mrs", "Miss", "Ms", "Dr", "Prof", "Sir"))
)
LOST_REASONS: tuple[Json, ...] = tuple(
    {"id": 140 + place, "name": name, "includedForConversion": place != 2}
    for place, name in enumerate(("Price", "Competitor", "No budget this year", "No answer"))
)
ACTIVITY_TYPES: tuple[Json, ...] = (
    {"id": -1, "name": "Note", "icon": {"name": "note"}, "updateLastContacted": False},
    {"id": -2, "name": "Email", "icon": {"name": "email"}, "updateLastContacted": True},
    {"id": -4, "name": "Task completed", "icon": {"name": "task"}, "updateLastContacted": False},
    {"id": 151, "name": "Call", "icon": {"name": "phone"}, "updateLastContacted": True},
    {"id": 152, "name": "Meeting", "icon": {"name": "people"}, "updateLastContacted": True},
)
NOTE, EMAIL, TASK_DONE = -1, -2, -4


def _track(number: int, name: str, rule: str, direction: str, tasks: Iterable[tuple[int, str, int]]) -> Json:
    return {
        "id": number,
        "description": name,
        "tag": name.lower(),
        "captureRule": rule,
        "direction": direction,
        "taskDefinitions": [
            {
                "id": task,
                "description": text,
                "daysAfterRule": "TRACK_START",
                "daysAfter": days,
                "displayOrder": order,
                "trackTaskAssignee": {"assigneeType": "ENTITY_OWNER"},
                "dayDelayRule": "TRACK_DAYS",
            }
            for order, (task, text, days) in enumerate(tasks, 1)
        ],
        **_STAMPS,
    }


TRACKS = (
    _track(
        161,
        "Complaint process",
        "CASEFILE",
        "START_DATE",
        ((162, "First review", 5), (163, "Escalate to management", 10)),
    ),
    _track(165, "New business", "OPPORTUNITY", "START_DATE", ((166, "Send the offer", 1), (167, "Ring", 7))),
    _track(168, "Delivery", "OPPORTUNITY", "END_DATE", ((169, "Book the van", -3),)),
)
SOURCES = ("Web enquiry", "Referral", "Trade show", "R&D", "Partner; other")
JOB_TITLES = JOBS


def by_id(rows: Iterable[Json]) -> dict[int, Json]:
    """The rows of a table by their id."""
    return {row["id"]: row for row in rows}


USER_BY_ID = by_id(USERS)
TEAM_BY_ID = by_id(TEAMS)
MILESTONE_BY_ID = by_id(MILESTONES)
STAGE_BY_ID = by_id(STAGES)
BOARD_BY_ID = by_id(BOARDS)
CATEGORY_BY_ID = by_id(CATEGORIES)
LOST_BY_ID = by_id(LOST_REASONS)
ACTIVITY_BY_ID = by_id(ACTIVITY_TYPES)
