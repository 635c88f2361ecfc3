"""Judged sentences are counted by verdict."""

from benchmarks.sentences import VERDICTS, judgements, tally


def test_what_nobody_judged_is_counted_as_such() -> None:
    judged = {("refund", "Customers report no refund."): "right", ("staff", "Customers report a lamp."): "wrong"}
    told = [*judged, ("staff", "Customers report no refund."), ("price", None)]
    assert tally(told, judged) == {"right": 1, "wrong": 1, "unjudged": 1, "none": 1}


def test_every_judgement_is_one_of_three() -> None:
    assert set(judgements().values()) <= set(VERDICTS)
