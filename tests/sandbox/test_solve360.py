"""The records of the emulated Solve360: the document's bytes, lists, writes, formats and refusals."""

import json
import re
from datetime import datetime
from xml.etree import ElementTree

import httpx
import pytest

from .conftest import SolveClient, refused

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
CREATED = DECLARATION + (
    "<response><item><id>479043</id><name>Alex Steshenko</name><typeid>1</typeid><created>NOW</created>"
    "<viewed>NOW</viewed><updated>NOW</updated><ownership>299430</ownership><flagged></flagged><fields>"
    '<lastname label="Last name">Steshenko</lastname><personalemail label="Personal Email"></personalemail>'
    '<firstname label="First name">Alex</firstname><businessemail label="Email"></businessemail>'
    "<creatorid>299430</creatorid><creatorname>John Smith</creatorname><creatordate>UNIX</creatordate>"
    "<modificatorid>299430</modificatorid><modificatorname>John Smith</modificatorname>"
    "<modificatordate>UNIX</modificatordate></fields></item><activities/><categories/><relateditems/>"
    "<status>success</status></response>\n"
)
"""The document's answer to a POST, its moments made alike."""
MISSING = (
    f"{DECLARATION}<response><errors><itemisnotfound>Item is not found</itemisnotfound></errors>"
    "<status>failed</status></response>\n"
)
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
ALEX = "<firstname>Alex</firstname><lastname>Steshenko</lastname>"


def new_contact(solve: SolveClient, fields: str = ALEX) -> str:
    return solve.post("/contacts/", fields).findtext("item/id") or ""


def test_create_answers_with_the_documents_bytes(solve: SolveClient) -> None:
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<request>{ALEX}</request>\n'
    response = solve.http.post("/contacts/", content=body)
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/xml"
    number = response.headers["location"].removeprefix("http://secure.solve360.com/contacts/")
    text = re.sub(r"date>\d{10}<", "date>UNIX<", STAMP.sub("NOW", response.text))
    assert text == CREATED.replace("479043", number)
    assert solve.http.get(f"/contacts/{number}").content == response.content


def test_missing_item_answers_with_the_documents_bytes(solve: SolveClient) -> None:
    for path in (
        "/contacts/299430",
        "/contacts/299430/",
        "/companies/479038",
        f"/contacts/{10**20}",
    ):
        response = solve.http.get(path)
        assert (response.status_code, response.text) == (404, MISSING)
    assert solve.http.get("/contacts/299430").headers["content-length"] == "151"


def test_stamps_are_the_seconds_of_the_dates(solve: SolveClient) -> None:
    item = solve.get("/contacts/479038/").find("item")
    assert item is not None
    created = item.findtext("created") or ""
    assert STAMP.fullmatch(created)
    seconds = int(item.findtext("fields/creatordate") or 0)
    assert datetime.fromisoformat(created).timestamp() == seconds


def test_without_credentials_the_answer_is_no_xml(solve: SolveClient) -> None:
    for auth in (None, ("john.smith@example.com", "wrong"), ("jane.smith@example.com", "x")):
        response = httpx.get(f"{solve.http.base_url}/contacts/", auth=auth, trust_env=False)
        assert response.status_code == 401
        with pytest.raises(ElementTree.ParseError):
            ElementTree.fromstring(response.content)
        assert "http-x-solve360-api-call-limit" in response.headers


def test_short_rows_and_full_rows(solve: SolveClient) -> None:
    short = solve.get("/contacts/", limit=1)
    assert [child.tag for child in short] == ["id479038", "count", "status"]
    tags = ["id", "name", "parentid", "flagged", "created", "updated", "viewed"]
    assert [child.tag for child in short[0]] == tags
    full = solve.get("/contacts/", limit=1, layout=1)[0]
    tags = [child.tag for child in full]
    assert tags[:6] == ["id", "name", "created", "updated", "viewed", "flagged"]
    assert {"company", "firstname", "businessemail", "custom854308"} <= {*tags}
    assert all(child.text for child in full if child.tag != "flagged")
    assigned = full.find("assignedto")
    assert assigned is not None
    assert (assigned.get("cn"), assigned.text) == ("John Smith", "299430")


def test_count_is_of_all_that_match(solve: SolveClient) -> None:
    total = int(solve.get("/companies/", limit=1).findtext("count") or 0)
    assert total == 133
    assert len(solve.rows("/companies/")) == total
    assert solve.get("/companies/", limit=1, start=500).findtext("count") == "133"


