"""What the tests of the app share, so that each of hundreds of starts costs less."""

from collections.abc import Iterator
from functools import wraps
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """A text of styles is parsed once a process: with the same variables it says the same again.

    Textual keeps what it parsed in the same way, but anew for each app.
    """
    parse = Stylesheet._parse_rules
    kept: dict[Any, list[RuleSet]] = {}

    @wraps(parse)
    def parse_once(self: Stylesheet, *arguments: Any, **named: Any) -> list[RuleSet]:
        key = (frozenset(self._variables.items()), arguments, frozenset(named.items()))
        if key not in kept:
            kept[key] = parse(self, *arguments, **named)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


_paint = Compositor.render_update


@pytest.fixture(autouse=True)
def painted_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an app that has no terminal no frame is painted that nobody sees; pictures and `lines` are."""

    def paint_whole(self: Compositor, full: bool = False, *arguments: Any, **named: Any) -> Any:
        if full:
            return _paint(self, full, *arguments, **named)
        self._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", paint_whole)
