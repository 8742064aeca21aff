"""The file name that a Content-Disposition proposes (RFC 6266, RFC 8187)."""

import re
from urllib.parse import unquote_to_bytes

_PARAMETER = re.compile(r';\s*([\w!#$&+.^`|~*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_CHARSETS = ("utf-8", "iso-8859-1")


def filename_of(header: str) -> str | None:
    """The proposed name without folders, `filename*` before `filename`; None where there is none to use."""
    given: dict[str, str] = {}
    for name, value in _PARAMETER.findall(f";{header.partition(';')[2]}"):
        given.setdefault(name.lower(), value.strip())
    extended = _extended(given.get("filename*", ""))
    name = extended if extended is not None else _plain(given.get("filename", ""))
    # RFC 6266, 4.3: nothing but the last segment of a path, of whichever system, is to be looked at.
    return re.split(r"[/\\]", name)[-1].strip() or None


def _plain(value: str) -> str:
    """A token or a quoted text; a backslash escapes only what must be escaped, for paths hold them too."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", value[1:-1])
    return value.strip('"')


def _extended(value: str) -> str | None:
    """`charset'language'percent-encoded`; None where it is damaged."""
    charset, _, rest = value.strip('"').partition("'")
    _, quote, encoded = rest.partition("'")
    if not quote or charset.lower() not in _CHARSETS:
        return None
    try:
        return unquote_to_bytes(encoded).decode(charset)
    except ValueError:
        return None
