"""The OnePageCRM account, emulated: one set of data, which API v1.2 and API v3 both serve.

`open_office` gives an `Office`, on which a dialect stands; kinds of records are contacts, companies, deals,
actions, notes, calls and meetings, ids are 24 hexadecimal digits, and records are the JSON objects of v3:

- `get`, `found`, `select`, `after`, `total` read records by the conditions that `entity` names, in an order
  or (`stream`) in that of an action stream; `next_actions` tells what is next with a contact;
- `create`, `update` (whole, or `partial`), `delete`, `restore` change them by the rules; `deleted` names the
  contact that was deleted last; companies are made and deleted with their contacts;
- `people` has the verbs of contacts (`star`, `assign_tag`, `change_status`, `close_sales` …), `steps` those
  of actions (`finish`, `resume`, `promote` …), `choices` changes statuses, lead sources, fields, users, tags;
- `setup("statuses")` tells what is set up (users, lead_sources, pipelines, filters, tags …); `Counts` counts
  contacts by all that, `sales.summary` tells the caller's sales, `notifications` the restrictions reached.

Bodies hold what v3 allows. Refusals are `Invalid`, `Conflict`, `Forbidden` and `Full`, all of them `Refused`,
and `Missing(what)`. Switches that both dialects obey are in `terms`.
"""

from .counts import Counts
from .office import Office
from .opening import open_office
from .refusal import Conflict, Forbidden, Full, Invalid, Missing, Refused

__all__ = [
    "Conflict",
    "Counts",
    "Forbidden",
    "Full",
    "Invalid",
    "Missing",
    "Office",
    "Refused",
    "open_office",
]
