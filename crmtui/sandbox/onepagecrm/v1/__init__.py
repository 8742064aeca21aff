"""API v1.2 of OnePageCRM, emulated: XML, JSON and YAML over the account that v3 serves too.

The document is the vendor's page of v1.2; what it leaves out follows the pages of its sisters, the recordings
of 2011 and public clients. The user logs in with the e-mail address of the account and, as the password, with
the key that the sandbox names, or what ONEPAGECRM_V1_PASSWORDS says.
"""

from crmtui.sandbox.onepagecrm.account import TOKEN_USER
from crmtui.sandbox.onepagecrm.opening import open_office
from crmtui.sandbox.service import Service, Setting

from .api import Api
from .beneath import Beneath
from .blocks import Blocks
from .dialect import Dialect
from .labels import Labels
from .people import People
from .restrictions import Restrictions
from .routes import Routes
from .sales import Sales
from .session import Session
from .settings import Settings
from .views import Views

__all__ = ["build"]


def build(setting: Setting) -> Service:
    """The service with its data in the sandbox's folder, for the one user of the account."""
    dialect = Dialect.read(setting.switches)
    office, close = open_office(setting)
    restrictions = Restrictions(office, dialect)
    settings = Settings(office, dialect)
    views = Views()
    labels = Labels(office, views)
    sales = Sales(office, dialect)
    beneath = Beneath(office, restrictions, dialect)
    people = People(office, labels, beneath, views, dialect)
    path = setting.home / "onepagecrm-v1.token"
    session = Session(path, TOKEN_USER, settings.user()["email"], dialect.passwords, settings.at_login)
    app = Api(
        Routes(people, beneath, labels, sales, settings),
        Blocks(labels, sales, dialect),
        restrictions,
        session,
        dialect,
    )
    credentials = {"user": session.uid, "token": session.key or "", "format": dialect.format}
    return Service(app, credentials, close)
