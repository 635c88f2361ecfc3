"""How often the interval of an item's corrected customers holds the truth, over many simulated periods.

    python -m benchmarks.crowns [--periods 400] [--seed 1]

In each period some customers report a label, and of those some an item of it (a theme); a model finds them with the
sensitivity and is silent about the others with the specificity of the row, both of which are known only from 480
labelled customers. False alarms fall on the item as often as true reports do. The expected number is that of the
customers that the period's are a sample of, which is what the interval is for; the period's own stands beside it.
"""

import argparse
from typing import NamedTuple

import numpy as np

from cxnlp.backlog.crowns import part_of_label
from cxnlp.quality.counts import Errors

N_LABELLED = 480
LEAST_CUSTOMERS = 3


class Case(NamedTuple):
    """A kind of period."""

    n_customers: int
    label_share: float  # of the customers
    item_share: float  # of those who report the label
    sensitivity: float
    specificity: float

    @property
    def expected(self) -> float:
        """Customers who report the item, on average over periods."""
        return self.n_customers * self.label_share * self.item_share


CASES = [
    Case(300, 0.20, 0.3, 0.70, 0.95),
    Case(300, 0.20, 1.0, 0.70, 0.95),
    Case(300, 0.05, 0.5, 0.60, 0.97),
    Case(300, 0.30, 0.1, 0.80, 0.90),
    Case(2000, 0.10, 0.2, 0.75, 0.96),
    Case(2000, 0.02, 0.3, 0.60, 0.98),
]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--periods", type=int, default=400, help="of each kind")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    chance = np.random.default_rng(given.seed)
    print("customers   label  item expected   held own held  width   bias")
    for case in CASES:
        held, own, width, bias = np.array(simulate(case, given.periods, chance)).mean(axis=0)
        print(
            f"{case.n_customers:>9} {case.label_share:>7} {case.item_share:>5} {case.expected:>8.1f} {held:>6.3f} "
            f"{own:>8.3f} {width:>6.1f} {bias:>6.2f}"
        )


def simulate(case: Case, n_periods: int, chance: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """Return for each period with an item: was the expected number held, the period's own, width, error."""
    found: list[tuple[float, float, float, float]] = []
    for _ in range(n_periods):
        is_true, is_said = drawn(case, case.n_customers, chance)
        is_of_item = chance.random(case.n_customers) < case.item_share
        labelled, answered = drawn(case, N_LABELLED, chance)
        errors = Errors(*(int((labelled == true)[answered == said].sum()) for said, true in
                          ((True, True), (True, False), (False, True), (False, False))))  # fmt: skip
        n_item = int((is_said & is_of_item).sum())
        if n_item < LEAST_CUSTOMERS:
            continue
        row = {"n_customers_all": case.n_customers, "n_customers_reporting": int(is_said.sum()), "n_customers": n_item,
               "n_customers_label": int(is_said.sum()),
               "texts_each": [{"key": 1, "value": case.n_customers}]}  # fmt: skip
        people, _ = part_of_label(row, "customers", errors)
        own = int((is_true & is_of_item).sum())
        found.append((people.low <= case.expected <= people.high, people.low <= own <= people.high,
                      people.high - people.low, people.value - case.expected))  # fmt: skip
    return found


def drawn(case: Case, n: int, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Who reports the label, and of whom the model says so."""
    is_true = chance.random(n) < case.label_share
    is_said = np.where(is_true, chance.random(n) < case.sensitivity, chance.random(n) > case.specificity)
    return is_true, is_said


if __name__ == "__main__":
    main()
