"""What the account has set up: users, statuses, lead sources, fields, pipelines, filters, countries."""

from collections.abc import Callable, Mapping
from typing import Any

from crmtui.sandbox.onepagecrm import account
from crmtui.sandbox.onepagecrm.account import BCC_EMAIL, TOKEN_USER
from crmtui.sandbox.onepagecrm.countries import COUNTRIES
from crmtui.sandbox.onepagecrm.fields import short
from crmtui.sandbox.onepagecrm.office import Office
from crmtui.sandbox.onepagecrm.setup import WORDS

from .blocks import Blocks
from .dialect import Dialect
from .message import YES, Answered, Asked, Problem, missing, wrong
from .paging import paged, rows_of

Json = dict[str, Any]
_FIELDS = ("custom_fields", "company_fields", "deal_fields")
NAMES = (
    "users",
    "statuses",
    "lead_sources",
    *_FIELDS,
    "pipelines",
    "filters",
    "predefined_actions",
    "call_results",
    "countries",
)
_CHANGED = ("statuses", "lead_sources", *_FIELDS)
_WORDS = {
    **WORDS,
    "pipelines": "pipeline",
    "filters": "filter",
    "predefined_actions": "predefined_action",
    "call_results": "call_result",
    "countries": "country",
}
_UNWRAPPED = ("lead_sources",)


class Lookups:
    """Answers calls about what is set up."""

    def __init__(self, office: Office, blocks: Blocks, dialect: Dialect, key: str) -> None:
        self._office = office
        self._blocks = blocks
        self._dialect = dialect
        self._key = key
        counts = blocks.counts
        self._rows: Mapping[str, Callable[[], list[Json]]] = {
            "statuses": counts.statuses,
            "lead_sources": counts.lead_sources,
            "call_results": counts.call_results,
            "countries": lambda: list(COUNTRIES),
            "users": lambda: [_user(row) for row in office.setup("users")],
        }

    def answer(self, asked: Asked) -> Answered:
        """The answer to a call below one of `NAMES`."""
        kind, *rest = asked.steps
        match asked.method, rest:
            case "GET", []:
                return self._list(asked, kind)
            case "GET", [ident]:
                return Answered(self._one(kind, ident))
            case "POST", [] if kind in _CHANGED:
                made = self._office.choices.create(kind, asked.json())
                return Answered(self._one(kind, made["id"]), 201)
            case "PUT", [ident] if kind in _CHANGED:
                body = asked.json()
                partial = bool(asked.flag("partial")) or str(body.get("partial", "")).lower() in YES
                self._office.choices.update(kind, ident, body, partial=partial)
                return Answered(self._one(kind, ident))
            case "PUT", [ident] if kind == "users":
                self._office.choices.update_user(ident, asked.json())
                return Answered(self._one(kind, ident))
            case "DELETE", [ident] if kind in _CHANGED:
                self._office.choices.delete(kind, ident)
                return Answered({})
        if len(rest) > 1:
            raise missing("resource")
        raise Problem(405, "This method is not allowed here")

    def bootstrap(self) -> Answered:
        """All that a client needs to start, in one answer."""
        office = self._office
        users = [{"user": _user(row)} for row in office.setup("users")]
        results = {row["id"]: row["text"] for row in office.setup("call_results")}
        data = {
            "user_id": TOKEN_USER,
            "auth_key": self._key,
            "user": users[0],
            "team": users[1:],
            "account_type": "pro",
            "settings": self._settings(),
            "cost_setup": account.COST_SETUP,
            **{kind: [{WORDS[kind]: short(row)} for row in self._by_position(kind)] for kind in _FIELDS},
            "filters": [{"filter": row} for row in office.setup("filters")],
            "call_results": results,
            "call_results_order": list(results),
            "next_action_dates": list(account.NEXT_ACTION_DATES),
            "predefined_actions": [{"predefined_action": row} for row in office.setup("predefined_actions")],
            "contact_titles": list(account.CONTACT_TITLES),
        }
        return Answered(data, beside=self._blocks.all())

    def _list(self, asked: Asked, kind: str) -> Answered:
        rows = self._all(asked, kind)
        told = rows if kind in _UNWRAPPED else [{_WORDS[kind]: row} for row in rows]
        if kind in ("users", "statuses", "lead_sources", "call_results"):
            return Answered(told)
        if kind == "countries":
            return Answered({kind: told})
        return Answered(paged(asked, self._dialect, kind, rows_of(told), len(told)))

    def _all(self, asked: Asked, kind: str) -> list[Json]:
        if kind in self._rows:
            return self._rows[kind]()
        if kind not in _FIELDS:
            return self._office.setup(kind)
        rows = self._by_position(kind)
        by = asked.parameters.get("sort_by", "position")
        by = "modified_at" if by == "updated_at" else by
        if by not in ("position", "created_at", "modified_at"):
            raise wrong("sort_by", "must be one of created_at, modified_at, updated_at, position")
        wanted = asked.parameters.get("type")
        rows = [row for row in rows if not wanted or row["type"] == wanted]
        return sorted(rows, key=lambda row: row[by], reverse=asked.parameters.get("order") == "desc")

    def _one(self, kind: str, ident: str) -> Json:
        if kind in ("countries", "call_results"):
            raise missing("resource")
        if kind in self._rows:
            row = next((row for row in self._rows[kind]() if row["id"] == ident), None)
            if row is None:
                raise missing(_WORDS[kind].replace("_", " "))
        else:
            row = self._office.choices.found(kind, ident)
        return row if kind in _UNWRAPPED else {_WORDS[kind]: row}

    def _by_position(self, kind: str) -> list[Json]:
        return sorted(self._office.setup(kind), key=lambda row: row["position"])

    def _settings(self) -> Json:
        pipelines = self._office.setup("pipelines")
        currency, symbol = account.CURRENCY
        return {
            "reminder": {"type": "new_task", "hour": 6},
            "time_zone": "Europe/Dublin",
            "not_working_days": "weekend",
            "date_format": "%d/%m/%Y",
            "time_with_ampm": True,
            "listing_size": account.LISTING_SIZE,
            "currency": currency,
            "currency_symbol": symbol,
            "separator": ".",
            "delimiter": ",",
            "popular_countries": list(account.POPULAR_COUNTRIES),
            "deal_stages": pipelines[0]["stages"],
            "pipelines": [{"pipeline": row} for row in pipelines],
            "default_contact_type": "individual",
            "show_tidy_stream": self._dialect.stream == "tidy",
            "show_company_fields_with_contact": True,
            "company_phone_enabled": True,
            "company_url_enabled": True,
            "company_address_enabled": True,
            "company_description_enabled": True,
            "send_push_notifications": True,
            "clipper_beta": False,
            "bcc_email_enabled": True,
        }


def _user(row: Json) -> Json:
    return {**row, "bcc_email": BCC_EMAIL} if row["id"] == TOKEN_USER else dict(row)
