"""What is said of a fix: its verdict, why, and how many times what it would be."""

import pytest

from cxnlp.backlog import helped

MEASURED = {"verdict_note": "the note", "effect": 0.5, "effect_low": 0.25, "effect_high": 0.75}
TIMES = " (0.50 times as often as without it; 0.25 to 0.75)"


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (None, None),
        ("too_early", f"too early to tell: the note{TIMES}"),
        ("verified", f"it worked: the note{TIMES}"),
        ("not_effective", f"it did not help: the note{TIMES}"),
        ("harmful", f"it did harm: the note{TIMES}"),
        ("unclear", "it cannot be told: the note"),  # perhaps it would be as low without the fix
    ],
)
def test_a_verdict_in_words(verdict: str | None, said: str | None) -> None:
    assert helped(MEASURED | {"verdict": verdict}) == said
