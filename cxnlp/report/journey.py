"""What stands on the journey map: the six stages with moments of truth, decision points and internal interactions."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from cxnlp.report.answers import Row
from cxnlp.report.quotes import QuoteBook
from cxnlp.report.sections import FEW, Section
from cxnlp.report.words import count, listed, people, points, shielded
from cxnlp.taxonomy import activities

#: Moments that are called urgent: those with most complaints that are certain, where the whole interval is negative.
_N_URGENT: Final = 3
#: Internal interactions of a stage that are drawn, and owners behind it that are named.
_MOST_INTERNAL: Final = 3
_MOST_OWNERS: Final = 3
#: Names in a line above the map.
_MOST_NAMED: Final = 6

#: A net sentiment beyond this, either way, is strong.
_STRONG: Final = 0.5

VERDICTS: Final = {
    "very-bad": "needs improvement", "bad": "needs improvement", "mixed": "mixed", "good": "works well",
    "very-good": "works well", "few": "too few to judge", "silent": "nobody spoke of it", "plain": "",
}  # fmt: skip


#: What flags a moment, and what it means.
FLAGS: Final = {"critical": "critical, as the company marked it", "urgent": "urgent: most complaints that are certain"}


class Activity(NamedTuple):
    """One mark on the map. ``key`` is its name in the page's filters, ``n`` what its size stands for (mentions)."""

    key: str
    kind: str  # moment, decision, internal
    name: str
    n: int
    feeling: str  # key of VERDICTS
    value: str  # the numbers below the name
    flag: str  # critical, urgent or nothing
    set: str | None


class Stage(NamedTuple):
    """One column of the map."""

    key: str
    name: str
    feeling: str
    net: str
    low: float | None
    high: float | None
    people: str  # nothing where a moment of the stage is of few people
    set: str | None
    moments: Sequence[Activity]
    decisions: Sequence[Activity]
    internals: Sequence[Activity]
    owners: str


def leaning(net: float | None, low: float | None, high: float | None) -> str:
    """Whether a value is surely bad, surely good, or neither: by its whole interval."""
    if net is None or low is None or high is None:
        return "silent"
    if high < 0:
        return "very-bad" if net <= -_STRONG else "bad"
    if low > 0:
        return "very-good" if net >= _STRONG else "good"
    return "mixed"


def stages(rows: Mapping[str, Sequence[Row]], moments: Section, book: QuoteBook, least_group: int = 1) -> list[Stage]:
    """Return the columns of the map in the order of the journey.

    Args:
        rows: the answers; ``stages``, ``activities`` and ``taxonomy`` are read.
        moments: what `sections.moments` gave.
        book: where the numbers' quotes are kept.
        least_group: of fewer people nothing is told.
    """
    questions = {decision.stage: decision.words for decision in activities().decisions}
    urgent = [row["label"] for row in moments["ranked"] if row["need"] >= 0.5 and row["high"] < 0][:_N_URGENT]
    drawn = []
    for row in rows["stages"]:
        own = [moment for moment in moments["rows"] if moment["stage"] == row["label"]]
        told = [each for each in rows["activities"] if each["stage"] == row["label"]]
        is_few = row["n_mentions"] < FEW or row["n_customers"] < least_group
        shown = [moment for moment in own if not moment["is_small"]]
        is_whole = len(shown) == len(own)  # else the stage less the moments that are shown would tell of few people
        n_mentions = row["n_mentions"] if is_whole else sum(moment["n_mentions"] for moment in shown)
        is_heard = row["n_mentions"] > 0
        drawn.append(Stage(
            key=row["label"],
            name=row["name"],
            feeling=("few" if is_heard else "silent") if is_few else leaning(row["net"], row["low"], row["high"]),
            net="–" if is_few else points(row["net"]),
            low=None if is_few else row["low"],
            high=None if is_few else row["high"],
            people=people(shielded(row, least_group)["n_customers"]) if is_heard and is_whole else "",
            set=book.stage(row["label"], [each["label"] for each in shown], "", title=row["name"], n=n_mentions),
            moments=[*(_moment(each, urgent) for each in own), *_silent(rows["taxonomy"], row["label"], own)],
            decisions=[_decision(row["label"], questions[row["label"]], told, book, least_group)],
            internals=_internals(row["label"], told, book, least_group),
            owners=_owners(own),
        ))  # fmt: skip
    return drawn


