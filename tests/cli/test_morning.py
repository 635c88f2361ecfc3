"""Which moments a night's closing words name."""

from typing import Any

import pytest

from cxnlp.cli.backlog import _details
from cxnlp.cli.morning import named


def moment(label: str, n_negative: int, n_positive: int, low: float, n_customers: int = 9) -> dict[str, Any]:
    return {"label": label, "name": label, "n_mentions": n_negative + n_positive, "n_customers": n_customers,
            "n_negative": n_negative, "n_positive": n_positive, "net": 0.0, "low": low, "high": low + 0.2,
            "need": 0.5 * n_negative, "joy": 0.5 * n_positive}  # fmt: skip


@pytest.mark.parametrize(
    ("moments", "hurts", "works"),
    [
        ([moment("price", 90, 16, -0.5), moment("staff", 2, 30, 0.4)], ["price"], ["staff"]),
        ([moment(name, 9, n, -0.5) for name, n in zip("abcde", (2, 5, 3, 5, 1), strict=True)], ["a", "b", "c"],
         ["b", "d", "c"]),
        ([moment("returns", 1, 1, -0.98, 2), moment("website", 1, 0, -1, 1)], [], []),
        ([moment("returns", 9, 9, -0.1, 4)], [], []),
        ([*(moment(name, 9, 0, -0.5) for name in "abc"), moment("d", 8, 9, -0.2), moment("e", 0, 6, 0.2)],
         ["a", "b", "c"], ["e"]),
    ],
    ids=["one of each", "the most good mentions, though it hurts", "too few mentions", "few people",
         "what surely works, before more praise"],
)  # fmt: skip
def test_what_a_night_says_in_the_end(moments: list[dict[str, Any]], hurts: list[str], works: list[str]) -> None:
    found = named(moments, least_group=5)
    assert tuple([row["moment"] for row in rows] for rows in found) == (hurts, works)


@pytest.mark.parametrize(
    ("by", "event", "told"),
    [
        ("night", "shrank", " (people: 48)"),
        ("night", "merged", " (owner Logistics, since 2026-11-10, people: 48)"),
        ("ann", "shipped", " (by ann, owner Logistics, since 2026-11-10, people: 48)"),
    ],
)
def test_the_log_tells_what_is_news_of_an_event(by: str, event: str, told: str) -> None:
    standing = dict.fromkeys(("due_on", "shipped_where", "snoozed_until", "other_id", "note"))
    row = {"by": by, "event": event, "owner": "Logistics", "shipped_on": "2026-11-10", "n_customers": 48}
    assert _details(standing | row) == told
