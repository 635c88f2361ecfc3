"""The page's sections, each a mapping that the template draws: rows of the answers with words, marks and quotes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from cxnlp.insight import Period
from cxnlp.report import figures
from cxnlp.report.answers import Answer, Row
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.words import day, listed, share, shielded, short_day, small

Section = dict[str, Any]

#: Fewer mentions than this are shown, but nothing is concluded from them.
FEW: Final = 5

_MOST_TRENDS: Final = 9
#: After so many days without anything new a source is called silent.
LONG_SILENCE_DAYS: Final = 7

#: Family of the model's scores → its name, what is measured in words, and the key of the measure.
_MEASURES: Final = {
    "sentiment": ("Feelings", "good, neutral or bad told apart (accuracy)", "sign_accuracy"),
    "moment": ("Moments", "found and right (F1)", "micro_f1"),
    "unmeasurable": ("Unmeasurables", "found and right (F1)", "micro_f1"),
    "warning": ("Causes", "found and right (F1)", "micro_f1"),
    "signal": ("Signals", "found and right (F1)", "micro_f1"),
}


def moments(rows: Sequence[Row], book: QuoteBook, taxonomy: Sequence[Row], least_group: int = 1) -> Section:
    """Each moment's feelings as one bar, the greatest need first, and what nobody spoke of.

    ``shown`` are those that enough people speak of for anything to be said about them.
    """
    ranked = [row for row in rows if row["n_mentions"] >= FEW and row["n_customers"] >= least_group]
    axis = figures.axis([figures.sides(row) for row in ranked])
    drawn = [
        {
            **shielded(row, least_group),
            "blocks": figures.stack(row, axis),
            "mark": figures.mark(row["net"], row["low"], row["high"]),
            "is_few": row["n_mentions"] < FEW or row["n_customers"] < least_group,
            "is_small": row["n_customers"] < least_group,
            "neg": _feeling(book, row, "neg", "n_negative"),
            "neu": _feeling(book, row, "neu", "n_neutral"),
            "pos": _feeling(book, row, "pos", "n_positive"),
            "all": book.side("moment", row["label"], "", title=row["name"], n=row["n_mentions"]),
        }
        for row in rows
    ]
    spoken = {row["label"] for row in rows}
    silent = [row["name"] for row in taxonomy if row["label"] not in spoken]
    return {
        "rows": drawn,
        "ranked": [row for row in drawn if not row["is_few"]],
        "few": [row for row in drawn if row["is_few"]],
        "shown": [row for row in drawn if not row["is_small"]],
        "silent": listed(silent),
        "zero": axis.zero,
    }


def _feeling(book: QuoteBook, row: Row, side: str, column: str) -> str | None:
    words = {"neg": "negative", "neu": "neutral", "pos": "positive"}[side]
    return book.side("moment", row["label"], side, title=f"{row['name']}: {words}", n=row[column])


def unmeasurables(rows: Sequence[Row], book: QuoteBook, least_group: int = 1) -> Section:
    """The soft qualities as scales: missing to the left, shown to the right."""
    large = [row for row in rows if row["n_customers"] >= least_group]
    axis = figures.axis([(row["n_missing"], row["n_shown"]) for row in large])
    drawn = [
        {
            **shielded(row, least_group),
            "blocks": [] if row not in large else [axis.block("very-bad", -row["n_missing"], row["n_missing"]),
                       axis.block("very-good", 0, row["n_shown"])],
            "is_few": row["n_missing"] + row["n_shown"] < FEW or row not in large,
            "mark": figures.mark(row["balance"], row["low"], row["high"]),
            "all": book.side("unmeasurable", row["label"], "", title=row["name"], n=row["n_missing"] + row["n_shown"]),
            "neg": book.side("unmeasurable", row["label"], "-", title=f"{row['name']}: {row['worse']}",
                             n=row["n_missing"]),
            "pos": book.side("unmeasurable", row["label"], "+", title=f"{row['name']}: {row['better']}",
                             n=row["n_shown"]),
        }
        for row in rows
    ]  # fmt: skip
    missed = [row["name"].lower() for row in large if row["n_missing"] >= FEW and (row["high"] or 0) < 0]
    shown = [row["name"].lower() for row in large if row["n_shown"] >= FEW and (row["low"] or 0) > 0]
    is_empty = not any(row["n_customers"] for row in rows)
    return {"rows": drawn, "missed": listed(missed[:3]), "shown": listed(shown[-3:][::-1]), "is_empty": is_empty,
            "zero": axis.zero}  # fmt: skip


def trends(
    weeks: Sequence[Row], moments: Sequence[Row], book: QuoteBook, period: Period, least_group: int = 1
) -> Section:
    """Week by week, how many of 100 pieces of feedback complain; one small chart a moment."""
    by_label: dict[str, dict[date, Row]] = {}
    for row in weeks:
        by_label.setdefault(row["label"], {})[row["week"]] = row
    shown = [row for row in moments if row["label"] in by_label and row["n_negative"] >= 2][:_MOST_TRENDS]
    return {"charts": [_chart(row, by_label[row["label"]], book, period, least_group) for row in shown]}


def kept_back(counts: Mapping[date, tuple[int, int]], least_group: int) -> list[date]:
    """Return the weeks that must not be told where their total is, so that none of few people can be worked out.

    Where those of few people are only one, or come to fewer complaints than ``least_group`` together, the smallest
    others go with them (secondary suppression: Hundepool et al., Statistical Disclosure Control, Wiley 2012).

    Args:
        counts: week → number of people and of complaints.
        least_group: of fewer people a week is not told.
    """
    kept = [monday for monday, (n_people, _) in counts.items() if 0 < n_people < least_group]
    others = sorted((n, monday) for monday, (n_people, n) in counts.items() if n_people >= max(1, least_group))
    while kept and others and (len(kept) == 1 or sum(counts[monday][1] for monday in kept) < least_group):
        kept.append(others.pop(0)[1])
    return kept


def _chart(moment: Row, weeks: Mapping[date, Row], book: QuoteBook, period: Period, least_group: int) -> Section:
    heard = {monday: weeks[monday] for monday in period.mondays if monday in weeks}
    hidden = _hidden(heard, least_group)
    points = [
        _point(monday, period) | (hidden.get(monday) or _week(moment, heard[monday], book, period))
        if monday in heard
        else _point(monday, period)
        for monday in period.mondays
    ]
    told = [point for point in points if point["week"] not in hidden and point["n"]]
    last = next((point for point in reversed(points) if point["week"] in heard), None)
    return {
        "label": moment["label"],
        "name": moment["name"],
        "points": points,
        "columns": figures.columns([point["share"] for point in points]),
        "last": last,
        "at": points.index(last) if last else None,
        "highest": max(told, key=lambda point: point["share"]) if told else None,
    }


def _point(monday: date, period: Period) -> Section:
    """A week in which nobody wrote."""
    return {"week": monday, "label": short_day(monday), "is_running": (period.last_on - monday).days < 6,
            "is_kept_back": False, "words": "–", "share": None, "n": 0, "n_feedback": 0, "low": None, "high": None,
            "set": None}  # fmt: skip


def _hidden(weeks: Mapping[date, Row], least_group: int) -> dict[date, Section]:
    """What is told of the weeks of few people, and of those that go with them: nothing that tells one from another.

    Weeks of few people are drawn at half of what they are under, however many they are; where others go with them, all
    are drawn at their average.
    """
    few = [monday for monday, row in weeks.items() if 0 < row["n_customers"] < least_group]
    counts = {monday: (row["n_customers"], row["n_feedback_negative"]) for monday, row in weeks.items()}
    kept = kept_back(counts, least_group)
    average = sum(weeks[monday]["n_feedback_negative"] for monday in kept) / max(1, len(kept))
    hidden = {}
    for monday in kept:
        n_feedback = weeks[monday]["n_feedback"]
        bound = min(1.0, least_group / n_feedback)
        told = (
            {"share": bound / 2, "words": f"under {share(bound)}", "n": f"<{least_group}"}
            if len(kept) == len(few)
            else {"share": average / n_feedback, "n": "kept back", "is_kept_back": True}
        )
        hidden[monday] = {**told, "n_feedback": n_feedback}
    return hidden


def _week(moment: Row, row: Row, book: QuoteBook, period: Period) -> Section:
    title = f"{moment['name']}: complaints in the week of {day(row['week'], period.night)}"
    key = book.week(moment["label"], row["week"], title=title, n=row["n_negative"])
    return {"share": row["share"], "words": share(row["share"]), "n": row["n_feedback_negative"],
            "n_feedback": row["n_feedback"], "low": row["low"], "high": row["high"], "set": key}  # fmt: skip


def people(rows: Mapping[str, Sequence[Row]], book: QuoteBook, least_group: int = 1) -> Section:
    """Wishes, praise and leaving, and the colleagues who are praised by name; those whom few praise are only counted.

    Of the answers, ``labels``, ``champions`` and ``champions_counted`` are read.
    """
    least = max(2, least_group)
    counts = {}
    for row in rows["labels"]:
        key = book.side(row["family"], row["label"], "", title=row["name"], n=row["n_mentions"])
        counts[row["label"]] = {**shielded(row, least_group), "set": key, "quotes": book.some(key)}
    return {
        "champions": [row for row in rows["champions"] if row["n_customers"] >= least],
        "n_of_few": sum(row["n_employees"] for row in rows["champions_counted"] if row["n_customers"] < least),
        "few": "one person" if least == 2 else f"fewer than {small(least)} people",
        "wishes": counts.get("suggestion"),
        "praise": counts.get("champion"),
        "leaving": counts.get("churn"),
        "causes": [row for row in counts.values() if row["family"] == "warning"],
    }


def quality(answers: Mapping[str, Answer], scores: Mapping[str, Any] | None, night: date) -> Section:
    """How far the numbers may be trusted: sources, what could not be used, model and taxonomy."""
    runs = answers["runs"].rows
    return {
        "sources": [{**row, "silence": _silence(row["last_on"], night)} for row in answers["sources"].rows],
        "coverage": answers["coverage"].rows[0],
        "unread": answers["unread"].rows,
        "refused": answers["refused"].rows,
        "run": runs[0] if runs else None,
        "measured": _measured(scores or {}),
    }


def last_heard(sources: Sequence[Row]) -> date | None:
    """Day of the latest feedback of any source (rows of the answer ``sources``); None before there is any."""
    return max((row["last_on"] for row in sources if row["last_on"]), default=None)


def _silence(last_on: date | None, night: date) -> str | None:
    """Say so when a source has given nothing for long."""
    if last_on is None or (night - last_on).days <= LONG_SILENCE_DAYS:
        return None
    return f"silent for {(night - last_on).days} days"


def _measured(scores: Mapping[str, Any]) -> list[Section]:
    """The measured quality of each family, where ``scores`` has it as [value, low, high]."""
    found = []
    for family, (name, measure, key) in _MEASURES.items():
        value = scores.get("families", {}).get(family, {}).get(key)
        if value is not None:
            found.append({"name": name, "measure": measure, "value": value[0], "low": value[1], "high": value[2]})
    return found