def at_a_glance(drawn: Sequence[Stage]) -> dict[str, tuple[int, str]]:
    """Say how many moments surely work and how many surely do not, and name them, the loudest first."""
    everything = sorted((each for stage in drawn for each in stage.moments), key=lambda each: -each.n)
    named = {
        verdict: [each.name for each in everything if VERDICTS[each.feeling] == verdict]
        for verdict in ("needs improvement", "works well")
    }
    return {
        verdict: (
            len(names),
            listed([*names[:_MOST_NAMED], *([f"{len(names) - _MOST_NAMED} more"] if names[_MOST_NAMED:] else [])]),
        )
        for verdict, names in named.items()
    }


def _moment(row: Row, urgent: Sequence[str]) -> Activity:
    flag = "critical" if row["is_critical"] else "urgent" if row["label"] in urgent else ""
    if row["is_few"]:
        value = people(row["n_customers"]) if row["is_small"] else count(row["n_mentions"], "mention")
        return Activity(row["label"], "moment", row["name"], 1, "few", value, flag, row["all"])
    value = f"{points(row['net'])} · {people(row['n_customers'])}"
    feeling = leaning(row["net"], row["low"], row["high"])
    return Activity(row["label"], "moment", row["name"], row["n_mentions"], feeling, value, flag, row["all"])


def _silent(taxonomy: Sequence[Row], stage: str, spoken: Sequence[Row]) -> list[Activity]:
    heard = {row["label"] for row in spoken}
    return [
        Activity(row["label"], "moment", row["name"], 0, "silent", VERDICTS["silent"],
                 "critical" if row["is_critical"] else "", None)
        for row in taxonomy
        if row["family"] == "moment" and row["stage"] == stage and row["label"] not in heard
    ]  # fmt: skip


def _decision(stage: str, question: str, told: Sequence[Row], book: QuoteBook, least_group: int) -> Activity:
    row = next((each for each in told if each["kind"] == "decision"), None)
    key = f"choice {stage}"
    if row is None:
        return Activity(key, "decision", question, 0, "silent", "nobody said", "", None)
    if row["n_customers"] < max(least_group, 1):
        return Activity(key, "decision", question, 1, "few", people(f"<{least_group}"), "", None)
    few = f"<{least_group}"
    goes, turns = (few if 0 < n < least_group else n for n in (row["n_for"], row["n_against"]))
    sides = [("signal", "churn", ""), ("signal", "champion", ""), ("unmeasurable", "affinity", "+"),
             ("unmeasurable", "affinity", "-"), ("moment", "loyalty", "neg"), ("moment", "loyalty", "pos")]  # fmt: skip
    opened = book.beside(stage, "choice", sides, title=f"{question} What customers say", n=row["n_mentions"])
    value = f"{goes} go on · {turns} turn away"
    feeling = leaning(row["net"], row["low"], row["high"]) if row["n_customers"] >= FEW else "few"
    return Activity(key, "decision", question, row["n_mentions"], feeling, value, "", opened)


def _internals(stage: str, told: Sequence[Row], book: QuoteBook, least_group: int) -> list[Activity]:
    enough = max(least_group, 2)
    rows = [each for each in told if each["kind"] == "internal" and each["n_customers"] >= enough][:_MOST_INTERNAL]
    return [
        Activity(
            f"{stage} {row['label']}", "internal", row["name"], row["n_mentions"], "plain", people(row["n_customers"]),
            "", book.beside(stage, row["label"], [("warning", row["label"], "")], title=row["worse"] or row["name"],
                        n=row["n_mentions"]),
        )
        for row in rows
    ]  # fmt: skip


def _owners(own: Sequence[Row]) -> str:
    """The back offices that answer for what customers complain of at a stage, most complaints first."""
    loads: dict[str, int] = {}
    for row in own:
        if row["office"] == "back" and not row["is_few"]:
            loads[row["owner"]] = loads.get(row["owner"], 0) + row["n_negative"]
    return ", ".join(sorted((owner for owner, n in loads.items() if n), key=lambda owner: -loads[owner])[:_MOST_OWNERS])
