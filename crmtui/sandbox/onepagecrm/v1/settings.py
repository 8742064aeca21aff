"""The user's settings, and those that a login tells."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crmtui.sandbox.onepagecrm.account import BCC_EMAIL, CURRENCY, TOKEN_USER
from crmtui.sandbox.onepagecrm.office import Office

from .dialect import Dialect
from .message import Answered, Asked, Problem

Json = dict[str, Any]
ZONE = "Europe/Dublin"
_USER = ("firstname", "lastname", "company")


class Settings:
    """What the user has set up; only names can be changed."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect

    def user(self) -> Json:
        """The user as the account has it."""
        return self._office.choices.found("users", TOKEN_USER)

    def at_login(self) -> Json:
        """What a login answers beside the id and the key."""
        user = self.user()
        offset = datetime.now(ZoneInfo(ZONE)).strftime("%z")
        return {
            "firstname": user["first_name"],
            "lastname": user["last_name"],
            "company": user["company_name"],
            "listing": {"mode": "all", "size": self._dialect.page_size},
            "timezone": f"{offset[:3]}:{offset[3:]}",
            "currency": {"symbol": CURRENCY[1], "code": CURRENCY[0]},
            "customerlabel": "Customer",
            "dateformat": "dd/mm/yyyy",
            "pipeline_mode": self._dialect.pipeline,
        }

    def answer(self, asked: Asked, part: str) -> Answered:
        """A part of the settings, after it was changed where the call does."""
        if part == "subscription" and asked.method == "GET":
            return Answered(
                {"type": "pro", "expiry": None, "currency": CURRENCY[0], "price": None, "date": None}
            )
        if part == "system" and asked.method == "GET":
            return Answered(
                {
                    "status": "Customer",
                    "reminder_type": "new_task",
                    "reminder_hour": 6,
                    "timezone": ZONE,
                    "currency": CURRENCY[0],
                    "date_format": "%d/%m/%Y",
                }
            )
        if part != "user":
            raise Problem(106)
        if asked.method == "POST":
            form = asked.arguments
            if not form.get("firstname") or not form.get("lastname"):
                raise Problem(109)
            body = dict(zip(("first_name", "last_name", "company_name"), map(form.get, _USER), strict=True))
            self._office.choices.update_user(TOKEN_USER, body)
        user = self.user()
        return Answered(
            {
                "firstname": user["first_name"],
                "lastname": user["last_name"],
                "company": user["company_name"],
                "email": user["email"],
                "bcc_email": BCC_EMAIL,
            }
        )
