"""API v1 of the emulated Capsule: parties, opportunities and cases, its two formats and its refusals."""

import re
from xml.etree import ElementTree

import httpx
import pytest

from .conftest import StartV1, V1Client, display_name

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TURK = (
    "<person><title>Mr</title><firstName>Turk</firstName><lastName>Turkleton</lastName><jobTitle>CTO</jobTitle>"
    "<about>Line one\nline two &amp; more</about><contacts>"
    "<address><type>Office</type><street>1 High Street</street><city>London</city><zip>N1</zip>"
    "<country>United Kingdom</country></address>"
    "<email><type>Work</type><emailAddress>turk@acme.example</emailAddress></email>"
    "<email><emailAddress>turk@home.example</emailAddress></email>"
    "<phone><type>Work</type><phoneNumber>+44 1738 494032</phoneNumber></phone>"
    "<website><webService>TWITTER</webService><webAddress>turk</webAddress></website>"
    "</contacts></person>"
)


def tags(element: ElementTree.Element | None) -> list[str]:
    assert element is not None
    return [child.tag for child in element]


def texts(element: ElementTree.Element, path: str) -> list[str | None]:
    return [found.text for found in element.findall(path)]


def message(response: httpx.Response, status: int) -> str:
    """The message of a refusal in the form of the recorded 404."""
    assert response.status_code == status, response.text
    assert "x-ratelimit-limit" not in response.headers
    assert response.headers["content-type"] == "application/xml"
    root = ElementTree.fromstring(response.content)
    assert (root.tag, tags(root)) == ("response", ["message"])
    return root.findtext("message", "")


def test_a_person_is_read_back_as_it_was_made(v1: V1Client) -> None:
    place = v1.post("/person", TURK)
    assert re.fullmatch(r"/party/\d+", place)
    person = v1.get(place)
    assert person.tag == "person"
    assert tags(person) == [
        "id", "contacts", "pictureURL", "createdOn", "updatedOn", "about", "title", "firstName", "lastName",
        "jobTitle",
    ]  # fmt: skip
    contacts = person.find("contacts")
    assert tags(contacts) == ["address", "email", "email", "phone", "website"]
    assert contacts is not None
    assert tags(contacts[0]) == ["id", "type", "street", "city", "zip", "country"]
    assert tags(contacts[1]) == ["id", "type", "emailAddress"]
    assert tags(contacts[2]) == ["id", "emailAddress"]
    assert tags(contacts[4]) == ["id", "webService", "webAddress", "url"]
    assert person.findtext("about") == "Line one\nline two & more"


def test_a_created_record_is_told_by_its_place_alone(v1: V1Client) -> None:
    response = v1.http.post(
        "/organisation", content="<organisation><name>Bare &lt;Ltd&gt;</name></organisation>"
    )
    assert response.status_code == 201
    assert re.fullmatch(rf"{v1.url}/api/party/\d+", response.headers["location"])
    assert (response.headers["content-length"], response.content) == ("0", b"")
    assert "content-type" not in response.headers
    text = v1.http.get(response.headers["location"]).text
    assert text.startswith(f"{DECLARATION}<organisation><id>")
    assert "<contacts/><pictureURL>" in text
    assert text.endswith("<name>Bare &lt;Ltd&gt;</name></organisation>")