@pytest.mark.parametrize("kind", ["contacts", "companies", "projectblogs", "tickets"])
def test_pages_lose_and_double_nothing(solve: SolveClient, kind: str) -> None:
    for order in ({}, {"sortfield": "updated", "sortdir": "DESC"}, {"sortfield": "name"}):
        whole = solve.ids(f"/{kind}/", **order)
        pages = [solve.ids(f"/{kind}/", start=start, limit=50, **order) for start in range(0, len(whole), 50)]
        assert [number for page in pages for number in page] == whole
        assert len({*whole}) == len(whole)


def test_lists_are_ordered(solve: SolveClient) -> None:
    stamps = [
        row.findtext("updated", "") for row in solve.rows("/tickets/", sortfield="updated", sortdir="DESC")
    ]
    assert stamps == sorted(stamps, reverse=True)
    names = [row.findtext("name", "").casefold() for row in solve.rows("/companies/", sortfield="name")]
    assert names == sorted(names)


def test_filters(solve: SolveClient) -> None:
    found = solve.ids("/contacts/", filtermode="byemail", filtervalue="ANN.LEE@acme.example")
    assert found == ["479038"]
    assert solve.ids("/contacts/", filtermode="byphone", filtervalue="442079460000")[:1] == ["479038"]
    assert solve.ids("/tickets/", filtermode="byphone", filtervalue="1") == []
    number = new_contact(solve, "<categories><add><category>123502091</category></add></categories>")
    assert number in solve.ids("/contacts/", filtermode="category", filtervalue="123502091")
    found = solve.ids("/companies/", searchmode="Sany", searchvalue="ACME")
    assert found[0] == "10960104"
    assert solve.ids("/contacts/", searchmode="Sany", searchvalue="ann.lee@") == ["479038"]


def test_fields_of_a_list_can_be_named(solve: SolveClient) -> None:
    row = solve.get("/contacts/", limit=1, fieldlist="businessemail,company")[0]
    assert [child.tag for child in row][6:] == ["company", "businessemail"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"sort": "name"}, "incorrectparameter"),
        ({"last": "updated"}, "incorrectparameter"),
        ({"filtermode": "byname"}, "incorrectparameter"),
        ({"searchmode": "S1", "searchvalue": "x"}, "incorrectparameter"),
        ({"limit": "-1"}, "incorrectparameter"),
        ({"sortdir": "UP"}, "incorrectparameter"),
        ({"sortfield": "nosuch"}, "incorrectfield"),
        ({"fieldlist": "nosuch"}, "incorrectfield"),
    ],
)
def test_arguments_are_checked(solve: SolveClient, given: dict[str, str], key: str) -> None:
    assert [*refused(solve.http.get("/contacts/", params=given), 400)] == [key]


def test_arguments_may_stand_in_a_body(solve: SolveClient) -> None:
    body = "<request><layout>1</layout><limit>2</limit></request>"
    response = solve.http.request("GET", "/contacts/", content=body)
    assert len(solve.done(response)) == 4
    as_json = {"Content-Type": "application/json"}
    response = solve.http.request("GET", "/contacts/", content='{"limit": 3}', headers=as_json)
    assert len(solve.done(response)) == 5


def test_a_put_changes_what_it_names_and_tells_the_status_alone(solve: SolveClient) -> None:
    number = new_contact(solve)
    answer = solve.put(f"/contacts/{number}", "<jobtitle>Buyer</jobtitle><flagged>1</flagged>")
    assert [child.tag for child in answer] == ["status"]
    item = solve.get(f"/contacts/{number}").find("item")
    assert item is not None
    assert item.findtext("fields/jobtitle") == "Buyer"
    assert (item.findtext("fields/lastname"), item.findtext("flagged")) == ("Steshenko", "1")
    solve.put(f"/contacts/{number}/", "<jobtitle></jobtitle><flagged></flagged><lastname/>")
    item = solve.get(f"/contacts/{number}").find("item")
    assert item is not None
    assert item.find("fields/jobtitle") is None
    assert (item.findtext("name"), item.findtext("flagged")) == ("Alex", "")


