"""SpotlerCRM API v4, emulated."""

from starlette.middleware.gzip import GZipMiddleware

from crmtui.sandbox.bearer import kept_bearer
from crmtui.sandbox.database import open_database
from crmtui.sandbox.service import Service, Setting

from .api import Api
from .files import Files
from .lookups import Lookups
from .records import Records
from .seed import fill
from .staff import TOKEN_USER

__all__ = ["build"]

VERSION = 2
"""Raised when the generated world or its tables change, so that older files are made anew."""


def build(setting: Setting) -> Service:
    """The service with its data in the sandbox's folder."""
    token = kept_bearer(setting.home / "spotler.token", str(TOKEN_USER))
    connection = open_database(
        setting.home / "spotler.db",
        f"{VERSION}:{setting.records}",
        fresh=setting.fresh,
        fill=lambda empty: fill(empty, setting.records),
    )
    disposed = setting.switches.choice("SPOTLER_DISPOSITION", ["attachment", "none"]) == "attachment"
    files = Files(connection, disposed=disposed)
    api = Api(Records(connection, TOKEN_USER), Lookups(connection), files, token, setting.switches)
    return Service(GZipMiddleware(api, compresslevel=4), {"token": token}, connection.close)