def test_put_keeps_what_is_not_sent_and_empties_what_is_empty(v1: V1Client) -> None:
    place = v1.post("/person", TURK)
    path = place.replace("party", "person")
    before = v1.get(place)
    phone = before.findtext("contacts/phone/id")
    sent = (
        "<person><jobTitle/><title nil='true'/><contacts>"
        f"<phone><id type='integer'>{phone}</id><phoneNumber>+44 20 7946 0001</phoneNumber></phone>"
        "<phone><type>Mobile</type><phoneNumber>+44 7700 900001</phoneNumber></phone></contacts></person>"
    )
    after = v1.put(path, sent)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", after.findtext("updatedOn", ""))
    assert (after.find("jobTitle"), after.find("title")) == (None, None)
    assert after.findtext("firstName") == "Turk"
    assert texts(after, "contacts/phone/type") == ["Work", "Mobile"]
    assert texts(after, "contacts/phone/phoneNumber") == ["+44 20 7946 0001", "+44 7700 900001"]
    assert after.findtext("contacts/phone/id") == phone
    for kept in ("address", "email", "website"):
        assert [ElementTree.tostring(each) for each in after.findall(f"contacts/{kept}")] == [
            ElementTree.tostring(each) for each in before.findall(f"contacts/{kept}")
        ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", v1.get(place).findtext("updatedOn", ""))


def test_one_contact_detail_is_deleted_by_its_id(v1: V1Client) -> None:
    place = v1.post("/person", TURK)
    number = v1.get(place).findtext("contacts/email/id")
    v1.done("DELETE", f"{place}/contact/{number}")
    assert texts(v1.get(place), "contacts/email/emailAddress") == ["turk@home.example"]
    assert message(v1.http.delete(f"{place}/contact/{number}"), 404) == "contact not found"


def test_people_of_an_organisation(v1: V1Client) -> None:
    place = v1.post("/organisation", "<organisation><name>Employers &amp; Co</name></organisation>")
    number = place.rpartition("/")[2]
    assert v1.http.get(f"{place}/people").text == f'{DECLARATION}<parties size="0"/>'
    by_id = v1.post(
        "/person",
        f'<person><lastName>Zed</lastName><organisationId type="integer">{number}</organisationId></person>',
    )
    by_name = v1.post(
        "/person",
        "<person><firstName>Ann</firstName><organisationName>employers &amp; co</organisationName></person>",
    )
    people = v1.get(f"{place}/people")
    assert (people.get("size"), [display_name(each) for each in people]) == ("2", ["Ann", "Zed"])
    assert {*texts(people, "person/organisationName")} == {"Employers & Co"}
    assert v1.get(f"{by_id}/people").get("size") == "0"
    v1.put(by_id.replace("party", "person"), "<person><organisationId/></person>")
    assert v1.get(by_id).find("organisationId") is None
    v1.put(
        by_name.replace("party", "person"), "<person><organisationName>Brand New</organisationName></person>"
    )
    assert v1.get(by_name).findtext("organisationName") == "Brand New"


def test_lists_interleave_people_and_organisations_by_name(v1: V1Client) -> None:
    whole = v1.get("/party", limit=500)
    names = [display_name(party) for party in whole]
    assert names == sorted(names, key=str.casefold)
    assert whole.get("size") == str(len(names))
    kinds = [party.tag for party in whole]
    assert kinds != sorted(kinds)
    assert kinds != sorted(kinds, reverse=True)
    assert v1.names("/party", start=3, limit=4) == names[3:7]
    assert v1.get("/party", start=10_000).get("size") == "0"


def test_parties_are_found_by_words_mail_and_tag(v1: V1Client) -> None:
    place = v1.post(
        "/organisation",
        "<organisation><name>Findable Widgets Inc.</name><contacts>"
        "<email><emailAddress>one@findable.example</emailAddress></email>"
        "<phone><phoneNumber>+44 99 12345</phoneNumber></phone></contacts></organisation>",
    )
    v1.put(
        f"{place}/customfields",
        "<customFields><customField><label>Member number</label><tag>Membership</tag><text>HG5646HD</text>"
        "</customField></customFields>",
    )
    v1.http.post(f"{place}/tag/Findable%2Fone")
    found = ["Findable Widgets Inc."]
    for words in ("FINDABLE widgets inc.", "99 12345", "hg5646hd"):
        assert v1.names("/party", q=words) == found
    assert v1.names("/party", q="HG5646") == []
    assert v1.names("/party", email="ONE@findable.example") == found
    assert v1.names("/party", email="one@findable") == []
    assert v1.names("/party", tag="findable/one") == found
    assert v1.http.get("/party", params={"q": "nothing like it"}).text == f'{DECLARATION}<parties size="0"/>'
    embedded = v1.get("/party", tag="Findable/one", embed="tags")
    assert embedded.findtext("organisation/tags/tag/name") == "Findable/one"


def test_lists_of_what_changed(v1: V1Client) -> None:
    place = v1.post("/organisation", "<organisation><name>Changed just now</name></organisation>")
    stamp = re.sub(r"[-:Z]", "", v1.get(place).findtext("updatedOn", ""))
    assert "Changed just now" in v1.names("/party", lastmodified=stamp, limit=500)
    assert v1.names("/party", lastmodified="29990101T000000") == []
    assert "YYYYMMDDTHHMMSS" in message(v1.http.get("/party", params={"lastmodified": "yesterday"}), 400)
    assert "start" in message(v1.http.get("/party", params={"start": "-1"}), 400)


def test_a_deleted_party_is_gone(v1: V1Client) -> None:
    place = v1.post("/person", "<person><lastName>Leaver</lastName></person>")
    v1.done("DELETE", place)
    for response in (v1.http.get(place), v1.http.delete(place)):
        assert response.status_code == 404
        assert response.text == f"{DECLARATION}<response><message>party not found</message></response>"
        assert response.headers["content-type"] == "application/xml"
        assert "x-ratelimit-remaining" not in response.headers
    assert (
        message(v1.http.put(place.replace("party", "person"), content="<person/>"), 404) == "party not found"
    )


@pytest.mark.parametrize(
    ("root", "path", "element"),
    [
        ("opportunities", "/opportunity", "opportunity"),
        ("kases", "/kase", "kase"),
        ("tasks", "/tasks", "task"),
        ("users", "/users", "user"),
        ("milestones", "/opportunity/milestones", "milestone"),
        ("tracks", "/tracks", "track"),
        ("countries", "/countries", "country"),
        ("currencies", "/currencies", "currency"),
        ("taskCategories", "/task/categories", "taskCategory"),
        ("customFieldDefinitions", "/party/customfield/definitions", "customFieldDefinition"),
    ],
)
def test_every_list_says_its_size_in_both_formats(v1: V1Client, root: str, path: str, element: str) -> None:
    # The first rows hold nothing that XML cannot.
    answer = v1.get(path, start=3, limit=5)
    assert (answer.tag, {*tags(answer)}, answer.get("size")) == (root, {element}, str(len(answer)))
    assert len(answer) > 1
    members = v1.json(path, start=3, limit=5)[root]
    assert isinstance(members, dict)
    assert members.keys() == {"@size", element}
    rows = [{part.tag: part.text or "" for part in each} if len(each) else each.text for each in answer]
    assert members[element] == rows


def test_opportunities_of_a_party(v1: V1Client) -> None:
    party = v1.post("/organisation", "<organisation><name>Buyer</name></organisation>")
    place = v1.post(
        f"{party}/opportunity",
        "<opportunity><name>Deal</name><milestone>Bid</milestone><currency>EUR</currency>"
        '<value type="integer">108</value><durationBasis>YEAR</durationBasis><duration>3</duration>'
        '<expectedCloseDate type="date">2013-01-01</expectedCloseDate></opportunity>',
    )
    assert re.fullmatch(r"/opportunity/\d+", place)
    deal = v1.get(place)
    assert tags(deal) == [
        "id", "name", "partyId", "currency", "value", "durationBasis", "duration", "expectedCloseDate",
        "milestoneId", "milestone", "probability", "owner", "createdOn", "updatedOn",
    ]  # fmt: skip
    assert (deal.findtext("value"), deal.findtext("expectedCloseDate")) == ("108.00", "2013-01-01T00:00:00Z")
    assert (deal.findtext("probability"), deal.findtext("owner")) == ("50", "ted")
    changed = v1.put(place, "<opportunity><value>99.5</value><milestoneId>85</milestoneId></opportunity>")
    assert (changed.findtext("value"), changed.findtext("currency")) == ("99.50", "EUR")
    assert changed.findtext("actualCloseDate", "").endswith("T00:00:00Z")
    assert tags(changed).index("actualCloseDate") == tags(changed).index("expectedCloseDate") + 1
    assert changed.findtext("probability") == "100"
    emptied = v1.put(place, "<opportunity><value/><expectedCloseDate/></opportunity>")
    assert {"value", "currency", "expectedCloseDate"}.isdisjoint(tags(emptied))
    assert texts(v1.get(f"{party}/opportunity"), "opportunity/name") == ["Deal"]
    assert "Deal" in texts(v1.get("/opportunity", milestone="won", limit=500), "opportunity/name")
    assert "Deal" not in texts(v1.get("/opportunity", milestone="Bid", limit=500), "opportunity/name")
    other = v1.post("/organisation", "<organisation><name>Other buyer</name></organisation>")
    v1.http.put(f"{other}{place}").raise_for_status()
    assert v1.get(place).findtext("partyId") == other.rpartition("/")[2]
    assert v1.get(f"{party}/opportunity").get("size") == "0"
    v1.done("DELETE", place)
    assert message(v1.http.get(place), 404) == "opportunity not found"


@pytest.mark.parametrize("sort", ["opportunity", "kase", "party"])
def test_what_was_read_can_be_sent_back(start_v1: StartV1, sort: str) -> None:
    v1 = start_v1(records=60)
    for record in v1.get(f"/{sort}"):
        sent = ElementTree.tostring(record, encoding="unicode").replace("\r", "&#13;")
        after = v1.put(f"/{record.tag}/{record.findtext('id')}", sent)
        read, kept = (
            [(each.tag, each.text) for each in answer.iter() if each.tag != "updatedOn"]
            for answer in (record, after)
        )
        assert kept == read


def test_a_new_deal_starts_a_known_track_only(v1: V1Client) -> None:
    party = v1.post("/organisation", "<organisation><name>Tracked</name></organisation>")
    deal = "<opportunity><name>Deal</name><milestone>New</milestone></opportunity>"
    v1.post(f"{party}/opportunity?trackId=165", deal)
    # This one is for cases.
    assert message(v1.http.post(f"{party}/opportunity?trackId=161", content=deal), 404) == "track not found"


def test_cases_close_and_open_again(v1: V1Client) -> None:
    party = v1.post("/organisation", "<organisation><name>Client</name></organisation>")
    place = v1.post(f"{party}/kase", "<kase><name>Job</name><owner>ted</owner></kase>")
    assert tags(v1.get(place)) == ["id", "status", "name", "partyId", "owner", "createdOn", "updatedOn"]
    ignored = v1.put(place, "<kase><closeDate>2026-01-02</closeDate></kase>")
    assert (ignored.findtext("status"), ignored.find("closeDate")) == ("OPEN", None)
    closed = v1.put(place, "<kase><status>CLOSED</status><closeDate>2026-01-02T00:00:00Z</closeDate></kase>")
    assert closed.findtext("closeDate") == "2026-01-02T00:00:00Z"
    assert tags(closed)[4:6] == ["closeDate", "owner"]
    reopened = v1.put(place, "<kase><status>OPEN</status></kase>")
    assert (reopened.findtext("status"), reopened.find("closeDate")) == ("OPEN", None)
    assert texts(v1.get(f"{party}/kase"), "kase/name") == ["Job"]


def test_what_was_deleted_is_told_since_a_moment(v1: V1Client) -> None:
    party = v1.post("/organisation", "<organisation><name>Short-lived</name></organisation>")
    deal = v1.post(
        f"{party}/opportunity", "<opportunity><name>D</name><milestone>New</milestone></opportunity>"
    )
    v1.done("DELETE", party)
    feed = v1.get("/opportunity/deleted", since="20200101T000000")
    assert feed.tag == "deletedOpportunities"
    assert feed.get("size") == str(len(feed))
    assert tags(feed[-1]) == ["id", "deletedDate"]
    assert deal.rpartition("/")[2] in texts(feed, "deletedOpportunity/id")
    assert message(v1.http.get("/opportunity/deleted"), 400) == "since is required"
    assert v1.get("/opportunity/deleted", since="29990101T000000").get("size") == "0"


def test_json_mirrors_the_xml(v1: V1Client) -> None:
    media = {"Content-Type": "application/json", "Accept": "application/json"}
    created = v1.http.post(
        "/person",
        json={
            "person": {
                "firstName": "Jay",
                "lastName": "Son",
                "jobTitle": None,
                "contacts": {
                    "email": {"emailAddress": "a/b@json.example"},
                    "phone": [{"type": "Work", "phoneNumber": "1"}, {"phoneNumber": 2}],
                },
            }
        },
        headers=media,
    )
    assert (created.status_code, created.content) == (201, b"")
    place = created.headers["location"].removeprefix(f"{v1.url}/api")
    person = v1.json(place)["person"]
    assert isinstance(person, dict)
    assert list(person)[:2] == ["id", "contacts"]
    assert all(isinstance(person[name], str) for name in person if name != "contacts")
    assert "jobTitle" not in person
    contacts = person["contacts"]
    assert contacts["email"]["emailAddress"] == "a/b@json.example"
    assert [phone["phoneNumber"] for phone in contacts["phone"]] == ["1", "2"]
    bare = v1.post("/organisation", "<organisation><name>Jay's</name></organisation>")
    organisation = v1.json(bare)["organisation"]
    assert isinstance(organisation, dict)
    assert organisation["contacts"] == ""
    assert v1.json("/party", q="nothing like it") == {"parties": {"@size": "0"}}
    number = contacts["email"]["id"]
    changed = v1.http.put(
        place.replace("party", "person"),
        json={"person": {"lastName": "", "contacts": {"email": {"id": number, "type": "Home"}}}},
        headers=media,
    ).json()["person"]
    assert "lastName" not in changed
    assert changed["contacts"]["email"] == {"id": number, "type": "Home", "emailAddress": "a/b@json.example"}


def test_the_format_follows_what_is_said(v1: V1Client) -> None:
    def media(**headers: str) -> str:
        return v1.http.get("/users", headers={"Content-Type": "text/plain", **headers}).headers[
            "content-type"
        ]

    assert media() == "*/*;charset=UTF-8"
    assert media(Accept="application/xml") == "application/xml;charset=UTF-8"
    assert media(Accept="application/json") == "application/json;charset=UTF-8"
    assert media(**{"Content-Type": "application/json"}) == "application/json;charset=UTF-8"
    assert media(**{"Content-Type": "application/json", "Accept": "text/xml"}) == "text/xml;charset=UTF-8"
    missing = v1.http.get("/party/1", headers={"Accept": "application/json"})
    assert (missing.status_code, missing.json()) == (404, {"message": "party not found"})
    assert missing.headers["content-type"] == "application/json"


@pytest.mark.parametrize("body", ["", "<person>", "{}", "<!DOCTYPE a [<!ENTITY b 'c'>]><person>&b;</person>"])
def test_what_does_not_parse_is_400(v1: V1Client, body: str) -> None:
    assert "cannot be parsed" in message(v1.http.post("/person", content=body), 400)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"person": {}, "organisation": {}}', '{"person": [[]]}'])
