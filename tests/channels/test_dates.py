"""When something was written, in all the ways that exports and letters say it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cxnlp.channels.dates import at_clock, parse_clock, parse_when, when_in_head, when_in_name

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-09-14", "2026-09-14 12:00"),
        ("2026-09-14T10:30:00Z", "2026-09-14 10:30"),
        ("2026-09-14T10:30:00+02:00", "2026-09-14 08:30"),
        ("2026-09-14 10:30", "2026-09-14 09:30"),  # summer time in London
        ("2026-12-14 10:30", "2026-12-14 10:30"),
        ("2026-10-31T16:22:54.000Z", "2026-10-31 16:22"),
        ("14/09/2026", "2026-09-14 12:00"),
        ("04/09/2026 17:05:59", "2026-09-04 16:05"),
        ("4.9.26", "2026-09-04 12:00"),
        ("04-09-2026 5.05 pm", "2026-09-04 16:05"),
        ("14-Sep-26", "2026-09-14 12:00"),
        ("14 September 2026", "2026-09-14 12:00"),
        ("Mon 14th Sept 2026 at 9:05am", "2026-09-14 08:05"),
        ("September 14, 2026", "2026-09-14 12:00"),
        ("14. März 2026", "2026-03-14 12:00"),
        ("1er août 2026", "2026-08-01 12:00"),
        ("20 października 2026", "2026-10-20 12:00"),
        ("29 Medi 2026", "2026-09-29 12:00"),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10 20:19"),
        (1788808324.0, "2026-09-07 19:12"),
        ("1788808324", "2026-09-07 19:12"),
        (1788808324000, "2026-09-07 19:12"),
        (46279, "2026-09-14 12:00"),  # a sheet's day number
        (46279.4375, "2026-09-14 09:30"),
        (datetime(2026, 9, 14, 10, 30), "2026-09-14 09:30"),
        (date(2026, 9, 14), "2026-09-14 12:00"),
    ],
)
def test_a_date_as_exports_write_it(value: object, expected: str) -> None:
    moment = parse_when(value, day_first=True, zone=LONDON)
    assert moment is not None
    assert moment.tzinfo is UTC or moment.utcoffset() == timedelta(0)
    assert f"{moment:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    "value",
    [
        "31/02/2026",
        "09/14/2026",
        "32 September 2026",
        "14 Sebtember 2026",
        "soon",
        "",
        "12",
        "10:30",
        "48210377",
        "2026",
        5,
        True,
        None,
        "14/09/2026 25:00",
        "14/09/2026 13 pm",
        "1/2/3",
        "0.5",
        "9999-99-99",
        "2026-13-01T10:00:00",
        "0001-01-01",
    ],
)
def test_what_is_no_date(value: object) -> None:
    assert parse_when(value, day_first=True, zone=LONDON) is None


def test_month_first_when_the_source_says_so() -> None:
    moment = parse_when("09/14/2026", day_first=False, zone=LONDON)
    assert moment == datetime(2026, 9, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10:30", time(10, 30)),
        ("2:05 pm", time(14, 5)),
        (0.4375, time(10, 30)),
        (time(7, 1), time(7, 1)),
        (timedelta(hours=3), time(3)),
        ("25:00", None),
        ("10", None),
        ("10:30 or so", None),
        (4.0, None),
    ],
)
def test_a_time_of_day(value: object, expected: time | None) -> None:
    assert parse_clock(value) == expected


def test_date_and_time_from_two_columns() -> None:
    assert at_clock(datetime(2026, 9, 14, 12, tzinfo=UTC), time(0, 30), LONDON) == datetime(
        2026, 9, 13, 23, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-09-14_letter.docx", "2026-09-14 12:00"),
        ("inbox/2026/scan 20260914.pdf", "2026-09-14 12:00"),
        ("2026-09-08_1021_case-50016.vtt", "2026-09-08 09:21"),
        ("2026-09-14T15-03-22.json", "2026-09-14 14:03"),
        ("call_2026-09-14_0012.vtt", "2026-09-14 12:00"),  # 0012 may number the calls
        ("letter_0030.docx", None),
        ("2026-13-14.txt", None),
        ("120260914.txt", None),
        ("ref 2026-02-31.txt", None),
    ],
)
def test_a_date_in_a_files_name(name: str, expected: str | None) -> None:
    moment = when_in_name(name, LONDON)
    assert (f"{moment:%Y-%m-%d %H:%M}" if moment else None) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("5th September 2026", "2026-09-05"),
        ("Brindle Cross, 5 September 2026", "2026-09-05"),
        ("Date: 05/09/2026", "2026-09-05"),
        ("Saltwell, Monday 14th September 2026.", "2026-09-14"),
        ("Sent: 14 September 2026 10:11", "2026-09-14"),
        ("Order date: 5 September 2026", None),
        ("I bought it from you on 5 September 2026", None),
        ("It came on 05/09/2026", None),
        ("Born 5 September 1956", None),
        ("5th September", None),
        ("Ref 2026/09", None),
    ],
)
def test_a_date_line_in_a_letters_head(line: str, expected: str | None) -> None:
    text = f"Mrs A. Other\n3 Almond Close\n{line}\n\nDear Larkfield,\nI write again."
    moment = when_in_head(text, day_first=True, zone=LONDON)
    assert (f"{moment:%Y-%m-%d}" if moment else None) == expected


def test_a_date_far_down_is_not_the_letters_own() -> None:
    assert when_in_head("\n".join(["Dear Larkfield,"] * 20 + ["5 September 2026"]), day_first=True, zone=LONDON) is None
