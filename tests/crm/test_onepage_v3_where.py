"""Lists of OnePageCRM's API v3: what is asked of the service, and what is left to be done here."""

import pytest

from crmtui.model.errors import NotFound, UsageError

from .onepage_v3 import adapter, asked, refusal, said

EXACT = [
    ("contacts", "owner_id=u1", {"owner_id": "u1"}),
    ("contacts", "status_id=s1", {"status_id": "s1"}),
    ("contacts", "company_id=c1", {"company_id": "c1"}),
    ("contacts", "tags=VIP", {"tag": "VIP"}),
    ("contacts", "starred=true", {"starred": "true"}),
    ("deals", "status=won", {"status": "won"}),
    ("deals", "pipeline_id=p1", {"pipeline_id": "p1"}),
    ("actions", "assignee_id=u1", {"assignee_id": "u1"}),
    ("actions", "done=true", {"done": "true"}),
    ("notes", "contact_id=c1", {"contact_id": "c1"}),
]
WIDER = [
    ("deals", "contact_id=c1", {"contact_id": "c1"}),
    ("actions", "done=false", {"done": "false"}),
    (
        "contacts",
        "modified_at>=2026-10-10",
        {"date_filter": "modified_at", "since": "2026-10-08"},
    ),
    (
        "deals",
        "close_date=2026-10-10",
        {"date_filter": "close_date", "since": "2026-10-08", "until": "2026-10-12"},
    ),
]
HERE = [
    ("contacts", "last_name=Lee"),
    ("contacts", "tags=Unheard"),
    ("contacts", "starred=false"),
    ("contacts", "owner_id!=u1"),
    ("contacts", "owner_id=u1|u2"),
    ("deals", "stage=50"),
    ("companies", "name=Acme"),
    ("companies", "modified_at>=2026-10-10"),
]


def parameters(kind: str, *arguments: str) -> dict[str, str]:
    query = dict(asked(kind, *arguments).call.query)
    return {name: value for name, value in query.items() if name not in ("page", "per_page", "team")}


@pytest.mark.parametrize(("kind", "argument", "wanted"), EXACT)
def test_what_the_service_means_just_as_we_do(kind: str, argument: str, wanted: dict[str, str]) -> None:
    assert parameters(kind, argument) == wanted
    assert asked(kind, argument).rest is None


@pytest.mark.parametrize(("kind", "argument", "wanted"), WIDER)
def test_what_narrows_a_list(kind: str, argument: str, wanted: dict[str, str]) -> None:
    assert parameters(kind, argument) == wanted
    assert asked(kind, argument).rest is not None


@pytest.mark.parametrize(("kind", "argument"), HERE)
def test_what_is_done_here(kind: str, argument: str) -> None:
    assert parameters(kind, argument) == {}
    assert asked(kind, argument).rest is not None


def test_parameters_that_exclude_each_other() -> None:
    both = asked("contacts", "company_id=c1", "tags=VIP")
    assert parameters("contacts", "company_id=c1", "tags=VIP") == {"company_id": "c1"}
    assert both.rest is not None
    twice = ("created_at>=2026-10-10", "modified_at>=2026-10-10")
    assert parameters("contacts", *twice)["date_filter"] == "created_at"


def test_contacts_of_all_users_by_a_hundred() -> None:
    call = asked("contacts", order="modified_at:desc", size=500).call
    assert call.target == "/api/v3/contacts?page=1&per_page=100&team=1&sort_by=modified_at&order=desc"
    assert "team" not in dict(asked("deals").call.query)


def test_orders_that_the_service_lacks() -> None:
    with pytest.raises(UsageError, match="created_at, modified_at"):
        asked("actions", order="date")


def test_one_record_by_its_id() -> None:
    one = asked("contacts", "id=c1")
    assert (one.call.path, one.whole, one.rest) == ("/api/v3/contacts/c1", True, None)
    page = adapter().read(one.call, said({"contact": {"id": "c1", "last_name": "Lee"}}))
    assert [record.title for record in page.records] == ["Lee"]
    assert adapter().read(one.call, refusal(404)).records == ()
    with pytest.raises(NotFound):
        adapter().read(adapter().show(page.records[0].ref), refusal(404))


def test_pages_in_any_size() -> None:
    call = asked("deals").call
    assert adapter().page_at(call, 2).target == "/api/v3/deals?page=3&per_page=100"
    begins, stretched = adapter().stretch(call, 150, 100)
    size = stretched.args["size"]
    assert begins <= 150 < begins + size
    assert dict(stretched.query) == {"page": str(begins // size + 1), "per_page": str(size)}


@pytest.mark.parametrize(("page", "more"), [(1, True), (2, False)])
def test_the_last_page(page: int, more: bool) -> None:
    call = adapter().page_at(asked("notes").call, page - 1)
    rows = {"notes": [{"note": {"id": "n1", "text": "Hi"}}], "total_count": 150, "page": page, "max_page": 2}
    read = adapter().read(call, said(rows))
    assert (read.has_more, read.total, read.number) == (more, 150, page - 1)
    assert (adapter().next_page(call, read, 100) is not None) is more
