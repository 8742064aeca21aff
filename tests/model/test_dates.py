"""Dates: the words for them, the shapes of them, and how long they last."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmtui.model import dates

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-22"),
        ("Today", "2026-11-22"),
        ("-7d", "2026-11-15"),
        ("+2w", "2026-12-06"),
        ("+0d", "2026-11-22"),
        ("-1y", "2025-11-22"),
        ("+3m", "2027-02-22"),
        ("-9m", "2026-02-22"),
    ],
)
def test_a_word_means_a_day(text: str, day: str) -> None:
    assert dates.relative(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mon", "2026-11-23"),
        ("Fri", "2026-11-27"),
        ("friday", "2026-11-27"),
        ("tues", "2026-11-24"),
        ("thu", "2026-11-26"),
        ("SAT", "2026-11-28"),
        ("sun", "2026-11-29"),
    ],
)
def test_a_weekday_is_the_next_one_after_today(text: str, day: str) -> None:
    assert TODAY.weekday() == 6
    assert dates.relative(text, TODAY) == date.fromisoformat(day)
    assert dates.typed_day(f" {text} ", TODAY) == day
    assert dates.typed_moment(text, TODAY) == day


@pytest.mark.parametrize("text", ["t", "fr", "fridays", "funday", "m", "sun day"])
def test_what_names_no_weekday_is_no_day(text: str) -> None:
    assert dates.relative(text, TODAY) is None
    with pytest.raises(ValueError, match="fri"):
        dates.typed_day(text, TODAY)


def test_after_the_last_days_there_is_no_weekday() -> None:
    assert dates.relative("fri", date.max) is None


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2026-01-31", "+1m", "2026-02-28"),
        ("2024-01-31", "+1m", "2024-02-29"),
        ("2024-02-29", "+1y", "2025-02-28"),
        ("2026-03-31", "-1m", "2026-02-28"),
        ("2026-12-31", "+2m", "2027-02-28"),
    ],
)
def test_a_month_that_is_too_short_ends_earlier(today: str, text: str, day: str) -> None:
    assert dates.relative(text, date.fromisoformat(today)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "7d", "+d", "tomorrow", "+2x", "+1.5w", " today", "+9999y", "-999999d", "+٣d"]
)
def test_other_texts_mean_no_day(text: str) -> None:
    assert dates.relative(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2018-09-17", "2018-09-17"),
        ("2018-09-17 11:29:59", "2018-09-17T11:29:59"),
        ("2018-09-17T11:29", "2018-09-17T11:29:00"),
        ("2015-11-04T11:17:16Z", "2015-11-04T11:17:16Z"),
        ("2015-11-04T11:17:16.123Z", "2015-11-04T11:17:16.123Z"),
        ("2015-11-04T11:17:16.1", "2015-11-04T11:17:16.1"),
        ("2015-11-04T11:17:16.123456789Z", "2015-11-04T11:17:16.123456789Z"),
        ("2015-11-04t11:17:16z", "2015-11-04T11:17:16Z"),
        ("2015-11-04T11:17:16+0100", "2015-11-04T11:17:16+01:00"),
        ("2015-11-04 11:17:16 -05:30", "2015-11-04T11:17:16-05:30"),
        ("2015-11-04T11:17:16+01", "2015-11-04T11:17:16+01:00"),
        ("0000-00-00", None),
        ("0000-00-00 00:00:00", None),
        ("2025-02-29", None),
        ("2025-02-28T24:01:00", None),
        ("2025-02-28T", None),
        ("17.09.2018", None),
        ("2018-9-7", None),
        ("2018-09-17\n", None),
        ("٢٠١٨-09-17", None),
        ("", None),
    ],
)
def test_iso(text: str, stamp: str | None) -> None:
    assert dates.iso(text) == stamp
    assert dates.day_of(text) == (stamp and stamp[:10])


def test_a_day_lasts_until_midnight_and_a_moment_hardly_at_all() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    assert dates.period("2026-11-22") == (start, start + timedelta(days=1))
    moment = dates.period("2026-11-22T02:00:00+02:00")
    assert moment == dates.period("2026-11-22 00:00:00") == (start, start + timedelta(microseconds=1))


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12-31T23:59:59.999999", "0001-01-01"])
def test_the_calendar_has_ends(text: str) -> None:
    span = dates.period(text)
    assert span is not None
    assert span[0] <= span[1]


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "never"])
def test_what_lies_outside_the_calendar_lasts_no_time(text: str) -> None:
    assert dates.period(text) is None


def test_days_later() -> None:
    assert dates.days_later("2026-12-31") == "2027-01-01"
    assert dates.days_later("2026-03-01", -1) == "2026-02-28"


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]{0,12}[Z+-]?[0-9:]{0,5})?"))
def test_any_text_is_a_date_or_none(text: str) -> None:
    stamp = dates.iso(text)
    assert stamp is None or dates.iso(stamp) == stamp
    dates.period(text)
    dates.relative(text, TODAY)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_is_read_back(moment: datetime) -> None:
    span = dates.period(moment.isoformat())
    assert span is not None
    assert span[0] == moment
