"""The night's own processes: same rows with any number of them, and none started for a small night."""

from contextlib import closing

import polars as pl

from pipelines.workers import LEAST_ROWS, Workers


def doubled(rows: pl.DataFrame) -> list[int]:
    return (rows["n"] * 2).to_list()


def test_a_large_night_is_cut_among_processes_and_comes_back_in_order() -> None:
    rows = pl.DataFrame({"n": range(LEAST_ROWS)})
    with closing(Workers(2)) as workers:
        parts = workers.each(doubled, rows)
    assert len(parts) == 2
    assert [n for part in parts for n in part] == doubled(rows)


def test_a_small_night_stays_in_one_process_until_its_rows_add_up() -> None:
    rows = pl.DataFrame({"n": range(LEAST_ROWS // 2)})
    with closing(Workers(2)) as workers:
        assert len(workers.each(doubled, rows)) == 1
        assert len(workers.each(doubled, rows)) == 2


def test_a_handful_of_rows_goes_to_one_process_on_a_large_night() -> None:
    with closing(Workers(2)) as workers:
        workers.each(doubled, pl.DataFrame({"n": range(LEAST_ROWS)}))
        assert workers.each(doubled, pl.DataFrame({"n": [1, 2, 3]})) == [[2, 4, 6]]


def test_no_rows_on_a_large_night_are_one_part_as_on_a_small_one() -> None:
    """Where all of a partition is stored already, its stages still get and give a frame."""
    nothing = pl.DataFrame({"n": []}, schema={"n": pl.Int64()})
    with closing(Workers(2)) as workers:
        workers.each(doubled, pl.DataFrame({"n": range(LEAST_ROWS)}))
        assert workers.each(doubled, nothing) == [[]]
