"""Requests of OnePageCRM v1.2: the signature, lists and their pages, and what a write sends."""

import time
from typing import Any

import pytest

from crmtui.crm.onepagecrm.v1.signature import signature
from crmtui.model.call import Answer, Call, More
from crmtui.model.errors import AuthFailed, BadAnswer, Conflict, Invalid, NotFound, UsageError
from crmtui.model.query import Page
from crmtui.model.write import Op

from .onepage_v1 import FORMATS, KEY, UID, URL, adapter, asked, calls, envelope, form, lines, ref, said

NOW: dict[str, Any] = {
    "firstname": "John",
    "lastname": "Doe",
    "company": None,
    "jobtitle": "CEO",
    "address": None,
    "city": "",
    "state": None,
    "zip": "10115",
    "country": "GR",
    "description": "a & b\nc",
    "phones": [{"type": "work", "number": "+1 2"}, {"type": "fax", "number": "3"}],
    "emails": [],
    "urls": [{"type": "website", "address": "a.example"}],
    "vip": False,
    "status": "lead",
    "tags": ["x", "on hold"],
    "nextaction": None,
    "pendingdeal": False,
}
ACTION = {"cid": "c", "name": "Call", "date": "2026-12-01", "next": False, "waiting": False, "done": False}


# -- the signature


def test_the_official_vectors() -> None:
    url = f"{URL}/api/contacts/4d91d3ea6381904e44000026.xml"
    assert signature(UID, KEY, 1308640873, "PUT", url, b"firstname=John&lastname=Doe") == (
        "54d40f0284a23552eae5c62f6e848e636980e88cd13e7e7b58cc43d0825cc307"
    )
    url = f"{URL}/api/v3/contacts/4d91d3ea6381904e44000026.json?partial=1"
    body = b'{"first_name":"John", "last_name":"Doe"}'
    assert signature(UID, KEY, 1401366488, "PUT", url, body) == (
        "cdeb83dfc85172fd1cb676a7219dbacf6da0382ed3c9d890b41977e33a49fcf0"
    )


def test_a_call_is_signed_as_it_is_called() -> None:
    call = Call("GET", "/api/contacts.json", "page", (("tag", "a b&c"), ("page", "1")))
    headers = adapter().sign(call, KEY)
    moment = int(headers["X-OnePageCRM-TS"])
    assert abs(moment - time.time()) < 5
    assert headers["X-OnePageCRM-UID"] == UID
    url = f"{URL}/api/contacts.json?tag=a%20b%26c&page=1"
    assert headers["X-OnePageCRM-Auth"] == signature(UID, KEY, moment, "GET", url, b"")


def test_a_token_may_hold_the_uid() -> None:
    headers = adapter().sign(adapter().check(), f"4e00:{KEY}")
    assert headers["X-OnePageCRM-UID"] == "4e00"


@pytest.mark.parametrize("key", ["no key", "ä", "AAA", ":"])
def test_a_key_that_is_none(key: str) -> None:
    with pytest.raises(AuthFailed):
        adapter().sign(adapter().check(), key)


@pytest.mark.parametrize("format_", FORMATS)
def test_an_expired_signature_is_made_anew_by_the_services_clock_once(format_: str) -> None:
    at = adapter(format_)
    at_service = int(time.time()) + 7200
    no = said({"status": 101, "message": "Expired", "timestamp": at_service}, format_)
    [call] = at.write(_write(Op.CREATE, "contacts", {"lastname": "Doe"}), None, {})
    more = at.read(call, no)
    assert isinstance(more, More)
    assert (more.call.path, more.call.body, more.call.safe) == (call.path, call.body, False)
    assert abs(int(at.sign(more.call, KEY)["X-OnePageCRM-TS"]) - at_service) < 5
    with pytest.raises(AuthFailed, match="clock"):
        at.read(more.call, no)


def test_login() -> None:
    at = adapter("xml", "ann@example.com")
    call = at.login("a&b c")
    assert call is not None
    assert (call.method, call.path, call.safe) == ("POST", "/api/auth/login.xml", False)
    assert form(call) == {"login": "ann@example.com", "password": "a&b c"}
    assert not call.signed
    assert at.read(call, said(envelope({"uid": UID, "key": KEY}), "xml")) == f"{UID}:{KEY}"
    with pytest.raises(AuthFailed, match="Login or password"):
        at.read(call, said({"status": 103, "message": "Invalid login details"}, "xml"))
    with pytest.raises(BadAnswer):
        at.read(call, said(envelope({"uid": UID}), "xml"))


@pytest.mark.parametrize(("user", "secret"), [(UID, KEY), ("ann@example.com", f"{UID}:{KEY}"), ("", KEY)])
def test_a_key_is_no_password(user: str, secret: str) -> None:
    assert adapter(user=user).login(secret) is None


