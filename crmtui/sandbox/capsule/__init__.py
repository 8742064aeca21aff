"""The Capsule CRM account, emulated: one set of data, which API v1 and API v2 both serve.

`open_office` gives an `Office`, on which a dialect stands; entities are parties, opportunities, kases, tasks
and entries, ids are integers, and records are the JSON objects of v2, with all members, tags and fields:

- `get`, `found`, `all`, `select` read records; `create`, `update`, `delete` change them by the rules;
- `deleted` tells what was deleted since; `parties`, `add_party`, `remove_party` are of additional parties;
- people of an organisation, opportunities of a party and entries of a record are
  `select("parties", within=("organisation", id))`, `select("entries", within=("kase", id), order="newest")`;
- `tags`, `make_tag`, `save_tag`, `delete_tag` are of an entity's tags, `definitions` of its custom fields.

Bodies hold what v2 allows: rows of arrays by `id`, with `_delete`; tags by `id` or `name`; fields by their
`definition`; users by `id` or `username`; milestones, stages, categories by `id` or `name`; the organisation
of a person by `id` or `name`. Refusals are `Refused(errors)` with faults of message, resource and field, and
`Missing(what)`. What the account has set up is in `account` (USERS, MILESTONES, TITLES …) and `places`.
"""

from .office import Office
from .opening import open_office
from .refusal import Fault, Missing, Refused

__all__ = ["Fault", "Missing", "Office", "Refused", "open_office"]
