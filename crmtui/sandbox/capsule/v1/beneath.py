"""Paths beneath a party, an opportunity or a case: tags, custom fields and history."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from crmtui.sandbox.capsule.office import Office

from .custom import changes, definitions_element, field_value, fields_element
from .dialect import Dialect
from .documents import expect
from .element import Element, listed
from .history import history_body, history_element
from .message import Answered, Asked, Problem, not_found
from .party import tags_element
from .reading import document
from .shelf import SEGMENTS, Shelf, gone

Json = dict[str, Any]


class Beneath:
    """Answers what is asked beneath a record; `segment` is party, opportunity or kase."""

    def __init__(self, office: Office, shelf: Shelf, dialect: Dialect) -> None:
        self._office = office
        self._shelf = shelf
        self._dialect = dialect

    def tags(self, record: Json) -> Answered:
        """The tags of a record."""
        return Answered(tags_element(record["tags"], with_ids=self._dialect.tag_ids == "told"))

    def tag(self, segment: str, record: Json, name: str) -> Answered:
        """Put a tag on: 201 and its place, or 200 and all tags where it was there already (recorded)."""
        if _tag_named(record, name):
            return self.tags(record)
        self._office.update(SEGMENTS[segment], record["id"], {"tags": [{"name": name}]})
        return Answered(status=201, location=f"/{segment}/{record['id']}/tag/{quote(name, safe='')}")

    def untag(self, segment: str, record: Json, name: str) -> Answered:
        """Take a tag away."""
        tag = _tag_named(record, name)
        if tag is None:
            raise not_found("tag")
        self._office.update(SEGMENTS[segment], record["id"], {"tags": [gone(tag)]})
        return Answered()

    def definitions(self, segment: str) -> Answered:
        """The custom fields that records of this sort can have."""
        found = self._office.definitions(SEGMENTS[segment])
        return Answered(definitions_element(found, self._dialect.definitions))

    def fields(self, segment: str, record: Json) -> Answered:
        """The values of a record's custom fields."""
        known = self._office.definitions(SEGMENTS[segment])
        return Answered(fields_element(record["fields"], known, self._dialect.number_field))

    def put_fields(self, segment: str, record: Json, asked: Asked) -> Answered:
        """Merge values in by tag and label; the answer is the whole list that results (recorded)."""
        root = expect(document(asked), "customFields")
        return self.fields(segment, self._merged(segment, record, root.children))

    def add_field(self, segment: str, record: Json, asked: Asked) -> Answered:
        """Set one value, as the first versions did."""
        root = expect(document(asked), "customField")
        before = {row["id"] for row in record["fields"]}
        after = self._merged(segment, record, [root])["fields"]
        made = next((row["id"] for row in after if row["id"] not in before), None)
        return Answered(
            status=201 if made else 200,
            location=f"/{segment}/{record['id']}/customfield/{made}" if made else "",
        )

    def put_field(self, segment: str, record: Json, number: str, asked: Asked) -> Answered:
        """Change the value of one row."""
        row, definition = self._row(segment, record, number)
        value = field_value(expect(document(asked), "customField"), definition)
        change = gone(row) if value is None else {"definition": {"id": definition["id"]}, "value": value}
        return self.fields(
            segment, self._office.update(SEGMENTS[segment], record["id"], {"fields": [change]})
        )

    def delete_field(self, segment: str, record: Json, number: str) -> Answered:
        """Take one row away."""
        row, _ = self._row(segment, record, number)
        self._office.update(SEGMENTS[segment], record["id"], {"fields": [gone(row)]})
        return Answered()

    def history(self, segment: str, record: Json, asked: Asked) -> Answered:
        """What happened, the newest first."""
        within = (segment, record["id"])
        rows, size = self._shelf.page("entries", asked.arguments, within=within, order="newest")
        return Answered(listed("history", map(history_element, rows), size))

    def add_note(self, segment: str, record: Json, asked: Asked) -> Answered:
        """Add a note; only its text is needed."""
        body = history_body(expect(document(asked), "historyItem"))
        made = self._office.create("entries", {"type": "note", segment: {"id": record["id"]}, **body})
        return Answered(status=201, location=f"/{segment}/{record['id']}/history/{made['id']}")

    def item(self, number: str, segment: str = "", record: Json | None = None) -> Json:
        """One item of the history, of one record where a path names it."""
        entry = self._shelf.found("entries", number)
        if record is not None and (entry[segment] or {}).get("id") != record["id"]:
            raise not_found("entry")
        return entry

    def shown_item(self, entry: Json) -> Answered:
        """One item."""
        return Answered(history_element(entry))

    def put_item(self, entry: Json, asked: Asked) -> Answered:
        """Change a note; e-mails and completed tasks stay as they were."""
        if entry["type"] != "note":
            raise Problem(self._dialect.invalid, f"{entry['type']} cannot be changed")
        body = history_body(expect(document(asked), "historyItem"))
        changed = self._office.update("entries", entry["id"], body)
        return Answered(None if self._dialect.put == "empty" else history_element(changed))

    def delete_item(self, entry: Json) -> Answered:
        """Delete an item."""
        self._office.delete("entries", entry["id"])
        return Answered()

    def _merged(self, segment: str, record: Json, asked: Iterable[Element]) -> Json:
        """The record after a merge of custom fields; untouched where the merge says nothing."""
        entity = SEGMENTS[segment]
        known = [each for each in self._office.definitions(entity) if _is_for(each, record)]
        rows = changes(asked, record["fields"], known)
        if not rows:
            return record
        body: Json = {"fields": rows}
        if self._dialect.data_tag == "attached":
            body["tags"] = _data_tags(rows, known)
        return self._office.update(entity, record["id"], body)

    def _row(self, segment: str, record: Json, number: str) -> tuple[Json, Json]:
        known = {each["id"]: each for each in self._office.definitions(SEGMENTS[segment])}
        for row in record["fields"]:
            if str(row["id"]) == number:
                return row, known[row["definition"]["id"]]
        raise not_found("custom field")


def _tag_named(record: Json, name: str) -> Json | None:
    return next((tag for tag in record["tags"] if tag["name"].casefold() == name.casefold()), None)


def _is_for(definition: Json, record: Json) -> bool:
    return definition.get("captureRule") in (None, record.get("type"))


def _data_tags(rows: Iterable[Json], known: Iterable[Json]) -> list[Json]:
    """The data tags of the fields that are set."""
    tags = {each["id"]: each.get("tag") for each in known}
    set_tags = [tags[row["definition"]["id"]] for row in rows if "definition" in row]
    return [{"id": tag["id"]} for tag in set_tags if tag]