def test_json_that_does_not_parse_is_400(v1: V1Client, body: str) -> None:
    response = v1.http.post("/person", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert "cannot be parsed" in response.json()["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/person", "<organisation><name>x</name></organisation>"),
        ("/person", "<person><lastName>x</lastName><emailAddresses/></person>"),
        ("/person", "<person><lastName>x</lastName><contacts><fax/></contacts></person>"),
        ("/person", "<person><lastName>x<b/></lastName></person>"),
        ("/person", "<person><lastName>x</lastName><organisationId>acme</organisationId></person>"),
        ("/organisation", "<organisation><firstName>x</firstName></organisation>"),
        ("/party/1001/opportunity", "<opportunity><name>x</name><value>much</value></opportunity>"),
        ("/party/1001/opportunity", "<opportunity><expectedCloseDate>soon</expectedCloseDate></opportunity>"),
        ("/party/1001/kase", "<kase><status>HALF</status></kase>"),
    ],
)
def test_a_document_of_another_type_is_500(v1: V1Client, path: str, body: str) -> None:
    assert message(v1.http.post(path, content=body), 500)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/person", "<person><jobTitle>x</jobTitle></person>", "lastName is required"),
        ("/organisation", "<organisation/>", "name is required"),
        (
            "/person",
            "<person><lastName>x</lastName><contacts><address><country>UK</country></address></contacts></person>",
            "unknown country",
        ),
        ("/party/1001/opportunity", "<opportunity><name>x</name></opportunity>", "milestone is required"),
    ],
)
def test_what_the_rules_refuse_is_400(v1: V1Client, path: str, body: str, said: str) -> None:
    assert said in message(v1.http.post(path, content=body), 400)


