"""Files of records: saved here under a harmless name, and uploaded to the record they belong to."""

import asyncio
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from crmtui.model.attachment import FILE, Attachment, Place, Sink
from crmtui.model.call import Call, Progress, unwatched
from crmtui.model.errors import Restricted, UsageError
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, Kind, Related, Schema
from crmtui.model.value import text_of
from crmtui.model.write import Op, Write
from crmtui.paths import reason
from crmtui.workspace.desk import Desk
from crmtui.workspace.file_name import parted, safe_name
from crmtui.workspace.part import Part, free
from crmtui.workspace.saved import Saved


class Documents:
    """What is done with the files of an account."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._account = desk.account

    # -- where files hang

    def way(self, kind: Kind) -> Related | None:
        """How files point at records of a kind; None where none can."""
        kinds = self._account.adapter.kinds
        return next((way for way in kind.related if kinds[way.kind].can.content), None)

    def ways(self, files: str) -> list[tuple[Kind, Related]]:
        """The kinds that files of a kind can hang on, and how they point there."""
        kinds = self._account.adapter.kinds.values()
        return [(kind, way) for kind in kinds if (way := self.way(kind)) and way.kind == files]

    def parent(self, document: Record) -> Ref | None:
        """The record that a file hangs on, as far as its own fields tell."""
        for kind, way in self.ways(document.ref.kind):
            id_ = document.values.get(way.field)
            words = ((document.values.get(name), word) for name, word in way.given)
            if id_ and all(text_of(said).casefold() == word.casefold() for said, word in words):
                return self._account.ref(kind.name, text_of(id_))
        return None

    def why_not(self, parent: Kind) -> str | None:
        """Why nothing can be uploaded to records of a kind, as a sentence; None if it can."""
        account = self._account
        if account.connection.read_only:
            return f"{account.name} is read-only (read_only: true in the configuration)."
        if self.way(parent) is None:
            return f"{account.adapter.label} keeps no documents with {parent.label.lower()}."
        return None

    # -- uploading

    def plan(self, parent: Ref, path: Path, description: str = "", name: str = "") -> Write:
        """The intent to upload a file to a record, checked as far as that can be done here; no call.

        `name` is what the service is to call it, the file's own name unless told.
        """
        kind = self._account.kind(parent.kind)
        way = self.way(kind)
        if way is None or self._account.connection.read_only:
            raise Restricted(f"{self.why_not(kind)} Nothing was sent.")
        path = checked(path)
        edits: dict[str, Value] = {"name": name or path.name, way.field: parent.id, **dict(way.given)}
        if description:
            edits["description"] = description
        edits[FILE] = str(path)
        self._desk.edits.check(self._schema(way.kind), Op.CREATE, edits)
        return self._desk.edits.intent(Op.CREATE, Ref(self._account.name, way.kind), edits)

    def calls(self, write: Write) -> Sequence[Call]:
        """The requests of an upload as they would be sent now."""
        return self._desk.edits.calls(write, None, self._schema(write.ref.kind))

    async def upload(self, write: Write, progress: Progress = unwatched) -> Saved:
        """Sends a planned upload, once; the new record is in the mirror."""
        return await self._desk.outbox.save(write, self._schema(write.ref.kind), progress=progress)

    def _schema(self, kind: str) -> Schema:
        """The fields of a kind of files, and the one that names the local file."""
        schema = self._desk.schema(kind)
        fields = tuple(field for field in schema.fields if field.name != FILE)
        return Schema(kind, (*fields, Field(FILE, "File")), schema.fetched_at)

    # -- downloading

    def default_place(self, document: Record) -> str:
        """The path to offer for a file: in the person's downloads, under its name if that has an ending."""
        folder = downloads()
        name = self._name(document.ref, document.title)
        return str(free(folder, name)) if parted(name)[1] else f"{folder}{os.sep}"

    async def download(self, document: Ref, place: str, progress: Progress = unwatched) -> Path:
        """Saves a file; where it is now. It has a name only when it is whole, and replaces no other.

        `place` is a path as a person types it: a folder, where the service names the file, or a file.
        """
        folder, name = placed(place)
        title = name or await self._title(document)
        part: Part | None = None

        def begin(attachment: Attachment) -> Sink:
            nonlocal part
            part = Part(folder, name or self._name(document, attachment.name or title))
            return part

        try:
            await self.pour(document, title, begin, progress)
            if part is None:
                raise AssertionError("a download that ended well had its place")
            return await asyncio.to_thread(part.finish)
        finally:
            if part is not None:
                part.discard()

    async def pour(self, document: Ref, title: str, place: Place, progress: Progress = unwatched) -> None:
        """Writes a file into what `place` gives."""
        self._need_content(document)
        await self._account.download(self._account.adapter.download(document, title), place, progress)

    async def _title(self, document: Ref) -> str:
        """The document's own name; one that was never read is read, for it may name the file."""
        self._need_content(document)
        record = self._desk.record(document) or await self._desk.read(document)
        return record.title

    def _need_content(self, document: Ref) -> None:
        kind = self._account.kind(document.kind)
        if not kind.can.content:
            raise UsageError(f"{kind.label} hold no files; only documents can be saved.")

    def _name(self, document: Ref, proposed: str) -> str:
        kind = self._account.kind(document.kind)
        return safe_name(proposed, f"{kind.singular}-{safe_name(document.id, 'file')}")


def downloads() -> Path:
    """The person's folder of downloads where there is one that can be written, else the current folder."""
    import platformdirs

    folder = platformdirs.user_downloads_path()
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else Path.cwd()


def placed(place: str) -> tuple[Path, str]:
    """Folder and name of a path as a person types it; a folder that there is has no name in it."""
    if not place.strip():
        raise UsageError("Nothing names the place: write a folder or a file.")
    if "\0" in place:
        raise UsageError("A path holds no zero bytes: write a folder or a file.")
    try:
        path = Path(place).expanduser().absolute()
        is_folder = path.is_dir()
        has_folder = path.parent.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f'"{place}" is no place for a file: {error}.') from error
    if is_folder:
        return path, ""
    if place.endswith(("/", os.sep)):
        raise UsageError(f"There is no folder {path}.")
    if not has_folder:
        raise UsageError(f"There is no folder {path.parent}.")
    return path.parent, path.name


def checked(path: Path) -> Path:
    """The absolute path of a file that can be uploaded; `UsageError` says why another one cannot."""
    try:
        path = path.expanduser().absolute()
        str(path).encode()
        about = path.stat()
    except UnicodeEncodeError:
        raise UsageError("The file's name is no readable text; rename it first.") from None
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.") from None
    except (OSError, RuntimeError, ValueError) as error:
        said = reason(error) if isinstance(error, OSError) else str(error)
        raise UsageError(f"{path} cannot be read: {said}.") from error
    if stat.S_ISDIR(about.st_mode):
        raise UsageError(f"{path} is a folder: name one file.")
    if not stat.S_ISREG(about.st_mode):
        raise UsageError(f"{path} is no plain file.")
    if not about.st_size:
        raise UsageError(f"{path} is empty.")
    if not os.access(path, os.R_OK):
        raise UsageError(f"{path} cannot be read: its rights do not allow it.")
    return path
