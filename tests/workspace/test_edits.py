"""A write from the person's decision to the answer, against the sandbox and lines that break."""

import json
from collections.abc import Callable, Coroutine, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from crmtui.model.call import Call
from crmtui.model.errors import (
    ConfigError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Restricted,
    Unavailable,
    Unreachable,
)
from crmtui.model.record import Record, Ref, Value
from crmtui.model.write import Op, State
from crmtui.workspace.account import Account
from crmtui.workspace.edits import Edits
from crmtui.workspace.fields import Fields
from crmtui.workspace.labels import Labels
from crmtui.workspace.outbox import Outbox
from crmtui.workspace.saved import Clashed, Saved
from tests.conftest import Open, Served
from tests.proxy import Canned, Fault, Proxy, answer, closed_port, hang_up

Run = Callable[[Coroutine[Any, Any, Any]], Any]
FIRST = "95920978"
RECORD = json.dumps(
    {"record": {"id": int(FIRST), "name": "Acme", "phone": "old", "modifieddate": "2026-01-01 00:00:00"}}
).encode()


class Desk:
    """What a person does with accounts of the sandbox, and what somebody else does meanwhile."""

    def __init__(self, account: Account, served: Served, run: Run) -> None:
        self.account = account
        self.served = served
        self.run = run
        self.fields = Fields(account)
        self.edits = Edits(account, self.fields)
        self.outbox = Outbox(account, self.fields, self.edits)
        self.schema = run(self.fields.schema("accounts"))

    def ref(self, id_: str = "") -> Ref:
        return Ref(self.account.name, "accounts", id_)

    def read(self, id_: str = FIRST) -> Record:
        record: Record = self.run(self.edits.read(self.ref(id_)))
        return record

    def save(
        self, op: Op = Op.EDIT, id_: str = FIRST, base: Mapping[str, Value] | None = None, **edits: Value
    ) -> Saved:
        write = self.edits.intent(op, self.ref(id_), edits, base)
        saved: Saved = self.run(self.outbox.save(write, self.schema))
        return saved

    def else_where(self, method: str = "PATCH", id_: str = FIRST, **values: Value) -> dict[str, Any]:
        """What another client of the service does, or finds."""
        url, token = self.served.connection.url, self.served.token
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        ) as client:
            response = client.request(method, f"/accounts/{id_}", json=values if method == "PATCH" else None)
            found: dict[str, Any] = response.json().get("record", {})
            return found

    def sent(self) -> list[tuple[str, str, Any]]:
        """Method, path and body of the requests since the last look."""
        requests = [r for r in self.served.requests if r.headers.get("user-agent", "").startswith("crmtui")]
        found = [(r.method, r.path, json.loads(r.body) if r.body else None) for r in requests[self._looked :]]
        self._looked = len(requests)
        return found

    _looked = 0

    def states(self) -> list[State]:
        return [entry.state for entry in self.account.writes.all()]


@pytest.fixture
def desk(account: Account, sandbox: Served, run: Run) -> Desk:
    desk = Desk(account, sandbox, run)
    desk.sent()
    return desk


def through(desk: Desk, open_served: Open, url: str) -> Desk:
    """The same desk over another line, its schema known already."""
    connection = msgspec.structs.replace(desk.served.connection, url=url)
    account = open_served(desk.served, connection, "through")
    account.known.keep_schema(desk.schema)
    return Desk(account, desk.served, desk.run)


def test_an_edit_is_a_look_and_the_changed_fields(desk: Desk) -> None:
    saved = desk.save(phone="+44 1", website="https://new.example")
    assert desk.sent() == [
        ("GET", f"/accounts/{FIRST}", None),
        ("PATCH", f"/accounts/{FIRST}", {"phone": "+44 1", "website": "https://new.example"}),
    ]
    assert saved.sent
    assert saved.other == {}
    assert saved.record is not None
    assert saved.record.values["phone"] == "+44 1"
    assert desk.account.mirror.get(desk.ref(FIRST)) == saved.record
    assert desk.states() == [State.DONE]
    assert desk.account.writes.waiting() == []
    assert desk.else_where("GET")["phone"] == "+44 1"


