"""Lists of several pages: every row once, in the service's order, with no call too many."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from crmtui.crm.spotler import Spotler
from crmtui.model.errors import BadAnswer
from crmtui.model.query import Order, Page, Query
from crmtui.workspace.account import Account
from crmtui.workspace.lists import RecordList
from crmtui.workspace.reading import read, read_all
from tests.conftest import Open, Serve

from .spotler import adapter, list_call, rows, said

Run = Callable[[Coroutine[Any, Any, Any]], Any]
NEWEST = Query("accounts", None, (Order("id"),))
FIRST_ID = 95920978


class Service:
    """A list of accounts that answers the adapter's Calls page by page, as truthfully as it is told to."""

    def __init__(
        self, count: int, *, base: int = 1, total: Any = "true", has_more: Any = "true", size: int = 100
    ) -> None:
        self.ids = list(range(1, count + 1))
        self.base = base
        self.total = total
        self.has_more = has_more
        self.size = size
        self.calls: list[int | None] = []

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        page = query.get("page")
        self.calls.append(None if page is None else int(page))
        place = max(0, int(page) - self.base) if page else 0
        size = min(int(query["limit"]), self.size)
        found = self.ids[place * size : (place + 1) * size]
        total = {"true": len(self.ids), "text": str(len(self.ids))}.get(self.total, self.total)
        more = (place + 1) * size < len(self.ids) if self.has_more == "true" else self.has_more
        return rows(*found, total=total, has_more=more)

    def read(self, service: Spotler) -> list[str]:
        """All ids, as the adapter reads on, each once and the pages in order."""
        call = service.list(Query("accounts"), {}, 100).call
        pages: dict[int, list[str]] = {}
        seen: set[str] = set()
        while call is not None:
            assert len(self.calls) < 20, "the list never ends"
            page: Page = service.read(call, said(self.answer(dict(call.query))))
            new = [r.ref.id for r in page.records if r.ref.id not in seen]
            seen.update(new)
            pages[page.number] = new
            following = service.next_page(call, page, len(seen))
            if following is None:
                break
            call = following
        return [id_ for number in sorted(pages) for id_ in pages[number]]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 150, 200, 250, 300, 301])
