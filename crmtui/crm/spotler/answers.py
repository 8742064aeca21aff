"""Answers of SpotlerCRM, read to records, schemas and lists of values.

Source: the vendor's page "CRM API Version 4.0"; sections are named at the functions.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from crmtui.crm.json_body import decode
from crmtui.crm.spotler import kinds
from crmtui.crm.spotler.dictionary import choices_of, fields_of, words_of
from crmtui.crm.spotler.errors import error_of, message_of
from crmtui.crm.spotler.files import attachment_of
from crmtui.crm.spotler.quota import whole
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer, NoRoute, NotFound
from crmtui.model.query import Page
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Choice, Kind, Schema

ABOVE: Final = "opportunityid"
"""What a history's opportunity is called where it is named."""
_NO_ROUTE = frozenset({400, 404, 405, 500})
"""How a service may answer a path that it does not know."""
_MAY_BE_EMPTY = frozenset({"record", "gone", "added", "uploaded"})
"""Readers of answers that may come without a body."""


class Answers:
    """Reads what one connection is answered; a Call names its reader."""

    def __init__(self, connection: str, known: Mapping[str, Kind]) -> None:
        self._connection = connection
        self._kinds = known
        self._stems = kinds.stems(known)
        self._readers: Mapping[str, Callable[[Call, Any], Any]] = {
            "page": self._page,
            "record": self._single,
            "schema": self._schema,
            "choices": self._choices,
            "gone": self._gone,
            "added": self._gone,
            "uploaded": self._uploaded,
        }

    def read(self, call: Call, answer: Answer) -> Any:
        """Sections "Error Responses", "Examples"."""
        if not answer.ok:
            error = error_of(call, answer)
            guessed = call.reader == "page" and "above" in call.args
            raise NoRoute(error) if guessed and answer.status in _NO_ROUTE else error
        if call.reader == "file":
            return attachment_of(call, answer)
        if not answer.body.strip() and call.reader in _MAY_BE_EMPTY:
            return self._readers[call.reader](call, None)
        return self._readers[call.reader](call, decode(answer.body))

    def _page(self, call: Call, said: Any) -> Page:
        rows = said if isinstance(said, list) else said.get("list") if isinstance(said, dict) else None
        if rows is None and isinstance(said, dict) and isinstance(said.get("lines"), list):
            rows = _by_opportunity(said["lines"])
        if not isinstance(rows, list):
            words = message_of(said) if isinstance(said, dict) else ""
            raise BadAnswer(f"The service answered without a list{f', but with {words!r}' if words else ''}.")
        about = said.get("metadata") if isinstance(said, dict) else None
        about = about if isinstance(about, dict) else {}
        records = tuple(self._record(call.args["kind"], row, call.args.get("above")) for row in rows)
        total = whole(about.get("total_count"))
        more = about.get("has_more")
        if more is None:
            more = bool(records) and (total is None or len(records) == call.args.get("size"))
        return Page(records, total, more in (True, 1, "1", "true"), call.args.get("page", 0))

    def _single(self, call: Call, said: Any) -> Record | None:
        """The record; None where a write was answered without one, which says only that it was done."""
        record = said.get("record", said) if isinstance(said, dict) else said
        if record is None or record == {} or record == []:
            if not call.safe:
                return None
            raise NotFound(f"{call.args['what']} does not exist.")
        read = self._record(call.args["kind"], said, call.args.get("above"))
        if read.ref.id != (call.args.get("id") or read.ref.id):
            raise BadAnswer(f"The service answered with another record than {call.args['what']}.")
        return read

    def _uploaded(self, call: Call, said: Any) -> Record | None:
        """The new record; None where the answer shows none, for what it holds is known from no example."""
        try:
            return self._single(call, said)
        except BadAnswer:
            return None

    def _gone(self, call: Call, said: Any) -> None:
        """Sections "DELETE an Account", "Appending to lookup list/dropdown": status 200 says it all."""

    def _schema(self, call: Call, said: Any) -> Schema:
        _refuse_mere_words(said)
        kind = call.args["kind"]
        told, strange = words_of(said)
        return Schema(kind, fields_of(kind, said, self._stems), time.time(), told, strange)

    def _choices(self, call: Call, said: Any) -> tuple[Choice, ...]:
        _refuse_mere_words(said)
        return choices_of(said)

    def _record(self, kind: str, row: Any, above: str | None = None) -> Record:
        """A row of a list or a single answer, `{"metadata", "record"}`; 0 in a reference means none.

        `above`: the opportunity beneath which it was listed or made.
        """
        inner = row.get("record", row) if isinstance(row, dict) else row
        if not isinstance(inner, dict) or not isinstance(inner.get("id"), (int, str)) or inner["id"] == "":
            raise BadAnswer("The service answered a record without an id.")
        values: dict[str, Value] = {name: value for name, value in inner.items() if name != "id"}
        if kinds.ROWS not in values and isinstance(row.get(kinds.ROWS), list):
            values[kinds.ROWS] = row[kinds.ROWS]
        if kind == kinds.HISTORIES and values.get(ABOVE) is None and (above := _parent(row) or above):
            values[ABOVE] = _number_or(above)
        empties: dict[str, Value] = {}
        for name, value in values.items():
            if (value == 0 or value == "0") and value is not False and kinds.refers_to(name, self._stems):
                empties[name] = value
        values |= dict.fromkeys(empties)
        stamp = values.get("modifieddate", values.get("modified"))
        return Record(
            Ref(self._connection, kind, str(inner["id"])),
            self._kinds[kind].title_of(str(inner["id"]), values),
            values,
            {},
            stamp if isinstance(stamp, str) else None,
            time.time(),
            empties,
        )


def _refuse_mere_words(said: Any) -> None:
    """A spent call limit is said to be answered as a success that holds nothing but a message."""
    if isinstance(said, dict) and said.keys() <= {"type", "code", "message"} and (words := message_of(said)):
        raise BadAnswer(f'The service answered only "{words}".')


def _by_opportunity(lines: Sequence[Any]) -> list[dict[str, Any]]:
    """Section "Opportunity Lines": lines that come without their opportunities, as rows of those."""
    rows: dict[Any, list[Any]] = {}
    for line in lines:
        if not isinstance(line, dict) or not isinstance(line.get("opportunityid"), (int, str)):
            raise BadAnswer("The service answered a line that names no opportunity.")
        rows.setdefault(line["opportunityid"], []).append(line)
    return [{"id": id_, "lines": found} for id_, found in rows.items()]


def _parent(row: Mapping[str, Any]) -> str | None:
    """The opportunity that the metadata of a record names as its parent: `/opportunities/7300200`."""
    about = row.get("metadata")
    path = about.get("parent") if isinstance(about, dict) else None
    kind, _, id_ = path.strip("/").partition("/") if isinstance(path, str) else ("", "", "")
    return id_ if kind in ("opportunities", "opportunity") and id_ and "/" not in id_ else None


def _number_or(id_: str) -> int | str:
    return int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 16 else id_
