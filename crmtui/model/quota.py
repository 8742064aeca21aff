"""How many calls a service still allows."""

import msgspec


class Quota(msgspec.Struct, frozen=True):
    """Calls used of a limit; None is not known. `resets_at` and `read_at` are UTC seconds.

    `source` is `reported` (the service said so) or `counted` (by us, since 00:00 UTC).
    """

    used: int | None
    limit: int | None
    resets_at: float | None = None
    source: str = "counted"
    read_at: float = 0.0

    def at(self, now: float) -> "Quota":
        """What is known now: after the reset the used calls are not."""
        if self.resets_at is not None and now >= self.resets_at:
            return msgspec.structs.replace(self, used=None)
        return self

    @property
    def share(self) -> float | None:
        """The part that is used, 0 to 1 and beyond; None where the limit is not known."""
        if self.used is None or not self.limit:
            return None
        return self.used / self.limit

    @property
    def is_spent_for_a_day(self) -> bool:
        """Whether nothing is left and nobody says when the calls start anew: within 24 hours."""
        return self.resets_at is None and self.share is not None and self.share >= 1
