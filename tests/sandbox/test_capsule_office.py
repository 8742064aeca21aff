"""The account that both dialects of the emulated Capsule serve: its ids, its file, changes as a whole."""

from pathlib import Path

import pytest

from crmtui.sandbox.capsule import Office, Refused, open_office
from crmtui.sandbox.service import Setting
from crmtui.sandbox.switches import Switches

ENTITIES = ("parties", "opportunities", "kases", "tasks", "entries")
ROWS = ("addresses", "phoneNumbers", "emailAddresses", "websites", "fields", "attachments", "participants")


def setting(home: Path, *, fresh: bool = False) -> Setting:
    return Setting(home, 40, fresh, Switches({}))


def ids(office: Office) -> list[int]:
    found = []
    for entity in ENTITIES:
        for record in office.all(entity):
            found.append(record["id"])
            found += [row["id"] for name in ROWS for row in record.get(name, ())]
    return found


def test_ids_are_never_given_twice(tmp_path: Path) -> None:
    office, close = open_office(setting(tmp_path))
    before = ids(office)
    assert len(before) == len(set(before)) > 300
    made = office.create(
        "parties", {"type": "person", "lastName": "New", "phoneNumbers": [{"number": "1"}, {"number": "2"}]}
    )
    assert min(made["id"], *(row["id"] for row in made["phoneNumbers"])) > max(before)
    close()


def test_a_refused_change_leaves_nothing_behind(tmp_path: Path) -> None:
    office, close = open_office(setting(tmp_path))
    before, tags = office.get("parties", 1002), office.tags("parties")
    body = {
        "jobTitle": "x",
        "tags": [{"name": "Never"}],
        "fields": [{"definition": {"id": 305}, "value": "?"}],
    }
    with pytest.raises(Refused):
        office.update("parties", 1002, body)
    with pytest.raises(Refused):
        office.create("parties", {"type": "person", "organisation": {"name": "Never"}, "fields": [{}]})
    assert (office.get("parties", 1002), office.tags("parties")) == (before, tags)
    assert office.select("parties", words="never") == []
    close()


def test_what_is_told_can_be_changed_by_who_asked(tmp_path: Path) -> None:
    office, close = open_office(setting(tmp_path))
    for entity in ENTITIES:
        record = next(office.all(entity))
        number, before = record["id"], repr(record)
        for value in record.values():
            if isinstance(value, list):
                value.append("spoilt")
        assert repr(office.get(entity, number)) == before
    close()


def test_two_dialects_serve_one_file_even_made_anew(tmp_path: Path) -> None:
    first, close_first = open_office(setting(tmp_path, fresh=True))
    first.update("parties", 1001, {"about": "seen by both"})
    second, close_second = open_office(setting(tmp_path, fresh=True))
    assert second.found("parties", 1001)["about"] == "seen by both"
    second.delete("parties", 1002)
    assert first.get("parties", 1002) is None
    close_first()
    close_second()
    anew, close = open_office(setting(tmp_path, fresh=True))
    assert anew.found("parties", 1001)["about"] != "seen by both"
    close()
