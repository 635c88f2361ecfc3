"""How often the intervals of drivers hold the true effect, on feedback made up with known causes.

    python -m benchmarks.drivers [--times 200] [--customers 400 1500]

Customers write one to four documents of the same mood; eight moments and four soft qualities come up at different
rates. Three things are hard in it: a *bystander* that feels as a true cause does (they come up together, and agree) and
moves nothing; the mood of a person, which moves all his ratings; and an outcome that is yes or no.
"""

import argparse
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from cxnlp.insight.drivers import moved

#: label → (share of documents that speak of it, share of those that feel good, points of rating, points of churn)
TRUE: dict[tuple[str, str], tuple[float, float, float, float]] = {
    ("moment", "delivery"): (0.30, 0.3, 12.0, -10.0),
    ("moment", "product"): (0.50, 0.7, 8.0, 0.0),
    ("moment", "staff"): (0.25, 0.5, 5.0, -4.0),
    ("moment", "price"): (0.15, 0.4, 3.0, 0.0),
    ("moment", "updates"): (0.00, 0.0, 0.0, 0.0),  # the bystander of delivery
    ("moment", "place"): (0.10, 0.6, 0.0, 0.0),
    ("moment", "digital"): (0.08, 0.3, 0.0, -6.0),
    ("moment", "refund"): (0.06, 0.2, 0.0, 0.0),
    ("unmeasurable", "friendliness"): (0.20, 0.6, 6.0, 0.0),
    ("unmeasurable", "listening"): (0.12, 0.1, 0.0, -8.0),
    ("unmeasurable", "trust"): (0.10, 0.2, 10.0, -8.0),
    ("unmeasurable", "helpfulness"): (0.15, 0.6, 0.0, 0.0),
}
BYSTANDER, CAUSE = ("moment", "updates"), ("moment", "delivery")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=200)
    asked.add_argument("--customers", type=int, nargs="+", default=[400, 1500])
    given = asked.parse_args()
    for n_customers in given.customers:
        began = perf_counter()
        found = pl.concat(held(n_customers, seed) for seed in range(given.times))
        seconds = (perf_counter() - began) / given.times
        print(f"{n_customers} customers, {given.times} times, {seconds:.2f} s each")
        with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, float_precision=3):
            print(summary(found, ["outcome"]))
            print(summary(found, ["outcome", "family", "label"]))


def summary(found: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Coverage, error and width of effects, and how often a label is called a driver."""
    true = pl.col("true") != 0
    return found.group_by(by, maintain_order=True).agg(
        pl.len().alias("n"),
        pl.col("true").is_between("effect_low", "effect_high").mean().alias("coverage"),
        (pl.col("effect") - pl.col("true")).mean().alias("bias"),
        (pl.col("effect_high") - pl.col("effect_low")).mean().alias("width"),
        pl.col("true_impact").is_between("impact_low", "impact_high").mean().alias("impact_coverage"),
        pl.col("explained_share").mean(),
        pl.col("is_driver").filter(true).mean().alias("found"),
        pl.col("is_driver").filter(~true).mean().alias("falsely_found"),
    )


def held(n_customers: int, seed: int) -> pl.DataFrame:
    """The estimates of one made-up year beside the truth."""
    documents = made_up(n_customers, seed)
    return moved(documents).join(truth(), on=["outcome", "family", "label"])


def truth() -> pl.DataFrame:
    """Effect and impact of each label, from the shares that the documents are drawn with."""
    shares = {label: (spoken, 2 * good - 1) for label, (spoken, good, *_) in TRUE.items()}
    shares[BYSTANDER] = (0.24 + 0.7 * 0.05, (0.24 * 0.9 * shares[CAUSE][1]) / (0.24 + 0.7 * 0.05))
    rows: list[dict[str, Any]] = []
    for (family, label), (_, _, *points) in TRUE.items():
        of_kind = [shares[key] for key in TRUE if key[0] == family]
        average = sum(spoken * felt for spoken, felt in of_kind) / sum(spoken for spoken, _ in of_kind)
        spoken, felt = shares[family, label]
        rows += [
            {"outcome": outcome, "family": family, "label": label, "true": true,
             "true_impact": true * spoken * (average - felt)}
            for outcome, true in zip(("rating", "churn"), points, strict=True)
        ]  # fmt: skip
    return pl.DataFrame(rows)


def made_up(n_customers: int, seed: int) -> pl.DataFrame:
    """Documents as `moved` takes them."""
    chance = np.random.default_rng(seed)
    person = np.repeat(np.arange(n_customers), chance.integers(1, 5, n_customers))
    n = len(person)
    feelings: dict[tuple[str, str], Any] = {}
    for key, (spoken, good, *_) in TRUE.items():
        feelings[key] = np.where(chance.random(n) < spoken, np.where(chance.random(n) < good, 1.0, -1.0), np.nan)
    feelings[BYSTANDER] = _bystander(feelings[CAUSE], chance)
    felt = np.column_stack([np.nan_to_num(of) for of in feelings.values()])
    mood = chance.normal(0, 8, n_customers)[person]
    rating = 55 + mood + chance.normal(0, 15, n) + felt @ [points for *_, points, _ in TRUE.values()]
    leaving = 40 + felt @ [points for *_, points in TRUE.values()]
    names = list(feelings)
    return pl.DataFrame({
        "person_key": [f"p{number}" for number in person],
        "source": "made up",
        "n_mentions": 1 + (felt != 0).sum(1),
        "rating": rating,
        "champion": np.zeros(n),
        "churn": 100.0 * (chance.random(n) * 100 < leaving),
        "feelings": [
            [{"family": names[at][0], "label": names[at][1], "feeling": of[at]} for at in np.flatnonzero(of)]
            for of in felt
        ],
    })  # fmt: skip


def _bystander(cause: Any, chance: np.random.Generator) -> Any:
    """Comes up with the cause in four of five documents and feels the same in 19 of 20; by itself in one of twenty."""
    n = len(cause)
    alone = np.where(chance.random(n) < 0.05, np.where(chance.random(n) < 0.5, 1.0, -1.0), np.nan)
    agrees = np.where(chance.random(n) < 0.95, 1.0, -1.0)
    along = np.where(chance.random(n) < 0.8, cause * agrees, np.nan)
    return np.where(np.isnan(cause), alone, along)


if __name__ == "__main__":
    main()