def test_a_password_may_have_a_colon() -> None:
    call = adapter(user="ann@example.com").login("a:b")
    assert call is not None
    assert form(call)["password"] == "a:b"


# -- lists


def _rows(first: int, last: int) -> list[dict[str, str]]:
    return [{"id": f"{number:024}", "lastname": f"N{number}"} for number in range(first, last)]


class _Listing:
    """Contacts as the service lists them: so many that do not wait, then so many that do."""

    def __init__(self, others: int, waiting: int, size: int, counts: str = "all") -> None:
        """`counts`: whether `count` is that of all rows, or of the page's."""
        self._rows = {"0": _rows(0, others), "1": _rows(others, others + waiting)}
        self._counts = counts
        self._size = size
        self.calls = 0

    def answer(self, call: Call) -> Answer:
        self.calls += 1
        told = dict(call.query)
        rows, page = self._rows[told["waiting"]], int(told["page"])
        some = rows[(page - 1) * self._size : page * self._size]
        most = max(1, -(-len(rows) // self._size))
        count = len(rows if self._counts == "all" else some)
        return said(envelope({"count": count, "page": page, "maxpage": most, "contacts": some}))


@pytest.mark.parametrize("counts", ["all", "page"])
@pytest.mark.parametrize(("others", "waiting"), [(0, 0), (1, 0), (0, 1), (3, 3), (7, 2), (6, 4), (9, 9)])
def test_everyone_is_listed_and_those_who_wait_come_last(others: int, waiting: int, counts: str) -> None:
    at, listing = adapter(), _Listing(others, waiting, 3, counts)
    call: Call | None = at.list(_query(), {}, 25).call
    numbers, ids = [], []
    page = Page(())
    while call is not None:
        page = at.read(call, listing.answer(call))
        numbers.append(page.number)
        ids += [record.ref.id for record in page.records]
        call = at.next_page(call, page, len(ids))
    assert ids == [row["id"] for row in _rows(0, others + waiting)]
    assert numbers[0] == 0
    assert numbers == sorted(set(numbers))
    assert (page.total, page.has_more) == (others + waiting, False)
    assert listing.calls == max(1, -(-others // 3)) + max(1, -(-waiting // 3))


def test_a_list_that_passes_over_its_parameters_ends() -> None:
    at, calls_made = adapter(), 0
    call: Call | None = at.list(_query(), {}, 25).call
    while call is not None:
        calls_made += 1
        page = at.read(call, said(envelope({"contacts": _rows(0, 3)})))
        call = at.next_page(call, page, 3)
    assert calls_made <= 4


@pytest.mark.parametrize("fresh", [True, False])
def test_a_stretch_begins_before_its_place_and_leads_beyond_it(fresh: bool) -> None:
    listing = _Listing(10, 8, 3)
    at = adapter()
    first = at.list(_query(), {}, 25).call
    for place in range(17):
        if fresh:
            at = adapter()
        else:
            at.read(first, listing.answer(first))
        begins, call = at.stretch(first, place, 25)
        said_ = at.read(call, listing.answer(call))
        while isinstance(said_, More):
            said_ = at.read(said_.call, listing.answer(said_.call))
        rows = [int(record.ref.id) for record in said_.records]
        if not (fresh or place > 12):
            assert begins <= place < begins + len(rows) - 1
        assert rows == list(range(begins, begins + len(rows)))


def test_what_the_service_filters_and_what_is_left() -> None:
    for arguments, query, rest in [
        (["tags=hot stuff"], {"tag": "hot stuff"}, False),
        (["vip=yes"], {"tag": "VIP"}, False),
        (["pendingdeal=yes"], {"system_tag": "pending_deals"}, False),
        (["tags=hot", "lastname=Doe"], {"tag": "hot"}, True),
        (["lastname=Doe"], {"search": "Doe"}, True),
        (["lastname~oe"], {}, True),
        (["vip=no"], {}, True),
        (["status=lead"], {}, True),
    ]:
        found = asked("contacts", *arguments)
        told = dict(found.call.query)
        assert (told.pop("page"), told.pop("waiting")) == ("1", "0")
        assert (told, found.rest is not None) == (query, rest), arguments


def test_what_hangs_on_a_contact_is_listed_by_it() -> None:
    for kind, path in [("actions", "actions"), ("notes", "notes"), ("deals", "notes")]:
        found = asked(kind, "cid=4e60", "date>2026-01-01")
        assert (found.call.path, found.call.query, found.whole) == (
            f"/api/{path}.json",
            (("cid", "4e60"),),
            True,
        )
        assert found.rest is not None
        with pytest.raises(UsageError, match="cid=ID"):
            asked(kind, "date>2026-01-01")
        assert asked(kind, "id=4e61").call.path == f"/api/{path}/4e61.json"


def test_what_lists_leave_out_or_do_not_do() -> None:
    for arguments in (["city=Rome"], ["phones.number~12"]):
        with pytest.raises(UsageError, match="--offline"):
            asked("contacts", *arguments)
    with pytest.raises(UsageError, match="order"):
        asked("contacts", order="lastname")


# -- writes


def _query() -> Any:
    from crmtui.model.query import Query

    return Query("contacts")


def _write(op: Op, kind: str, edits: dict[str, Any]) -> Any:
    from crmtui.model.write import Write

    return Write("1", op, ref(kind), edits)


def test_an_edit_sends_the_whole_contact() -> None:
    [call] = calls(Op.EDIT, ref("contacts", "abc"), {"city": "Bergen", "vip": True}, NOW)
    assert (call.method, call.path, call.safe) == ("PUT", "/api/contacts/abc.json", False)
    assert dict(call.headers)["Content-Type"] == "application/x-www-form-urlencoded"
    assert form(call) == {
        "firstname": "John",
        "lastname": "Doe",
        "company": "",
        "job_title": "CEO",
        "address": "",
        "city": "Bergen",
        "state": "",
        "zip_code": "10115",
        "country": "EL",
        "description": "a & b\nc",
        "phones": "work|+1 2,fax|3",
        "emails": "",
        "urls": "website|a.example",
        "vip": "1",
        "status": "lead",
        "tags": "x,on hold",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phones", [{"type": "work", "number": "1,2"}]),
        ("phones", [{"type": "work", "number": "1|2"}]),
        ("phones", [{"type": "company", "number": "12"}]),
        ("phones", [{"number": "12"}]),
        ("emails", [{"type": "direct", "address": "a@b.example"}]),
        ("emails", [{"type": "work", "address": "a@b.example", "note": "x"}]),
        ("urls", [{"type": "website", "address": "a.example/?x=1,2"}]),
        ("tags", ["a,b"]),
        ("firstname", "x" * 26),
        ("company", "x" * 56),
    ],
)
def test_what_a_form_cannot_carry_is_not_sent(field: str, value: Any) -> None:
    for edits, now in (({"city": "Bergen"}, {**NOW, field: value}), ({field: value, "city": "x"}, NOW)):
        with pytest.raises(Invalid, match="Nothing was sent") as caught:
            calls(Op.EDIT, ref("contacts", "abc"), edits, now)
        assert set(caught.value.fields) == {field}


def test_a_contact_that_was_not_read_whole_is_not_replaced() -> None:
    row = {name: value for name, value in NOW.items() if name not in ("phones", "description")}
    [call] = calls(Op.EDIT, ref("contacts", "abc"), {"city": "Bergen"}, row)
    assert form(call).keys() >= {"city", "zip_code"}
    assert form(call).keys().isdisjoint({"phones", "description"})
    with pytest.raises(Invalid, match="not read") as caught:
        adapter().sign(call, KEY)
    assert set(caught.value.fields) == {"phones", "description"}


def test_a_contact_needs_a_last_name_or_a_company() -> None:
    with pytest.raises(Invalid) as caught:
        calls(Op.CREATE, ref("contacts"), {"firstname": "Ann"})
    assert set(caught.value.fields) == {"lastname", "company"}
    with pytest.raises(Invalid):
        calls(Op.EDIT, ref("contacts", "abc"), {"lastname": None}, NOW)
    [call] = calls(Op.CREATE, ref("contacts"), {"company": "Acme", "tags": ["vip", "y"]})
    sent = form(call)
    assert (call.method, call.path) == ("POST", "/api/contacts.json")
    assert (sent["company"], sent["tags"], sent["vip"], sent["status"]) == ("Acme", "y", "1", "lead")


def test_tags_alone_are_put_on_and_taken_off() -> None:
    old = {**NOW, "tags": ["on hold", "x", "old, with comma"]}
    made = calls(Op.EDIT, ref("contacts", "abc"), {"tags": ["x", "new"]}, old)
    assert lines(made) == ["POST /api/misc/assign_tag.json", *["POST /api/misc/unassign_tag.json"] * 2]
    assert [form(call)["name"] for call in made] == ["new", "on hold", "old, with comma"]
    with pytest.raises(Invalid, match="a comma") as caught:
        calls(Op.EDIT, ref("contacts", "abc"), {"tags": ["x", "new, with comma"]}, NOW)
    assert set(caught.value.fields) == {"tags"}
    marked = calls(Op.EDIT, ref("contacts", "abc"), {"tags": ["x", "on hold", "VIP"]}, NOW)
    assert lines(marked) == ["POST /api/misc/assign_tag.json", "GET /api/contacts/abc.json"]


def test_actions() -> None:
    [call] = calls(Op.CREATE, ref("actions"), {"cid": "c", "name": "Call", "date": "2026-12-01"})
    assert (call.method, call.path) == ("POST", "/api/actions.json")
    assert form(call) == {"cid": "c", "name": "Call", "date": "01.12.2026", "next": "0", "waiting": "0"}
    with pytest.raises(Invalid, match="date"):
        calls(Op.CREATE, ref("actions"), {"cid": "c", "name": "Call"})
    with pytest.raises(Invalid, match="next"):
        calls(Op.CREATE, ref("actions"), {"cid": "c", "name": "Call", "next": True, "waiting": True})
    of = ref("actions", "a")
    [call] = calls(Op.EDIT, of, {"waiting": True}, {**ACTION, "next": True})
    assert (call.method, form(call)["next"], form(call)["waiting"]) == ("PUT", "0", "1")
    [call] = calls(Op.EDIT, of, {"date": "2027-01-02"}, {**ACTION, "waiting": True})
    assert (form(call)["date"], form(call)["waiting"]) == ("02.01.2027", "0")
    done = calls(Op.EDIT, of, {"done": True, "name": "Called"}, ACTION)
    assert lines(done) == ["PUT /api/actions/a.json", "POST /api/misc/mark_action_as_done.json"]
    assert form(done[1]) == {"cid": "c"}
    undone = calls(Op.EDIT, of, {"done": False, "name": "Call"}, {**ACTION, "done": True})
    assert lines(undone) == ["POST /api/misc/undo_action_completion.json", "PUT /api/actions/a.json"]
    with pytest.raises(Invalid, match="done"):
        calls(Op.DELETE, of, {}, ACTION)
    assert lines(calls(Op.DELETE, of, {}, {**ACTION, "done": True})) == ["DELETE /api/actions/a.json"]
    # Completed was another than the one that was meant: no answer tells what became of that.
    with pytest.raises(BadAnswer):
        adapter().read(done[1], said(envelope({**ACTION, "id": "b"})))
    with pytest.raises(Invalid, match="one action at a time"):
        adapter().read(done[0], said({"status": 107, "message": "no"}))


def test_notes_and_deals() -> None:
    [note] = calls(Op.CREATE, ref("notes"), {"cid": "c", "body": "Hello", "date": "2026-12-01"})
    assert (note.method, note.path) == ("POST", "/api/notes.json")
    assert form(note) == {"cid": "c", "body": "Hello", "date": "01.12.2026"}
    [note] = calls(Op.CREATE, ref("notes"), {"cid": "c", "body": "Hello"})
    assert form(note)["date"]
    now = {"cid": "c", "body": "Hello", "date": "2026-12-01", "amount": 250, "status": "pending"}
    [deal] = calls(Op.EDIT, ref("deals", "d"), {"status": "won"}, now)
    assert (deal.method, deal.path) == ("PUT", "/api/notes/d.json")
    sent = form(deal)
    assert {sent["type"], sent["is_deal"], sent["amount"], sent["deal_amount"]} == {"deal", "1", "250"}
    assert (sent["status"], sent["deal_status"], sent["deal_stage"], "cid" in sent) == (
        "won",
        "won",
        "",
        False,
    )
    with pytest.raises(Invalid, match="stays with its contact"):
        calls(Op.EDIT, ref("notes", "d"), {"cid": "other"}, now)
    assert lines(calls(Op.DELETE, ref("deals", "d"), {}, now)) == ["DELETE /api/notes/d.json"]


def test_a_deletion_is_undone_by_the_service_or_else_made_again() -> None:
    at = adapter()
    [call] = calls(Op.CREATE, ref("contacts"), {"lastname": "Doe"}, undoes="0")
    assert (call.method, call.path, call.body) == ("POST", "/api/misc/undo_contact_deletion.json", b"")
    record = at.read(call, said(envelope([{"id": "old", "lastname": "Doe", "firstname": None}])))
    assert record.ref == ref("contacts", "old")
    with pytest.raises(Conflict, match="Smith"):
        at.read(call, said(envelope([{"id": "x", "lastname": "Smith"}])))
    more = at.read(call, said({"status": 108, "message": "no"}))
    assert more == at.read(call, said({"status": 106, "message": "no"}))
    assert isinstance(more, More)
    assert (more.call.path, form(more.call)["lastname"]) == ("/api/contacts.json", "Doe")
    assert at.read(more.call, said(envelope({"id": "new", "lastname": "Doe"}))).ref.id == "new"
    with pytest.raises(NotFound):
        at.read(more.call, said({"status": 106, "message": "no"}))