@pytest.mark.parametrize(
    ("total", "has_more"),
    [(total, more) for total in ("true", "text") for more in ("true", None, "1", "0", 1, 0)]
    + [(None, more) for more in ("true", None, "1", 1)],
)
def test_every_row_once(count: int, total: Any, has_more: Any) -> None:
    service = Service(count, total=total, has_more=has_more)
    assert service.read(adapter()) == [str(id_) for id_ in service.ids]
    if total is not None and has_more == "true":
        assert len(service.calls) == max(1, -(-count // 100))
        assert service.calls == [None, *range(2, len(service.calls) + 1)]


@pytest.mark.parametrize("count", [0, 100, 101, 150, 200, 250, 300, 301])
@pytest.mark.parametrize("has_more", ["true", None])
def test_pages_that_count_from_0(count: int, has_more: Any) -> None:
    service = Service(count, base=0, has_more=has_more)
    spotler = adapter()
    assert service.read(spotler) == [str(id_) for id_ in service.ids]
    assert spotler.pages_from == (0 if count > 100 else 1)
    # Once that is known, no call is wasted.
    again = Service(count, base=0, has_more=has_more)
    assert again.read(adapter(pages_from=spotler.pages_from)) == [str(id_) for id_ in service.ids]
    assert len(again.calls) == max(1, -(-count // 100))


@pytest.mark.parametrize("has_more", [False, 0, "0"])
@pytest.mark.parametrize("count", [101, 250, 300, 450])
def test_more_rows_than_has_more_admits(count: int, has_more: Any) -> None:
    service = Service(count, has_more=has_more)
    spotler = adapter()
    assert service.read(spotler) == [str(id_) for id_ in service.ids]
    assert spotler.pages_from == 1


@pytest.mark.parametrize("count", [100, 250])
def test_has_more_that_is_always_true_ends_at_the_total(count: int) -> None:
    service = Service(count, has_more=True)
    assert service.read(adapter()) == [str(id_) for id_ in service.ids]
    assert len(service.calls) == -(-count // 100)


def test_a_record_made_while_reading_teaches_nothing_false() -> None:
    service = Service(250)
    spotler = adapter()
    answer = service.answer

    def moving(query: dict[str, str]) -> dict[str, Any]:
        page = answer(query)
        if len(service.calls) == 1:
            service.ids.insert(0, 999)
        return page

    service.answer = moving  # type: ignore[method-assign]
    found = service.read(spotler)
    assert set(found) >= {str(id_) for id_ in range(1, 251)}
    assert len(found) == len(set(found))
    assert spotler.pages_from == 1


@pytest.mark.parametrize("body", [[{"id": 1}], [{"record": {"id": 1}}], {"list": [{"record": {"id": "1"}}]}])
def test_rows_without_their_wrapping(body: Any) -> None:
    page: Page = adapter().read(list_call(), said(body))
    assert [record.ref.id for record in page.records] == ["1"]


@pytest.mark.parametrize("total", ["1e999999999", '"x"', "-5", "1.5", "[]", "{}", "true", "9" * 4000])
def test_a_total_that_is_none(total: str) -> None:
    body = f'{{"metadata":{{"total_count":{total},"has_more":false}},"list":[]}}'
    page: Page = adapter().read(list_call(), said(body.encode()))
    assert page.total is None


@pytest.mark.parametrize(
    "body",
    [
        b"null", b"1", b'""', b"{}", b'{"list":null}', b'{"list":{}}', b'{"list":[1]}', b'{"list":[null]}',
        b'{"list":[{"record":null}]}', b'{"list":[{"record":{}}]}', b'{"list":[{"record":{"id":null}}]}',
        b'{"list":[{"record":{"id":[]}}]}', b'{"list":[{"record":[]}]}', b'{"lines":[1]}', b'{"lines":[{}]}',
        b"", b"<html>", b'{"list":[', b'{"message":"API call limit reached"}', b'{"metadata":[],"list":"x"}',
    ],
)  # fmt: skip
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        adapter().read(list_call(), said(body))


def test_the_words_of_a_success_that_is_none() -> None:
    with pytest.raises(BadAnswer, match="API call limit reached"):
        adapter().read(list_call(), said({"message": "API call limit reached"}))


# -- against the sandbox


def ids_of(count: int) -> list[str]:
    return [str(FIRST_ID + index) for index in range(count)]


@pytest.mark.parametrize("base", ["1", "0"])
def test_reading_a_whole_kind(base: str, serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(records=250, SPOTLER_PAGE_BASE=base)
    account = open_served(served, folder="one")
    assert [r.ref.id for r in run(read_all(account, NEWEST, {}))] == ids_of(250)
    assert len(served.requests) == 3
    again = open_served(served, folder="one")
    assert [r.ref.id for r in run(read_all(again, NEWEST, {}))] == ids_of(250)
    assert len(served.requests) == 6


@pytest.mark.parametrize(
    ("limit", "calls", "total", "more"),
    [
        (10, 1, 250, True),
        (100, 1, 250, True),
        (101, 2, 250, True),
        (250, 3, 250, False),
        (None, 3, 250, False),
    ],
)
def test_the_first_rows_cost_no_more_calls_than_they_must(
    limit: int | None, calls: int, total: int, more: bool, serve: Serve, open_served: Open, run: Run
) -> None:
    served = serve(records=250)
    found = run(read(open_served(served), NEWEST, {}, limit))
    assert [record.ref.id for record in found.records] == ids_of(limit or 250)
    assert (len(served.requests), found.total, found.more) == (calls, total, more)


@pytest.mark.parametrize("base", ["1", "0"])
@pytest.mark.parametrize("limit", [101, 150, 199, 230, 399])
def test_a_part_of_a_list_is_right_whatever_its_pages_count_from(
    base: str, limit: int, serve: Serve, open_served: Open, run: Run
) -> None:
    served = serve(records=400, SPOTLER_PAGE_BASE=base)
    account = open_served(served)
    found = run(read(account, NEWEST, {}, limit))
    assert [record.ref.id for record in found.records] == ids_of(limit)
    assert account.adapter.pages_from == int(base)
    if base == "1" and limit < 199:
        assert len(served.requests) == 2
    before = len(served.requests)
    assert len(run(read(account, NEWEST, {}, limit)).records) == limit
    assert len(served.requests) - before == -(-limit // 100)


@pytest.mark.parametrize("base", ["1", "0"])
@pytest.mark.parametrize(
    "told", [{"SPOTLER_TOTAL": "none"}, {"SPOTLER_HAS_MORE": "none"}, {"SPOTLER_TOTAL": "text"},
             {"SPOTLER_TOTAL": "none", "SPOTLER_HAS_MORE": "none"}]
)  # fmt: skip
def test_a_whole_list_is_whole_whatever_it_tells_of_its_length(
    base: str, told: dict[str, str], serve: Serve, open_served: Open, run: Run
) -> None:
    served = serve(records=250, SPOTLER_PAGE_BASE=base, **told)
    found = run(read(open_served(served), NEWEST, {}, None))
    assert [record.ref.id for record in found.records] == ids_of(250)


def test_a_filter_that_is_done_here_reads_no_page_twice(serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(records=250)
    account = open_served(served)
    query, fields = part_done_here(account, run)
    before = len(served.requests)
    assert len(run(read(account, query, fields, 2)).records) == 2
    assert len(served.requests) - before == 1


def listed(account: Account, run: Run, query: Query, *stretches: tuple[int, int]) -> RecordList:
    """A list on which a person jumped to some stretches."""
    records = RecordList(account, query, {})
    run(records.begin())
    for first, last in stretches:
        run(records.fill(first, last))
    return records


@pytest.mark.parametrize("base", ["1", "0"])
@pytest.mark.parametrize(
    "jumps", [[(100, 120), (240, 249)], [(240, 249), (100, 120)], [(90, 249)], [(200, 210), (100, 199)]]
)
def test_jumping_about_in_a_list(
    base: str, jumps: list[tuple[int, int]], serve: Serve, open_served: Open, run: Run
) -> None:
    served = serve(records=250, SPOTLER_PAGE_BASE=base)
    account = open_served(served)
    records = listed(account, run, NEWEST, *jumps)
    rows = records.rows(0, 250)
    # Positions that a wrong guess had filled are empty again, and filled when they are looked at.
    assert {at: r.ref.id for at, r in rows.items()}.items() <= dict(enumerate(ids_of(250))).items()
    for first, last in jumps:
        run(records.fill(first, last))
    assert [records.rows(at, 1)[at].ref.id for first, last in jumps for at in (first, last)] == [
        ids_of(250)[at] for first, last in jumps for at in (first, last)
    ]
    assert account.adapter.pages_from == int(base)


def test_a_list_that_shrank_teaches_nothing_false(serve: Serve, open_served: Open, run: Run) -> None:
    import httpx

    served = serve(records=150)
    account = open_served(served)
    records = listed(account, run, NEWEST)
    with httpx.Client(
        base_url=served.connection.url, headers={"Authorization": f"Bearer {served.token}"}, trust_env=False
    ) as client:
        for id_ in ids_of(60):
            assert client.delete(f"/accounts/{id_}").status_code == 200
    run(records.fill(140, 149))
    assert account.adapter.pages_from == 1
    assert records.total == 90
    again = listed(account, run, NEWEST)
    assert [r.ref.id for _, r in sorted(again.rows(0, 150).items())] == ids_of(150)[60:]


def part_done_here(account: Account, run: Run) -> tuple[Query, Any]:
    from crmtui.model.bind import Op, Test
    from crmtui.workspace.fields import Fields

    schema = run(Fields(account).schema("accounts"))
    return Query("accounts", Test("phone", Op.NOT_EMPTY), (Order("id"),)), schema.by_name


@pytest.mark.parametrize("base", ["1", "0"])
def test_reading_on_where_a_part_is_done_here(base: str, serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(records=320, SPOTLER_PAGE_BASE=base)
    account = open_served(served, folder="one")
    query, fields = part_done_here(account, run)
    expected = [
        r.ref.id
        for r in run(read_all(account, Query("accounts", None, query.order), fields))
        if r.values["phone"]
    ]
    assert 200 < len(expected) < 320

    fresh = open_served(served, folder="two")
    for account in (fresh, fresh, open_served(served, folder="two")):
        records = RecordList(account, query, fields)
        assert records.sequential
        run(records.begin())
        before = len(served.requests)
        while not records.ended:
            run(records.fill(0, 10_000))
        rows = records.rows(0, 400)
        assert [rows[at].ref.id for at in sorted(rows)] == expected
        assert records.total == len(expected)
        assert len(served.requests) - before <= 3 + (base == "0")


def test_a_list_known_from_yesterday_is_not_doubled(serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(records=250)
    account = open_served(served)
    query, fields = part_done_here(account, run)
    first = RecordList(account, query, fields)
    run(first.begin())
    run(first.fill(0, 120))
    again = RecordList(account, query, fields)
    while not again.ended:
        run(again.fill(0, 1000))
    ids = [record.ref.id for _, record in sorted(again.rows(0, 1000).items())]
    assert len(ids) == len(set(ids)) == again.total