def test_a_delete_needs_no_content_type(solve: SolveClient) -> None:
    number = new_contact(solve)
    solve.post("/contacts/note/", f"<parent>{number}</parent><data><details>x</details></data>")
    request = solve.http.build_request("DELETE", f"/contacts/{number}")
    del request.headers["content-type"]
    answer = solve.done(solve.http.send(request))
    assert [child.tag for child in answer] == ["status"]
    assert solve.http.get(f"/contacts/{number}").status_code == 404


def test_form_and_json_are_taken_and_json_is_given(solve: SolveClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "firstname=Zo%C3%A9&categories[add][]=123502088&categories[add][]=123502091&ownership=83421"
    created = solve.done(solve.http.post("/contacts", content=body, headers=form), 201)
    number = created.findtext("item/id")
    assert created.findtext("item/ownership") == "83421"
    assert [each.findtext("name") for each in created.findall("categories/category")] == ["Customer", "VIP"]
    as_json = {"Content-Type": "application/json", "Accept": "application/json"}
    body = json.dumps({"lastname": "Ünal", "categories": {"remove": ["123502088"]}, "assignedto": 299432})
    assert solve.http.put(f"/contacts/{number}", content=body, headers=as_json).json() == {
        "status": "success"
    }
    shown = solve.http.get(f"/contacts/{number}", headers=as_json).json()
    assert shown["item"]["name"] == "Zoé Ünal"
    assert shown["item"]["fields"]["assignedto_cn"] == "Markus Weiß"
    assert shown["categories"] == [{"id": "123502091", "name": "VIP"}]
    listed = solve.http.get("/contacts?limit=1&layout=1", headers=as_json).json()
    assert [*listed] == ["479038", "count", "status"]
    assert type(listed["count"]) is int
    padded = solve.http.get("/ownership/?callback=my-Function()")
    assert padded.text.startswith('myFunction({"users":[{"id":"299430"')


def test_related_items_are_seen_from_both_ends(solve: SolveClient) -> None:
    number = new_contact(solve, f"{ALEX}<ownership>83421</ownership>")
    related = "<relatedto><id>10960105</id><note>Adviser &amp; friend</note></relatedto>"
    solve.put(f"/contacts/{number}", f"<relateditems><add>{related}</add></relateditems>")
    there = solve.get(f"/contacts/{number}").find("relateditems/relatedto")
    assert there is not None
    assert [child.text for child in there] == ["10960105", "Acorn & Söhne", "40", "Adviser & friend"]
    assert number in solve.texts("/companies/10960105", "relateditems/relatedto/id")
    row = solve.rows("/contacts/", layout=1, sortfield="id", sortdir="DESC", limit=1)[0]
    assert row.findtext("company") == "Acorn & Söhne"
    removed = "<relateditems><remove><relatedto><id>10960105</id></relatedto></remove></relateditems>"
    solve.put(f"/contacts/{number}", removed)
    assert solve.get(f"/contacts/{number}").findall("relateditems/*") == []


def test_what_cannot_be_related_is_passed_over(solve: SolveClient) -> None:
    private = new_contact(solve)
    add = "<relateditems><add><relatedto><id>{}</id></relatedto></add></relateditems>"
    solve.put(f"/contacts/{private}", add.format(10960104))
    solve.put("/companies/10960104", add.format(30700200))
    assert solve.get(f"/contacts/{private}").findall("relateditems/*") == []
    assert solve.get("/tickets/30700200").findall("relateditems/*") == []


def test_categories_are_listed_and_made(solve: SolveClient) -> None:
    path, names = "/companies/categories/", "categories/category/name"
    assert solve.texts(path, names)[:2] == ["Key account", "Supplier"]
    made = [solve.post(path, "<name>Göteborg &amp; co</name>").findtext("id") for _ in range(2)]
    assert made[0] == made[1]
    assert solve.texts(path, names)[-1] == "Göteborg & co"
    assert solve.texts(path, "categories/category/id")[-1] == made[0]


def test_fields_tell_labels_types_and_choices(solve: SolveClient) -> None:
    fields = solve.fields("/contacts/fields/")
    assert [child.text for child in fields["businessemail"]] == ["businessemail", "Email", "email"]
    choices = [option.text for option in fields["custom854308"].findall("options/option")]
    assert choices == ["Web enquiry", "Referral", "Trade show", "R&D"]
    fields = solve.fields("/fields/opportunity")
    assert "Won" in [option.text for option in fields["status"].findall("options/option")]
    assert refused(solve.http.get("/fields/nosuch"), 404)


def test_ownership_tells_users_and_groups(solve: SolveClient) -> None:
    answer = solve.get("/ownership/")
    assert answer.findtext("users/user/name") == "John Smith"
    assert answer.findtext("groups/group/name") == "Everyone"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("<nosuch>1</nosuch>", {"incorrectfield": "Incorrect field specified"}),
        ("<company>Acme</company>", {"incorrectfield": "Incorrect field specified"}),
        ("<custom854308>Moon</custom854308>", {"custom854308": "Incorrect value of Lead source"}),
        (
            "<custom854309>31.12.</custom854309><custom854310>x</custom854310>",
            {"custom854309": "Incorrect value of Birthday", "custom854310": "Incorrect value of Lead score"},
        ),
        ("<ownership>1</ownership>", {"ownership": "Incorrect ownership specified"}),
        (
            "<categories><add><category>1</category></add></categories>",
            {"categories": "Incorrect category specified"},
        ),
    ],
)
def test_a_refused_write_changes_nothing(solve: SolveClient, body: str, errors: dict[str, str]) -> None:
    before = solve.http.get("/contacts/479040").content
    request = f"<request><jobtitle>Changed</jobtitle>{body}</request>"
    assert refused(solve.http.put("/contacts/479040", content=request), 400) == errors
    assert solve.http.get("/contacts/479040").content == before


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE r [<!ENTITY a "b">]><request><firstname>&a;</firstname></request>',
        b"<!DOCTYPE request><request/>",
        b"<request><firstname></request>",
        b"<contact/>",
        b"<request><firstname>\x1b[31m</firstname></request>",
        b"<request>" + b"<a>" * 100 + b"</a>" * 100 + b"</request>",
    ],
)
def test_xml_that_is_none_of_ours_is_refused(solve: SolveClient, body: bytes) -> None:
    assert [*refused(solve.http.post("/contacts/", content=body), 400)] == ["incorrectrequest"]


