"""Do drivers found in words agree with what the same writers rated one by one?

    python -m benchmarks.validation_tags skytrax_reviews sets/ reviews.parquet --labels labelled.jsonl
    python -m benchmarks.review_drivers sets/ reviews.parquet

Reviewers of airlines gave an overall rating and ratings of staff, seat, food and value. Prints drivers of the overall
rating from tags, drivers of the same rating from the reviewers' own part ratings (the same computation), and how the
feeling about each moment goes with each part rating (Pearson, on reviews that have both).
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from cxnlp.insight.drivers import LEFT_OUT, moved
from cxnlp.insight.effects import effects

PARTS = {
    "staff": "cabin_staff_rating",
    "seat": "seat_comfort_rating",
    "food": "food_beverages_rating",
    "entertainment": "inflight_entertainment_rating",
    "value": "value_money_rating",
}
LABELS = ("staff", "friendliness", "helpfulness", "product", "price", "timeliness", "place", "resolution")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("sets", type=Path, help="folder of the public sets")
    asked.add_argument("reviews", type=Path)
    given = asked.parse_args()
    tags = pl.read_parquet(given.reviews).filter(pl.col("fold") != "train")
    reviews = pl.read_parquet(given.sets / "skytrax_reviews.parquet").filter(kind="airline")
    documents = laid(reviews.rename({"source_row_id": "feedback_id"}), tags)
    columns = ["family", "label", "n_customers", "feeling", "effect", "effect_low", "effect_high", "is_driver",
               "explained_share", "impact", "impact_low", "impact_high"]  # fmt: skip
    found = moved(documents).filter(outcome="rating").sort("explained_share", descending=True)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, float_precision=3):
        print(f"{documents['rating'].count()} reviews with an overall rating; R² {found['explained_share'].sum():.3f}")
        print(found.select(columns))
        print(by_parts(documents))
        print(together(documents))


def laid(reviews: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """Documents as `moved` takes them, from tags as the view evidence settles them (there are no persons' votes)."""
    mention = ["feedback_id", "position"]
    mood = tags.filter(family="sentiment").select(*mention, pl.col("label").cast(pl.Int32).sign().alias("mood"))
    sure = tags.filter((pl.col("decision") == "yes") & pl.col("family").is_in(["moment", "unmeasurable"]))
    sign = pl.when(pl.col("polarity") == "+").then(1).otherwise(-1)
    felt = (
        sure.filter(~pl.col("label").is_in(LEFT_OUT))
        .unique([*mention, "family", "label", "polarity"])
        .join(mood, on=mention)
        .group_by("feedback_id", "family", "label")
        .agg(pl.when(pl.col("family") == "moment").then("mood").otherwise(sign).mean().alias("feeling"))
        .group_by("feedback_id")
        .agg(pl.struct("family", "label", "feeling").alias("feelings"))
    )
    return (
        mood.group_by("feedback_id").agg(pl.len().alias("n_mentions"))
        .join(reviews, on="feedback_id")
        .join(felt, on="feedback_id", how="left")
        .with_columns(
            person_key=pl.coalesce("author", "feedback_id"), source=pl.lit("skytrax"),
            rating=(pl.col("overall_rating") - 1) / 9 * 100, champion=pl.lit(0.0), churn=pl.lit(0.0),
        )
        .sort("feedback_id")
    )  # fmt: skip


def by_parts(documents: pl.DataFrame) -> pl.DataFrame:
    """What the reviewers' own part ratings do to their overall rating; one step is from 3 to 5 of 5."""
    known = documents.filter(pl.col("rating").is_not_null())
    feelings = known.select((pl.col(column).replace(0, None) - 3) / 2 for column in PARTS.values()).to_numpy()
    found = effects(
        known["rating"].to_numpy(), feelings, person=known["person_key"].rank("dense").cast(pl.Int64).to_numpy(),
        kind=np.zeros(len(PARTS), dtype=int),
    )  # fmt: skip
    return pl.DataFrame({
        "part": list(PARTS), "n": (~np.isnan(feelings)).sum(0), "feeling": np.nanmean(feelings, 0),
        "effect": found.effect.value, "effect_low": found.effect.low, "effect_high": found.effect.high,
        "explained_share": found.explained_share.value, "impact": found.impact.value,
    })  # fmt: skip


def together(documents: pl.DataFrame) -> pl.DataFrame:
    """Correlation of the feeling about each label with each part rating."""
    felt = documents.explode("feelings").drop_nulls("feelings").unnest("feelings")
    return (
        felt.filter(pl.col("label").is_in(LABELS))
        .group_by("label")
        .agg(pl.len().alias("n"), *(pl.corr("feeling", column).alias(part) for part, column in PARTS.items()))
        .sort("n", descending=True)
    )


if __name__ == "__main__":
    main()
