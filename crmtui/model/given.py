"""Fields that a record has only if another has a value: a person has a job title, an organisation none."""

from collections.abc import Mapping

from crmtui.model.record import Value, is_empty
from crmtui.model.schema import Field, Schema
from crmtui.model.value import canonical, text_of


def can_have(schema: Schema, field: Field, values: Mapping[str, Value]) -> bool:
    """Whether a record of these values can have a field; where the other field is not known it can."""
    if field.given is None:
        return True
    name, wanted = field.given
    value = canonical(schema.field(name), values.get(name))
    if isinstance(value, list):
        return wanted in map(text_of, value)
    return is_empty(value) or text_of(value) == wanted


def refused(schema: Schema, names: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, str]:
    """The filled fields that a record of these values cannot have, each with the reason as a clause."""
    found: dict[str, str] = {}
    for name, value in names.items():
        field = schema.field(name)
        if field.given and not is_empty(value) and not can_have(schema, field, values):
            other = schema.field(field.given[0])
            labels = {choice.value: choice.label for choice in other.choices or ()}
            has, needs = text_of(values.get(other.name)), field.given[1]
            found[name] = (
                f"is of records whose {other.name} is {labels.get(needs, needs).lower()};"
                f" this one's is {labels.get(has, has).lower() or 'another'}"
            )
    return found