def test_formats_that_are_not_spoken(solve: SolveClient) -> None:
    plain = {"Content-Type": "text/plain"}
    assert refused(solve.http.post("/contacts/", content="x", headers=plain), 406)
    assert refused(solve.http.get("/contacts/", headers={"Accept": "text/csv"}), 406)
    assert solve.http.get("/ownership/", headers={"Accepts": "application/json"}).text.startswith("<?xml")


def test_dates_are_taken_in_three_forms(solve: SolveClient) -> None:
    for text in ("2004-02-12T15:19:21+00:00", "2004-02-12 15:19:21", "2004-02-12"):
        number = new_contact(solve, f"<custom854309>{text}</custom854309>")
        shown = solve.get(f"/contacts/{number}").findtext("item/fields/custom854309")
        assert shown == "2004-02-12T00:00:00+00:00"


def test_uris_and_methods_that_do_not_exist(solve: SolveClient) -> None:
    for method, path in (
        ("GET", "/"), ("GET", "/opportunities/"), ("DELETE", "/contacts/"), ("PATCH", "/contacts/479038"),
        ("GET", "/contacts/note/1"), ("POST", "/contacts/nosuch/"), ("GET", "/batch"), ("GET", "/report/x"),
    ):  # fmt: skip
        assert refused(solve.http.request(method, path), 404)


def test_every_call_is_counted_and_told(solve: SolveClient) -> None:
    before = solve.used(solve.http.get("/ownership/"))
    response = solve.http.get("/contacts/1")
    assert response.headers["Http-X-Solve360-Api-Call-Limit"] == f"{before + 1}/12000"
    names = [name for name, _ in response.headers.raw]
    assert b"Http-X-Solve360-Api-Call-Limit" in names


def test_hostile_texts_are_well_formed_in_xml_and_whole_in_json(solve: SolveClient) -> None:
    texts = []
    for kind in ("contacts", "companies", "projectblogs", "tickets"):
        texts += ["".join(row.itertext()) for row in solve.rows(f"/{kind}/", layout=1)]
    whole = "".join(texts)
    assert "\x9b31m" in whole
    assert "\x1b" not in whole
    assert "<script>alert(1)</script>" in whole
    found = solve.http.get("/contacts/?layout=1", headers={"Accept": "application/json"}).json()
    assert any("\x1b" in row["name"] for row in found.values() if isinstance(row, dict))
