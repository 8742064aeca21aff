"""The sales of the caller: what they are to sell this month, have sold, and may sell."""

from datetime import UTC, date, datetime
from typing import Any

from .account import TARGET, TOKEN_USER
from .office import Office
from .shape import money

Json = dict[str, Any]


def summary(office: Office) -> Json:
    """`{target, won, pending, period, expires}`; it holds until the month ends, in seconds of the epoch."""
    today = datetime.now(UTC).date()
    first = today.replace(day=1)
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return {
        "target": TARGET,
        "won": worth(office, "won", first.isoformat()),
        "pending": worth(office, "pending"),
        "period": "month",
        "expires": int(datetime(following.year, following.month, 1, tzinfo=UTC).timestamp()),
    }


def worth(office: Office, status: str, since: str = "") -> float:
    """What the caller's deals of a status are worth, those closed on a day or later."""
    sql = "SELECT total(total) FROM deals WHERE status = ? AND owner = ? AND coalesce(closed, '9') >= ?"
    key = ("worth", status, since)
    found = office.remembered(key, lambda: office.store.rows(sql, status, TOKEN_USER, since)[0][0])
    return float(money(found))
