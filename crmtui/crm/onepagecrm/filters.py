"""The filters that an account keeps: `filter_id` names one, and the service lists by it.

Source: facts `onepagecrm.md`, section 4, "GET contacts"; the OpenAPI description, "query_contacts_filter_id".
"""

from collections.abc import Sequence
from typing import Final

from crmtui.model.bind import Op, Test, Where
from crmtui.model.errors import UsageError
from crmtui.model.match import names_in
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import text_of

FILTER: Final = "filter_id"
FIELD: Final = Field(
    FILTER, "Saved filter", FieldType.CHOICE, read_only=True, asks=True, open=False, filters=True
)


def kept_filter(terms: Sequence[Where]) -> tuple[str, tuple[Where, ...]]:
    """The id of the filter that one of these terms names, or an empty text, and the other terms."""
    named = [term for term in terms if FILTER in names_in(term)]
    if not named:
        return "", tuple(terms)
    term = named[0]
    if len(named) > 1 or not isinstance(term, Test) or term.op is not Op.EQ or len(term.values) != 1:
        raise UsageError(
            f"OnePageCRM lists by one saved filter at a time: {FILTER}=NAME, with other conditions beside it."
        )
    return text_of(term.values[0].value), tuple(other for other in terms if other is not term)
