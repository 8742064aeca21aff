"""Requests that write, and the paths of records.

Source: facts `capsule.md`, section 1.1.
"""

from collections.abc import Mapping
from typing import Any

from crmtui.crm.capsule import kinds
from crmtui.crm.capsule.v1.names import API, HISTORY, OWNERS, SEGMENTS, WRITTEN
from crmtui.crm.capsule.v1.wire import Form, path_part
from crmtui.crm.xml_body import Node
from crmtui.model.call import Call
from crmtui.model.record import Ref, Value, is_empty
from crmtui.model.value import text_of

Values = Mapping[str, Value]


class Requests:
    """Makes Calls about records, in one format."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def writing(
        self,
        method: str,
        path: str,
        reader: str,
        ref: Ref,
        root: str = "",
        members: Mapping[str, Node] | None = None,
        **args: Any,
    ) -> Call:
        """A request that changes something; `root` is the document's element, empty where it has none."""
        told = {"kind": ref.kind, "what": str(ref), "id": ref.id, "sent": _sent(root), **args}
        if not root:
            return Call(method, path, reader, (), self._form.accepts, args=told, safe=False)
        body = self._form.body(root, members or {})
        reads_back = reader == "made"
        return Call(method, path, reader, (), self._form.sends, body, told, safe=False, reads_back=reads_back)

    def look(self, ref: Ref, now: Values, segment: str = "", reader: str = "record") -> Call:
        """Asks for one record, or for a part of it."""
        args = {"kind": ref.kind, "what": str(ref), "id": ref.id}
        path = "/".join(filter(None, (path_of(ref, now), segment)))
        return Call("GET", path, reader, (), self._form.accepts, args=args)


def path_of(ref: Ref, now: Values) -> str:
    """The path of a record; of an entry beneath what it hangs on, if that is known."""
    path = f"/{SEGMENTS[ref.kind]}/{path_part(ref.id)}"
    if ref.kind == kinds.ENTRIES:
        owner = next((name for name in OWNERS if not is_empty(now.get(name))), None)
        if owner:
            return f"{API}/{OWNERS[owner]}/{path_part(text_of(now[owner]))}{path}"
    return API + path


def rows_in(value: Value) -> list[dict[str, Value]]:
    """The rows of a value that has some."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _sent(element: str) -> dict[str, str]:
    """The elements that an error may name, with the fields that they are written from."""
    told = dict(WRITTEN.get(element, ()))
    if element == "task":
        told |= {"dueDate": "dueOn", "dueDateTime": "dueOn"}
    return told if element != HISTORY else {**told, "historyItem": "content"}
