"""The three formats of v1.2 of the emulated OnePageCRM, and the signature, apart from any service."""

import json
import random
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crmtui.sandbox.hostile import LONG, TEXTS
from crmtui.sandbox.onepagecrm.v1.dialect import Dialect
from crmtui.sandbox.onepagecrm.v1.envelope import envelope, written
from crmtui.sandbox.onepagecrm.v1.message import Asked, Problem
from crmtui.sandbox.onepagecrm.v1.signature import check, signature
from crmtui.sandbox.switches import Switches

UID, KEY = "4e0046526381906f7e000002", "AJfSRLr7uhsa9lOIgKQ4Vu72zzg3QTE7pJL2iSeA6Mo="
DOCUMENT = {
    "data": {
        "id": "4e81cd5f6381904685000065",
        "deal_amount": 250.0,
        "count": 3,
        "vip": True,
        "city": None,
        "nextaction": {},
        "urls": [],
        "tags": ["one", "two & <three>"],
        "phones": [{"type": "work", "number": "+353 91 1234"}],
    },
    "statuses": [{"name": "all", "count": 3}],
    "status": 0,
}
WORDS = [
    "4e81cd5f6381904685000065", "5211111111111111111111e1", "123456789012345678901234", "22.08.2011",
    "yes", "No", "~", "null", "1.5", "0x1F", "1:30", ":symbol", "!tag", "*alias", "&anchor", "- dash", "a: b",
    "a #b", "trailing ", " leading", "", "line\n", "line\nmore", "line\n  more\n", " first\nmore", "a\n\n",
    "\na", "tab\tand\r\nreturn", "quote \" and \\ and '", "a\n   ", "%", "@", "`", "{}", "[]", "=", "<<",
    "...", "---",
]  # fmt: skip


def dialect(**switches: str) -> Dialect:
    return Dialect.read(Switches({f"ONEPAGECRM_V1_{name}": word for name, word in switches.items()}))


def text(document: dict[str, Any], form: str, **switches: str) -> str:
    return written(document, form, dialect(**switches), random.Random(1)).decode()


class Ruby(yaml.SafeLoader):
    """YAML with the tags of Ruby's classes taken for what they are made of."""


