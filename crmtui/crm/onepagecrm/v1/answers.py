"""Answers of OnePageCRM v1.2, read to records, pages and lists of values.

Source: facts `onepagecrm.md`, sections 3 and 4.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.crm.onepagecrm.v1.envelope import Envelope, listed, may_be_replaced, whole
from crmtui.crm.onepagecrm.v1.errors import error_in
from crmtui.crm.onepagecrm.v1.fields import STATUSES
from crmtui.crm.onepagecrm.v1.pages import Pages
from crmtui.crm.onepagecrm.v1.records import kind_of, record_of
from crmtui.model.call import Call, More
from crmtui.model.errors import BadAnswer, Conflict, Invalid, NotFound
from crmtui.model.query import Page
from crmtui.model.record import Record, is_empty
from crmtui.model.schema import Choice, Kind
from crmtui.model.value import fold, text_of


class Answers:
    """Reads what one connection is answered; a Call names its reader."""

    def __init__(self, connection: str, known: Mapping[str, Kind], pages: Pages) -> None:
        self._connection = connection
        self._kinds = known
        self._pages = pages
        self._readers: Mapping[str, Callable[[Call, Envelope], Any]] = {
            "page": self._page,
            "rows": self._rows,
            "one": self._one,
            "record": self._record,
            "written": self._written,
            "restored": self._restored,
            "gone": lambda call, said: None,
            "told": lambda call, said: None,
            "tags": self._tags,
            "statuses": self._statuses,
            "filters": self._filters,
            "login": self._login,
        }

    def read(self, call: Call, said: Envelope) -> Any:
        """What an answer says; one that is an error is raised."""
        if said.status != 0:
            error = error_in(call, said)
            if call.reader == "one" and isinstance(error, NotFound):
                return Page((), 0)
            if call.reader == "restored" and isinstance(error, NotFound | Invalid):
                # By which code it says that there is none to bring back is not documented.
                return More(_made_again(call))
            raise error
        return self._readers[call.reader](call, said)

    # -- records

    def _page(self, call: Call, said: Envelope) -> Page | More:
        """A page of contacts, with how many there are and how many pages they fill."""
        data, at = _hash(said), time.time()
        if "contacts" not in data:
            raise BadAnswer("The service answered without contacts.")
        kind = self._kinds[kinds.CONTACTS]
        rows = [row for row in listed(data["contacts"]) if isinstance(row, dict)]
        records = tuple(
            record_of(self._connection, kind, row, at) for row in rows if not is_empty(row.get("id"))
        )
        return self._pages.page(call, records, whole(data.get("count")), whole(data.get("maxpage")))

    def _rows(self, call: Call, said: Envelope) -> Page:
        """All that hangs on a contact of one kind."""
        kind, at = self._kinds[call.args["kind"]], time.time()
        rows = [row for row in _list(said) if isinstance(row, dict) and not is_empty(row.get("id"))]
        records = tuple(
            record_of(self._connection, kind, {kinds.CONTACT: call.args["contact"], **row}, at)
            for row in rows
            if kind_of(kind.name, row) == kind.name
        )
        return Page(records, len(records))

    def _one(self, call: Call, said: Envelope) -> Page | More:
        try:
            record = self._record(call, said)
        except NotFound:
            return Page((), 0)
        return record if isinstance(record, More) else Page((record,), 1)

    def _written(self, call: Call, said: Envelope) -> Record | More | None:
        """The record as it is now; None where the answer to a change holds none, which the page allows."""
        return self._record(call, said) if said.data else None

    def _record(self, call: Call, said: Envelope) -> Record | More:
        """One record; where XML could not carry a text, it is asked for as JSON."""
        node, kind = _hash(said), call.args["kind"]
        if is_empty(node.get("id")):
            raise BadAnswer("The service answered without the record that was asked for.")
        record = record_of(self._connection, self._kinds[kind], node)
        if record.ref.id != (call.args.get("id") or record.ref.id):
            raise BadAnswer(f"The service answered with another record than {call.args['what']}.")
        if kind_of(kind, node) != kind:
            raise NotFound(f"{call.args['what']} is no {self._kinds[kind].singular}.")
        if call.method == "GET" and call.path.endswith(".xml") and may_be_replaced(dict(record.values)):
            return More(msgspec.structs.replace(call, path=f"{call.path.removesuffix('.xml')}.json"))
        return record

    def _restored(self, call: Call, said: Envelope) -> Record:
        """The contact that was brought back, which must be the one that was meant."""
        rows = said.data if isinstance(said.data, list) else listed(said.data)
        nodes = [row for row in rows or [said.data] if isinstance(row, dict) and row.get("id")]
        kind = self._kinds[kinds.CONTACTS]
        records = [record_of(self._connection, kind, node) for node in nodes]
        for record in records:
            named: Mapping[str, str] = call.args["named"]
            if all(fold(text_of(record.values.get(n))) == fold(text) for n, text in named.items()):
                return record
        if not records:
            raise BadAnswer("The service answered without the contact that it brought back.")
        raise Conflict(
            f"The service brings back only the contact that was deleted last: it was {records[0].title}"
            f" ({records[0].ref}), which is there again."
        )

    # -- what there is to choose from

    def _tags(self, call: Call, said: Envelope) -> tuple[Choice, ...]:
        """The tags that people made, by name."""
        names = (row.get("name") if isinstance(row, dict) else row for row in _list(said))
        texts = [text_of(name) for name in names if not is_empty(name)]
        return tuple(Choice(text, text) for text in sorted(texts, key=fold))

    def _statuses(self, call: Call, said: Envelope) -> tuple[Choice, ...]:
        """The statuses by the names that the account gave them, as the counts beside an answer tell."""
        names = [count.value for count in said.news.statuses or ()] or STATUSES
        return tuple(Choice(name, name) for name in names)

    def _filters(self, call: Call, said: Envelope) -> tuple[Choice, ...]:
        """The filters that the account keeps, by their names."""
        rows = [row for row in _list(said) if isinstance(row, dict) and not is_empty(row.get("id"))]
        return tuple(Choice(text_of(row["id"]), text_of(row.get("name") or row["id"])) for row in rows)

    def _login(self, call: Call, said: Envelope) -> str:
        """The token that a login and a password are exchanged for: `UID:KEY`."""
        node = _hash(said)
        uid, key = (text_of(node.get(name)).strip() for name in ("uid", "key"))
        if not (uid and key):
            raise BadAnswer("The service took the login, but answered without uid and key.")
        return f"{uid}:{key}"


def _hash(said: Envelope) -> Mapping[str, Any]:
    if not isinstance(said.data, dict):
        raise BadAnswer("The service answered without data.")
    return said.data


def _list(said: Envelope) -> list[Any]:
    """The data as a list; an empty hash is an empty one, and so is the optional element left out."""
    return listed(said.data)


def _made_again(call: Call) -> Call:
    """The creation that takes the place of a restoration."""
    args = {name: value for name, value in call.args.items() if name not in ("instead", "named")}
    path = call.path.replace("/misc/undo_contact_deletion.", "/contacts.")
    return msgspec.structs.replace(
        call, path=path, reader="record", body=call.args["instead"].encode(), args=args
    )
