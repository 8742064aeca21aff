"""The doctor's question to the keyring: which store answers, or why none does."""

import pytest

from crmtui.config import make_connection
from crmtui.secrets import keyring, store
from crmtui.secrets.chain import needs_keyring
from tests.secrets.conftest import DESKTOPS, OPEN, PROMPT, SILENT, Start
from tests.secrets.test_keyring import REASONS


@pytest.mark.parametrize("kind", DESKTOPS)
def test_the_store_that_answers_is_named(kind: str, desktop: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "DEADLINE", 0.3 if kind in {SILENT, PROMPT} else 20.0)
    desktop(kind)
    if kind == OPEN:
        store("acme", "some-token")
    answer = keyring.probe()
    if kind == OPEN:
        assert isinstance(answer, keyring.Found)
        assert (answer.backend, answer.tokens) == ("SecretService", {})
    else:
        assert isinstance(answer, keyring.Unavailable)
        assert REASONS[kind] in answer.reason


def test_who_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    acme = make_connection("acme", crm="spotler")
    assert needs_keyring(acme)
    monkeypatch.setenv("CRMTUI_TOKEN_ACME", "x")
    assert not needs_keyring(acme)
