"""Lists of values, page after page: what one answer lacks is asked for by the Call of a `More`.

Source: facts `capsule.md`, section 2.2. Milestones are listed by pipeline, and without one only those of
the oldest.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from crmtui.crm.capsule.v2.dictionary import LOOKUPS, MILESTONES, TAGS, USERS, Lookup, choices_of
from crmtui.crm.capsule.v2.said import array_of, id_of, text_in
from crmtui.crm.capsule.v2.wire import ACCEPTS, MOST, has_more, path_of
from crmtui.model.call import Answer, Call, More
from crmtui.model.schema import Choice

_LOOKUPS = {**LOOKUPS, "owner": USERS, "tags": TAGS}
_MOST_PAGES = 100


def listing(path: str, reader: str, **args: Any) -> Call:
    """The first page of something that is wanted whole."""
    return Call("GET", path, reader, _numbered(1), ACCEPTS, args={"page": 1, **args})


def asked(name: str, path: str = "") -> Call:
    """The values of a field; `path` where they differ between kinds."""
    return listing(path or path_of(_LOOKUPS[name].path), "choices", of=name, what=f"The list of {name}")


def following(call: Call, answer: Answer, found: Sequence[Any]) -> More | None:
    """The next page of a list, of which so much was found; None where that is all."""
    page: int = call.args["page"]
    new = len(found) - len(call.args.get("found", ()))
    more = has_more(answer)
    if not (new == MOST if more is None else more and new) or page >= _MOST_PAGES:
        return None
    query = tuple({**dict(call.query), **dict(_numbered(page + 1))}.items())
    args = {**call.args, "found": list(found), "page": page + 1}
    return More(msgspec.structs.replace(call, query=query, args=args))


def choices(call: Call, answer: Answer, said: Any) -> tuple[Choice, ...] | More:
    """The values of a list."""
    found = [*call.args.get("found", ()), *array_of(said)]
    lookup: Lookup = _LOOKUPS[call.args["of"]]
    return following(call, answer, found) or choices_of(lookup, found)


def all_milestones() -> Call:
    """The milestones of all pipelines, which begins with these."""
    return listing(path_of("pipelines"), "pipelines", what="The list of milestones")


def pipelines(call: Call, answer: Answer, said: Any) -> More:
    """The pipelines, whose milestones come one after the other."""
    found = [
        *call.args.get("found", ()),
        *({"id": id_of(row), "name": text_in(row, "name")} for row in array_of(said)),
    ]
    return following(call, answer, found) or _next_of([row for row in found if row["id"]], [])


def without_pipelines(call: Call) -> More:
    """An account without pipelines has one list of milestones."""
    return More(listing(path_of("milestones"), "milestones", what=call.args["what"], left=[], had=[], of={}))


def milestones(call: Call, answer: Answer, said: Any) -> tuple[Choice, ...] | More:
    """The milestones of one pipeline, then those of the next."""
    found = [*call.args.get("found", ()), *array_of(said)]
    if (more := following(call, answer, found)) is not None:
        return more
    had = [*call.args["had"], *({**row, "pipeline": call.args["of"] or row.get("pipeline")} for row in found)]
    return _next_of(call.args["left"], had) if call.args["left"] else choices_of(MILESTONES, had)


def _next_of(left: Sequence[Any], had: Sequence[Any]) -> More:
    if not left:
        args = {"left": [], "had": list(had), "of": {}}
        return More(listing(path_of("milestones"), "milestones", what="The list of milestones", **args))
    first, *rest = left
    args = {"left": rest, "had": list(had), "of": first}
    path = path_of("pipelines", first["id"], "milestones")
    return More(listing(path, "milestones", what="The list of milestones", **args))


def _numbered(page: int) -> tuple[tuple[str, str], ...]:
    pages = (("page", str(page)),) if page > 1 else ()
    return (*pages, ("perPage", str(MOST)))
