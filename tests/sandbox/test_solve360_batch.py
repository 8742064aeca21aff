"""Batches of the emulated Solve360: the document's examples, and what goes wrong within and around them."""

import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from xml.etree import ElementTree

import httpx
import pytest

from .conftest import SolveClient, StartSolve, refused

DOCUMENT = """--====1340674896===
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID:

GET /contacts/479038 HTTP/1.1
Content-Type: application/xml
Accept: application/xml
Content-Length: 0


--====1340674896===
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID:

GET /contacts/299430 HTTP/1.1
Content-Type: application/xml
Accept: application/xml
Content-Length: 0


--====1340674896===
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID:

POST /contacts/ HTTP/1.1
Content-Type: application/xml
Accept: application/xml
Content-Length: 116

<?xml version="1.0" encoding="utf-8"?>
<request><firstname>Alex</firstname><lastname>Steshenko</lastname></request>

--====1340674896===--
"""
CURL = """-----12345abcde
Content-Type: application/http

GET /contacts HTTP/1.1


-----12345abcde
Content-Type: application/http

GET /companies HTTP/1.1


-----12345abcde--
"""
BODY = DOCUMENT.partition('<?xml version="1.0" encoding="utf-8"?>')


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def send(
    solve: SolveClient, body: bytes, boundary: str = "====1340674896===", **headers: str
) -> httpx.Response:
    media = {"Content-Type": f"multipart/mixed; boundary={boundary}"}
    return solve.http.post("/batch", content=body, headers={**media, **headers})


def part(request: str, body: str = "", **headers: str) -> str:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\n".join(["Content-Type: application/http", "", request, *lines, "", body])


def container(*parts: str) -> bytes:
    return crlf("".join(f"--b\n{each}\n" for each in parts) + "--b--\n")


def answers(response: httpx.Response) -> list[tuple[int, EmailMessage, bytes]]:
    """Status, headers and body of each part, after checking the form that the document shows."""
    assert response.status_code == 200, response.text
    media = response.headers["content-type"]
    assert re.fullmatch(r"multipart/mixed; boundary=solve360batch_\d{10}===", media)
    delimiter = f"--{media.partition('boundary=')[2]}".encode()
    first, *parts, last = response.content.split(delimiter)
    assert (first, last) == (b"", b"--\r\n")
    found = []
    for each in parts:
        outer, head, body = each.split(b"\r\n\r\n", 2)
        assert outer == b"\r\nContent-Type: application/http\r\nContent-ID:"
        line, _, fields = head.partition(b"\r\n")
        assert re.fullmatch(rb"HTTP/1\.1 \d{3}", line)
        headers = BytesParser(policy=HTTP).parsebytes(fields, headersonly=True)
        assert body.endswith(b"\r\n")
        assert int(headers["Content-Length"]) == len(body) - 2
        found.append((int(line[-3:]), headers, body[:-2]))
    return found


def statuses(response: httpx.Response) -> list[int]:
    return [status for status, _, _ in answers(response)]


@pytest.mark.parametrize("lines_in_xml", ["\r\n", "\n"])
def test_the_documents_request_and_the_shape_of_its_answer(solve: SolveClient, lines_in_xml: str) -> None:
    # Printed, both readings of the line end in the XML are 116 bytes long.
    before, declaration, after = BODY
    end = after.replace("\n<request>", f"{lines_in_xml}<request>", 1)
    if lines_in_xml == "\n":
        request, _, rest = end.partition("</request>\n")
        body = crlf(before) + f"{declaration}{request}</request>\n".encode() + crlf(rest)
    else:
        body = crlf(before + declaration + after)
    used = solve.used(solve.http.get("/ownership/"))
    response = send(solve, body)
    assert solve.used(response) == used + 3
    shown, missing, created = answers(response)
    assert (shown[0], missing[0], created[0]) == (200, 404, 201)
    assert [*shown[1]] == [*missing[1]] == ["Content-Type", "Content-Length"]
    assert [*created[1]] == ["Location", "Content-Type", "Content-Length"]
    assert shown[2] == solve.http.get("/contacts/479038").content
    assert missing[2] == solve.http.get("/contacts/299430").content
    number = created[1]["Location"].removeprefix("http://secure.solve360.com/contacts/")
    assert created[2] == solve.http.get(f"/contacts/{number}").content
    assert ElementTree.fromstring(created[2]).findtext("item/name") == "Alex Steshenko"


def test_the_documents_curl_example(solve: SolveClient) -> None:
    response = send(solve, crlf(CURL), "---12345abcde")
    contacts, companies = answers(response)
    assert contacts[2] == solve.http.get("/contacts").content
    assert companies[2] == solve.http.get("/companies").content


