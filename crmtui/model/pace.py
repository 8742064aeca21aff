"""How fast a service lets itself be asked."""

import msgspec


class Pace(msgspec.Struct, frozen=True):
    """Calls a second in the long run, and how many may leave at once."""

    per_second: float
    burst: int
