"""Lists of several pages: every row once, whether `start` counts from 0 or from 1."""

import pytest

from crmtui.crm.solve360 import Solve360
from crmtui.model.query import Page, Query

from .solve360 import adapter, said


class Service:
    """A list of contacts that answers the adapter's Calls."""

    def __init__(self, count: int, base: int, *, total: bool = True) -> None:
        self.ids = list(range(1000, 1000 + count))
        self.base = base
        self.total = total
        self.calls = 0

    def answer(self, query: dict[str, str]) -> str:
        self.calls += 1
        first = max(0, int(query["start"]) - self.base) if "start" in query else 0
        found = self.ids[first : first + int(query["limit"])]
        rows = "".join(f"<id{id_}><id>{id_}</id><name>n{id_}</name></id{id_}>" for id_ in found)
        count = f"<count>{len(self.ids)}</count>" if self.total else ""
        return f"<response>{rows}{count}<status>success</status></response>"

    def read(self, service: Solve360, size: int) -> list[int]:
        """All ids in the order in which they came, each once."""
        call = service.list(Query("contacts"), {}, size).call
        seen: dict[int, None] = {}
        while call is not None:
            assert self.calls < 60, "the list never ends"
            page: Page = service.read(call, said(self.answer(dict(call.query))))
            seen.update(dict.fromkeys(int(record.ref.id) for record in page.records))
            following = service.next_page(call, page, len(seen))
            if following is None:
                break
            call = following
        return list(seen)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("size", [1, 2, 7, 20])
@pytest.mark.parametrize("count", [0, 1, 2, 6, 7, 8, 14, 15, 20, 21, 40])
def test_every_row_once(count: int, size: int, base: int, total: bool) -> None:
    service = Service(count, base, total=total)
    assert service.read(adapter(), size) == service.ids
    if total:
        assert service.calls <= max(1, -(-count // size) + base)


@pytest.mark.parametrize("base", [0, 1])
def test_a_stretch_begins_where_it_says_or_one_after(base: int) -> None:
    service, solve = Service(500, base), adapter()
    first = solve.list(Query("contacts"), {}, 100).call
    for place in (0, 1, 5, 6, 7, 100, 499):
        begins, call = solve.stretch(first, place, 100)
        page: Page = solve.read(call, said(service.answer(dict(call.query))))
        row = int(page.records[0].ref.id) - 1000
        assert row in (begins, begins + 1)
        assert row <= place
