"""A mirror and a journal in files of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmtui.store.database import Database, open_journal, open_mirror
from crmtui.store.mirror import Mirror


@pytest.fixture
def mirror_file(tmp_path: Path) -> Iterator[Database]:
    database = open_mirror(tmp_path / "acme" / "mirror.db")
    yield database
    database.close()


@pytest.fixture
def journal_file(tmp_path: Path) -> Iterator[Database]:
    database = open_journal(tmp_path / "acme" / "journal.db")
    yield database
    database.close()


@pytest.fixture
def mirror(mirror_file: Database) -> Mirror:
    return Mirror(mirror_file, "acme")