def test_the_token_is_the_user_name_and_any_password_will_do(v1: V1Client) -> None:
    def status(*auth: str) -> int:
        given = httpx.BasicAuth(*auth) if auth else None
        return httpx.get(f"{v1.url}/api/users", auth=given, trust_env=False).status_code

    assert [status(v1.token, password) for password in ("x", "", "any")] == [200, 200, 200]
    assert [status(), status("x", v1.token), status(v1.token[:-1], "x")] == [401, 401, 401]
    refused = httpx.get(f"{v1.url}/api/users", trust_env=False)
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert message(refused, 401) == "Requires authentication"


def test_unknown_paths_are_not_found(v1: V1Client) -> None:
    for method, path in (
        ("GET", "/nothing"),
        ("POST", "/party"),
        ("DELETE", "/users"),
        ("PUT", "/party/1001"),
    ):
        assert message(v1.http.request(method, path), 404) == "Could not find resource"
    for path in ("/party/acme", "/party/99999999999999999999999", "/kase/0", "/task/5"):
        assert message(v1.http.get(path), 404).endswith(" not found")


def test_answers_tell_the_quota(v1: V1Client) -> None:
    first, second = v1.http.get("/users"), v1.http.get("/users")
    assert first.headers["x-ratelimit-limit"] == "4000"
    left = [int(each.headers["x-ratelimit-remaining"]) for each in (first, second)]
    assert left[0] - left[1] == 1
    assert first.headers["x-ratelimit-reset"] == second.headers["x-ratelimit-reset"]


def test_hostile_texts_survive_in_json_and_leave_the_xml_readable(v1: V1Client) -> None:
    names = v1.names("/party", limit=500)
    plain = v1.json("/party", limit=500)["parties"]
    assert isinstance(plain, dict)
    told = [
        party.get("name") or party.get("lastName", "")
        for kind in ("person", "organisation")
        for party in plain[kind]
    ]
    assert len(told) == len(names)
    assert any("\x1b" in name for name in told)
    assert not any("\x1b" in name for name in names)
