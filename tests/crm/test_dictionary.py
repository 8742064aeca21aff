"""The data dictionary and lookup lists in every shape that the vendor's words allow, and in hostile ones."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmtui.crm.spotler.dictionary import choices_of, fields_of
from crmtui.model.errors import BadAnswer, CrmError
from crmtui.model.schema import Choice, Field, FieldType, Schema
from crmtui.workspace.fields import Fields
from tests.conftest import Open, Serve

from .spotler import adapter, said

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ABOUT = {"url": "/datadictionary/things", "object_type": "datadictionary", "record_type": "thing"}
LAST = {"name": "last", "label": "Last Name", "type": "Text", "required": True, "maxlength": 100}
KIND = {"name": "kind", "label": "Kind", "type": "Text", "required": False, "lookup": "thingkind"}
SHAPES: list[Any] = [
    {"metadata": ABOUT, "list": [LAST, KIND]},
    [LAST, KIND],
    {"fields": [LAST, KIND]},
    {"data": {"fields": [LAST, KIND]}},
    {"metadata": ABOUT, "record": {"last": LAST, "kind": KIND}},
    {"metadata": ABOUT, "list": [{"metadata": {}, "record": LAST}, {"metadata": {}, "record": KIND}]},
    {"last": LAST, "kind": KIND},
    {"data": {"last": LAST, "kind": KIND}},
    {"fields": {"last": LAST, "kind": KIND}},
]


def schema_of(kind: str, body: Any) -> dict[str, Field]:
    schema: Schema = adapter(kind).read(adapter(kind).schema(kind), said(body))
    return dict(schema.by_name)


@pytest.mark.parametrize("body", SHAPES, ids=lambda body: json.dumps(body)[:40])
def test_shapes_of_the_dictionary(body: Any) -> None:
    fields = schema_of("things", body)
    assert list(fields) == ["last", "kind"]
    last, kind = fields["last"], fields["kind"]
    assert (last.label, last.type, last.required, last.max_length) == ("Last Name", FieldType.TEXT, True, 100)
    assert (kind.type, kind.required, kind.lookup, kind.asks) == (FieldType.CHOICE, False, "thingkind", True)


@pytest.mark.parametrize(
    "body",
    [
        ["last", "age"],
        {"list": ["last", "age"]},
        {"last": "text", "age": "text"},
        {"fields": {"last": "varchar(100)", "age": "text"}},
        [{"field": "last"}, {"fieldname": "age"}],
        [{"key": "last"}, {"column": "age"}],
        [{"Name": "last"}, {"NAME": "age"}],
    ],
)
def test_names_alone(body: Any) -> None:
    assert list(schema_of("things", body)) == ["last", "age"]


@pytest.mark.parametrize("word", [True, "1", 1, "yes", "Yes", "TRUE", "true", " y "])
@pytest.mark.parametrize("key", ["required", "mandatory", "is_required", "Required"])
def test_words_for_required(key: str, word: Any) -> None:
    assert schema_of("things", [{"name": "x", key: word}])["x"].required


@pytest.mark.parametrize("word", [False, "0", 0, "no", "", None, [], {}, "maybe"])
def test_words_for_not_required(word: Any) -> None:
    assert not schema_of("things", [{"name": "x", "required": word}])["x"].required


@pytest.mark.parametrize(
    ("word", "type_"),
    [
        ("Text", FieldType.TEXT),
        ("varchar(100)", FieldType.TEXT),
        ("Email", FieldType.EMAIL),
        ("URL", FieldType.URL),
        ("Web address", FieldType.URL),
        ("Textarea", FieldType.MULTILINE),
        ("Memo", FieldType.MULTILINE),
        ("longtext", FieldType.MULTILINE),
        ("Multi-select", FieldType.CHOICES),
        ("multiselect", FieldType.CHOICES),
        ("Checkbox", FieldType.BOOLEAN),
        ("boolean", FieldType.BOOLEAN),
        ("Date", FieldType.DATE),
        ("datetime", FieldType.DATETIME),
        ("timestamp", FieldType.DATETIME),
        ("Number", FieldType.DECIMAL),
        ("decimal(10,2)", FieldType.DECIMAL),
        ("double", FieldType.DECIMAL),
        ("int(11)", FieldType.INTEGER),
        ("integer", FieldType.INTEGER),
        ("Currency", FieldType.MONEY),
        ("Percent", FieldType.PERCENT),
        ("dropdown", FieldType.CHOICE),
        ("MultiSelect", FieldType.CHOICES),
        ("Multi-line select", FieldType.CHOICES),
        ("Multi-line text", FieldType.MULTILINE),
        ("DateTime", FieldType.DATETIME),
        ("date_time", FieldType.DATETIME),
        ("DateField", FieldType.DATE),
        ("tinyint(1)", FieldType.BOOLEAN),
        ("tinyint(10)", FieldType.INTEGER),
        ("BIGINT unsigned", FieldType.INTEGER),
        ("PickList", FieldType.CHOICE),
        ("E-mail address", FieldType.EMAIL),
        ("Phone number", FieldType.PHONE),
        ("HYPERLINK", FieldType.URL),
        # Words that hold another one are other words.
        ("GeoPoint", FieldType.TEXT),
        ("Pointer", FieldType.TEXT),
        ("Decision", FieldType.TEXT),
        ("Intelligence", FieldType.TEXT),
        ("Update log", FieldType.TEXT),
        ("Rainbow", FieldType.TEXT),
        ("", FieldType.TEXT),
        (7, FieldType.TEXT),
        (None, FieldType.TEXT),
        ({"odd": 1}, FieldType.TEXT),
    ],
)
def test_type_words(word: Any, type_: FieldType) -> None:
    assert schema_of("things", [{"name": "x", "type": word}])["x"].type is type_


@pytest.mark.parametrize(
    ("about", "length"),
    [
        ({"maxlength": 100}, 100),
        ({"max_length": "50"}, 50),
        ({"type": "varchar(100)"}, 100),
        ({"maxlength": 0}, None),
        ({"maxlength": -1}, None),
        ({"maxlength": "9" * 5000}, None),
        ({"maxlength": "long"}, None),
        ({"maxlength": [1]}, None),
        ({"maxlength": True}, None),
        ({"type": "Number", "maxlength": 5}, None),
    ],
)
def test_lengths(about: dict[str, Any], length: int | None) -> None:
    assert schema_of("things", [{"name": "x", **about}])["x"].max_length == length


def test_standard_fields_that_the_dictionary_leaves_out_are_still_there() -> None:
    fields = schema_of("accounts", [{"name": "name", "label": "Company"}, {"name": "2yearpolicy"}])
    assert list(fields)[:2] == ["name", "2yearpolicy"]
    assert fields["name"].label == "Company"
    assert fields["name"].required
    assert fields["ownerid"].type is FieldType.USER
    assert fields["createddate"].read_only


def test_a_wide_word_does_not_hide_what_is_known() -> None:
    body = [
        {"name": "value", "type": "Number"},
        {"name": "probability", "type": "Number"},
        {"name": "closedate", "type": "Date"},
        {"name": "modifieddate", "type": "Date"},
        {"name": "accountid", "type": "Number"},
        {"name": "id", "type": "Number"},
    ]
    fields = schema_of("opportunities", body)
    assert fields["value"].type is FieldType.MONEY
    assert fields["probability"].type is FieldType.PERCENT
    assert fields["closedate"].type is FieldType.DATE
    assert fields["modifieddate"].type is FieldType.DATETIME
    assert (fields["accountid"].type, fields["accountid"].refers_to) == (FieldType.REFERENCE, "accounts")
    assert "id" not in fields


NEW = Choice("new one", "new one")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"items": [{"value": "new one", "id": "new one"}]}, [NEW]),
        (["new one", "x"], [NEW, Choice("x", "x")]),
        ([{"id": 7, "value": "Gold"}], [Choice("7", "Gold")]),
        ([{"id": "g", "name": "Gold"}], [Choice("g", "Gold")]),
        ([{"key": "s", "label": "Silver"}], [Choice("s", "Silver")]),
        ({"metadata": {}, "list": [{"record": {"id": 7, "value": "Gold"}}]}, [Choice("7", "Gold")]),
        ({"7": "Gold", "metadata": {"url": "x"}}, [Choice("7", "Gold")]),
        ({"data": {"7": "Gold"}}, [Choice("7", "Gold")]),
        ([{"value": "only"}], [Choice("only", "only")]),
        ([7, 8], [Choice("7", "7"), Choice("8", "8")]),
        (["a", "a", ""], [Choice("a", "a")]),
        ([], []),
        ({"items": []}, []),
        ([None, True, [], {}, 1.5], []),
    ],
)  # fmt: skip
def test_shapes_of_a_lookup(body: Any, expected: list[Choice]) -> None:
    assert choices_of(body) == tuple(expected)


@pytest.mark.parametrize(
    "body", [{"message": "API call limit reached"}, {"type": "x", "code": 429, "message": "no"}]
)
def test_words_are_neither_fields_nor_choices(body: Any) -> None:
    call = adapter().choices("accounts", Field("type", type=FieldType.CHOICE))
    assert call is not None
    for each in (call, adapter().schema("accounts")):
        with pytest.raises(BadAnswer, match=body["message"]):
            adapter().read(each, said(body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["name", "type", "list", "fields", "record", "items", "data", "id", "value", "x", ""]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=150, deadline=None, database=None)
def test_no_shape_crashes(body: Any) -> None:
    for read in (lambda: fields_of("accounts", body, {}), lambda: choices_of(body)):
        try:
            found = read()
        except CrmError:
            continue
        assert all(isinstance(each, Field | Choice) for each in found)


@pytest.mark.parametrize("shape", ["list", "map", "fields", "wrapped", "names"])
def test_the_sandbox_in_all_its_dictionary_shapes(
    shape: str, serve: Serve, open_served: Open, run: Run
) -> None:
    fields = run(Fields(open_served(serve(SPOTLER_DICT_SHAPE=shape))).schema("contacts")).by_name
    assert {"interests", "linkedin"} <= fields.keys()
    assert fields["last"].required
    if shape != "names":
        assert fields["interests"].type is FieldType.CHOICES
        assert fields["birthday"].type is FieldType.DATE


@pytest.mark.parametrize("shape", ["items", "strings", "list", "wrapped", "map"])
def test_the_sandbox_in_all_its_lookup_shapes(shape: str, serve: Serve, open_served: Open, run: Run) -> None:
    served = serve(SPOTLER_LOOKUP_SHAPE=shape)
    fields = Fields(open_served(served))
    field = Field("type", type=FieldType.CHOICE, asks=True)
    found = run(fields.choices("accounts", field))
    assert [choice.value for choice in found][:2] == ["Customer", "Prospect"]
    before = len(served.requests)
    assert run(fields.choices("accounts", field)) == found
    assert len(served.requests) == before


@pytest.mark.parametrize(("status", "calls"), [(404, 1), (403, 1), (422, 1)])
def test_a_dictionary_that_is_closed_is_not_asked_for_again(
    status: int, calls: int, run: Run, open_served: Open, serve: Serve
) -> None:
    import msgspec

    from tests.proxy import Canned, answer

    with Canned(answer(status, b'{"message":"no such thing"}')) as server:
        served = serve()
        connection = msgspec.structs.replace(served.connection, url=server.url)
        fields = Fields(open_served(served, connection))
        assert "name" in run(fields.schema("accounts")).by_name
        assert "name" in run(fields.schema("accounts")).by_name
        assert len(server.requests) == calls


def test_a_dictionary_that_failed_for_a_moment_is_asked_for_again(
    run: Run, open_served: Open, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    import msgspec

    from crmtui.workspace import fields as module
    from tests.proxy import Canned, answer

    good = answer(200, json.dumps([{"name": "secretfield"}]).encode())
    with Canned(answer(500, b'{"message":"Oops"}'), good) as server:
        monkeypatch.setattr("crmtui.crm.driver.REPEATS", 0)
        served = serve()
        connection = msgspec.structs.replace(served.connection, url=server.url)
        fields = Fields(open_served(served, connection))
        assert "secretfield" not in run(fields.schema("accounts")).by_name
        clock = module._now()
        monkeypatch.setattr(module, "_now", lambda: clock + 3600)
        assert "secretfield" in run(fields.schema("accounts")).by_name
