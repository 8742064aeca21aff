"""What a service's times without a zone mean on our clock, as its answers taught us."""

import time
from datetime import datetime
from typing import Literal, TypeAlias

from crmtui.model import dates
from crmtui.model.call import CALL_SECONDS
from crmtui.model.record import Record, Value
from crmtui.model.write import Op, Write
from crmtui.store.known import DAY
from crmtui.workspace.account import Account

_FACT = "clock"
_SURE = 5.0
"""Seconds by which a clock that was compared with ours may still differ."""
_UNSURE = 120.0
"""Seconds by which one may that never was."""
_ZONES = 14 * 3600.0
"""The most that any zone differs from UTC."""
_SUMMER = 3600.0
"""By so much clocks are put on in spring, and back in autumn."""
_STEP = 900.0
"""Zones differ from each other by quarters of an hour."""

When: TypeAlias = Literal["before", "after", "unsure"]


class Clock:
    """The clock of one service."""

    def __init__(self, account: Account) -> None:
        self._known = account.known
        self._kinds = account.adapter.kinds

    def learn(self, write: Write, before: Record | None, answer: Record) -> None:
        """The answer to a write holds a time of this very moment."""
        can = self._kinds[write.ref.kind].can
        told = answer.values.get(can.created) if write.op is Op.CREATE and can.created else answer.stamp
        if write.op is Op.EDIT and before is not None and before.stamp == answer.stamp:
            return
        moment = _moment(told)
        if moment is None or moment[1]:
            return
        ahead, known = moment[0] - time.time(), self._known.fact(_FACT, float)
        if abs(ahead) <= _ZONES + _UNSURE and (known is None or abs(known - ahead) > _SURE / 2):
            self._known.keep_fact(_FACT, ahead)

    def compare(self, told: Value, tried_at: float) -> When:
        """Whether the service's time of something lies before or after a try of ours (UTC seconds)."""
        moment = _moment(told)
        if moment is None:
            return "unsure"
        at, has_zone = moment
        ahead = 0.0 if has_zone else self._known.fact(_FACT, float, DAY)
        if ahead is not None:
            later = at - ahead - tried_at
            if later >= -(_UNSURE if has_zone else _SURE):
                return "after"
            # A clock without a zone may have been put back since it was compared with ours.
            return "unsure" if not has_zone and _at_the_try(later + _SUMMER) else "before"
        later = at - tried_at
        ours = datetime.fromtimestamp(tried_at).astimezone().utcoffset()
        if any(_at_the_try(later - zone) for zone in (0.0, ours.total_seconds() if ours else 0.0)):
            return "after"
        if later < -_ZONES - _UNSURE:
            return "before"
        if later > _ZONES + _UNSURE + CALL_SECONDS:
            return "after"
        # Only where there is a zone that puts it at the moment of the try may it be what was tried.
        return "unsure" if _at_the_try((later + _UNSURE) % _STEP - _UNSURE) else "before"


def _at_the_try(later: float) -> bool:
    return -_UNSURE <= later <= CALL_SECONDS + _UNSURE


def _moment(told: Value) -> tuple[float, bool] | None:
    """A time as UTC seconds, and whether it names its zone; None if it is none, or a mere day."""
    span = dates.period(told) if isinstance(told, str) else None
    stamp = dates.iso(told) if isinstance(told, str) else None
    if span is None or stamp is None or dates.is_day(stamp):
        return None
    return span[0].timestamp(), datetime.fromisoformat(stamp).tzinfo is not None