def test_what_is_the_same_already_is_not_sent(desk: Desk) -> None:
    values = desk.read().values
    desk.sent()
    desk.save(name=values["name"], phone="+44 2")
    assert desk.sent()[1][2] == {"phone": "+44 2"}
    saved = desk.save(name=values["name"], phone="+44 2", creditlimit=values["creditlimit"])
    assert not saved.sent
    assert [method for method, _, _ in desk.sent()] == ["GET"]
    assert desk.account.writes.all()[0].why == "nothing to change"


@pytest.mark.parametrize("form", ["", None])
def test_a_field_is_cleared_in_the_form_it_was_empty_in(form: Value, desk: Desk) -> None:
    desk.else_where(notes=form)
    desk.read()
    desk.save(notes="something")
    desk.sent()
    desk.save(notes=None)
    assert desk.sent()[1][2] == {"notes": form}
    assert desk.else_where("GET")["notes"] == form


def test_a_reference_is_cleared_as_it_came(desk: Desk) -> None:
    desk.else_where(campaignid=0)
    assert desk.read().values["campaignid"] is None
    desk.save(campaignid="21100")
    assert desk.read().values["campaignid"] == 21100
    desk.sent()
    saved = desk.save(campaignid=None)
    assert desk.sent()[1][2] == {"campaignid": 0}
    assert saved.other == {}


def test_values_are_written_in_the_type_they_were_read_in(desk: Desk) -> None:
    desk.else_where(**{"2yearpolicy": "0"})
    desk.sent()
    edits: dict[str, Any] = {"2yearpolicy": True, "creditlimit": Decimal("10.50"), "ownerid": "90502"}
    saved = desk.save(**edits)
    assert desk.sent()[1][2] == {"2yearpolicy": "1", "creditlimit": 10.5, "ownerid": 90502}
    assert saved.other == {}


def test_somebody_else_changed_another_field(desk: Desk) -> None:
    base = dict(desk.read().values)
    desk.else_where(website="https://theirs.example")
    desk.sent()
    saved = desk.save(base=base, phone="mine")
    assert desk.sent()[1][2] == {"phone": "mine"}
    assert saved.record is not None
    assert (saved.record.values["phone"], saved.record.values["website"]) == (
        "mine",
        "https://theirs.example",
    )


def test_somebody_else_made_the_same_change(desk: Desk) -> None:
    base = dict(desk.read().values)
    desk.else_where(phone="same")
    assert not desk.save(base=base, phone="same").sent


def test_somebody_else_changed_the_same_field(desk: Desk) -> None:
    base = dict(desk.read().values)
    desk.else_where(phone="theirs")
    desk.sent()
    with pytest.raises(Clashed, match="changed phone") as clashed:
        desk.save(base=base, phone="mine", website="https://mine.example")
    [clash] = clashed.value.clashes
    assert (clash.field, clash.original, clash.mine, clash.theirs) == (
        "phone",
        base["phone"],
        "mine",
        "theirs",
    )
    assert clashed.value.exit_code == 7
    assert [method for method, _, _ in desk.sent()] == ["GET"]
    assert desk.else_where("GET")["website"] == base["website"]
    assert desk.account.writes.waiting() == []
    # The mirror was refreshed, so that the same edit on top of it goes through.
    mirrored = desk.account.mirror.get(desk.ref(FIRST))
    assert mirrored is not None
    assert mirrored.values["phone"] == "theirs"
    assert desk.save(base=dict(mirrored.values), phone="mine").sent


def test_a_field_that_the_base_never_held_is_no_conflict(desk: Desk) -> None:
    desk.else_where(phone="theirs")
    assert desk.save(base={"name": "whatever"}, phone="mine").sent


@pytest.mark.parametrize(("before", "now"), [(None, ""), ("", None)])
def test_the_forms_of_nothing_are_no_conflict(before: Value, now: Value, desk: Desk) -> None:
    desk.else_where(notes=now)
    assert desk.save(base={"notes": before}, notes="mine").sent


def test_a_record_that_is_gone(desk: Desk) -> None:
    desk.read()
    desk.else_where("DELETE")
    desk.sent()
    with pytest.raises(NotFound, match=f"acme/accounts/{FIRST}"):
        desk.save(phone="x")
    assert [method for method, _, _ in desk.sent()] == ["GET"]
    assert desk.account.mirror.get(desk.ref(FIRST)) is None
    assert desk.account.writes.waiting() == []


