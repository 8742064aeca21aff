"""Activities: what hangs on a record and comes with it, read from its answer; and the Calls that write it.

Source: the vendor's page "API Reference", sections "Working with records" and "API limit" (templates);
public client code for what an activity consists of.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from crmtui.crm.solve360 import html_text
from crmtui.crm.solve360.activity_fields import DETAILS, ITEM_ID, ITEM_TYPE, MARKUP, PARENT
from crmtui.crm.solve360.activity_kinds import BY_TYPE, KINDS, OTHER, TEMPLATE
from crmtui.crm.solve360.said import members_of, parts_of, rows_of, text_in, whole
from crmtui.crm.solve360.wire import ACCEPTS, SENDS, path_part, to_wire
from crmtui.crm.xml_body import encode
from crmtui.model.bind import All, Test, Where
from crmtui.model.bind import Op as In
from crmtui.model.call import Call
from crmtui.model.errors import NotFound, Restricted, UsageError
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import text_of
from crmtui.model.write import Op, Write

_RECORD = (ITEM_TYPE, ITEM_ID)
_PLACE = (*_RECORD, PARENT)
_EACH = "and one per activity"
"""Section "API limit": what inserting a template costs beside its own call."""


# -- where an activity is


def item_of(ref: Ref, known: Record | None) -> Ref:
    """The record that an activity is read with."""
    values = known.values if known else {}
    kind, id_ = text_of(values.get(ITEM_TYPE)), text_of(values.get(ITEM_ID))
    if not kind or not id_:
        raise NotFound(
            f"{ref} was not read here yet: Solve360 shows activities with their record alone."
            f" crmtui show {ref.connection}/contacts/ID --related reads those of one."
        )
    return Ref(ref.connection, kind, id_)


def asked_of(kind: str, where: Where | None) -> tuple[str, str, Where | None]:
    """The kind and the id of the record whose activities are asked for, and the rest of the filter."""
    if kind == TEMPLATE:
        raise UsageError("Solve360 tells nothing of templates: Settings there shows them, with their ids.")
    terms = where.terms if isinstance(where, All) else (where,) if where is not None else ()
    found: dict[str, str] = {}
    rest: list[Where] = []
    for term in terms:
        if _names_record(term) and term.field not in found:
            found[term.field] = text_of(term.values[0].value)
        else:
            rest.append(term)
    if found.keys() != set(_RECORD):
        raise UsageError(
            f"Solve360 lists the {KINDS[kind].label.lower()} of one record at a time: add"
            f" {ITEM_TYPE}=contacts {ITEM_ID}=ID (or companies, projectblogs, tickets);"
            " --offline lists those read so far."
        )
    left = None if not rest else rest[0] if len(rest) == 1 else All(tuple(rest))
    return found[ITEM_TYPE], found[ITEM_ID], left


def _names_record(term: Where) -> TypeGuard[Test]:
    return isinstance(term, Test) and term.op is In.EQ and term.field in _RECORD


# -- reading


def beneath(item: Record, holder: Any) -> tuple[Record, ...]:
    """All activities of a record, each followed by those that hang on it, in the service's order."""
    entries = list(_entries(holder))
    names = {id_: text_in(row.get("name")) for id_, row in entries} | {item.ref.id: item.title}
    found = [activity(item.ref, _kind(row), id_, row, names) for id_, row in entries]
    under: dict[str, list[Record]] = defaultdict(list)
    ids = {record.ref.id for record in found}
    for record in sorted(found, key=_position):
        above = text_of(record.values[PARENT])
        under[above if above in ids and above != record.ref.id else item.ref.id].append(record)
    return tuple(_laid_out(item.ref.id, under))


