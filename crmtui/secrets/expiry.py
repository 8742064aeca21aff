"""When a token ends."""

from crmtui.secrets.claims import claims

_LAST = 253_402_300_799
"""The end of the year 9999: what is said to end later, or in another unit, has no end that can be named."""


def expires_at(token: str) -> float | None:
    """The UTC second at which a token ends; None for one that does not say, or not sensibly."""
    end = claims(token).get("exp")
    if isinstance(end, bool) or not isinstance(end, int | float):
        return None
    return float(end) if 0 < end <= _LAST else None
