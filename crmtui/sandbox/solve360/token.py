"""The API token of a sandbox: made once per data folder, of letters and digits as in the documents."""

import os
import secrets
import string
from pathlib import Path

LENGTH = 44
_SIGNS = string.ascii_letters + string.digits


def kept_token(path: Path) -> str:
    """The token kept in a file readable by its owner only, made there first if need be."""
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    token = "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(token + "\n")
    part.replace(path)
    return token
