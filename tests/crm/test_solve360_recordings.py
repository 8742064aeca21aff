"""Recorded exchanges of Solve360: what a body says is found in what was read, and nothing else is."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from crmtui.crm.solve360.hooks import SolveHooks
from crmtui.model.call import Answer, Call
from crmtui.model.errors import CrmError
from crmtui.model.hook import Hook
from crmtui.model.query import Page
from crmtui.model.record import Record

from .solve360 import adapter

FOLDER = Path(os.environ.get("CRMTUI_RECORDINGS") or "/nonexistent") / "solve360"
FILES = [
    file for file in sorted(FOLDER.glob("*.http")) if not file.stem.startswith("report")
]  # read in test_solve360_reports


def texts(node: Any) -> Iterator[str]:
    """Every text of a value that was read; of nothing there is none."""
    if isinstance(node, dict | list | tuple):
        for part in node.values() if isinstance(node, dict) else node:
            yield from texts(part)
    elif node is not None:
        yield str(node)


def told(text: str) -> Iterator[str]:
    """Every text of a recorded body."""
    if text.lstrip().startswith("<"):
        for node in ElementTree.fromstring(text.strip().encode()).iter():
            if node.text and node.text.strip():
                yield node.text.strip()
    else:
        yield from texts(json.loads(text))


def found(read: Any) -> Iterator[str]:
    """Every text in the objects that an answer was read to."""
    match read:
        case Page(records=records, total=total):
            yield from texts(total)
            for record in records:
                yield from found(record)
        case Hook():
            yield from texts({**msgspec.structs.asdict(read), "active": "1" if read.active else "0"})
        case Record():
            yield read.ref.id
            yield from texts(dict(read.values))


@pytest.mark.recordings
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_lost_and_nothing_made_up(file: Path) -> None:
    request, _, response = file.read_text("utf-8").partition("--- RESPONSE ---\n")
    head, _, body = response.partition("\n\n")
    method, target, _ = request.split("\n", 1)[0].split(" ")
    path = target.partition("?")[0].strip("/").split("/")
    if path == ["hooks"]:
        # What is read of it is all but the secret, which nothing here keeps.
        call, [secret] = SolveHooks().create(Hook("", ""), ""), re.findall("<secret>(.*)</secret>", body)
        answer = Answer(int(head.split(" ")[1]), {}, body.encode())
        assert Counter([*found(adapter().read(call, answer)), secret, "success"]) == Counter(told(body))
        return
    reader = {"POST": "made", "PUT": "edited"}.get(method, "record" if len(path) > 1 else "page")
    call = Call(method, target, reader, args={"kind": path[0], "what": target}, safe=method == "GET")
    answer = Answer(int(head.split(" ")[1]), {}, body.encode())
    if "failed" in body:
        with pytest.raises(CrmError) as caught:
            adapter().read(call, answer)
        assert next(words for words in told(body) if " " in words) in caught.value.message
        return
    assert Counter([*found(adapter().read(call, answer)), "success"]) == Counter(told(body))