def activity(item: Ref, kind: str, id_: str, row: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    """One activity as a record or an answer to a write shows it."""
    values, labels = members_of({name: node for name, node in row.items() if name not in ("id", "fields")})
    fields = row.get("fields")
    if isinstance(fields, dict):
        more, named = members_of(fields)
        values |= more
        labels |= named
    values[PARENT] = text_in(values.get(PARENT)) or item.id
    labels |= {PARENT: names.get(text_of(values[PARENT]), ""), ITEM_ID: names.get(item.id, "")}
    values |= {ITEM_TYPE: item.kind, ITEM_ID: item.id}
    return record_of(Ref(item.connection, kind, id_), _plain(values), labels)


def record_of(ref: Ref, values: dict[str, Value], labels: Mapping[str, str]) -> Record:
    """An activity with its title and stamp."""
    kind, name, stamp = KINDS[ref.kind], values.get("name"), values.get("updated")
    titled = any(values.get(part) for part in kind.title)
    title = kind.title_of(ref.id, values if titled or not name else dict.fromkeys(kind.title[:1], name))
    texts = {of: text for of, text in labels.items() if text and text != values.get(of)}
    told = stamp if isinstance(stamp, str) else None
    return Record(ref, title, values, texts, told, time.time(), unread=frozenset())


def _entries(holder: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(id, members): elements named by ids, a list, or one that stands alone."""
    rows = list(rows_of(holder)) if isinstance(holder, dict) else []
    for id_, row in rows or (("", part) for part in parts_of(holder, "activity")):
        if isinstance(row, dict) and (told := text_in(row.get("id")) or id_):
            yield told, row


def _kind(row: Mapping[str, Any]) -> str:
    return BY_TYPE.get(text_in(row.get("typeid")), OTHER)


def _position(record: Record) -> int:
    return whole(record.values.get("position")) or 0


def _laid_out(root: str, under: Mapping[str, list[Record]]) -> Iterator[Record]:
    """Each record followed by those beneath it; what hangs in a ring comes last."""
    seen: set[str] = set()
    for start in (root, *under):
        waiting = list(reversed(under.get(start, ())))
        while waiting:
            record = waiting.pop()
            if record.ref.id not in seen:
                seen.add(record.ref.id)
                yield record
                waiting += reversed(under.get(record.ref.id, ()))


def _plain(values: dict[str, Value]) -> dict[str, Value]:
    """The values with the details as plain text; what they are called by is often the same text."""
    html = values.get(DETAILS)
    if not isinstance(html, str):
        return values
    name = values.get("name")
    plain: dict[str, Value] = {DETAILS: html_text.to_text(html)}
    if isinstance(name, str) and html.startswith(name.rstrip(".…")):
        plain["name"] = html_text.to_text(name)
    if html_text.is_marked_up(html):
        plain[MARKUP] = html
    return values | plain


# -- writing


def calls(write: Write, current: Record | None, fields: Mapping[str, Field]) -> tuple[Call, ...]:
    """The Calls of a write of an activity; `current` or the base tells which record it belongs to."""
    kind = KINDS[write.ref.kind]
    if not getattr(kind.can, write.op.value):
        raise Restricted(f"Solve360 lets nobody {write.op.value} {kind.label.lower()} here.")
    if write.op is Op.CREATE:
        return (_created(write, fields),)
    known = {**write.base, **(current.values if current else {})}
    item = item_of(write.ref, Record(write.ref, "", known))
    path = f"{_path(item.kind, kind.name)}{path_part(write.ref.id)}/"
    args: dict[str, Any] = {"kind": kind.name, "what": str(write.ref), "id": write.ref.id}
    if write.op is Op.DELETE:
        return (Call("DELETE", path, "gone", headers=ACCEPTS, args=args, safe=False),)
    args |= {"sent": list(write.edits), ITEM_TYPE: item.kind, ITEM_ID: item.id}
    args |= {name: write.edits[name] for name in _RECORD if write.edits.get(name)}
    # What is moved to another record hangs on that record itself, unless it is told where.
    above = write.edits.get(PARENT) or write.edits.get(ITEM_ID)
    data = _data(write.edits, known, fields)
    request: dict[str, Any] = {"data": data} if data or not above else {}
    body = encode("request", request | ({PARENT: text_of(above)} if above else {}))
    return (Call("PUT", path, "activity edited", (), SENDS, body, args, safe=False),)


def _created(write: Write, fields: Mapping[str, Field]) -> Call:
    """Into the record or beneath another activity; a template's costs one call for each of its activities."""
    edits = {name: value for name, value in write.edits.items() if not is_empty(value)}
    kind, item = write.ref.kind, item_of(write.ref, Record(write.ref, "", edits))
    above = text_of(edits.get(PARENT)) or item.id
    body = encode("request", {PARENT: above, "data": _data(edits, {}, fields)})
    args = {
        "kind": kind,
        "what": str(write.ref),
        "sent": list(edits),
        "edits": {**edits, PARENT: above},
        ITEM_TYPE: item.kind,
        ITEM_ID: item.id,
    }
    extra = _EACH if kind == TEMPLATE else ""
    path = _path(item.kind, kind)
    return Call("POST", path, "activity made", (), SENDS, body, args, safe=False, beside=extra)


def made(connection: str, call: Call, said: Mapping[str, Any], located: str) -> Record | None:
    """The activity that was made, as far as the answer tells: all of it, or its id alone."""
    args = call.args
    item = Ref(connection, args[ITEM_TYPE], args[ITEM_ID])
    for holder in _holders(said):
        id_ = text_in(holder.get("id"))
        if id_ and id_ != item.id:
            if isinstance(holder.get("fields"), dict):
                return activity(item, args["kind"], id_, _alone(holder), {})
            located = id_
            break
    if not located or located == item.id:
        return None
    values = {**args["edits"], ITEM_TYPE: item.kind, ITEM_ID: item.id}
    return record_of(Ref(connection, args["kind"], located), values, {})


def edited(connection: str, call: Call, said: Mapping[str, Any]) -> Record | None:
    """The activity as it is now, where the answer holds it."""
    args = call.args
    item = Ref(connection, args[ITEM_TYPE], args[ITEM_ID])
    for holder in _holders(said):
        if isinstance(holder.get("fields"), dict) and text_in(holder.get("id")) == args["id"]:
            return activity(item, args["kind"], args["id"], _alone(holder), {})
    return None


def _holders(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where an answer may tell of an activity."""
    return [part for part in (said, said.get("item"), said.get("data")) if isinstance(part, dict)]


def _alone(holder: Mapping[str, Any]) -> dict[str, Any]:
    """An activity's members without what its answer says besides."""
    return {name: node for name, node in holder.items() if name not in ("status", "errors", "item", "data")}


def _data(
    edits: Mapping[str, Value], known: Mapping[str, Value], fields: Mapping[str, Field]
) -> dict[str, str | None]:
    """The fields as they are sent."""
    found: dict[str, str | None] = {}
    for name, value in edits.items():
        if name in _PLACE:
            continue
        text = to_wire(fields.get(name) or Field(name, type=FieldType.UNKNOWN), value)
        if name == DETAILS and text is not None:
            text = _html(known, text)
        found[name] = text
    return found


def _html(known: Mapping[str, Value], text: str) -> str:
    """The details as HTML, with the markup that they came with."""
    html = known.get(MARKUP)
    if isinstance(html, str) and html_text.to_text(html) == known.get(DETAILS):
        return html_text.edited(html, text)
    return html_text.to_html(text)


def _path(item: str, segment: str) -> str:
    return f"/{path_part(item)}/{path_part(segment)}/"
