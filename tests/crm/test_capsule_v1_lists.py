"""Lists of Capsule v1: what the service is asked for, what is left to be done here, and pages."""

import msgspec
import pytest

from crmtui.model.bind import All, Test, bind
from crmtui.model.call import Call
from crmtui.model.errors import NoRoute, NotFound, UsageError
from crmtui.model.query import Asked, Page, Query
from crmtui.model.schema import Choice
from crmtui.model.where import parse_argument

from .capsule_v1 import FORMATS, adapter, asked, fields_of, read, ref, said
from .spotler import TODAY


def of(given: Asked) -> tuple[str, list[str]]:
    """The request line of a list, and the fields that are looked at here."""
    rest = given.rest
    terms = rest.terms if isinstance(rest, All) else () if rest is None else (rest,)
    return given.call.target, [term.field for term in terms if isinstance(term, Test)]


@pytest.mark.parametrize(
    ("kind", "arguments", "target", "left"),
    [
        ("parties", [], "/api/party?limit=100", []),
        ("parties", ["id=7"], "/api/party/7", []),
        ("parties", ["id=7", "lastName=Nerd"], "/api/party/7", ["lastName"]),
        ("parties", ["tags=VIP & more"], "/api/party?tag=VIP%20%26%20more&limit=100", []),
        ("parties", ["tags=VIP", "organisation=5"], "/api/party?tag=VIP&limit=100", ["organisation"]),
        ("parties", ["organisation=5"], "/api/party/5/people?limit=100", []),
        (
            "parties",
            ["emailAddresses.address=a@b.example"],
            "/api/party?email=a%40b.example&limit=100",
            ["emailAddresses.address"],
        ),
        ("parties", ["name=ACME widgets Inc."], "/api/party?q=ACME%20widgets%20Inc.&limit=100", ["name"]),
        (
            "parties",
            ["firstName=Joe", "lastName=Nerd"],
            "/api/party?q=Joe%20Nerd&limit=100",
            ["firstName", "lastName"],
        ),
        # A part of a name may not be what `q` finds.
        ("parties", ["lastName=Nerd"], "/api/party?limit=100", ["lastName"]),
        ("parties", ["name~widgets"], "/api/party?limit=100", ["name"]),
        (
            "parties",
            ["updatedAt>=2015-11-04T12:00:00+02:00"],
            "/api/party?lastmodified=20151104T095959&limit=100",
            ["updatedAt"],
        ),
        (
            "kases",
            ["updatedAt>2015-11-04"],
            "/api/kase?lastmodified=20151103T235959&limit=100",
            ["updatedAt"],
        ),
        ("kases", ["party=3", "status=OPEN"], "/api/party/3/kase?limit=100", ["status"]),
        ("opportunities", ["party=3"], "/api/party/3/opportunity?limit=100", []),
        ("opportunities", ["milestone=82"], "/api/opportunity?limit=100", ["milestone"]),
        ("tasks", ["status=COMPLETED"], "/api/tasks?status=COMPLETED&limit=100", []),
        ("tasks", ["status!=COMPLETED"], "/api/tasks?status=OPEN&limit=100", []),
        (
            "tasks",
            ["status=OPEN", "owner=ted", "category=Call"],
            "/api/tasks?status=OPEN&user=ted&category=Call&limit=100",
            ["owner", "category"],
        ),
        ("tasks", ["party=3"], "/api/party/3/tasks?limit=100", []),
        ("tasks", ["kase=4", "status=COMPLETED"], "/api/kase/4/tasks?status=COMPLETED&limit=100", []),
        ("entries", ["opportunity=9"], "/api/opportunity/9/history?limit=100", []),
        ("entries", ["id=8"], "/api/history/8", []),
    ],
)
def test_a_filter_is_done_where_it_can_be(
    kind: str, arguments: list[str], target: str, left: list[str]
) -> None:
    assert of(asked(kind, *arguments)) == (target, left)


