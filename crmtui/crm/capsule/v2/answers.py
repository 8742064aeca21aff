"""Answers of API v2, read to records, schemas and lists of values.

Source: facts `capsule.md`, sections 2.1 to 2.4.
"""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from crmtui.crm.capsule import kinds
from crmtui.crm.capsule.fields import ADDITIONAL
from crmtui.crm.capsule.v2 import lists
from crmtui.crm.capsule.v2.dictionary import schema_fields, strange_words
from crmtui.crm.capsule.v2.errors import error_of, is_done_already, message_of, short
from crmtui.crm.capsule.v2.said import FIELDS, array_of, id_of, members_of, name_in, rows_of, text_in
from crmtui.crm.capsule.v2.wire import ACCEPTS, DEFINED, has_more
from crmtui.crm.json_body import decode
from crmtui.model.call import Answer, Call, More, Pending
from crmtui.model.errors import BadAnswer, Invalid, NoRoute
from crmtui.model.query import Page
from crmtui.model.record import Part, Record, Ref
from crmtui.model.schema import Kind, Schema
from crmtui.model.value import fold

_REFUSED: Final = (400, 404, 405, 422)
"""How a service may answer a filter or a list of ids that it does not take."""
_JOB = re.compile(r"/api/v2/jobs/[A-Za-z0-9-]{1,64}")
_FAILED = frozenset({"failed", "failure", "error", "cancelled", "canceled", "aborted"})
_COMPLETED = "completed"


