"""Activities as public client code saw and sent them: bytes in, records and requests out."""

import pytest

from crmtui.crm.solve360.activity_kinds import BY_TYPE, KINDS
from crmtui.model.call import Call, cost_of
from crmtui.model.errors import NotFound, Restricted, UsageError
from crmtui.model.query import Page
from crmtui.model.record import Record
from crmtui.model.write import Op

from .solve360 import adapter, asked, ref, said, write_call

ITEM = "<item><id>479038</id><name>Ann Lee</name><typeid>1</typeid><fields/></item>"
DONE = "<status>success</status>"
ROW = (
    "<id{id}><id>{id}</id><typeid>{type}</typeid><name>{name}</name><creatorid>299430</creatorid>"
    "<parent>{parent}</parent><flagged/><level>{level}</level><position>{position}</position>"
    "<created>2014-03-05T10:00:00+00:00</created><updated>2014-03-06T10:00:00+00:00</updated>"
    "<viewed/><fields>{fields}</fields></id{id}>"
)
TASK = {"itemtype": "contacts", "itemid": "479038", "parent": "479038", "title": "Ring"}
PLACE = {"itemtype": "contacts", "itemid": "479038"}


def row(
    id_: int, type_: int, parent: int = 479038, position: int = 1, name: str = "x", fields: str = ""
) -> str:
    return ROW.format(
        id=id_,
        type=type_,
        parent=parent,
        level=int(parent != 479038),
        position=position,
        name=name,
        fields=fields,
    )


def shown(activities: str) -> Record:
    record: Record = adapter().read(adapter().show(ref(id_="479038")), said(ITEM + activities + DONE))
    return record


def beneath(activities: str) -> tuple[Record, ...]:
    found = shown(activities).beneath
    assert found is not None
    return found


def known(kind: str, id_: str, **values: str) -> Record:
    return Record(ref(kind, id_), "", {**PLACE, "parent": "479038", **values})


def test_a_record_brings_its_activities_each_beneath_what_it_hangs_on() -> None:
    rows = row(5, 14, 2, 2) + row(2, 22, position=1, name="List") + row(7, 3, position=2) + row(4, 14, 2, 1)
    found = beneath(f"<activities>{rows}</activities>")
    assert [(each.ref.kind, each.ref.id) for each in found] == [
        ("tasklist", "2"), ("task", "4"), ("task", "5"), ("note", "7"),
    ]  # fmt: skip
    task = found[1]
    assert (task.values["parent"], task.values["itemtype"], task.values["itemid"]) == (
        "2",
        "contacts",
        "479038",
    )
    assert (task.labels["parent"], task.labels["itemid"]) == ("List", "Ann Lee")
    assert task.stamp == "2014-03-06T10:00:00+00:00"
    assert "activities" not in shown(f"<activities>{rows}</activities>").values


@pytest.mark.parametrize(
    "activities",
    [
        f"<activities>{row(9, 14, name='Ring')}</activities>",
        "<activities><activity><id>9</id><typeid>14</typeid><name>Ring</name></activity></activities>",
        "<activities><id9><typeid>14</typeid><name>Ring</name></id9></activities>",
    ],
)
def test_a_single_activity_in_whichever_form(activities: str) -> None:
    [task] = beneath(activities)
    assert (task.ref, task.title, task.values["parent"]) == (ref("task", "9"), "Ring", "479038")


def test_activities_as_json_in_either_form() -> None:
    task = '{"id":"9","typeid":"14","name":"Ring","fields":{"assignedto":"1","assignedto_cn":"Jane Roe"}}'
    item = '"item":{"id":"479038","name":"Ann","fields":[]}'
    for activities in (f'{{"9":{task}}}', f"[{task}]"):
        record: Record = adapter().read(
            adapter().show(ref(id_="479038")), said(f'{{{item},"activities":{activities}}}')
        )
        assert record.beneath is not None
        assert [(each.ref.id, each.labels["assignedto"]) for each in record.beneath] == [("9", "Jane Roe")]


def test_none_and_not_told_are_two_things() -> None:
    assert shown("<activities/>").beneath == ()
    assert shown("").beneath is None


