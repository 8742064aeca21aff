"""Documents of SpotlerCRM: how their files are fetched and uploaded.

Source: public clients in production use; the vendor's page "CRM API Version 4.0" shows no example.
"""

from urllib.parse import quote

from crmtui.crm.disposition import filename_of
from crmtui.model.attachment import FILE, Attachment
from crmtui.model.call import Answer, Call, Upload
from crmtui.model.errors import BadAnswer
from crmtui.model.record import Ref
from crmtui.model.write import Write

_PARTS = (("ParentId", "parentid"), ("ParentObject", "parentobject"), ("description", "description"))
"""The text parts of an upload as they are written on the wire, and the fields that they come from."""
_OTHERS = {"text/html": (".html", ".htm"), "application/json": (".json",)}
"""What a login page or an error comes as, and the files that may come as that."""


def download_call(ref: Ref, name: str) -> Call:
    """`GET /documents/{id}/content`. JSON comes first so that a refused token is answered by an error."""
    args = {"kind": ref.kind, "what": f"The file of {ref}", "id": ref.id, "name": name}
    accept = (("Accept", "application/json, */*;q=0.9"),)
    path = f"/{quote(ref.kind, safe='')}/{quote(ref.id, safe='')}/content"
    return Call("GET", path, "file", headers=accept, args=args)


def upload_call(write: Write) -> Call:
    """Multipart `POST /documents` with the parts `ParentId`, `ParentObject`, `description`, `file`."""
    edits = {name: str(value) for name, value in write.edits.items() if value not in (None, "")}
    boundary = f"crmtui-{write.id}-{round(write.created * 1e6):x}"
    fields = tuple((part, edits[name]) for part, name in _PARTS if name in edits)
    headers = (
        ("Accept", "application/json"),
        ("Content-Type", f"multipart/form-data; boundary={boundary}"),
    )
    args = {"kind": write.ref.kind, "what": str(write.ref), "id": write.ref.id}
    upload = Upload(edits[FILE], edits["name"], fields, boundary)
    path = f"/{quote(write.ref.kind, safe='')}"
    return Call("POST", path, "uploaded", (), headers, b"", args, safe=False, upload=upload)


def attachment_of(call: Call, answer: Answer) -> Attachment:
    """What the headers of a good answer say; a page or an error in the file's place is no file."""
    name = filename_of(answer.headers.get("content-disposition", ""))
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    endings = _OTHERS.get(media)
    if name is None and endings and not call.args["name"].lower().endswith(endings):
        raise BadAnswer(
            f"The service answered {media} instead of the file; check whether the token has expired."
        )
    return Attachment(name)
