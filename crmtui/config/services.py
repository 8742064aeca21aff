"""The services that a connection can name, as data."""

import msgspec


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What the configuration must know of one vendor's API."""

    label: str
    """The name that people know it by."""
    url: str | None
    """Where it lives; None where every account has an address of its own."""
    formats: tuple[str, ...] = ()
    """The formats to choose from, the default first; empty where there is one only."""
    user: str | None = None
    """What stands in `user`; None where a token alone signs a call."""


FORMATS = ("xml", "json", "yaml")
"""Every word that `format` can be."""

SERVICES = {
    "spotler": Service(label="Spotler CRM", url="https://apiv4.reallysimplesystems.com"),
    "solve360": Service(
        label="Solve360", url="https://secure.solve360.com", user="the e-mail address of the account"
    ),
    "capsule": Service(label="Capsule", url="https://api.capsulecrm.com"),
    "capsule-v1": Service(label="Capsule (API v1)", url=None, formats=("xml", "json")),
    "onepagecrm": Service(label="OnePageCRM", url="https://app.onepagecrm.com", user="the user id"),
    "onepagecrm-v1": Service(
        label="OnePageCRM (API v1.2)",
        url="https://app.onepagecrm.com",
        formats=FORMATS,
        user="the uid, or the login",
    ),
}