def test_every_known_type_has_its_kind_and_others_share_one() -> None:
    assert BY_TYPE["73"] == "call"
    fields = "<balance>5</balance><details>a&lt;br /&gt;b</details>"
    [widget] = beneath(f"<activities>{row(9, 204, name='Xero', fields=fields)}</activities>")
    assert (widget.ref.kind, widget.title, widget.values["balance"]) == ("activity", "Xero", "5")
    assert widget.values["details"] == "a\nb"
    with pytest.raises(Restricted, match="lets nobody edit other activities"):
        write_call(Op.EDIT, widget.ref, {"balance": "6"}, widget)
    assert adapter().schema("activity") is None


def test_what_hangs_in_a_ring_or_on_nothing_is_shown_all_the_same() -> None:
    rows = row(1, 14, 2) + row(2, 14, 1) + row(3, 14, 77)
    assert sorted(each.ref.id for each in beneath(f"<activities>{rows}</activities>")) == ["1", "2", "3"]


def test_notes_are_plain_text_here_and_html_there() -> None:
    html = "Is 5 &amp;lt; 6?&lt;br /&gt;[red]yes&lt;br /&gt;"
    [note] = beneath(f"<activities>{row(9, 3, name=html, fields=f'<details>{html}</details>')}</activities>")
    assert (note.values["details"], note.values["name"]) == ("Is 5 < 6?\n[red]yes\n", "Is 5 < 6?\n[red]yes\n")
    assert note.title == "Is 5 < 6?"
    assert "details_html" not in note.values
    call = write_call(Op.CREATE, ref("note"), {**PLACE, "details": "R&D <b>\r\nline"})
    assert b"<details>R&amp;amp;D &amp;lt;b&amp;gt;&lt;br /&gt;line</details>" in call.body


def test_markup_of_a_note_outlives_an_edit() -> None:
    html = "&lt;b&gt;Bold&lt;/b&gt; and plain"
    [note] = beneath(f"<activities>{row(9, 3, fields=f'<details>{html}</details>')}</activities>")
    assert note.values["details"] == "Bold and plain"
    call = write_call(Op.EDIT, note.ref, {"details": "Bold and fine"}, note)
    assert b"<details>&lt;b&gt;Bold&lt;/b&gt; and fine</details>" in call.body
    # Where only the text was changed since, the old markup is none of it.
    stale = known("note", "9", details="Another", details_html="<b>Bold</b> and plain")
    assert b"<details>Others</details>" in write_call(Op.EDIT, note.ref, {"details": "Others"}, stale).body


def test_a_title_is_the_beginning_of_a_text() -> None:
    long = f"<details>{'word ' * 60}</details>"
    [note] = beneath(f"<activities>{row(9, 3, fields=long)}</activities>")
    assert len(note.title) <= 100
    assert note.title.endswith("…")


@pytest.mark.parametrize(
    ("op", "kind", "edits", "method", "path", "body"),
    [
        (Op.CREATE, "task", TASK, "POST", "/contacts/task/",
         "<request><parent>479038</parent><data><title>Ring</title></data></request>"),
        (Op.CREATE, "task", {**TASK, "parent": "7"}, "POST", "/contacts/task/",
         "<request><parent>7</parent><data><title>Ring</title></data></request>"),
        (Op.EDIT, "task", {"completed": True}, "PUT", "/contacts/task/9/",
         "<request><data><completed>1</completed></data></request>"),
        (Op.EDIT, "task", {"completed": False}, "PUT", "/contacts/task/9/",
         "<request><data><completed>0</completed></data></request>"),
        (Op.EDIT, "task", {"parent": "7"}, "PUT", "/contacts/task/9/",
         "<request><parent>7</parent></request>"),
        (Op.EDIT, "task", {"itemid": "479039", "title": "x"}, "PUT", "/contacts/task/9/",
         "<request><data><title>x</title></data><parent>479039</parent></request>"),
        (Op.DELETE, "note", {}, "DELETE", "/contacts/note/9/", ""),
        (Op.CREATE, "event", {**PLACE, "timestart": "2026-03-01T10:00:00+01:00"}, "POST", "/contacts/event/",
         "<request><parent>479038</parent><data><timestart>2026-03-01 09:00:00</timestart></data></request>"),
    ],
)  # fmt: skip
def test_writes(op: Op, kind: str, edits: dict[str, str], method: str, path: str, body: str) -> None:
    call = write_call(op, ref(kind, "" if op is Op.CREATE else "9"), edits, known(kind, "9"))
    assert (call.method, call.path, call.safe) == (method, path, False)
    assert call.body.decode().partition("?>")[2].strip() == body


