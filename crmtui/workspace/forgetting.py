"""What is kept of a connection on this machine, wiped."""

from contextlib import closing
from pathlib import Path

from crmtui.model.errors import ConfigError
from crmtui.paths import connection_dir, reason
from crmtui.store.database import open_journal
from crmtui.store.drafts import Drafts
from crmtui.store.writes import Writes

_PARTS = ("mirror.db*", "journal.db*", "sync.lock", "open.lock", "instances/*", "instances/.*")


def would_be_lost(name: str, base: Path | None = None) -> str:
    """What a person typed and the service has not, in words; empty where there is nothing."""
    path = connection_dir(name, base) / "journal.db"
    if not path.exists():
        return ""
    with closing(open_journal(path)) as journal:
        drafts, waiting = len(Drafts(journal, name).all()), len(Writes(journal, name).waiting())
    parts = [_counted(drafts, "draft"), _counted(waiting, "write") + " in the outbox" if waiting else ""]
    return " and ".join(part for part in parts if part)


def forget(name: str, base: Path | None = None) -> None:
    """Wipes mirror and journal, damaged ones that were set aside too."""
    folder = connection_dir(name, base)
    try:
        for pattern in _PARTS:
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)
        if (folder / "instances").exists():
            (folder / "instances").rmdir()
    except OSError as error:
        raise ConfigError(f"{folder} cannot be wiped: {reason(error)}.") from error


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count != 1 else ''}" if count else ""
