"""API v1 of the emulated Capsule where its documents leave a choice, its limits, and its data on disk."""

import re
import stat
from pathlib import Path

import pytest

from crmtui.sandbox import Sandbox

from .conftest import CapsuleClient, StartV1, V1Client, display_name
from .test_capsule_v1 import message, tags, texts


def organisation(v1: V1Client, name: str = "Acme & Sons") -> str:
    text = name.replace("&", "&amp;")
    return v1.post("/organisation", f"<organisation><name>{text}</name></organisation>")


def test_limits_of_lists(start_v1: StartV1) -> None:
    v1 = start_v1(records=60, DEFAULT_LIMIT="7", MAX_LIMIT="9")
    assert len(v1.get("/party")) == 7
    assert len(v1.get("/party", limit=8)) == 8
    assert len(v1.get("/party", limit=50)) == 9


def test_size_can_be_of_all_that_match(start_v1: StartV1) -> None:
    page, total = start_v1(), start_v1(SIZE="total")
    assert [page.get("/party", limit=2).get("size"), total.get("/party", limit=2).get("size")] == ["2", "10"]
    assert total.get("/party", start=100).get("size") == "10"


def test_tags_can_be_names_alone(start_v1: StartV1) -> None:
    v1 = start_v1(TAG_IDS="none")
    place = organisation(v1)
    v1.http.post(f"{place}/tag/Customer")
    assert tags(v1.get(f"{place}/tag")[0]) == ["name"]


def test_a_put_can_answer_nothing_but_that_of_a_person(start_v1: StartV1) -> None:
    v1 = start_v1(PUT="empty")
    party = organisation(v1)
    deal = v1.post(
        f"{party}/opportunity", "<opportunity><name>D</name><milestone>New</milestone></opportunity>"
    )
    kase = v1.post(f"{party}/kase", "<kase><name>K</name></kase>")
    task = v1.post("/task", "<task><description>T</description><dueDate>2031-01-01</dueDate></task>")
    note = v1.post(f"{party}/history", "<historyItem><note>N</note></historyItem>")
    for path, body in (
        (party.replace("party", "organisation"), "<organisation><name>New name</name></organisation>"),
        (deal, "<opportunity><name>E</name></opportunity>"),
        (kase, "<kase><name>L</name></kase>"),
        (task, "<task><description>U</description></task>"),
        (note, "<historyItem><note>M</note></historyItem>"),
    ):
        response = v1.http.put(path, content=body)
        assert (response.status_code, response.content) == (200, b"")
    assert v1.get(party).findtext("name") == "New name"
    person = v1.post("/person", "<person><lastName>P</lastName></person>").replace("party", "person")
    assert v1.put(person, "<person><lastName>Q</lastName></person>").findtext("lastName") == "Q"


def test_embed_can_be_unknown(start_v1: StartV1) -> None:
    v1 = start_v1(EMBED="ignored")
    v1.http.post(f"{organisation(v1)}/tag/Customer")
    assert v1.get("/party", tag="Customer", embed="tags").find("*/tags") is None


def test_the_deleted_feed_can_have_no_twins(start_v1: StartV1) -> None:
    both, alone = start_v1(), start_v1(DELETED_TWINS="none")
    since = {"since": "20200101T000000"}
    for v1 in (both, alone):
        v1.done("DELETE", organisation(v1))
        assert v1.get("/opportunity/deleted", **since).tag == "deletedOpportunities"
    feed = both.get("/party/deleted", **since)
    assert (feed.tag, tags(feed[0])) == ("deletedParties", ["id", "deletedDate"])
    assert both.get("/kase/deleted", **since).tag == "deletedKases"
    assert message(alone.http.get("/party/deleted", params=since), 404)


@pytest.mark.parametrize(("switch", "attached"), [("apart", []), ("attached", ["Membership"])])
def test_a_field_can_bring_its_data_tag(start_v1: StartV1, switch: str, attached: list[str]) -> None:
    v1 = start_v1(DATA_TAG=switch)
    place = organisation(v1)
    row = "<customField><tag>Membership</tag><label>Level</label><text>partner</text></customField>"
    v1.put(f"{place}/customfields", f"<customFields>{row}</customFields>")
    assert texts(v1.get(f"{place}/tag"), "tag/name") == attached


@pytest.mark.parametrize("switch", ["organisation", "person"])
def test_whose_an_employees_opportunity_is(start_v1: StartV1, switch: str) -> None:
    v1 = start_v1(PARTY_OF_NEW=switch)
    employer = organisation(v1).rpartition("/")[2]
    employee = v1.post(
        "/person", f"<person><lastName>Ann</lastName><organisationId>{employer}</organisationId></person>"
    )
    deal = v1.post(
        f"{employee}/opportunity", "<opportunity><name>D</name><milestone>New</milestone></opportunity>"
    )
    case = v1.post(f"{employee}/kase", "<kase><name>K</name></kase>")
    own = employee.rpartition("/")[2]
    assert v1.get(deal).findtext("partyId") == (employer if switch == "organisation" else own)
    assert [display_name(each) for each in v1.get(f"{deal}/party")] == (
        ["Ann"] if switch == "organisation" else []
    )
    assert v1.get(case).findtext("partyId") == own


@pytest.mark.parametrize(
    ("switch", "names"),
    [
        ("id", ["id", "tag", "label", "type", "options"]),
        ("bare", ["tag", "label", "type", "options"]),
        ("full", ["id", "tag", "tagId", "label", "type", "options", "displayOrder"]),
    ],
)
def test_what_definitions_tell(start_v1: StartV1, switch: str, names: list[str]) -> None:
    known = start_v1(DEFINITIONS=switch).get("/party/customfield/definitions")
    assert [tags(each) for each in known if each.findtext("label") == "Level"] == [names]


