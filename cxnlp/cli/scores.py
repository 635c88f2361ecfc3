"""Scores as tables on a terminal: what `cxnlp.quality.evaluation.evaluate` returns, for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

#: Columns that the widest table needs, so that no interval is cut short.
LEAST_WIDTH: Final = 125

_NAMES: Final = {
    "moment": "moments", "unmeasurable": "unmeasurables", "warning": "warnings", "signal": "signals",
    "sentiment": "sentiment",
}  # fmt: skip
_TAGGED: Final = ("moment", "unmeasurable", "warning", "signal")
_BASELINES: Final = {
    "majority": "commonest answer", "rules": "rules alone", "tfidf": "TF-IDF + logistic regression", "vader": "VADER",
}  # fmt: skip
_SHOWN_FROM: Final = 0.0667  # reliability: the lowest bin is all that is plainly absent


def tables(found: Mapping[str, Any]) -> Iterator[Table | str]:
    """Give the parts in the order in which they are read."""
    yield (f"{found['n_documents']:,} documents, {found['n_mentions']:,} mentions; model {found['model']}; "
           f"95 % intervals from {found['resamples']:,} resamples of the documents")  # fmt: skip
    yield from (_overview(found), _sentiment(found))
    yield _labels(found["families"])
    for key, title in (("by_channel", "By channel"), ("by_source", "By source")):
        if found[key]:
            yield _parts(title, found[key])
    yield from (_calibration(found["calibration"]), _reliability(found["calibration"]))
    yield from (_decisions(found["decisions"]), _coverage(found["coverage"]))
    if "agreement" in found:
        yield from (_alphas(found["agreement"]), _people(found["agreement"]))


def _table(title: str, *columns: str, caption: str | None = None, n_names: int = 1) -> Table:
    """A table whose first ``n_names`` columns name things and whose others hold numbers."""
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at < n_names else "right", no_wrap=at == 0)
    return table


def _value(score: Sequence[float] | None) -> str:
    return "" if score is None else f"{score[0]:.2f} ({score[1]:.2f}–{score[2]:.2f})"


def _share(value: float) -> str:
    return f"{value:.2f}"


def _overview(found: Mapping[str, Any]) -> Table:
    table = _table(
        "Tags", "", "", "micro-F1", "macro-F1", "precision", "recall", n_names=2,
        caption="macro-F1: labels with at least 20 cases. Pairs: each document's set of (moment, sign of its "
                "sentiment), from raw text with our own splitting.",
    )  # fmt: skip
    for family in _TAGGED:
        for at, (name, scores) in enumerate(_voices(found, family)):
            values = (_value(scores.get(key)) for key in ("micro_f1", "macro_f1", "precision", "recall"))
            table.add_row(_NAMES[family] if at == 0 else "", name, *values, style=None if at == 0 else "dim")
        table.add_section()
    pairs = [_value(found["pairs"][key]) for key in ("micro_f1", "precision", "recall")]
    table.add_row("pairs", "this model", pairs[0], "", *pairs[1:])
    return table


def _voices(found: Mapping[str, Any], family: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The model's scores of a family, then those of the baselines that speak of it."""
    others = found.get("baselines", {})
    return [("this model", found["families"][family])] + [
        (title, others[name][family]) for name, title in _BASELINES.items() if family in others.get(name, {})
    ]


def _sentiment(found: Mapping[str, Any]) -> Table:
    table = _table("Sentiment", "", "accuracy of the sign", "of the strength", "quadratic kappa")
    for at, (name, scores) in enumerate(_voices(found, "sentiment")):
        values = (_value(scores[key]) for key in ("sign_accuracy", "accuracy", "quadratic_kappa"))
        table.add_row(name, *values, style=None if at == 0 else "dim")
    return table


def _labels(families: Mapping[str, Any]) -> Table:
    table = _table("By label", "", "cases", "precision", "recall", "F1")
    for family in _TAGGED:
        for label, scores in families[family]["labels"].items():
            rates = (_value(scores[key]) if scores["n"] else "–" for key in ("precision", "recall", "f1"))
            table.add_row(escape(label), f"{scores['n']:,}", *rates)
        table.add_section()
    return table


