"""Text that a service keeps as HTML: read as plain text, written back escaped, its markup never lost.

Source: public client code (`nl2br` around what is posted as a note); the vendor's pages say nothing of it.
"""

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"<!--|</?[a-z][^<>]*>|<![a-z][^<>]*>|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});"
    r"|\r\n?|\n|[^<&\r\n]+|.",
    re.DOTALL | re.IGNORECASE,
)
_SPECIAL: Final = re.compile("[<&\r]")
_NAME: Final = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
_COMMENT: Final = "<!--"
_UNSEEN: Final = {
    _COMMENT: re.compile("-->"),
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
}
"""What begins something that nobody sees, and how that ends."""
_BREAK: Final = "br"
_BLOCKS: Final = frozenset(
    {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
)
"""Elements that stand on lines of their own."""


class _Part(NamedTuple):
    """A piece of HTML and what it adds to the text; `block`: a tag of an element with lines of its own."""

    html: str
    text: str
    block: bool = False

    @property
    def is_markup(self) -> bool:
        """Whether it is more than its text tells."""
        return self.block or (not self.text and self.html[0] == "<")


def to_text(html: str) -> str:
    """The text of a piece of HTML: tags dropped, entities resolved, breaks and blocks as line ends."""
    return _text(_parts(html)) if _SPECIAL.search(html) else html


def to_html(text: str) -> str:
    """A text as HTML: escaped, its line ends as `<br />`."""
    return escape(_plain(text), quote=False).replace("\n", "<br />")


def is_marked_up(html: str) -> bool:
    """Whether it holds markup that its text does not tell of."""
    return "<" in html and any(part.is_markup for part in _parts(html))


def edited(html: str, text: str) -> str:
    """The HTML with another text: what is the same at both ends stays as it is, and its markup is kept.

    Paragraphs become lines where their ends are edited.
    """
    wanted, parts = _plain(text), _parts(html)
    lines = [_Part("<br />" if part.text else "", part.text) if part.block else part for part in parts]
    for tried in (parts, lines):
        found = _replaced(tried, wanted)
        if to_text(found) == wanted:
            return found
    return to_html(wanted)


def _replaced(parts: list[_Part], text: str) -> str:
    """The pieces with another text between what both texts begin and end with."""
    was = _text(parts)
    ahead = _common(was, text)
    behind = min(_common(was[::-1], text[::-1]), len(was) - ahead, len(text) - ahead)
    before, kept, after = "", "", ""
    at = 0
    for part in _split(parts):
        end = at + len(part.text)
        if end <= ahead:
            before += part.html
        elif at >= len(was) - behind:
            after += part.html
        elif part.is_markup:
            kept += part.html
        at = end
    return f"{before}{to_html(text[ahead : len(text) - behind])}{kept}{after}"


def _split(parts: Iterable[_Part]) -> Iterable[_Part]:
    """The pieces, plain texts by their characters."""
    for part in parts:
        if part.html == part.text:
            yield from (_Part(char, char) for char in part.text)
        else:
            yield part


def _parts(html: str) -> list[_Part]:
    """The pieces in their order; where elements make lines, those of the source are but spaces."""
    tokens = list(_tokens(html))
    laid_out = any(_name(token) in (_BREAK, *_BLOCKS) for token in tokens)
    parts: list[_Part] = []
    last = "\n"
    for token in tokens:
        part = _part(token, laid_out=laid_out, fresh=last == "\n")
        last = part.text[-1:] or last
        parts.append(part)
    # The end of the last block ends no line.
    final = next((at for at in range(len(parts) - 1, -1, -1) if parts[at].text), None)
    if final is not None and parts[final].block:
        parts[final] = parts[final]._replace(text="")
    return parts


def _tokens(html: str) -> Iterable[str]:
    at, endless = 0, set[str]()
    while found := _TOKEN.match(html, at):
        at, token = found.end(), found[0]
        begun = _name(token) or token
        # An end that is not there is looked for once, however often something begins.
        if begun in _UNSEEN and token[1] != "/" and begun not in endless:
            ended = _UNSEEN[begun].search(html, at)
            at = ended.end() if ended else at
            endless |= set() if ended else {begun}
        yield html[found.start() : at]


def _part(token: str, *, laid_out: bool, fresh: bool) -> _Part:
    """One piece; `fresh`: it begins a line of the text."""
    name = _name(token)
    if name == _BREAK:
        return _Part(token, "\n")
    if name in _BLOCKS:
        return _Part(token, "" if fresh else "\n", block=True)
    if token[0] == "<" and len(token) > 1:
        return _Part(token, "")
    if token[0] in "\r\n":
        return _Part(token, "\n" if not laid_out else "" if fresh else " ")
    return _Part(token, unescape(token) if token[0] == "&" else token)


def _name(token: str) -> str:
    found = _NAME.match(token)
    return found[1].lower() if found else ""


def _text(parts: Iterable[_Part]) -> str:
    return "".join(part.text for part in parts)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
