"""Answers of Solve360, read to records, schemas and lists of values.

Source: the vendor's pages "API Reference" and "Batching Requests" (examples).
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from crmtui.crm.solve360 import activities, hooks
from crmtui.crm.solve360.dictionary import categories_of, fields_of, people_of, words_of
from crmtui.crm.solve360.errors import error_of, refusal
from crmtui.crm.solve360.kinds import CATEGORIES, COMPANY, RELATED
from crmtui.crm.solve360.report_rows import page_of
from crmtui.crm.solve360.said import (
    id_located,
    members_of,
    parts_of,
    response_of,
    rows_of,
    text_in,
    value_of,
    whole,
)
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer, NoRoute
from crmtui.model.query import Page
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Kind, Schema

_UNLISTED = frozenset(
    {
        CATEGORIES,
        RELATED,
        "ownership",
        "parentid",
        "typeid",
        *(f"{who}{what}" for who in ("creator", "modificator") for what in ("id", "name", "date")),
    }
)
"""What a list leaves out of its rows; other members that are not there are empty."""
_UNSHOWN = frozenset({COMPANY, "parentid"})
"""What a single record leaves out, and a list has."""
_NO_ROUTE = (404, 405, 406, 501)
"""What a service answers to a path that it does not know."""


class Answers:
    """Reads what one connection is answered; a Call names its reader."""

    def __init__(self, connection: str, known: Mapping[str, Kind]) -> None:
        self._connection = connection
        self._kinds = known
        self._readers: Mapping[str, Callable[[Call, Answer, Mapping[str, Any]], Any]] = {
            "page": self._page,
            "record": self._single,
            "made": self._made,
            "edited": self._edited,
            "gone": self._gone,
            "activities": self._activities,
            "activity made": self._activity_made,
            "activity edited": self._activity_edited,
            "schema": self._schema,
            "categories": self._categories,
            "people": self._people,
            "report": self._report,
            "hooks": hooks.listed,
            "hook": hooks.made,
        }

    def read(self, call: Call, answer: Answer) -> Any:
        """Sections "Reading data", "Writing data", "Dealing with errors"."""
        if not answer.ok:
            guessed = call.args.get("guessed") and answer.status in _NO_ROUTE
            raise NoRoute(error_of(call, answer)) if guessed else error_of(call, answer)
        said = response_of(answer.body) if answer.body.strip() or call.safe else {}
        if (error := refusal(call, said)) is not None:
            raise error
        return self._readers[call.reader](call, answer, said)

    def _page(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Page:
        at = time.time()
        rows = [self._row(call.args["kind"], id_, row, at) for id_, row in rows_of(said)]
        total = whole(said.get("count"))
        if total is None and not rows and "status" not in said:
            raise BadAnswer("The service answered without a list.")
        start, size = call.args.get("start", 0), call.args.get("size")
        more = bool(rows) and (len(rows) == size if total is None else start + len(rows) < total)
        return Page(tuple(rows), total, more, start)

    def _row(self, kind: str, id_: str, row: Mapping[str, Any], at: float) -> Record:
        values, labels = members_of(row)
        values.pop("id", None)
        return self._record(kind, text_in(row.get("id")) or id_, values, labels, _UNLISTED, at)

    def _single(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Record:
        item = said.get("item")
        if not isinstance(item, dict) or not text_in(item.get("id")):
            raise BadAnswer("The service answered without the record that was asked for.")
        id_ = text_in(item["id"])
        if id_ != (call.args.get("id") or id_):
            raise BadAnswer(f"The service answered with another record than {call.args['what']}.")
        values, labels = members_of(item)
        fields = item.get("fields")
        values.pop("id")
        values.pop("fields", None)
        if isinstance(fields, dict):
            more, named = members_of(fields)
            values |= more
            labels |= named
        if CATEGORIES in said:
            values[CATEGORIES], labels[CATEGORIES] = _tags(said[CATEGORIES])
        if RELATED in said:
            values[RELATED] = [value_of(part) for part in parts_of(said[RELATED], "relatedto")]
        record = self._record(call.args["kind"], id_, values, labels, _UNSHOWN)
        if "activities" not in said:
            return record
        return msgspec.structs.replace(record, beneath=activities.beneath(record, said["activities"]))

    def _made(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Record | None:
        """Section "Creating data": the whole record, and in `Location` its address, for the id."""
        if "item" in said:
            return self._single(call, answer, said)
        id_ = id_located(answer)
        if not id_:
            return None
        return self._record(call.args["kind"], id_, dict(call.args["edits"]), {}, frozenset())

    def _edited(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Record | None:
        """Section "Updating data": some answers hold the record, and some say that it was done."""
        return self._single(call, answer, said) if "item" in said else None

    def _gone(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> None:
        """Section "Deleting data": status 200 says it all."""

    def _activities(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Page:
        """Those of one type that came with their record."""
        beneath = self._single(call, answer, said).beneath or ()
        found = tuple(record for record in beneath if record.ref.kind == call.args["of"])
        return Page(found, len(found))

    def _activity_made(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Record | None:
        return activities.made(self._connection, call, said, id_located(answer))

    def _activity_edited(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Record | None:
        return activities.edited(self._connection, call, said)

    def _schema(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Schema:
        kind = call.args["kind"]
        told, strange = words_of(said)
        return Schema(kind, fields_of(kind, said), time.time(), told, strange)

    def _categories(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> tuple[Choice, ...]:
        return categories_of(said)

    def _people(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> tuple[Choice, ...]:
        return people_of(said)

    def _report(self, call: Call, answer: Answer, said: Mapping[str, Any]) -> Page:
        return page_of(self._connection, self._kinds[call.args["kind"]], said, call.args["order"])

    def _record(
        self,
        kind: str,
        id_: str,
        values: dict[str, Value],
        labels: Mapping[str, str],
        unread: frozenset[str],
        at: float | None = None,
    ) -> Record:
        name, stamp = values.get("name"), values.get("updated")
        known = self._kinds[kind]
        titled = any(values.get(part) for part in known.title)
        title = known.title_of(id_, values if titled or not name else dict.fromkeys(known.title[:1], name))
        texts = {of: text for of, text in labels.items() if text and text != values.get(of)}
        return Record(
            Ref(self._connection, kind, id_),
            title,
            values,
            texts,
            stamp if isinstance(stamp, str) else None,
            time.time() if at is None else at,
            unread=unread,
        )


def _tags(holder: Any) -> tuple[list[Value], str]:
    """The ids of a record's category tags, and their names in one text."""
    tags = [part for part in parts_of(holder, "category") if isinstance(part, dict)]
    named = [(id_, text_in(tag.get("name")) or id_) for tag in tags if (id_ := text_in(tag.get("id")))]
    return [id_ for id_, _ in named], ";".join(name for _, name in named)