def test_a_new_record(desk: Desk) -> None:
    saved = desk.save(Op.CREATE, "", name="Brand New", phone=None, notes="", creditlimit=5)
    assert desk.sent() == [("POST", "/accounts", {"name": "Brand New", "creditlimit": 5})]
    assert saved.record is not None
    assert saved.record.ref.id
    assert saved.record.title == "Brand New"
    assert desk.account.mirror.get(saved.record.ref) == saved.record
    [entry] = desk.account.writes.all()
    assert (entry.state, entry.write.ref) == (State.DONE, saved.record.ref)


def test_a_field_that_came_back_other_than_sent(desk: Desk) -> None:
    # The service puts the token's user in the place of an owner it does not know.
    saved = desk.save(Op.CREATE, "", name="Brand New", ownerid="1")
    assert saved.other == {"ownerid": 90505}


def test_deleting(desk: Desk) -> None:
    desk.read()
    desk.sent()
    saved = desk.save(Op.DELETE)
    assert desk.sent() == [("DELETE", f"/accounts/{FIRST}", None)]
    assert saved == Saved(None, sent=True)
    assert desk.account.mirror.get(desk.ref(FIRST)) is None
    with pytest.raises(NotFound):
        desk.save(Op.DELETE)


def test_deleting_what_is_gone_already_clears_the_mirror(desk: Desk) -> None:
    desk.read()
    desk.else_where("DELETE")
    with pytest.raises(NotFound):
        desk.save(Op.DELETE)
    assert desk.account.mirror.get(desk.ref(FIRST)) is None


def test_a_refusal_is_put_on_its_fields_and_teaches(desk: Desk) -> None:
    contacts = desk.run(desk.fields.schema("contacts"))
    hidden = msgspec.structs.replace(
        contacts, fields=tuple(msgspec.structs.replace(field, required=False) for field in contacts.fields)
    )
    desk.account.known.keep_schema(hidden)
    write = desk.edits.intent(Op.CREATE, Ref("acme", "contacts"), {"first": "Ann", "email": "nonsense"})
    desk.edits.check(desk.fields.now("contacts"), Op.CREATE, write.edits)
    with pytest.raises(Invalid) as refused:
        desk.run(desk.outbox.save(write, hidden))
    assert refused.value.fields == {
        "last": "is required",
        "accountid": "is required",
        "email": "is no e-mail address",
    }
    assert desk.states() == [State.REFUSED]
    assert "last is required" in desk.account.writes.all()[0].why
    now = desk.fields.now("contacts").by_name
    assert (now["last"].required, now["accountid"].required, now["email"].required) == (True, True, False)
    desk.sent()
    with pytest.raises(Invalid, match="Nothing was sent: ") as refused:
        desk.edits.check(desk.fields.now("contacts"), Op.CREATE, write.edits)
    assert refused.value.fields.keys() == {"last", "accountid"}
    assert desk.sent() == []


@pytest.mark.parametrize(
    ("op", "edits", "fields"),
    [
        (Op.EDIT, {"name": ""}, {"name": "is required"}),
        (Op.EDIT, {"modifieddate": "2026-01-01"}, {"modifieddate": "is read-only"}),
        (Op.EDIT, {"nobody": "x"}, {"nobody": "is read-only"}),
        (Op.EDIT, {"phone": "x" * 101}, {"phone": "is 101 characters long; 100 are allowed"}),
        (Op.CREATE, {"phone": "1"}, {"name": "is required"}),
        (Op.CREATE, {"name": None, "createdby": 1}, {"createdby": "is read-only", "name": "is required"}),
    ],
)
def test_what_would_be_refused_anyway_is_not_sent(
    op: Op, edits: dict[str, Value], fields: dict[str, str], desk: Desk
) -> None:
    with pytest.raises(Invalid) as wrong:
        desk.edits.check(desk.schema, op, edits)
    assert wrong.value.fields == fields
    assert desk.sent() == []


