"""Keys of the user's own: what is refused, and how."""

import pytest

from crmtui.model.errors import ConfigError
from crmtui.tui.keymap import keymap


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({}, {}),
        ({"edit": "e,f2"}, {"edit": "e,f2"}),
        ({"edit": "E , ctrl+E"}, {"edit": "E,ctrl+e"}),
        ({"search": "%", "help": "+"}, {"search": "percent_sign", "help": "plus"}),
        ({"edit": "x", "delete": "e"}, {"edit": "x", "delete": "e"}),
        ({"list.down": "n", "new": "N", "connect": "N"}, {"list.down": "n", "new": "N", "connect": "N"}),
    ],
)
def test_keys_as_people_write_them(given: dict[str, str], meant: dict[str, str]) -> None:
    assert keymap(given) == meant


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"edti": "e"}, "keys.edti: 'e' is the key of no command; did you mean edit?"),
        ({"edit": "hyper+q"}, "keys.edit: 'hyper+q' is no key; expected one such as e, ?, f2, ctrl+e."),
        ({"edit": "foo"}, "keys.edit: 'foo' is no key"),
        ({"edit": "e,"}, "keys.edit: 'e,': expected keys with commas between"),
        ({"edit": "x"}, "keys.edit: 'x' is the key of delete too, on Browse; expected another key"),
        ({"edit": "?"}, "keys.edit: '?' is the key of help too, on Browse"),
        ({"edit": "j"}, "keys.edit: 'j' is the key of list.down too, on Browse"),
        ({"new": "N", "edit": "N"}, "is the key of"),
    ],
)
def test_keys_that_cannot_be(given: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        keymap(given)
    assert said in raised.value.message
