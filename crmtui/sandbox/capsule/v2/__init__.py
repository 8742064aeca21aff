"""API v2 of Capsule CRM: Bearer tokens, JSON, pages."""

from starlette.middleware.gzip import GZipMiddleware

from crmtui.sandbox.bearer import kept_bearer
from crmtui.sandbox.capsule.account import TOKEN_USER
from crmtui.sandbox.capsule.opening import open_office
from crmtui.sandbox.capsule.quota import Quota
from crmtui.sandbox.service import Service, Setting

from .api import Api
from .dialect import Dialect
from .jobs import Jobs
from .labels import Labels
from .records import Records


def build(setting: Setting) -> Service:
    """The service on the account in the sandbox's folder."""
    token = kept_bearer(setting.home / "capsule.token", str(TOKEN_USER))
    dialect = Dialect.read(setting.switches)
    office, close = open_office(setting)
    jobs = Jobs(dialect)
    api = Api(
        records=Records(office, jobs, dialect),
        labels=Labels(office, jobs, dialect),
        jobs=jobs,
        quota=Quota(dialect.call_limit, dialect.calls_used, dialect.window, dialect.throttle_at),
        dialect=dialect,
        token=token,
    )
    return Service(GZipMiddleware(api, compresslevel=4), {"token": token}, close)
