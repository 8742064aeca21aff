"""The Solve360 API of Norada, emulated."""

from starlette.middleware.gzip import GZipMiddleware

from crmtui.sandbox.database import open_database
from crmtui.sandbox.service import Service, Setting

from .api import Api
from .dialect import Dialect
from .diary import Diary
from .hooks import Hooks, signature
from .items import Items
from .links import Links
from .quota import Quota
from .reports import Reports
from .seed import fill
from .staff import TOKEN_USER
from .timeline import Timeline
from .token import kept_token
from .views import Views
from .wire import cased

__all__ = ["build", "signature"]

VERSION = 1
"""Raised when the generated world or its tables change, so that older files are made anew."""


def build(setting: Setting) -> Service:
    """The service with its data in the sandbox's folder."""
    token = kept_token(setting.home / "solve360.token")
    dialect = Dialect.read(setting.switches)
    connection = open_database(
        setting.home / "solve360.db",
        f"{VERSION}:{setting.records}",
        fresh=setting.fresh,
        fill=lambda empty: fill(empty, setting.records),
    )
    items = Items(connection, TOKEN_USER.number)
    timeline = Timeline(connection, items, TOKEN_USER.number)
    links = Links(connection, items, dialect)
    views = Views(links, timeline, dialect)
    api = Api(
        items=items,
        links=links,
        diary=Diary(items, timeline, views, dialect),
        reports=Reports(items, timeline, views, dialect),
        hooks=Hooks(connection, items, dialect),
        views=views,
        quota=Quota(dialect.call_limit, dialect.calls_used, dialect.throttle_every),
        dialect=dialect,
        token=token,
    )
    app = cased(GZipMiddleware(api, compresslevel=4))
    return Service(app, {"user": TOKEN_USER.email, "token": token}, connection.close)