def _plain(loader: Ruby, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


for prefix in ("!map:", "!seq:", "!ruby/hash:", "!ruby/symbol", "!str"):
    Ruby.add_multi_constructor(prefix, _plain)


def bare(value: Any) -> Any:
    """The value with keys that are no symbols any more."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    return (
        {key.removeprefix(":"): bare(each) for key, each in value.items()}
        if isinstance(value, dict)
        else value
    )


def test_xml_is_what_rails_makes_of_a_hash() -> None:
    assert text(DOCUMENT, "xml") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<hash>\n  <data>\n    <id>4e81cd5f6381904685000065</id>\n'
        '    <deal-amount type="float">250.0</deal-amount>\n    <count type="integer">3</count>\n'
        '    <vip type="boolean">true</vip>\n    <city nil="true"/>\n    <nextaction>\n    </nextaction>\n'
        '    <urls type="array"/>\n    <tags type="array">\n      <tag>one</tag>\n'
        "      <tag>two &amp; &lt;three&gt;</tag>\n    </tags>\n"
        '    <phones type="array">\n      <phone>\n        <type>work</type>\n'
        "        <number>+353 91 1234</number>\n      </phone>\n    </phones>\n  </data>\n"
        '  <statuses type="array">\n    <status>\n      <name>all</name>\n'
        '      <count type="integer">3</count>\n    </status>\n  </statuses>\n'
        '  <status type="integer">0</status>\n</hash>\n'
    )


def test_xml_where_nothing_is_known_of_it() -> None:
    assert "<deal_amount type" in text(DOCUMENT, "xml", NAMES="underscores")
    assert '<city nil="true"></city>' in text(DOCUMENT, "xml", XML_NULL="pair")
    assert '<data type="array">\n    <datum>\n      <id>1</id>' in text({"data": [{"id": "1"}]}, "xml")
    assert "<a>&#252;&#13;</a>" in text({"a": "ü\r"}, "xml", XML_TEXT="references")
    assert "<a>a\ufffd[2J</a>" in text({"a": "a\x1b[2J"}, "xml")


@pytest.mark.parametrize("form", ["plain", "references"])
def test_xml_holds_any_text(form: str) -> None:
    for each in (*TEXTS, *WORDS, LONG):
        root = ElementTree.fromstring(text({"a": each}, "xml", XML_TEXT=form))
        assert len((root.findtext("a") or "").replace("\n", "")) >= len(
            each.replace("\r", "").replace("\n", "")
        )


@pytest.mark.parametrize("tags", ["none", "syck", "psych"])
@pytest.mark.parametrize("keys", ["words", "symbols"])
def test_yaml_says_what_json_says(tags: str, keys: str) -> None:
    document = DOCUMENT | {
        "texts": [*TEXTS, *WORDS, LONG],
        "rows": [{}, [], None, {"a": {}}, {"b": []}, {"type": "x"}],
    }
    sent = text(document, "yaml", YAML_TAGS=tags, YAML_KEYS=keys)
    assert bare(yaml.load(sent, Ruby)) == document
    assert (":data: " in sent) == (keys == "symbols")
    assert ("!map:HashWithIndifferentAccess" in sent) == (tags == "syck")
    assert ("!ruby/hash:ActiveSupport" in sent) == (tags == "psych")


@given(st.text(st.characters(codec=None)))
@settings(max_examples=300, deadline=None)
def test_yaml_holds_any_text(given_text: str) -> None:
    document = {"data": {"body": given_text, "rows": [{"body": given_text}]}}
    assert yaml.safe_load(text(document, "yaml")) == document
    assert json.loads(text(document, "json")) == document


def test_the_order_of_keys_can_be_any() -> None:
    document = envelope(0, 1317129567, {"data": DOCUMENT["data"], "tags": {}})
    assert list(document) == ["data", "timestamp", "tags", "message", "status"]
    orders = set()
    chance = random.Random(1)
    for _ in range(20):
        other = json.loads(written(document, "json", dialect(ORDER="shuffled"), chance))
        assert other == document
        orders.add((*other, *other["data"]))
    assert len(orders) > 10


def asked(**changes: Any) -> Asked:
    """The official example of a signed call, `firstname=John&lastname=Doe` to a contact."""
    auth = "54d40f0284a23552eae5c62f6e848e636980e88cd13e7e7b58cc43d0825cc307"
    call: dict[str, Any] = {
        "method": "PUT",
        "scheme": "https",
        "path": "/api/contacts/4d91d3ea6381904e44000026.xml",
        "query": "",
        "headers": {
            "host": "app.onepagecrm.com",
            "x-onepagecrm-uid": UID,
            "x-onepagecrm-ts": "1308640873",
            "x-onepagecrm-auth": auth,
        },
        "body": b"firstname=John&lastname=Doe",
    }
    return Asked(**call | changes)


def test_the_official_signatures() -> None:
    check(asked(), UID, KEY, 1308640873, 300)
    url = "https://app.onepagecrm.com/api/v3/contacts/4d91d3ea6381904e44000026.json?partial=1"
    body = b'{"first_name":"John", "last_name":"Doe"}'
    assert signature(KEY, UID, "1401366488", "PUT", url, body) == (
        "cdeb83dfc85172fd1cb676a7219dbacf6da0382ed3c9d890b41977e33a49fcf0"
    )


def refused(call: Asked, now: int = 1308640873, key: str | None = KEY, uid: str = UID) -> int:
    with pytest.raises(Problem) as problem:
        check(call, uid, key, now, 300)
    return problem.value.code


def test_signatures_that_are_not_right() -> None:
    for changes in (
        {"query": "page=2"},
        {"body": b"firstname=John"},
        {"method": "POST"},
        {"path": "/api/contacts/4d91d3ea6381904e44000027.xml"},
        {"scheme": "http"},
    ):
        assert refused(asked(**changes)) == 104
    assert refused(asked(), key=None) == 104
    assert refused(asked(), uid="4e0046526381906f7e000003") == 104
    for name in ("uid", "ts", "auth"):
        headers = {key: value for key, value in asked().headers.items() if not key.endswith(name)}
        assert refused(asked(headers=headers)) == 105
    check(asked(), UID, KEY, 1308640873 + 300, 300)
    check(asked(), UID, KEY, 1308640873 - 300, 300)
    assert refused(asked(), now=1308640873 + 301) == 101
    assert refused(asked(), now=1308640873 - 301) == 101
    for ts in ("soon", "9" * 5000, "-1", "1308640873.0"):
        assert refused(asked(headers={**asked().headers, "x-onepagecrm-ts": ts})) == 101
