"""What people said, as a frame: the one way in for everything that learns or measures from it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl

from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.items import SENTIMENT, STRENGTHS, Answer, split_code

#: Columns of `reviews`: one row per mention, reviewer and label.
REVIEWS: Final[dict[str, pl.DataType]] = {
    "mention_id": pl.String(),  # when it was asked; a correction may have moved it (table reviews has today's)
    "feedback_id": pl.String(),
    "position": pl.Int32(),  # of the mention in its feedback, from 1, when it was asked
    "text": pl.String(),  # the mention's words, masked
    "start": pl.Int64(),  # in document, characters
    "end": pl.Int64(),  # exclusive
    "document": pl.String(),  # the whole masked text when it was asked
    "speaker": pl.String(),  # customer or null: agents are not asked about
    "channel": pl.String(),  # letter, call, social
    "family": pl.String(),  # moment, unmeasurable, warning, signal, sentiment, mark
    "label": pl.String(),  # id in the taxonomy; sentiment: -2 … 2; mark: the reviewer's own word
    "polarity": pl.String(),  # + or -, unmeasurables only
    "decision": pl.String(),  # yes, no: every label that the reviewer saw has one
    "reviewer": pl.String(),  # keyed hash of the reviewer's name
    "reviewed_at": pl.Datetime("us", "UTC"),
    "slice": pl.String(),  # random, uncertain; marked for marks
    "sampling_probability": pl.Float64(),  # random only: chance that a text is in the slice, with all its mentions
    "model_probability": pl.Float64(),  # the night's (model or rule) when it was asked; null where it gave no tag
    "model_decision": pl.String(),  # the night's when it was asked, people left out: yes, unsure, no (no tag)
    "model_version": pl.String(),
    "taxonomy_version": pl.String(),
    "run_id": pl.String(),  # the run whose snapshot was reviewed
}

_LABEL: Final = ("place", "family", "label", "polarity", "decision", "model_probability", "model_decision")
_ABOUT: Final = ("place", *(name for name in REVIEWS if name not in _LABEL))
_COLUMNS: Final = REVIEWS | {"place": pl.Int64()}


def reviews(workspace: Workspace) -> pl.DataFrame:
    """Return what reviewers say, columns `REVIEWS`, in the order of answering; empty before the first answer.

    Of one reviewer's answers to one mention the latest counts; reviewers are kept apart, so a mention that two people
    judged has two rows a label. An answer is a complete judgement: each label that was in the taxonomy then has a row,
    yes or no, sentiment has five. Marks (family ``mark``, slice ``marked``) are rows of their own.

    ``slice`` is honest for estimates: ``random`` are exactly the customers' mentions of the texts that a simple random
    sample of texts (duplicates left out) took in, also those that were answered first because they were uncertain; all
    of them together, each weighed by 1 / ``sampling_probability``, stand for all. Mentions of one text come together:
    draw whole texts when you resample.

    Raises:
        ReviewError: a line of the journal is damaged.
    """
    return frame(journal.answers(workspace))


def frame(lines: Iterable[Answer]) -> pl.DataFrame:
    """Return `reviews` of these lines of the journal."""
    judged, marks = standing(lines)
    given = [*judged, *marks]
    shares = [*_sampled(judged), *(None for _ in marks)]
    about = [_about(place, answer, share) for place, (answer, share) in enumerate(zip(given, shares, strict=True))]
    labels = [row for place, answer in enumerate(given) for row in _labels(place, answer)]
    # two frames and a join: a document is held once, not once a label
    frames = [
        pl.DataFrame(rows, schema={name: _COLUMNS[name] for name in names}, orient="row")
        for rows, names in ((labels, _LABEL), (about, _ABOUT))
    ]
    joined = frames[0].join(frames[1], on="place", how="left", maintain_order="left")
    return joined.select(list(REVIEWS)).sort("reviewed_at", maintain_order=True)


def standing(lines: Iterable[Answer]) -> tuple[list[Answer], list[Answer]]:
    """Return the answers and the marks that stand, each in the order of answering: the latest not taken back."""
    given: dict[tuple[str, str], list[Answer]] = {}  # what a reviewer said of a mention, the latest last
    marks: dict[tuple[str, str, str], Answer] = {}
    for line in lines:
        key = (line.reviewer, line.item.key)
        if line.kind in ("answer", "withdrawn"):
            said = given.pop(key, [])
            given[key] = [*said, line] if line.kind == "answer" else said[:-1]
        for code in line.yes if line.kind in ("mark", "unmark") else ():
            marks.pop((*key, code), None)
            if line.kind == "mark":
                marks[*key, code] = line.model_copy(update={"yes": (code,)})
    return [said[-1] for said in given.values() if said], list(marks.values())


def judged_places(lines: Iterable[Answer]) -> pl.DataFrame:
    """Return every mention that anyone ever answered, taken back or not: feedback_id, position, text."""
    places = {(line.item.feedback_id, line.item.position, line.item.text) for line in lines if line.kind != "mark"}
    schema = {name: REVIEWS[name] for name in ("feedback_id", "position", "text")}
    return pl.DataFrame(sorted(places), schema=schema, orient="row")


def _sampled(answers: list[Answer]) -> list[float | None]:
    """Return for each answer the probability with which the random slice takes its mention in; None: it is not in.

    The slice takes texts in the order of permanent random numbers (Ohlsson 1995), so it is at any time those below a
    limit. An answer that was given for another reason but lies below the limit reached then or later is in it, too:
    without those, the uncertain would be missing from the sample.
    """
    limit, share = 0.0, 0.0
    found: list[float | None] = []
    for answer in reversed(answers):
        item = answer.item
        if item.slice == "random":
            limit, share = max(limit, item.draw), max(share, item.sampling_probability or 0.0)
        found.append(share if share and item.draw <= limit else None)
    return found[::-1]


def _about(place: int, answer: Answer, share: float | None) -> tuple[Any, ...]:
    item = answer.item
    which = "marked" if answer.kind == "mark" else "uncertain" if share is None else "random"
    return (
        place, item.mention_id, item.feedback_id, item.position, item.text, item.start, item.end, item.document,
        item.speaker, item.channel, answer.reviewer, answer.reviewed_at, which, share, item.model_version,
        item.taxonomy_version, item.run_id,
    )  # fmt: skip


def _labels(place: int, answer: Answer) -> Iterator[tuple[Any, ...]]:
    if answer.kind == "mark":
        yield from ((place, *split_code(code), "yes", None, None) for code in answer.yes)
        return
    chosen = {*answer.yes, f"{SENTIMENT}:{answer.sentiment}"}
    for code in [*(f"{SENTIMENT}:{strength}" for strength in STRENGTHS), *answer.item.labels]:
        said = answer.item.said.get(code)
        decision = "yes" if code in chosen else "no"
        yield (place, *split_code(code), decision, said and said.probability, said.decision if said else "no")
