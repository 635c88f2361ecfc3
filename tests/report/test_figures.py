"""Where the marks of the drawings stand."""

import pytest

from cxnlp.report.figures import axis, columns, mark, sides, stack

ROW = {"n_very_bad": 1, "n_bad": 3, "n_neutral": 2, "n_good": 1, "n_very_good": 1, "n_negative": 4, "n_positive": 2}


def test_a_bar_goes_from_very_bad_to_very_good_with_neutral_astride_zero() -> None:
    on = axis([sides(ROW)])
    assert on.zero == pytest.approx(62.5)
    assert [(b.kind, b.x, b.width) for b in stack(ROW, on)] == [
        ("very-bad", 0.0, 12.5), ("bad", 12.5, 37.5), ("neutral", 50.0, 25.0), ("good", 75.0, 12.5),
        ("very-good", 87.5, 12.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bars", "zero"),
    [
        pytest.param([(10, 10)], 50.0, id="even"),
        pytest.param([(10, 1), (1, 10)], 50.0, id="the longest of either side"),
        pytest.param([(10, 0)], 86.96, id="nothing good: zero is not at the edge"),
        pytest.param([(0, 0)], 0.0, id="nothing at all"),
        pytest.param([], 0.0, id="no bars"),
    ],
)
def test_where_zero_stands(bars: list[tuple[float, float]], zero: float) -> None:
    assert axis(bars).zero == pytest.approx(zero, abs=0.01)


def test_every_bar_fits() -> None:
    rows = [ROW, ROW | {"n_bad": 30, "n_negative": 31}, ROW | {"n_good": 50, "n_positive": 51}]
    on = axis([sides(row) for row in rows])
    blocks = [block for row in rows for block in stack(row, on)]
    assert all(block.x >= -0.01 and block.x + block.width <= 100.01 for block in blocks)


@pytest.mark.parametrize(
    ("value", "expected"),
    [((0.0, -1.0, 1.0), (50, 0, 100)), ((-0.5, -0.8, 0.2), (25, 10, 60)), ((None, None, None), None)],
)
def test_marks(value: tuple[float | None, float | None, float | None], expected: tuple[float, ...] | None) -> None:
    assert mark(*value) == expected


def test_columns_fill_the_height_and_keep_a_hair_for_zero() -> None:
    assert columns([0.1, 0.2, 0.0, None]) == [(50.0, 50.0), (0.0, 100.0), (98.0, 2.0), (100.0, 0.0)]
    assert columns([0.0, 0.0]) == [(98.0, 2.0), (98.0, 2.0)]
    assert columns([]) == []
