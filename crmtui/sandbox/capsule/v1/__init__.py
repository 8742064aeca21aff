"""API v1 of Capsule CRM, emulated: XML and JSON over the account that v2 serves too.

The document is the vendor's page of v1; what it leaves out follows recordings of 2013 to 2016 and public
clients.
"""

import secrets

from crmtui.sandbox.capsule.opening import open_office
from crmtui.sandbox.capsule.quota import Quota
from crmtui.sandbox.secret import kept_secret
from crmtui.sandbox.service import Service, Setting

from .api import Api
from .dialect import Dialect
from .routes import Routes

__all__ = ["build"]


def build(setting: Setting) -> Service:
    """The service with its data in the sandbox's folder; the token has the form of the document's."""
    token = kept_secret(setting.home / "capsule-v1.token", lambda: secrets.token_hex(16))
    dialect = Dialect.read(setting.switches)
    office, close = open_office(setting)
    quota = Quota(dialect.call_limit, dialect.calls_used, dialect.window, dialect.throttle_at)
    return Service(
        Api(Routes(office, dialect), quota, dialect, token), {"token": token, "format": "xml"}, close
    )