def _parts(title: str, parts: Mapping[str, Any]) -> Table:
    families = (*_TAGGED, "sentiment")
    table = _table(
        title, "", "documents", "mentions", *(_NAMES[family] for family in families),
        caption="micro-F1; sentiment: accuracy of the sign",
    )  # fmt: skip
    for name, row in parts.items():
        table.add_row(
            escape(name), f"{row['documents']:,}", f"{row['mentions']:,}", *(_value(row[family]) for family in families)
        )
    return table


def _calibration(families: Mapping[str, Any]) -> Table:
    table = _table(
        "Expected calibration error", "", "over all labels", "where something is said", "decisions said",
        caption="Mean gap between the stated probability and the share that was true; said: yes, unsure, and each "
                "mention's likeliest strength.",
    )  # fmt: skip
    for family, row in families.items():
        table.add_row(_NAMES[family], f"{row['error']:.3f}", f"{row['error_where_said']:.3f}", f"{row['n_said']:,}")
    return table


def _reliability(families: Mapping[str, Any]) -> Table:
    table = _table(
        "Reliability: stated → observed (cases)", "probability", *(_NAMES[family] for family in families),
        caption="Below 0.07, where most labels are plainly absent, left out here; --json has it.",
    )  # fmt: skip
    rows: dict[tuple[float, float], dict[str, str]] = {}
    for family, row in families.items():
        for part in row["bins"]:
            cell = f"{part['stated']:.2f} → {part['observed']:.2f} ({part['n']:,})"
            rows.setdefault((part["low"], part["high"]), {})[family] = cell
    for (low, high), cells in sorted(rows.items()):
        if low >= _SHOWN_FROM - 1e-4:
            table.add_row(f"{low:.2f}–{high:.2f}", *(cells.get(family, "") for family in families))
    return table


def _decisions(families: Mapping[str, Any]) -> Table:
    table = _table("The model's decisions", "", "yes", "of these right", "unsure", "of these right")
    for family, row in families.items():
        cells = [cell for of in (row["yes"], row["unsure"]) for cell in (f"{of['n']:,}", _share(of["right"]))]
        table.add_row(_NAMES[family], *cells)
    return table


def _coverage(families: Mapping[str, Any]) -> Table:
    table = _table(
        "Coverage against precision: share of decisions kept → right", "probability from",
        *(_NAMES[family] for family in families),
        caption="Decisions: yes and unsure; sentiment: all mentions, accuracy of the sign.",
    )  # fmt: skip
    for rows in zip(*families.values(), strict=True):
        cells = (
            f"{row['kept']:.2f} → {row.get('precision', row.get('sign_accuracy')):.2f}" if row["n"] else "0.00"
            for row in rows
        )
        table.add_row(f"{rows[0]['threshold']:.2f}", *cells)
    return table


def _alphas(agreement: Mapping[str, Any]) -> Table:
    table = _table(
        "People among each other", "", "cases said", "Krippendorff's alpha",
        caption=f"On {agreement['n_mentions']:,} mentions that at least two people labelled.",
    )  # fmt: skip
    for family, row in agreement["alpha"].items():
        table.add_row(_NAMES[family], "", _value(row["all"]), style="bold")
        for label, of in row.get("labels", {}).items():
            table.add_row(f"  {escape(label)}", f"{of['n']:,}", _value(of["alpha"]))
    return table


def _people(agreement: Mapping[str, Any]) -> Table:
    keys = (*_TAGGED, "sign_accuracy", "quadratic_kappa")
    table = _table(
        "Agreement with each person", "person", "who", "mentions", *(_NAMES[f] for f in _TAGGED), "sign", "kappa",
        n_names=2, caption="micro-F1, accuracy of the sign, quadratic kappa; that person's labels taken as right.",
    )  # fmt: skip
    for name, row in agreement["people"].items():
        table.add_row(escape(name), "the model", f"{row['n_mentions']:,}", *(_value(row["model"][key]) for key in keys))
        if row["others"]:
            table.add_row("", "other people", "", *(_value(row["others"][key]) for key in keys), style="dim")
        table.add_section()
    return table
