"""The texts of values that are ids, from what is already here: no call is made to name a record."""

from collections.abc import Iterable, Mapping

from crmtui.model.record import Record, Value
from crmtui.model.schema import NUMBERS, Field, FieldType, Schema
from crmtui.model.value import canonical, text_of
from crmtui.workspace.account import Account
from crmtui.workspace.fields import Fields
from crmtui.workspace.named_rows import fields_of, told


class Labels:
    """Names the values of records: from the answer, the mirror, and cached users and choices."""

    def __init__(self, account: Account, fields: Fields, schema: Schema) -> None:
        self._account = account
        self._fields = fields
        self._schema = schema
        self._named = [field for field in schema.fields if field.named]
        self._rows = fields_of(schema)
        self._texts: dict[str, dict[str, str]] = {}

    def of(self, record: Record) -> dict[str, str]:
        """The labels of a record, only those that differ from the value."""
        labels = dict(record.labels)
        for field in self._named:
            value = canonical(field, record.values.get(field.name))
            if value is not None and field.name not in labels and (text := self.text(field, value)):
                labels[field.name] = text
        for field, naming in self._rows:
            if text := told(self._account, naming, record.values.get(field.name)):
                labels[field.name] = text
        return labels

    def text(self, field: Field, value: Value) -> str | None:
        """The text of one value, None where it is not known or no other."""
        if field.naming is not None:
            return told(self._account, field.naming, value) or None
        if isinstance(value, list):
            parts = [self.text(field, part) or str(part) for part in value]
            text = ";".join(parts)
            return text if text != ";".join(str(part) for part in value) else None
        if field.type in NUMBERS:
            value = text_of(value)
        if not isinstance(value, str):
            return None
        text = self._known(field, value).get(value, "")
        return text if text and text != value else None

    def warm(self, records: Iterable[Record]) -> None:
        """Looks up the records that a whole page refers to at once."""
        wanted: dict[str, set[str]] = {}
        for record in records:
            for field in self._named:
                value = canonical(field, record.values.get(field.name))
                if field.type is FieldType.REFERENCE and isinstance(value, str):
                    wanted.setdefault(field.name, set()).add(value)
        for field in self._named:
            if ids := wanted.get(field.name, set()) - self._texts.get(field.name, {}).keys():
                self._texts.setdefault(field.name, {}).update(self._titles(field, ids))

    def _known(self, field: Field, value: str) -> Mapping[str, str]:
        texts = self._texts.setdefault(field.name, {})
        if field.type is FieldType.REFERENCE:
            if value not in texts:
                texts.update(self._titles(field, {value}))
        elif not texts:
            choices = self._fields.choices_now(self._schema.kind, field)
            texts.update((choice.value, choice.label) for choice in choices)
        return texts

    def _titles(self, field: Field, ids: set[str]) -> dict[str, str]:
        found = self._account.mirror.titles(field.refers_to or "", ids)
        return {id_: found.get(id_, "") for id_ in ids}
