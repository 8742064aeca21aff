"""JSON in which numbers keep all their digits, for what is stored."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from crmtui.model.record import Record, Ref

encode = msgspec.json.Encoder(decimal_format="number").encode
"""Model values as JSON bytes."""

_decoder: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder(float_hook=Decimal)


def decode(body: bytes) -> Any:
    """JSON bytes as model values: int, Decimal, text, lists and maps."""
    return _decoder.decode(body)


def record_of(connection: str, kind: str, row: Sequence[Any]) -> Record:
    """A record from its row: id, title, body, stamp, fetched_at."""
    id_, title, body, stamp, fetched_at = row
    parts: Mapping[str, Any] = decode(body)
    return Record(
        Ref(connection, kind, id_),
        title,
        parts["values"],
        parts["labels"],
        stamp,
        fetched_at,
        parts["empties"],
    )
