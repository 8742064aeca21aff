"""JSON in which numbers keep all their digits, for what is stored."""

from decimal import Decimal
from typing import Any

import msgspec

encode = msgspec.json.Encoder(decimal_format="number").encode
"""Model values as JSON bytes."""

_decoder: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder(float_hook=Decimal)


def decode(body: bytes) -> Any:
    """JSON bytes as model values: int, Decimal, text, lists and maps."""
    return _decoder.decode(body)
