"""Does what we tag agree with what people said who never saw our labels?

    python -m benchmarks.validation_tags skytrax_reviews sets/ reviews.parquet --labels labelled.jsonl
    python -m benchmarks.validation_tags airline_tweets sets/ tweets.parquet --labels labelled.jsonl
    python -m benchmarks.validation sets/ reviews.parquet tweets.parquet --labels labelled.jsonl

* Reviews: the document's balance of friendliness and helpfulness against the rating from 1 to 5 that its writer gave
  the cabin staff: AUC of 4-5 against 1-2, on reviews whose words mention staff (`STAFF`; the model is not asked).
* Tweets: the document's sentiment against what people at CrowdFlower called it.

Documents that the model was trained on are left out and counted. Half of the rest (by a hash of their texts) choose how
a document is summed up from its mentions, the other half is what is reported; of the tweets, the test fold beside it:
it is drawn as the labelled ones were, while the others are what several rounds of labelling passed over. "Labels" are
our own annotators' labels of the same kind of documents, summed up the same way: what a model could reach that makes no
error by our guideline.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import rankdata
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

Floats = npt.NDArray[np.float64]

STAFF = (
    r"(?i)\b(staff|crews?|personnel|attendants?|stewards?|stewardess(?:es)?|host(?:ess)?es|hostess|pursers?|"
    r"employees?|agents?|FAs?)\b"
)
BALANCED = ("friendliness", "helpfulness")
SERVICE = (*BALANCED, "understanding", "listening", "comfort", "defusing")
HUMAN = {"negative": -1, "neutral": 0, "positive": 1}
BANDS = np.arange(0, 0.61, 0.05)

_SIGN = pl.when(pl.col("polarity") == "+").then(1.0).otherwise(-1.0)
_SURE = pl.col("decision") == "yes"

#: How a review's staff balance may be summed up from its mentions.
BALANCES: dict[str, pl.Expr] = {
    "sure tags": _SIGN.filter(_SURE & pl.col("label").is_in(BALANCED)).sum(),
    "probabilities": (_SIGN * pl.col("probability")).filter(pl.col("label").is_in(BALANCED)).sum(),
    "probabilities, six qualities": (_SIGN * pl.col("probability")).filter(pl.col("label").is_in(SERVICE)).sum(),
}
#: How a tweet's sentiment may be summed up from the scores (-1 to 1) of its mentions.
SENTIMENTS: dict[str, pl.Expr] = {
    "mean": pl.col("score").mean(),
    "sum": pl.col("score").sum(),
    "strongest": pl.col("score").get(pl.col("score").abs().arg_max()),
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("sets", type=Path, help="folder of the public sets")
    asked.add_argument("reviews", type=Path)
    asked.add_argument("tweets", type=Path)
    asked.add_argument("--labels", type=Path, required=True)
    asked.add_argument("--further", type=Path, default=Path("data/labels/further.jsonl"))
    given = asked.parse_args()
    labels = labelled([given.labels, given.further])
    reviews = pl.read_parquet(given.sets / "skytrax_reviews.parquet").rename({"source_row_id": "feedback_id"})
    tweets = pl.read_parquet(given.sets / "airline_tweets.parquet").rename({"source_row_id": "feedback_id"})
    found = {
        "reviews": of_reviews(reviews, pl.read_parquet(given.reviews), labels),
        "tweets": of_tweets(tweets, pl.read_parquet(given.tweets), labels),
    }
    print(json.dumps(found, indent=1))


def labelled(files: list[Path]) -> pl.DataFrame:
    """Our annotators' labels as tags: ``feedback_id``, ``family``, ``label``, ``polarity``, ``score``."""
    rows: list[tuple[Any, ...]] = []
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for document in map(json.loads, lines):
                for mention in document["mentions"]:
                    name = document["source_row_id"]
                    rows.append((name, "sentiment", "", None, mention["sentiment"] / 2))
                    rows += [(name, "unmeasurable", label[:-1], label[-1], None)
                             for label in mention.get("unmeasurables", ())]  # fmt: skip
    names = ["feedback_id", "family", "label", "polarity", "score"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).with_columns(
        probability=pl.lit(1.0), decision=pl.lit("yes"), voter=pl.lit("model")
    )


