"""The API token of a sandbox: made once per data folder, of letters and digits as in the documents."""

import secrets
import string
from pathlib import Path

from crmtui.sandbox.secret import kept_secret

LENGTH = 44
_SIGNS = string.ascii_letters + string.digits


def kept_token(path: Path) -> str:
    """The token kept in a file readable by its owner only, made there first if need be."""
    return kept_secret(path, lambda: "".join(secrets.choice(_SIGNS) for _ in range(LENGTH)))