def test_line_ends_must_be_crlf(solve: SolveClient) -> None:
    assert refused(send(solve, CURL.encode(), "---12345abcde"), 400)
    assert refused(send(solve, crlf(CURL).replace(b"-----12345abcde--\r\n", b""), "---12345abcde"), 400)
    assert refused(send(solve, b"", "x"), 400)
    assert refused(solve.http.post("/batch", content="<request/>"), 406)


def test_headers_are_the_containers_unless_a_part_has_its_own(solve: SolveClient) -> None:
    show = "GET /contacts/479038 HTTP/1.1"
    mixed = container(
        part(show), part(show, Accept="application/xml"), part(show, Authorization="Basic eDp5")
    )
    as_json, as_xml, unknown = answers(send(solve, mixed, "b", Accept="application/json"))
    assert as_json[1]["Content-Type"] == "application/json"
    assert as_json[2].startswith(b'{"item":{"id":"479038"')
    assert as_xml[1]["Content-Type"] == "application/xml"
    assert unknown[0] == 401


def test_a_write_without_its_own_content_type_has_the_containers(solve: SolveClient) -> None:
    write = part("POST /contacts/ HTTP/1.1", "<request><lastname>Nobody</lastname></request>")
    ((status, _, body),) = answers(send(solve, container(write), "b"))
    assert (status, b"incorrectformat" in body) == (406, True)


def test_a_part_that_fails_does_not_fail_its_neighbours(solve: SolveClient) -> None:
    show = part("GET /contacts/479038 HTTP/1.1")
    bad = [
        part("GET contacts HTTP/1.1"),
        part("GET /contacts HTTP/2"),
        "Content-Type: text/plain\n\nGET /contacts HTTP/1.1\n\n",
        part("POST /batch HTTP/1.1"),
        part(
            "PUT /contacts/479038 HTTP/1.1", "<request>", Content_Type="application/xml", Content_Length="999"
        ),
        part("PUT /contacts/479038 HTTP/1.1", "<request>", Content_Type="application/xml"),
    ]
    used = solve.used(solve.http.get("/ownership/"))
    response = send(solve, container(show, *bad, show), "b")
    assert statuses(response) == [200, 400, 400, 400, 400, 400, 400, 200]
    assert solve.used(response) == used + 8


def test_a_hundred_calls_are_the_most(solve: SolveClient) -> None:
    calls = [part(f"GET /contacts/{479038 + place} HTTP/1.1") for place in range(101)]
    response = send(solve, container(*calls[:100]), "b")
    names = [ElementTree.fromstring(body).findtext("item/id") for _, _, body in answers(response)]
    assert names == [str(479038 + place) for place in range(100)]
    used = solve.used(response)
    response = send(solve, container(*calls), "b")
    assert [*refused(response, 400)] == ["batchlimit"]
    assert solve.used(response) == used


def test_the_outer_answer_has_the_documents_headers(solve: SolveClient) -> None:
    headers = send(solve, crlf(CURL), "---12345abcde").headers
    assert (headers["server"], headers["access-control-allow-origin"]) == ("Apache", "*")


def test_credentials_of_the_container(start_solve: StartSolve) -> None:
    call = container(part("GET /contacts HTTP/1.1"))
    strict, nested = start_solve(), start_solve(BATCH_ACCESS="nested")
    strict.http.auth = nested.http.auth = httpx.BasicAuth("x", "y")
    assert send(strict, call, "b").status_code == 401
    assert statuses(send(nested, call, "b")) == [401]


def test_limits_are_of_each_call(start_solve: StartSolve) -> None:
    calls = container(*[part("GET /contacts HTTP/1.1")] * 4)
    spent = start_solve(CALL_LIMIT="2")
    response = send(spent, calls, "b")
    assert statuses(response) == [200, 200, 403, 403]
    assert response.headers["Http-X-Solve360-Api-Call-Limit"] == "2/2"
    assert statuses(send(start_solve(THROTTLE_EVERY="2"), calls, "b")) == [200, 400, 200, 400]
    counted = start_solve(BATCH_COST="container")
    assert counted.used(send(counted, calls, "b")) == 5


def test_inner_lengths_can_be_as_wrong_as_in_the_document(start_solve: StartSolve) -> None:
    response = send(start_solve(INNER_LENGTHS="wrong"), container(part("GET /contacts/1 HTTP/1.1")), "b")
    assert b"Content-Length: 229\r\n" in response.content