def test_what_a_write_will_send_and_cost(desk: Desk) -> None:
    edit = desk.edits.intent(Op.EDIT, desk.ref(FIRST), {"phone": "1"})
    made = desk.edits.intent(Op.CREATE, desk.ref(), {"name": "1"})
    gone = desk.edits.intent(Op.DELETE, desk.ref(FIRST), {})
    for write, methods in ((edit, ["GET", "PATCH"]), (made, ["POST"]), (gone, ["DELETE"])):
        calls = desk.edits.calls(write, None, desk.schema)
        assert [call.method for call in calls] == methods
        assert sum(call.cost for call in desk.edits.calls(write, None, desk.schema)) == len(methods)
        assert desk.sent() == []
        desk.run(desk.outbox.save(write, desk.schema))
        sent = desk.sent()
        assert [method for method, _, _ in sent] == methods
        assert [path for _, path, _ in sent] == [call.path for call in calls]
    assert sum(entry.cost for entry in desk.account.ledger.entries()) == len(desk.served.requests)


def test_a_read_only_connection_sends_nothing(desk: Desk, open_served: Open) -> None:
    connection = msgspec.structs.replace(desk.served.connection, read_only=True)
    closed = Desk(open_served(desk.served, connection), desk.served, desk.run)
    desk.sent()
    for op, id_ in ((Op.EDIT, FIRST), (Op.CREATE, ""), (Op.DELETE, FIRST)):
        with pytest.raises(Restricted, match="read_only") as refused:
            closed.save(op, id_, name="x")
        assert refused.value.exit_code == 6
        with pytest.raises(Restricted):
            closed.edits.calls(closed.edits.intent(op, closed.ref(id_), {"name": "x"}), None, closed.schema)
    assert desk.sent() == []
    assert closed.account.writes.all() == []


def test_users_cannot_be_written(desk: Desk) -> None:
    write = desk.edits.intent(Op.EDIT, Ref("acme", "users", "90501"), {"first": "x"})
    with pytest.raises(Restricted):
        desk.run(desk.outbox.save(write, desk.run(desk.fields.schema("users"))))
    assert not desk.served.sent("PATCH")
    assert desk.account.writes.waiting() == []


# -- what became of it is not known


def test_a_new_record_whose_answer_is_lost_waits_in_the_outbox(desk: Desk, open_served: Open) -> None:
    with Proxy(desk.served.connection.url, Fault(cut_response=0)) as proxy:
        cut = through(desk, open_served, proxy.url)
        with pytest.raises(OutcomeUnknown, match="kept in the outbox as") as unknown:
            cut.save(Op.CREATE, "", name="Lost")
    [entry] = cut.account.writes.waiting()
    assert entry.state is State.UNKNOWN
    assert entry.write.id in unknown.value.message
    assert entry.write.edits == {"name": "Lost"}
    # It had been done, and was not sent again.
    assert [json.loads(request.body)["name"] for request in desk.served.sent("POST")] == ["Lost"]


@pytest.mark.parametrize(
    "script", [hang_up, answer(502), answer(504), answer(200, b"<html>"), answer(201, b'{"list":[]}')]
)
def test_an_edit_of_which_nobody_knows_waits_in_the_outbox(
    script: Any, desk: Desk, open_served: Open
) -> None:
    with Canned(answer(200, RECORD), script) as server:
        cut = through(desk, open_served, server.url)
        with pytest.raises(OutcomeUnknown):
            cut.save(phone="new")
        assert [request.split(b" ")[0] for request in server.requests] == [b"GET", b"PATCH"]
    [entry] = cut.account.writes.waiting()
    assert (entry.state, entry.write.edits) == (State.UNKNOWN, {"phone": "new"})
    # What is not known to have been done is not shown as done.
    mirrored = cut.account.mirror.get(cut.ref(FIRST))
    assert mirrored is not None
    assert mirrored.values["phone"] == "old"


@pytest.mark.parametrize(
    ("script", "type_"), [(answer(500), Unavailable), (answer(503), Unavailable), (answer(422), Invalid)]
)
def test_an_edit_that_was_answered_does_not_wait(
    script: Any, type_: type[Exception], desk: Desk, open_served: Open
) -> None:
    with Canned(answer(200, RECORD), script) as server:
        cut = through(desk, open_served, server.url)
        with pytest.raises(type_):
            cut.save(phone="new")
    assert cut.account.writes.waiting() == []
    [entry] = cut.account.writes.all()
    assert entry.state is State.REFUSED
    assert entry.why


