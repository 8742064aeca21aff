"""The rules between the keys of one connection, the same for the file and for `crmtui connect`."""

from collections.abc import Iterable, Mapping
from typing import Any

from crmtui.config.connection import Connection
from crmtui.config.names import name_problem
from crmtui.config.services import FORMATS, SERVICES
from crmtui.model.errors import ConfigError


class Broken(Exception):
    """A rule that does not hold, and the key at fault (empty for the connection itself)."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key
        self.sentence = sentence


def make_connection(
    name: str,
    *,
    crm: str,
    url: str | None = None,
    user: str | None = None,
    format: str | None = None,  # noqa: A002 - the name of the key
    others: Iterable[str] = (),
) -> Connection:
    """A connection that keeps every rule, the service's own address and format filled in."""
    given = {"crm": crm, "url": url, "user": user, "format": format}
    try:
        return settle(name, {key: value for key, value in given.items() if value}, others)
    except Broken as broken:
        at = f"{name}.{broken.key}" if broken.key else name
        raise ConfigError(f"{at} {broken.sentence}.") from broken


def settle(name: str, given: Mapping[str, Any], others: Iterable[str] = ()) -> Connection:
    """The connection of well-typed values, or `Broken`."""
    if problem := name_problem(name, others):
        raise Broken("", problem)
    crm = given.get("crm")
    if crm is None:
        raise Broken("crm", f"is missing: one of {', '.join(SERVICES)}")
    if crm not in SERVICES:
        import difflib

        near = difflib.get_close_matches(crm.lower(), SERVICES, 1)
        raise Broken(
            "crm", f"must be one of {', '.join(SERVICES)}" + (f"; did you mean {near[0]}?" if near else "")
        )
    service = SERVICES[crm]
    if service.user and not given.get("user"):
        raise Broken("user", f"is missing: {service.label} needs {service.user}")
    if given.get("token_command") and given.get("token_file"):
        raise Broken("token_file", "stands beside token_command; keep one of them")
    return Connection(
        **{
            **given,
            "name": name,
            "url": _url(given.get("url"), crm),
            "format": _format(given.get("format"), crm),
        }
    )


def _url(url: str | None, crm: str) -> str:
    service = SERVICES[crm]
    if url is None:
        if service.url is None:
            raise Broken("url", f"is missing: {service.label} has an address of its own for every account")
        return service.url
    from crmtui.config.address import origin

    try:
        return origin(url)
    except ValueError as error:
        raise Broken("url", str(error)) from error


def _format(name: str | None, crm: str) -> str | None:
    allowed = SERVICES[crm].formats
    if name is None:
        return allowed[0] if allowed else None
    if name not in (allowed or FORMATS):
        raise Broken("format", f"must be one of {', '.join(allowed or FORMATS)}")
    return name
