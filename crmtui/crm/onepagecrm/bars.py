"""What the restrictions of a OnePageCRM account mean, by the words that its answers tell them with.

Source: the vendor's page "Response message format", `notifications`; facts `onepagecrm.md`, section 3. The
kinds are named alike in v1.2 and v3.
"""

from collections.abc import Mapping
from typing import Final

from crmtui.model.news import Bar
from crmtui.model.pace import Pace
from crmtui.model.write import Op

PACE: Final = Pace(4.8, 9)
"""A little under the five calls a second and the ten at once that the service lets through."""
_MADE = frozenset({Op.CREATE, Op.RESTORE})
_ANY = frozenset(Op)
_NO_MORE: Mapping[str, frozenset[Op]] = {"contacts": _MADE, "deals": _MADE}
BARS: Mapping[str, Bar] = {
    "deals_limit_reached": Bar(
        "deals are full",
        "The account has as many deals as it may have: no deal and no contact can be added.",
        _NO_MORE,
    ),
    "contacts_list_full": Bar(
        "contacts full",
        "The account has as many contacts as it may have: no contact and no deal can be added.",
        _NO_MORE,
    ),
    "too_many_contacts": Bar(
        "delete only",
        "The account has more contacts than it may have: they can be deleted, and nothing else be edited.",
        {"contacts": _ANY - {Op.DELETE}, "actions": _ANY, "notes": _ANY, "deals": _ANY},
    ),
}
