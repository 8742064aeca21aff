"""A client of the emulated OnePageCRM that speaks v1.2, without any of the program's own code."""

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import httpx
import yaml

from crmtui.sandbox import Sandbox

Json = dict[str, Any]
_HASHES = ("nextaction", "data", "tags", "sales", "address")
"""What is a hash even where XML has it empty."""


class OneClient:
    """Signs its calls, and reads answers of all three formats."""

    def __init__(self, sandbox: Sandbox) -> None:
        connection = sandbox.start()["onepagecrm-v1"]
        self.sandbox = sandbox
        self.connection = connection
        self.uid, self.key = connection["user"], connection["token"]
        self.http = httpx.Client(base_url=connection["url"], trust_env=False)
        self.ahead = 0

    def send(self, method: str, path: str, form: Json | None = None, **query: object) -> httpx.Response:
        """The answer to a signed call: a path with its suffix, a form for POST and PUT, a query."""
        url = f"{self.connection['url']}/api/{path}"
        if query:
            url += "?" + urlencode(query)
        body = urlencode(form or {}, quote_via=quote).encode() if method in ("POST", "PUT") else b""
        ts = str(int(time.time()) + self.ahead)
        parts = [self.uid, ts, method, hashlib.sha1(url.encode()).hexdigest()]
        if method in ("POST", "PUT"):
            parts.append(hashlib.sha1(body).hexdigest())
        mac = hmac.new(base64.b64decode(self.key), ".".join(parts).encode(), hashlib.sha256)
        headers = {
            "X-OnePageCRM-UID": self.uid,
            "X-OnePageCRM-TS": ts,
            "X-OnePageCRM-Auth": mac.hexdigest(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.http.request(method, url, headers=headers, content=body)

    def whole(self, method: str, path: str, form: Json | None = None, **query: object) -> Json:
        """The envelope of an answer with HTTP 200; a path without a suffix is of JSON."""
        suffixed = path if path.endswith((".xml", ".json", ".yaml")) else f"{path}.json"
        response = self.send(method, suffixed, form, **query)
        assert response.status_code == 200, response.text
        return read(response)

    def done(self, method: str, path: str, form: Json | None = None, **query: object) -> Any:
        """The data of an answer that says OK."""
        found = self.whole(method, path, form, **query)
        assert (found["status"], found["message"]) == (0, "OK"), found
        return found["data"]

    def get(self, path: str, **query: object) -> Any:
        """The data of a GET."""
        return self.done("GET", path, None, **query)

    def code(self, method: str, path: str, form: Json | None = None, **query: object) -> int:
        """The status in an answer's body."""
        return int(self.whole(method, path, form, **query)["status"])

    def contact(self, **form: object) -> Json:
        """A new contact."""
        made: Json = self.done("POST", "contacts", {"lastname": "Doe", **form})
        return made


def read(response: httpx.Response) -> Json:
    """The document of an answer in any format."""
    media = response.headers["content-type"].partition(";")[0]
    found: Json
    match media:
        case "application/json":
            found = response.json()
        case "application/x-yaml":
            found = yaml.safe_load(response.text)
        case _:
            assert media == "application/xml", response.text
            found = _element(ElementTree.fromstring(response.content))
    return found


def _element(element: ElementTree.Element) -> Any:
    match element.get("type"):
        case "array":
            return [_element(child) for child in element]
        case "integer":
            return int(element.text or "")
        case "float":
            return float(element.text or "")
        case "boolean":
            return element.text == "true"
    if element.get("nil") == "true":
        return None
    name = element.tag.replace("-", "_")
    if len(element) or (name in _HASHES and not (element.text or "").strip()):
        return {child.tag.replace("-", "_"): _element(child) for child in element}
    return element.text or ""
