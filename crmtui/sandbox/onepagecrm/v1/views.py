"""Which contacts were looked at since the service started: the system tag `recently_viewed`."""

from collections.abc import Iterator


class Views:
    """The contacts last shown, the newest at the end."""

    def __init__(self, most: int = 20) -> None:
        self._most = most
        self._seen: dict[str, None] = {}

    def note(self, ident: str) -> None:
        """Count a contact as viewed now."""
        self._seen.pop(ident, None)
        self._seen[ident] = None
        while len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen)
