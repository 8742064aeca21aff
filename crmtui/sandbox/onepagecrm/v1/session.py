"""Login, logout and the key: calls that give and take the right to call."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crmtui.sandbox.secret import kept_secret

from .message import Answered, Asked, Problem

Json = dict[str, Any]


def new_key() -> str:
    """A key of 32 random bytes in Base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


class Session:
    """The only user's id and key; the key is one for all who logged in.

    The login is the user's e-mail address; the password is the key that the service started with, unless
    there are others.
    """

    def __init__(
        self, path: Path, uid: str, login: str, passwords: frozenset[str], told: Callable[[], Json]
    ) -> None:
        """`told` gives what a login answers beside `uid` and `key`."""
        self.uid = uid
        self.key: str | None = kept_secret(path, new_key)
        self._path = path
        self._login = login
        self._passwords = passwords or {self.key}
        self._told = told

    def login(self, asked: Asked, *, by_get: bool) -> Answered:
        """What the user has set up, with the key; 103 for a wrong login or password."""
        if asked.method != "POST" and not (by_get and asked.method == "GET"):
            raise Problem(106)
        given = asked.arguments
        login, password = given.get("login", ""), given.get("password", "")
        if not login or not password:
            raise Problem(109)
        if login.casefold() != self._login.casefold() or password not in self._passwords:
            raise Problem(103)
        return Answered({"uid": self.uid, "key": self.key or self._renewed(), **self._told()})

    def logout(self) -> Answered:
        """Take the key from everyone; the next login makes another one."""
        self.key = None
        self._path.unlink(missing_ok=True)
        return Answered()

    def change_key(self) -> Answered:
        """Another key, in which every later call has to be signed."""
        return Answered({"key": self._renewed()})

    def _renewed(self) -> str:
        self._path.unlink(missing_ok=True)
        self.key = kept_secret(self._path, new_key)
        return self.key
