"""Answers of Capsule v1, read to records, parts, schemas and lists of values.

Source: facts `capsule.md`, sections 1.1 to 1.5.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from crmtui.crm.capsule import custom, kinds
from crmtui.crm.capsule.fields import ADDITIONAL
from crmtui.crm.capsule.v1.dictionary import milestones_in, schema_of, users_in, words_in
from crmtui.crm.capsule.v1.errors import error_of
from crmtui.crm.capsule.v1.names import ELEMENTS, ROOTS
from crmtui.crm.capsule.v1.records import additional_in, customs_in, listed, record_of, tags_in
from crmtui.crm.capsule.v1.said import Said, id_located, rows_of, said_in, text_in
from crmtui.model.call import Answer, Call
from crmtui.model.errors import BadAnswer, NoRoute, NotFound
from crmtui.model.query import Page
from crmtui.model.record import Part, Record, Ref
from crmtui.model.schema import Choice, Kind, Schema

_NO_ROUTE = (400, 404, 405, 406, 501)
"""What a service answers to a path that it does not know."""

_CAPS = frozenset({10, 20, 25, 50})
"""Rows that a service may have as the most of a page: one of so many need not be the last."""


class Answers:
    """Reads what one connection is answered; a Call names its reader."""

    def __init__(self, connection: str, known: Mapping[str, Kind]) -> None:
        self._connection = connection
        self._kinds = known
        self._readers: Mapping[str, Callable[[Call, Answer], Any]] = {
            "page": self._page,
            "one": self._one,
            "record": self._record,
            "made": self._made,
            "edited": self._edited,
            "gone": self._gone,
            "tagged": self._tagged,
            "customs": self._customs,
            "additional": self._additional,
            "deleted": self._deleted,
            "schema": self._schema,
            "users": lambda call, answer: users_in(_root(answer, "users").node),
            "milestones": lambda call, answer: milestones_in(_root(answer, "milestones").node),
            "words": self._words,
        }

    def read(self, call: Call, answer: Answer) -> Any:
        """What an answer says; one that is an error is raised."""
        if not answer.ok:
            error = error_of(call, answer)
            if call.reader == "one" and isinstance(error, NotFound):
                return Page((), 0)
            raise NoRoute(error) if call.args.get("guessed") and answer.status in _NO_ROUTE else error
        return self._readers[call.reader](call, answer)

    # -- records

    def _page(self, call: Call, answer: Answer) -> Page:
        """Rows of a list. Its `size` may be the rows of this answer, or of the whole list."""
        kind, at = call.args["kind"], time.time()
        said = _root(answer, ROOTS[kind])
        rows = [row for row in listed(kind, said.node) if text_in(row[1].get("id"))]
        records = tuple(record_of(self._connection, self._kinds[kind], name, row, at) for name, row in rows)
        start, size = call.args["start"], call.args["size"]
        if said.size is not None and said.size > len(rows):
            return Page(records, said.size, bool(rows) and start + len(rows) < said.size, start)
        # One with more than it was asked for has no pages; the service may give less than it is asked for.
        more = len(rows) == size or (len(rows) < size and len(rows) in _CAPS)
        return Page(records, None if more else start + len(rows), more, start)

    def _one(self, call: Call, answer: Answer) -> Page:
        return Page((self._record(call, answer),), 1)

    def _record(self, call: Call, answer: Answer) -> Record:
        kind, said = call.args["kind"], said_in(answer.body)
        if (
            said.root not in ELEMENTS[kind]
            or not isinstance(said.node, dict)
            or not text_in(said.node.get("id"))
        ):
            raise BadAnswer("The service answered without the record that was asked for.")
        record = record_of(self._connection, self._kinds[kind], said.root, said.node)
        if record.ref.id != (call.args.get("id") or record.ref.id):
            raise BadAnswer(f"The service answered with another record than {call.args['what']}.")
        return record

    def _made(self, call: Call, answer: Answer) -> Record | Ref | None:
        """201 with `Location` and an empty body; a body would be the record."""
        if answer.body.strip():
            return self._record(call, answer)
        id_ = id_located(answer)
        return Ref(self._connection, call.args["kind"], id_) if id_ else None

    def _edited(self, call: Call, answer: Answer) -> Record | None:
        """200 with the whole record; what is recorded of people only may be empty of others."""
        return self._record(call, answer) if answer.body.strip() else None

    def _gone(self, call: Call, answer: Answer) -> None:
        """The status says it all."""

    def _deleted(self, call: Call, answer: Answer) -> tuple[str, ...]:
        """The ids of whichever elements the list consists of."""
        node = said_in(answer.body).node
        names = node if isinstance(node, dict) else {}
        return tuple(id_ for name in names for row in rows_of(node, name) if (id_ := text_in(row.get("id"))))

    # -- parts

    def _tagged(self, call: Call, answer: Answer) -> Part | None:
        """All tags; where there is no body, as of a tag newly added, those that there must be now."""
        if answer.body.strip():
            return tags_in(_root(answer, "tags").node)
        then = call.args.get("then")
        return None if then is None else Part(kinds.TAGS, {kinds.TAGS: then})

    def _customs(self, call: Call, answer: Answer) -> Part | None:
        """All custom fields; a box that is not ticked is not among them."""
        if not answer.body.strip():
            return None
        part = customs_in(call.args["kind"], _root(answer, "customFields").node)
        boxes = dict.fromkeys(call.args.get("boxes", ()), False)
        return Part(custom.CUSTOM, {**boxes, **part.values})

    def _additional(self, call: Call, answer: Answer) -> Part | None:
        if answer.body.strip():
            return additional_in(_root(answer, "parties").node)
        then = call.args.get("then")
        return None if then is None else Part(ADDITIONAL, {ADDITIONAL: then})

    # -- what there is to choose from

    def _schema(self, call: Call, answer: Answer) -> Schema:
        return schema_of(call.args["kind"], _root(answer, "customFieldDefinitions").node, time.time())

    def _words(self, call: Call, answer: Answer) -> tuple[Choice, ...]:
        return words_in(_root(answer, call.args["root"]).node, call.args["element"])


def _root(answer: Answer, name: str) -> Said:
    """What an answer says, whose root element is known."""
    said = said_in(answer.body)
    if said.root != name:
        raise BadAnswer(f"The service answered without {name}.")
    return said