class Answers:
    """Reads what one connection is answered; a Call names its reader."""

    def __init__(self, connection: str, known: Mapping[str, Kind]) -> None:
        self._connection = connection
        self._kinds = known
        self.tag_ids: dict[str, str] = {}
        """The ids of tags that records were seen to have, by their folded names."""
        self._readers: Mapping[str, Callable[[Call, Answer, Any], Any]] = {
            "page": self._page,
            "record": self._single,
            "saved": self._saved,
            "gone": self._gone,
            "job": self._job,
            "part": self._part,
            "attached": self._nothing,
            "token": self._nothing,
            "deleted": self._deleted,
            "schema": self._schema,
            "choices": lists.choices,
            "pipelines": lists.pipelines,
            "milestones": lists.milestones,
        }

    def read(self, call: Call, answer: Answer) -> Any:
        """What an answer says; raises the typed error that it is."""
        if not answer.ok:
            return self._refused(call, answer)
        if not answer.body.strip() and not call.safe:
            return self._readers[call.reader](call, answer, {})
        return self._readers[call.reader](call, answer, decode(answer.body))

    def _refused(self, call: Call, answer: Answer) -> Any:
        """A refusal, where it is no other way of saying what was asked for."""
        if call.args.get("done_already") and (is_done_already(answer) or _is_detached(call, answer)):
            return None
        if answer.status == 404 and call.args.get("beneath"):
            return Page(())
        if call.reader == "pipelines" and answer.status in (403, 404):
            return lists.without_pipelines(call)
        error = error_of(call, answer)
        if call.args.get("guessed") and answer.status in _REFUSED:
            raise NoRoute(error)
        raise error

    def _page(self, call: Call, answer: Answer, said: Any) -> Page:
        kind, at = call.args["kind"], time.time()
        rows, names = rows_of(said, kind), call.args.get("names", {})
        records = tuple(self._record(kind, row, at, names, call.args.get("above", ())) for row in rows)
        more = has_more(answer)
        if more is None:
            more = len(rows) >= call.args["size"]
        return Page(records, None, more and bool(rows) and not call.args.get("whole"), call.args["page"])

    def _single(self, call: Call, answer: Answer, said: Any) -> Record:
        rows = rows_of(said, call.args["kind"])
        if len(rows) != 1 or id_of(rows[0]) != (call.args.get("id") or id_of(rows[0])):
            raise BadAnswer(f"The service answered with another record than {call.args['what']}.")
        return self._record(call.args["kind"], rows[0], time.time(), call.args.get("names", {}))

    def _saved(self, call: Call, answer: Answer, said: Any) -> Record | Ref | None:
        """The record; where the answer lacks its tags or custom fields, these as they were meant."""
        if said == {} or said is None:
            id_ = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
            made = answer.status == 201 and id_.isascii() and id_.isdigit()
            return Ref(self._connection, call.args["kind"], id_) if made else None
        read = self._single(call, answer, said)
        if read.unread is not None:
            return read
        values = {**call.args.get("meant", {}), **read.values}
        return self._made(read.ref.kind, read.ref.id, values, read.labels, read.fetched_at, unread=None)

    def _gone(self, call: Call, answer: Answer, said: Any) -> Pending | None:
        """Done, or an order that the service is at; whoever it names as the host is not asked."""
        path = _JOB.search(answer.headers.get("location", ""))
        if answer.status != 202 or path is None:
            return None
        return Pending(Call("GET", path[0], "job", (), ACCEPTS, args={"what": call.args["what"]}))

    def _job(self, call: Call, answer: Answer, said: Any) -> Pending | None:
        job = said.get("job", said) if isinstance(said, dict) else None
        if not isinstance(job, dict) or not isinstance(job.get("status"), str):
            raise BadAnswer("The service answered without the state of what it is at.")
        state = job["status"].lower()
        if state == _COMPLETED:
            return None
        if state in _FAILED:
            words = message_of(job) or short(f"{job.get('action') or 'It'}: {job['status']}")
            raise Invalid(f'{call.args["what"]}: the service began and failed. It says: "{words}".')
        done = job.get("progress")
        return Pending(call, done if isinstance(done, int) and not isinstance(done, bool) else None)

    def _part(self, call: Call, answer: Answer, said: Any) -> Part | More:
        found = [
            *call.args.get("found", ()),
            *({"id": id_of(row), "type": row.get("type"), "name": name_in(row)} for row in array_of(said)),
        ]
        if (more := lists.following(call, answer, found)) is not None:
            return more
        return Part(ADDITIONAL, {ADDITIONAL: found} if found else {})

    def _nothing(self, call: Call, answer: Answer, said: Any) -> None:
        """The status says it all."""

    def _deleted(self, call: Call, answer: Answer, said: Any) -> tuple[str, ...] | More:
        """The ids of the only list in the answer, whose name is a GUESS."""
        found = [*call.args.get("found", ()), *filter(None, map(id_of, array_of(said)))]
        return lists.following(call, answer, found) or tuple(found)

    def _schema(self, call: Call, answer: Answer, said: Any) -> Schema | More:
        found = [*call.args.get("found", ()), *(row for row in array_of(said) if id_of(row))]
        if (more := lists.following(call, answer, found)) is not None:
            return more
        kind = call.args["kind"]
        return Schema(kind, schema_fields(kind, found), time.time(), len(found), strange_words(found))

    def _record(
        self,
        kind: str,
        row: Mapping[str, Any],
        at: float,
        names: Mapping[str, str],
        above: tuple[str, ...] = (),
    ) -> Record:
        """A row or a single record; one that tells nothing of what it hangs on hangs on `above`."""
        values, labels = members_of(kind, row, names)
        tags = row.get(kinds.TAGS)
        self.tag_ids |= {fold(text_in(tag, "name")): id_of(tag) for tag in tags or () if id_of(tag)}
        if above and not any(name in values for name in ("party", "opportunity", "kase", above[0])):
            values[above[0]] = above[1]
        embedded = kind not in DEFINED or {kinds.TAGS, FIELDS} <= row.keys()
        unread = frozenset({ADDITIONAL} if kind in (kinds.OPPORTUNITIES, kinds.KASES) else ())
        return self._made(kind, id_of(row), values, labels, at, unread if embedded else None)

    def _made(
        self,
        kind: str,
        id_: str,
        values: Mapping[str, Any],
        labels: Mapping[str, str],
        at: float,
        unread: frozenset[str] | None,
    ) -> Record:
        stamp = values.get(kinds.STAMP)
        return Record(
            Ref(self._connection, kind, id_),
            self._kinds[kind].title_of(id_, values),
            values,
            labels,
            stamp if isinstance(stamp, str) else None,
            at,
            unread=unread,
        )


def _is_detached(call: Call, answer: Answer) -> bool:
    """Whether a party to be taken off a record is not on it."""
    return call.method == "DELETE" and answer.status == 404
