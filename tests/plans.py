"""Plans something in a running Solve360, as a colleague would: follow-ups, tasks, events, opportunities."""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import httpx

from crmtui.config import Connection

ME, OTHER = "299430", "299431"
"""Users of the sandbox: John Smith, whose the token is, and Jane Smith."""
ANN = "479038"
"""A contact of the sandbox, Ann Lee."""


def day(distance: int) -> str:
    """The day so many days from today."""
    return (datetime.now(UTC).date() + timedelta(days=distance)).isoformat()


def plan(connection: Connection, token: str, segment: str, parent: str = ANN, **data: str) -> None:
    """Makes an activity of a contact."""
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in data.items())
    answered = httpx.post(
        f"{connection.url}/contacts/{segment}/",
        content=f"<request><parent>{parent}</parent><data>{fields}</data></request>",
        headers={"Content-Type": "application/xml"},
        auth=(connection.user or "", token),
        trust_env=False,
    )
    answered.raise_for_status()