def test_a_write_that_never_left_does_not_wait(desk: Desk, open_served: Open) -> None:
    with closed_port() as url:
        cut = through(desk, open_served, url)
        with pytest.raises(Unreachable):
            cut.save(Op.CREATE, "", name="x")
    assert cut.account.writes.waiting() == []
    assert cut.states() == [State.REFUSED]


@pytest.mark.parametrize("body", [b"{}", b"", b'{"record":null}'])
def test_an_edit_that_is_answered_without_its_record(body: bytes, desk: Desk, open_served: Open) -> None:
    with Canned(answer(200, RECORD), answer(200, body)) as server:
        cut = through(desk, open_served, server.url)
        saved = cut.save(phone="new")
        assert len(server.requests) == 2
    assert saved.sent
    assert saved.record is not None
    assert saved.record.values == {"name": "Acme", "phone": "new", "modifieddate": "2026-01-01 00:00:00"}
    assert saved.record.stamp is None
    assert cut.states() == [State.DONE]
    assert cut.account.mirror.get(cut.ref(FIRST)) == saved.record


@pytest.mark.parametrize("body", [b"{}", b"", b'{"record":null}'])
def test_a_new_record_that_is_answered_without_its_name(body: bytes, desk: Desk, open_served: Open) -> None:
    with Canned(answer(201, body)) as server:
        cut = through(desk, open_served, server.url)
        with pytest.raises(OutcomeUnknown, match="names no record"):
            cut.save(Op.CREATE, "", name="New")
        assert [request.split()[0] for request in server.requests].count(b"POST") == 1
    assert [entry.state for entry in cut.account.writes.waiting()] == [State.UNKNOWN]


def test_a_write_that_was_done_is_done_even_if_it_cannot_be_mirrored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise ConfigError("no space left")

    monkeypatch.setattr(desk.account.mirror, "upsert", full)
    with pytest.raises(ConfigError):
        desk.save(Op.CREATE, "", name="Brand New")
    assert desk.states() == [State.DONE]


def test_the_try_is_on_disk_before_a_byte_leaves(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[State]] = []
    send = desk.account.send

    async def watching(call: Call, *rest: Any) -> Any:
        seen.append(desk.states())
        return await send(call, *rest)

    monkeypatch.setattr(desk.account, "send", watching)
    desk.save(phone="new")
    assert seen == [[State.QUEUED], [State.SENDING]]


def test_no_file_holds_the_token(desk: Desk, tmp_path: Path) -> None:
    desk.save(phone="new")
    with pytest.raises(NotFound):
        desk.read("1")
    desk.run(desk.account.close())
    files = [file for file in tmp_path.rglob("*") if file.is_file() and "account-" in str(file)]
    assert {"mirror.db", "journal.db"} <= {file.name for file in files}
    for file in files:
        assert desk.served.token.encode() not in file.read_bytes()


# -- labels


def test_labels_come_from_what_is_here_and_cost_nothing(desk: Desk) -> None:
    desk.run(desk.fields.users())
    desk.run(desk.fields.schema("contacts"))
    account = desk.read()
    contact: Record = desk.run(desk.edits.read(Ref("acme", "contacts", "41200100")))
    schema = desk.fields.now("contacts")
    desk.sent()
    labels = Labels(desk.account, desk.fields, schema).of(contact)
    users = {
        choice.value: choice.label for choice in desk.fields.choices_now("contacts", schema.field("ownerid"))
    }
    assert contact.values["accountid"] == int(account.ref.id)
    assert labels["accountid"] == account.title
    assert labels["ownerid"] == users[str(contact.values["ownerid"])]
    assert labels["createdby"] == users[str(contact.values["createdby"])]
    assert "salutation" not in labels
    assert desk.sent() == []


def test_a_record_that_is_not_mirrored_has_no_label(desk: Desk) -> None:
    contact: Record = desk.run(desk.edits.read(Ref("acme", "contacts", "41200100")))
    labels = Labels(desk.account, desk.fields, desk.fields.now("contacts"))
    assert "accountid" not in labels.of(contact)
    assert "ownerid" not in labels.of(contact)


def test_the_labels_of_an_answer_win(desk: Desk) -> None:
    record = Record(desk.ref("1"), "x", {"ownerid": 90501, "type": "a"}, {"ownerid": "Said"})
    desk.run(desk.fields.users())
    assert Labels(desk.account, desk.fields, desk.schema).of(record) == {"ownerid": "Said"}
