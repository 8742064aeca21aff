"""The pictures in the README are those of this program, all of them, and ask nothing of the network."""

import asyncio
import html
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.shoot import FOLDER, PICTURES, expected, path, readable, take
from tests.tui.driver import NORMAL

README = FOLDER.parent / "README.md"
ALL = [pytest.param(*each, id=path(*each).stem) for each in expected()]


def test_the_set_is_complete_and_nothing_else_is_there() -> None:
    assert {each.name for each in FOLDER.iterdir()} == {path(*each).name for each in expected()}


@pytest.mark.parametrize(("name", "theme", "size"), ALL)
def test_a_picture_is_whole(name: str, theme: str, size: tuple[int, int]) -> None:
    text = path(name, theme, size).read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    shown = readable(text)
    for words in PICTURES[name].words:
        assert words in shown, words
    assert not re.search(r"@import|@font-face|url\(\s*['\"]?http|<image|<script|href=", text)
    assert not re.search(
        r"/tmp/|/home/|/root/|127\.0\.0\.1|localhost|[A-Za-z0-9_-]{60,}", html.unescape(shown)
    )


def test_the_readme_shows_pictures_that_exist() -> None:
    named = re.findall(r"\]\((screenshots/[^)]+)\)", README.read_text("utf-8"))
    assert named
    for each in named:
        assert (README.parent / each).is_file(), each


def test_taking_them_anew_still_works(tmp_path: Path) -> None:
    taken = asyncio.run(take("dark", NORMAL, tmp_path))
    assert set(taken) == set(PICTURES)
    for name, picture in taken.items():
        for words in PICTURES[name].words:
            assert words in readable(picture), (name, words)
