"""API v3 of OnePageCRM: Basic authentication, JSON, pages."""

import base64
import secrets

from starlette.middleware.gzip import GZipMiddleware

from crmtui.sandbox.onepagecrm.account import TOKEN_USER
from crmtui.sandbox.onepagecrm.opening import open_office
from crmtui.sandbox.onepagecrm.throttle import Throttle
from crmtui.sandbox.secret import kept_secret
from crmtui.sandbox.service import Service, Setting

from .api import Api
from .dialect import Dialect


def build(setting: Setting) -> Service:
    """The service on the account in the sandbox's folder."""
    key = kept_secret(
        setting.home / "onepagecrm.key", lambda: base64.b64encode(secrets.token_bytes(32)).decode()
    )
    dialect = Dialect.read(setting.switches)
    throttle = Throttle(dialect.rate, dialect.burst, dialect.throttle_at)
    office, close = open_office(setting)
    api = Api(office, dialect, throttle, key)
    return Service(GZipMiddleware(api, compresslevel=4), {"user": TOKEN_USER, "token": key}, close)
