"""Answers of API v3, read to records, schemas and lists of values.

Source: facts `onepagecrm.md`, section 6.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from crmtui.crm.json_body import decode
from crmtui.crm.onepagecrm.v3 import dictionary, kinds
from crmtui.crm.onepagecrm.v3.errors import error_of
from crmtui.crm.onepagecrm.v3.said import custom_ids, members_of, record_in, rows_of, text_in
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer, NotFound
from crmtui.model.query import Page
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Choice, Kind, Schema

_BY_ITSELF: Mapping[str, frozenset[str]] = {kinds.DEALS: frozenset({"deal_items"})}
"""What a list may leave out, whatever it is. GUESS: only a deal read by itself is said to have its items."""


class Answers:
    """Reads what one connection is answered; a Call names its reader."""

    def __init__(self, connection: str, known: Mapping[str, Kind]) -> None:
        self.custom: defaultdict[str, dict[str, str]] = defaultdict(dict)
        """The ids of custom fields by their names, of each kind, as records were seen to have them."""
        self._connection = connection
        self._kinds = known
        self._readers: Mapping[str, Callable[[Call, Mapping[str, Any]], Any]] = {
            "page": self._page,
            "record": self._single,
            "saved": self._saved,
            "gone": self._nothing,
            "token": self._nothing,
            "schema": self._schema,
            "choices": self._choices,
            "users": lambda call, said: dictionary.users_of(said),
            "countries": lambda call, said: dictionary.countries_of(said),
        }

    def read(self, call: Call, answer: Answer) -> Any:
        """What an answer says; raises the typed error that it is."""
        if not answer.ok:
            error = error_of(call, answer)
            if isinstance(error, NotFound) and call.args.get("beneath"):
                return Page(())
            raise error
        if not answer.body.strip() and not call.safe:
            return None
        said = decode(answer.body)
        if not isinstance(said, dict):
            raise BadAnswer("The service answered something else than its documents describe.")
        status = said.get("status")
        if isinstance(status, int) and status >= 400:
            # Some accounts are answered by 200 whatever happened.
            raise error_of(call, answer, status)
        return self._readers[call.reader](call, said)

    def _page(self, call: Call, said: Mapping[str, Any]) -> Page:
        kind, at, data = call.args["kind"], time.time(), said.get("data")
        rows = rows_of(data, kind)
        records = tuple(self._record(kind, row, at, listed=True) for row in rows)
        number = call.args["page"]
        if call.args.get("whole"):
            return Page(records, len(records), False, number)
        told = data if isinstance(data, dict) else {}
        if call.args.get("cascade"):
            left = told.get("items_left")
            more = bool(left if isinstance(left, int) else told.get("next_set_url"))
            # It may leave out the contacts of other users, which the list's total counts.
            return Page(records, call.args["total"], more, number)
        last, total = told.get("max_page"), told.get("total_count")
        more = number + 1 < last if isinstance(last, int) else len(rows) >= call.args["size"]
        reach = self._kinds[kind].can.reach
        if reach is not None and len(rows) == call.args["size"] and (number + 1) * len(rows) == reach:
            # Whether the service counts the pages that nobody can ask for is not told.
            more = call.args.get("plain") or not isinstance(total, int) or total > reach
        return Page(records, total if isinstance(total, int) else None, more and bool(rows), number)

    def _single(self, call: Call, said: Mapping[str, Any]) -> Record:
        rows = rows_of(said.get("data"), call.args["kind"])
        id_ = record_in(rows[0], call.args["kind"])["id"] if len(rows) == 1 else None
        if id_ is None or id_ != (call.args.get("id") or id_):
            raise BadAnswer(f"The service answered with another record than {call.args['what']}.")
        return self._record(call.args["kind"], rows[0], time.time())

    def _saved(self, call: Call, said: Mapping[str, Any]) -> Record | None:
        """The record as it is now, where the answer tells it."""
        return self._single(call, said) if said.get("data") else None

    def _nothing(self, call: Call, said: Mapping[str, Any]) -> None:
        """The status says it all."""

    def _schema(self, call: Call, said: Mapping[str, Any]) -> Schema:
        kind = call.args["kind"]
        defined = dictionary.definitions_of(kind, said)
        fields = dictionary.schema_fields(kind, said)
        return Schema(kind, fields, time.time(), len(defined), dictionary.strange_words(defined))

    def _choices(self, call: Call, said: Mapping[str, Any]) -> tuple[Choice, ...]:
        return dictionary.choices_of(call.args["of"], said)

    def _record(self, kind: str, row: Mapping[str, Any], at: float, *, listed: bool = False) -> Record:
        values, labels = members_of(kind, row)
        self.custom[kind] |= custom_ids(kind, row)
        id_ = record_in(row, kind)["id"]
        unread = _BY_ITSELF.get(kind, frozenset()) - values.keys() if listed else frozenset()
        stamp = text_in(values, kinds.STAMP) or None
        return Record(
            Ref(self._connection, kind, id_),
            self._title(kind, id_, values),
            values,
            labels,
            stamp,
            at,
            unread=unread,
        )

    def _title(self, kind: str, id_: str, values: Mapping[str, Any]) -> str:
        """A contact without a name is called by its organization."""
        about = self._kinds[kind]
        if kind == kinds.CONTACTS and not any(text_in(values, name).strip() for name in about.title):
            values = {"last_name": text_in(values, "company_name")}
        return about.title_of(id_, values)