def of_reviews(reviews: pl.DataFrame, tags: pl.DataFrame, labels: pl.DataFrame) -> dict[str, Any]:
    """AUC of the staff balance."""
    rated = reviews.filter(
        pl.col("text").str.contains(STAFF) & pl.col("cabin_staff_rating").is_in([1.0, 2.0, 4.0, 5.0])
    )
    unseen = _unseen(rated, tags)
    chosen, reported = _halves(unseen)
    balances = summed_up(tags.filter(family="unmeasurable", voter="model"), BALANCES)
    way = max(BALANCES, key=lambda name: _auc(chosen, balances, name))
    by_labels = summed_up(labels.filter(family="unmeasurable"), BALANCES)
    ours = rated.join(labels.select("feedback_id").unique(), on="feedback_id")
    return {
        "model": tags["model_version"][0],
        "n_mentioning_staff": rated.height,
        "n_trained_on": rated.height - unseen.height,
        "chosen": {name: round(_auc(chosen, balances, name), 3) for name in BALANCES} | {"way": way},
        "reported": {name: auc(reported, balances, name) for name in BALANCES},
        "all_unseen": {name: auc(unseen, balances, name) for name in BALANCES},
        "labels": auc(ours, by_labels, "sure tags"),
    }


def of_tweets(tweets: pl.DataFrame, tags: pl.DataFrame, labels: pl.DataFrame) -> dict[str, Any]:
    """How often the document's sentiment is what people said."""
    one_voice = tweets.filter(pl.col("airline_sentiment").n_unique().over("text") == 1)
    unseen = _unseen(one_voice, tags)
    held = unseen.join(tags.filter(fold="test").select("feedback_id").unique(), on="feedback_id")
    chosen, reported = _halves(unseen.join(held, on="feedback_id", how="anti"))
    sums = summed_up(tags.filter(family="sentiment"), SENTIMENTS)
    ways = {name: band(_laid(chosen, sums, name), _people(chosen)) for name in SENTIMENTS}
    way = max(ways, key=lambda name: ways[name][2])
    low, high, _ = ways[way]
    mix = one_voice["airline_sentiment"].value_counts(normalize=True)
    share = dict(mix.iter_rows())

    def scored(frame: pl.DataFrame, of: pl.DataFrame) -> dict[str, Any]:
        return agreement(_within(_laid(frame, of, way), low, high), _people(frame), share)

    sure = reported.filter(pl.col("airline_sentiment_confidence") >= 0.999)
    ours = one_voice.join(labels.select("feedback_id").unique(), on="feedback_id")
    return {
        "model": tags["model_version"][0],
        "n_tweets": one_voice.height,
        "n_trained_on": one_voice.height - unseen.height,
        "n_chosen_on": chosen.height,
        "share_unanimous": {
            name: round(float((frame["airline_sentiment_confidence"] >= 0.999).mean()), 3)
            for name, frame in (("all", one_voice), ("reported", reported))
        },
        "chosen": {name: [round(float(value), 3) for value in ways[name]] for name in ways} | {"way": way},
        "reported": scored(reported, sums),
        "reported, people unanimous": scored(sure, sums),
        "reported, people not unanimous": scored(reported.join(sure, on="feedback_id", how="anti"), sums),
        "test fold": scored(held, sums),
        "labels": scored(ours, summed_up(labels.filter(family="sentiment"), SENTIMENTS)),
        "vader": agreement(_vader(reported), _people(reported), share),
    }


def summed_up(tags: pl.DataFrame, ways: dict[str, pl.Expr]) -> pl.DataFrame:
    """One row a document, one column a way."""
    return tags.group_by("feedback_id").agg(expression.alias(name) for name, expression in ways.items())