def test_a_milestone_is_asked_for_by_its_name() -> None:
    fields = dict(fields_of("opportunities"))
    fields["milestone"] = msgspec.structs.replace(
        fields["milestone"], choices=(Choice("81", "New"), Choice("82", "Bid & more"))
    )
    where = bind([parse_argument("milestone=82")], fields, today=TODAY)
    given = adapter().list(Query("opportunities", where), fields, 100)
    assert of(given) == ("/api/opportunity?milestone=Bid%20%26%20more&limit=100", ["milestone"])


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("entries", [], "party=ID, opportunity=ID or kase=ID"),
        ("tasks", ["status=OPEN|COMPLETED"], "status=OPEN or status=COMPLETED"),
        ("parties", ["tags=VIP", "tags=New"], "lists leave Tags out"),
        ("parties", ["tags!=VIP"], "lists leave Tags out"),
        ("parties", ["Membership/Level=gold"], "lists leave Level out"),
        ("opportunities", ["parties.id=3"], "lists leave Additional parties out"),
    ],
)
def test_what_lists_cannot_tell_is_refused(kind: str, arguments: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        asked(kind, *arguments)


def test_there_is_no_order() -> None:
    with pytest.raises(UsageError, match="no other order"):
        asked("parties", order="lastName")


def test_tasks_are_open_ones_unless_told_otherwise() -> None:
    window = asked("tasks").window
    assert window is not None
    assert (window.words, window.field) == ("status OPEN", "status")
    assert asked("tasks", "status=OPEN").window is None
    assert asked("parties").window is None


def test_one_that_is_not_there_is_an_empty_list() -> None:
    missing = "<response><message>party not found</message></response>"
    assert read(asked("parties", "id=7").call, missing, 404) == Page((), 0)


# -- pages


def rows(first: int, last: int, size: int | None = None) -> str:
    """Cases by their ids."""
    told = "".join(f"<kase><id>{id_}</id><name>K</name></kase>" for id_ in range(first, last + 1))
    return f'<kases size="{last - first + 1 if size is None else size}">{told}</kases>'


class Pages:
    """Reads a list page by page, as the workspace does."""

    def __init__(self, size: int = 4) -> None:
        self.call: Call | None = asked("kases", size=size).call
        self.targets: list[str] = []
        self.seen: set[str] = set()
        self.page = Page(())

    def take(self, body: str) -> None:
        assert self.call is not None
        self.targets.append(self.call.target)
        self.page = read(self.call, body)
        self.seen |= {record.ref.id for record in self.page.records}
        self.call = adapter().next_page(self.call, self.page, len(self.seen))


def test_a_page_shorter_than_asked_ends_the_list() -> None:
    pages = Pages()
    pages.take(rows(1, 4))
    pages.take(rows(5, 6))
    assert pages.targets == ["/api/kase?limit=4", "/api/kase?limit=4&start=4"]
    assert (pages.call, pages.page.total) == (None, 6)


def test_size_may_be_that_of_the_whole_list() -> None:
    pages = Pages()
    pages.take(rows(1, 4, size=6))
    assert pages.page.total == 6
    pages.take(rows(5, 6, size=6))
    assert (pages.call, len(pages.seen)) == (None, 6)


def test_size_of_a_whole_list_tells_of_more_than_a_short_page() -> None:
    pages = Pages()
    pages.take(rows(1, 3, size=6))
    pages.take(rows(4, 6, size=6))
    assert (pages.call, len(pages.seen)) == (None, 6)


def test_start_may_count_from_one() -> None:
    pages = Pages()
    pages.take(rows(1, 4))
    pages.take(rows(4, 7))
    pages.take(rows(8, 9))
    assert (pages.call, len(pages.seen)) == (None, 9)


def test_a_list_without_pages_is_read_once() -> None:
    pages = Pages()
    pages.take(rows(1, 6))
    assert (pages.call, pages.page.total) == (None, 6)


def test_a_list_that_passes_over_start_ends() -> None:
    pages = Pages()
    pages.take(rows(1, 4))
    pages.take(rows(1, 4))
    assert pages.call is None


def test_a_service_may_give_less_than_it_is_asked_for() -> None:
    pages = Pages(size=100)
    pages.take(rows(1, 50))
    pages.take(rows(51, 60))
    pages.take('<kases size="0"/>')
    assert (pages.call, len(pages.seen)) == (None, 60)


def test_places_are_reached_by_their_number() -> None:
    call = asked("kases", size=10).call
    assert adapter().page_at(call, 3).target == "/api/kase?limit=10&start=30"
    assert adapter().resized(call, 5, 2).target == "/api/kase?limit=5&start=10"
    assert adapter().stretch(call, 0, 50) == (0, call)
    first, stretch = adapter().stretch(call, 20, 50)
    assert (first, stretch.target) == (18, "/api/kase?limit=50&start=19")


# -- what changed, and what was deleted


def test_what_changed_is_asked_for_a_second_early() -> None:
    call = adapter().changed("opportunities", "2015-11-04T11:17:16.250Z")
    assert call.target == "/api/opportunity?lastmodified=20151104T111715&limit=100"
    assert read(call, '<opportunities size="0"/>').records == ()


@pytest.mark.parametrize(
    "body",
    [
        "<deletedOpportunities><deletedOpportunity><id>3</id><deletedDate>2015-11-04T00:00:00Z</deletedDate>"
        "</deletedOpportunity><deletedOpportunity><id>4</id></deletedOpportunity></deletedOpportunities>",
        '{"deletedOpportunities":{"deletedOpportunity":[{"id":"3"},{"id":"4"}]}}',
    ],
    ids=FORMATS,
)
def test_what_was_deleted(body: str) -> None:
    call = adapter().deleted("opportunities", "2015-11-04T11:17:16Z")
    assert call is not None
    assert call.target == "/api/opportunity/deleted?since=20151104T111715"
    assert read(call, body) == ("3", "4")


def test_twins_of_the_deleted_feed_may_be_there_or_not() -> None:
    call = adapter().deleted("parties", "2015-11-04T11:17:16Z")
    assert call is not None
    assert read(call, "<deletedParties><deletedParty><id>3</id></deletedParty></deletedParties>") == ("3",)
    with pytest.raises(NoRoute):
        read(call, "<response><message>party not found</message></response>", 404)
    known = adapter().deleted("opportunities", "2015-11-04T11:17:16Z")
    assert known is not None
    with pytest.raises(NotFound) as caught:
        adapter().read(known, said("", 404))
    assert not isinstance(caught.value, NoRoute)
    assert adapter().deleted("tasks", "2015-11-04T11:17:16Z") is None


def test_a_record_and_its_parts_are_asked_for_by_its_path() -> None:
    of = ref("kases", "5")
    assert adapter().show(of).target == "/api/kase/5"
    assert [adapter().part(of, part).target for part in ("tags", "customfields", "parties")] == [
        "/api/kase/5/tag",
        "/api/kase/5/customfields",
        "/api/kase/5/party",
    ]
    assert adapter().show(ref("tasks", "5")).target == "/api/task/5"
    assert adapter().show(ref("entries", "a/b")).target == "/api/history/a%2Fb"