def test_an_id_stays_one_part_of_a_path() -> None:
    call = write_call(Op.DELETE, ref("note", "../../x"), {}, known("note", "../../x"))
    assert call.path == "/contacts/note/..%2F..%2Fx/"


def test_a_template_costs_a_call_and_one_for_each_activity() -> None:
    call = write_call(Op.CREATE, ref("template"), {**PLACE, "templateid": "501"})
    assert (call.path, call.cost) == ("/contacts/template/", 1)
    assert b"<data><templateid>501</templateid></data>" in call.body
    assert cost_of([call]) == "1 call and one per activity"
    with pytest.raises(Restricted):
        write_call(Op.DELETE, ref("template", "9"), {}, known("template", "9"))
    with pytest.raises(UsageError, match="nothing of templates"):
        asked("template", "itemtype=contacts", "itemid=1")


def made(body: str, **headers: str) -> Record | None:
    record: Record | None = adapter().read(
        write_call(Op.CREATE, ref("task"), TASK), said(body, 201, **headers)
    )
    return record


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<id>9</id>" + DONE, {}),
        ("<data><id>9</id></data>" + DONE, {}),
        ("<item><id>9</id><name>Ring</name></item>" + DONE, {}),
        (DONE, {"location": "http://secure.solve360.com/contacts/task/9"}),
        ('{"status":"success","id":9}', {}),
    ],
)
def test_the_id_of_what_was_made_wherever_it_stands(body: str, headers: dict[str, str]) -> None:
    record = made(body, **headers)
    assert record is not None
    assert (record.ref, record.title) == (ref("task", "9"), "Ring")
    assert {name: record.values[name] for name in TASK} == TASK


def test_what_was_made_where_the_answer_has_all_of_it() -> None:
    told = row(9, 14, fields="<title>Ring</title><assignedto cn='Jane'>5</assignedto>")
    body = told.removeprefix("<id9>").removesuffix("</id9>") + DONE
    record = made(body)
    assert record is not None
    assert (record.labels["assignedto"], record.values["created"]) == ("Jane", "2014-03-05T10:00:00+00:00")
    assert "status" not in record.values


def test_an_answer_that_names_nothing_names_nothing() -> None:
    assert made(DONE) is None
    assert made(ITEM + DONE) is None, "that is the record it was made in"


def test_an_edit_is_answered_with_the_activity_or_that_it_was_done() -> None:
    call = write_call(Op.EDIT, ref("task", "9"), {"title": "x"}, known("task", "9"))
    assert adapter().read(call, said(DONE)) is None
    record = adapter().read(call, said(f"<item>{row(9, 14, fields='<title>x</title>')[5:-6]}</item>"))
    assert (record.ref, record.values["title"]) == (ref("task", "9"), "x")


def test_an_activity_is_read_with_its_record() -> None:
    call = adapter().show(ref("task", "9"), known("task", "9"))
    assert (call.method, call.path) == ("GET", "/contacts/479038")
    with pytest.raises(NotFound, match="crmtui show acme/contacts/ID --related"):
        adapter().show(ref("task", "9"))


def test_those_of_one_type_are_listed_with_their_record() -> None:
    found = asked("task", "itemtype=contacts", "itemid=479038", "title=Ring")
    assert (found.call.path, found.rest is None) == ("/contacts/479038", False)
    rows = row(1, 14) + row(2, 3) + row(3, 14)
    page: Page = adapter().read(found.call, said(f"{ITEM}<activities>{rows}</activities>"))
    assert ([each.ref.id for each in page.records], page.total) == (["1", "3"], 2)
    assert adapter().next_page(found.call, page, 2) is None
    with pytest.raises(UsageError, match="itemtype=contacts itemid=ID"):
        asked("task", "title=Ring")


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("activity", "template")])
def test_the_fields_of_a_type_are_asked_for_by_its_name(kind: str) -> None:
    call = adapter().schema(kind)
    assert isinstance(call, Call)
    assert call.path == f"/fields/{kind}"
    assert adapter().built_in(kind).fields