def auc(documents: pl.DataFrame, balances: pl.DataFrame, way: str) -> dict[str, Any]:
    """Area under the curve with its interval from 2,000 bootstrap draws."""
    balance, good = _laid(documents, balances, way), (documents["cabin_staff_rating"] >= 4).to_numpy()
    chance = np.random.default_rng(1)
    drawn = [area(balance[at], good[at]) for at in chance.integers(0, len(good), (2_000, len(good)))]
    return {
        "auc": round(area(balance, good), 3), "interval": _interval(np.array(drawn)),
        "n_good": int(good.sum()), "n_bad": int((~good).sum()), "n_silent": int((balance == 0).sum()),
    }  # fmt: skip


def area(balance: Floats, good: npt.NDArray[np.bool_]) -> float:
    """The chance that a good one has the higher balance; ties count half."""
    n_good, n_bad = int(good.sum()), int((~good).sum())
    if not n_good or not n_bad:
        return float("nan")
    return float((rankdata(balance)[good].sum() - n_good * (n_good + 1) / 2) / (n_good * n_bad))


def band(sums: Floats, people: Floats) -> tuple[float, float, float]:
    """The neutral band that agrees with people best, and how often it does."""
    tried = [(low, high, float((_within(sums, low, high) == people).mean())) for low in -BANDS for high in BANDS]
    return max(tried, key=lambda entry: (entry[2], entry[0] - entry[1]))


def agreement(said: Floats, people: Floats, share: dict[str, float]) -> dict[str, Any]:
    """Accuracy of three classes and of two, and the accuracy at the mix of classes of the whole set."""
    polar = people != 0
    recall = {name: float((said[people == value] == value).mean()) for name, value in HUMAN.items()}
    both = polar & (said != 0)
    return {
        "n": len(people),
        "accuracy": _share(said == people),
        "accuracy_at_mix": round(sum(share[name] * recall[name] for name in HUMAN), 3),
        "polar_accuracy": _share(said[both] == people[both]) | {"n": int(both.sum())},
        "recall": {name: round(value, 3) for name, value in recall.items()},
        "confusion": {name: {other: int(((people == value) & (said == of)).sum()) for other, of in HUMAN.items()}
                      for name, value in HUMAN.items()},
    }  # fmt: skip


def _unseen(documents: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    return documents.join(tags.filter(pl.col("fold") != "train").select("feedback_id").unique(), on="feedback_id")


def _halves(documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every other document of an order by hash; rows of the same text stay on one side."""
    odd = pl.col("text").hash(seed=5) % 2 == 1
    return documents.filter(odd), documents.filter(~odd)


def _laid(documents: pl.DataFrame, sums: pl.DataFrame, way: str) -> Floats:
    """The sums in the order of the documents; 0 for one without."""
    return documents.join(sums, on="feedback_id", how="left", maintain_order="left")[way].fill_null(0).to_numpy()


def _auc(documents: pl.DataFrame, balances: pl.DataFrame, way: str) -> float:
    return area(_laid(documents, balances, way), (documents["cabin_staff_rating"] >= 4).to_numpy())


def _people(tweets: pl.DataFrame) -> Floats:
    return tweets["airline_sentiment"].replace_strict(HUMAN).to_numpy()


def _within(sums: Floats, low: float, high: float) -> Floats:
    return np.where(sums < low, -1, np.where(sums > high, 1, 0))


def _vader(tweets: pl.DataFrame) -> Floats:
    scores: Callable[[str], dict[str, float]] = SentimentIntensityAnalyzer().polarity_scores
    return _within(np.array([scores(text)["compound"] for text in tweets["text"]]), -0.05, 0.05)


def _share(hits: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """A share with its Wilson interval."""
    n, p, z = len(hits), float(hits.mean()), 1.959963984540054
    middle, reach = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    ends = [round(float((middle + side * reach) / (1 + z * z / n)), 3) for side in (-1, 1)]
    return {"share": round(p, 3), "interval": ends}


def _interval(drawn: Floats) -> list[float]:
    return [round(float(end), 3) for end in np.nanquantile(drawn, [0.025, 0.975])]


if __name__ == "__main__":
    main()