def test_numbers_can_be_texts(start_v1: StartV1) -> None:
    v1 = start_v1(NUMBER_FIELD="text")
    row = "<customField><label>Lead score</label><text>7</text></customField>"
    answer = v1.put(f"{organisation(v1)}/customfields", f"<customFields>{row}</customFields>")
    assert (answer[0][-1].tag, answer[0][-1].text) == ("text", "7")


def test_json_can_differ(start_v1: StartV1) -> None:
    plain, other = start_v1(), start_v1(SIZE_BESIDE_ROWS="none", SLASHES="escaped", JSON_ERRORS="response")
    media = {"Accept": "application/json"}
    answers = [v1.http.get("/party", params={"limit": "1"}, headers=media) for v1 in (plain, other)]
    assert [next(iter(answer.json()["parties"])) for answer in answers] == ["@size", "organisation"]
    assert ["\\/" in answer.text for answer in answers] == [False, True]
    assert [re.sub(r'"updatedOn.*', "", answer.text).count("https:\\/\\/") > 0 for answer in answers] == [
        False,
        True,
    ]
    assert other.json("/party", q="nothing like it") == {"parties": {"@size": "0"}}
    assert other.http.get("/party/1", headers=media).json() == {"response": {"message": "party not found"}}


def test_refused_values_can_be_500(start_v1: StartV1) -> None:
    assert message(start_v1(INVALID="500").http.post("/organisation", content="<organisation/>"), 500)


def test_a_user_who_may_only_read(start_v1: StartV1) -> None:
    v1 = start_v1(RIGHTS="read")
    assert len(v1.get("/party")) == 10
    assert "rights" in message(v1.http.post("/organisation", content="<organisation/>"), 401)
    assert "rights" in message(v1.http.delete("/party/1001"), 401)


def test_records_without_access_do_not_exist(start_v1: StartV1) -> None:
    v1 = start_v1(PRIVATE="1001,1004")
    assert {*texts(v1.get("/party"), "*/id")}.isdisjoint({"1001", "1004"})
    assert len(v1.get("/party")) == 8
    assert message(v1.http.get("/party/1001"), 404) == "party not found"
    assert message(v1.http.post("/party/1001/tag/x"), 404) == "party not found"


def test_calls_end_with_429(start_v1: StartV1) -> None:
    v1 = start_v1(CALL_LIMIT="100", CALLS_USED="98")
    last = [v1.http.get("/users") for _ in range(3)]
    assert [each.status_code for each in last] == [200, 200, 429]
    assert [each.headers["x-ratelimit-remaining"] for each in last] == ["1", "0", "0"]
    assert len({each.headers["x-ratelimit-reset"] for each in last}) == 1


def test_one_call_can_be_refused_without_telling_the_quota(start_v1: StartV1) -> None:
    v1 = start_v1(THROTTLE_AT="2", THROTTLED="bare")
    assert v1.http.get("/users").status_code == 200
    assert message(v1.http.get("/users"), 429) == "rate limit reached"
    assert v1.http.get("/users").headers["x-ratelimit-remaining"] == "3998"


def test_calls_begin_anew_with_each_window(start_v1: StartV1) -> None:
    v1 = start_v1(CALL_LIMIT="1", WINDOW="0")
    assert [v1.http.get("/users").status_code for _ in range(3)] == [200, 200, 200]


def test_the_account_and_the_token_stay_and_are_private(tmp_path: Path) -> None:
    def client(*, fresh: bool = False) -> V1Client:
        return V1Client(Sandbox(tmp_path, crm="capsule-v1", records=5, fresh=fresh))

    first = client()
    place = organisation(first, "Kept")
    first.sandbox.stop()
    again = client()
    assert (again.token, again.get(place).findtext("name")) == (first.token, "Kept")
    assert re.fullmatch(r"[0-9a-f]{32}", again.token)
    again.sandbox.stop()
    for name in ("capsule.db", "capsule-v1.token"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    anew = client(fresh=True)
    assert anew.http.get(place).status_code == 404
    anew.sandbox.stop()


def test_a_client_is_told_how_to_reach_it(start_v1: StartV1) -> None:
    connection = start_v1().sandbox.start()["capsule-v1"]
    assert connection.keys() == {"url", "token", "format"}
    assert connection["format"] == "xml"


def test_both_services_serve_one_account(tmp_path: Path) -> None:
    with Sandbox(tmp_path, records=5, fresh=True) as sandbox:
        v1, v2 = V1Client(sandbox), CapsuleClient(sandbox)
        place = v1.post(
            "/person",
            "<person><lastName>Shared</lastName><contacts><phone><phoneNumber>1</phoneNumber></phone></contacts></person>",
        )
        v1.http.post(f"{place}/tag/Both")
        number = place.rpartition("/")[2]
        party = v2.get(f"/parties/{number}", embed="tags")
        assert (party["lastName"], [tag["name"] for tag in party["tags"]]) == ("Shared", ["Both"])
        v2.put(f"/parties/{number}", phoneNumbers=[{"id": party["phoneNumbers"][0]["id"], "number": "2"}])
        assert texts(v1.get(place), "contacts/phone/phoneNumber") == ["2"]
        v1.done("DELETE", place)
        assert v2.http.get(f"/parties/{number}").status_code == 404
        assert list(sandbox.start())[2:4] == ["capsule-v1", "capsule"]
