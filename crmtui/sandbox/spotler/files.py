"""The files behind documents: uploaded ones as they came, the made-up ones computed when asked for."""

import mimetypes
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from crmtui.sandbox.text import storable
from crmtui.sandbox.traffic import LARGEST_UPLOAD

from .addons import DOCUMENT_PARENTS
from .dictionary import KINDS
from .envelope import Problem, Refused, Row, Value
from .records import Records

_NAMES = ("file", "parentid", "parentobject", "description")
_PARENTS = {
    word: kind for kind in KINDS.values() for word in DOCUMENT_PARENTS if word.lower() == kind.record_type
}
_LONGEST_NAME = 255
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a form brought: the document's fields and its file."""

    values: Mapping[str, Value]
    media: str
    content: bytes


def create_files(connection: sqlite3.Connection) -> None:
    """The table of uploaded files."""
    connection.execute("CREATE TABLE content (document INTEGER PRIMARY KEY, media TEXT, bytes BLOB)")


async def uploaded(request: Request, records: Records) -> Uploaded:
    """Reads a multipart form as strictly as any other write; the names of its parts are without case."""
    try:
        form = await request.form(max_files=1, max_fields=10, max_part_size=LARGEST_UPLOAD)
    except Exception as error:  # whatever the parser makes of it, the form is damaged
        raise Problem(400, "The request body cannot be read") from error
    async with _parts(form) as parts:
        file = parts.get("file")
        failures = {name: [{"Unknown": list[str]()}] for name in parts if name not in _NAMES}
        for name in _NAMES[:3]:
            if not parts.get(name):
                failures[name] = [{"Required": []}]
        if "file" in parts and not isinstance(file, UploadFile):
            failures["file"] = [{"File": []}]
        word = str(parts.get("parentobject", ""))
        id_ = str(parts.get("parentid", ""))
        if word and word not in _PARENTS:
            failures["parentobject"] = [{"In": list(DOCUMENT_PARENTS)}]
        elif word and id_ and not _exists(records, word, id_):
            failures["parentid"] = [{"Exists": [_PARENTS[word].name, "id"]}]
        name = file.filename or "" if isinstance(file, UploadFile) else ""
        if len(name) > _LONGEST_NAME:
            failures["file"] = [{"Max": [str(_LONGEST_NAME)]}]
        if failures or not isinstance(file, UploadFile):
            raise Refused(failures)
        content = await file.read()
        values: dict[str, Value] = {
            "name": name.replace("\\", "/").rpartition("/")[2],
            "size": -(-len(content) // _BLOCK),
            "parentid": int(id_),
            "parentobject": word,
        }
        if "description" in parts:
            values["description"] = str(parts["description"])
        guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Uploaded(values, file.content_type or guessed, content)


@asynccontextmanager
async def _parts(form: FormData) -> AsyncIterator[Mapping[str, UploadFile | str]]:
    """The parts of a form by their names in lower case; its scratch files are closed afterwards."""
    try:
        yield {name.lower(): value for name, value in form.items()}
    finally:
        await form.close()


class Files:
    """The content of documents."""

    def __init__(self, connection: sqlite3.Connection, *, disposed: bool) -> None:
        """`disposed`: whether a download proposes a file name."""
        self._connection = connection
        self._disposed = disposed

    def keep(self, document: int, file: Uploaded) -> None:
        """Stores the file of a document."""
        row = (document, storable(file.media), file.content)
        self._connection.execute("INSERT INTO content VALUES (?, ?, ?)", row)

    def forget(self, document: int) -> None:
        """Deletes the file of a document."""
        self._connection.execute("DELETE FROM content WHERE document = ?", [document])

    def answer(self, record: Row) -> Response:
        """The file of a document, as an attachment of its name."""
        name = str(record["name"])
        row = self._connection.execute(
            "SELECT media, bytes FROM content WHERE document = ?", [record["id"]]
        ).fetchone()
        media, content = row or (_media(name), _made_up(record))
        response = Response(content, headers={"Content-Type": media})
        if self._disposed:
            response.headers["Content-Disposition"] = _disposition(name, record["id"])
        return response


def _exists(records: Records, word: str, id_: str) -> bool:
    is_id = id_.isascii() and id_.isdigit() and len(id_) < 19
    return is_id and records.exists(_PARENTS[word].name, int(id_))


def _media(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _made_up(record: Row) -> bytes:
    """As many bytes as the document's size says, the same each time."""
    size = record["size"]
    length = int(size) * _BLOCK if isinstance(size, int | float) else _BLOCK
    line = f"%Made up for document {record['id']} of the sandbox.\n".encode()
    return (line * (length // len(line) + 1))[:length]


def _disposition(name: str, id_: object) -> str:
    """The name as it is where a header can carry it, else percent-encoded beside a plain one (RFC 6266)."""
    if name.isascii() and name.isprintable():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'attachment; filename="{escaped}"'
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"document-{id_}\"; filename*=utf-8''{encoded}"
