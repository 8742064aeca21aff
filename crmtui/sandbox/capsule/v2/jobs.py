"""Long deletes: each asking moves a job on, and what it deletes is there until it has ended."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crmtui.sandbox.capsule.refusal import Missing

from .dialect import Dialect
from .message import BASE, Answered, Problem

Json = dict[str, Any]


@dataclass(slots=True)
class _Job:
    action: str
    run: Callable[[], None]
    polls: int = 0


class Jobs:
    """The jobs of a running service."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._jobs: dict[str, _Job] = {}

    def start(self, action: str, run: Callable[[], None]) -> Answered:
        """Begin a job; the answer says where it tells of itself."""
        number = str(uuid.uuid4())
        self._jobs[number] = _Job(action, run)
        return Answered(None, 202, (("Location", f"{BASE}/jobs/{number}"),))

    def told(self, number: str) -> Answered:
        """How far a job is."""
        job = self._jobs.get(number)
        if job is None:
            raise Problem(404, "job not found")
        needed = max(1, self._dialect.job_polls)
        if job.polls < needed:
            job.polls += 1
            if job.polls == needed and self._dialect.job_outcome == "completed":
                _finish(job)
        ended = job.polls == needed
        status = self._dialect.job_outcome if ended else "in_progress"
        progress = 100 * job.polls // needed if status != "failed" else 50
        return Answered({"job": {"status": status, "progress": progress, "action": job.action, "id": number}})


def _finish(job: _Job) -> None:
    try:
        job.run()
    except Missing:
        return  # another call deleted it meanwhile
