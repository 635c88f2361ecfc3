"""What to ask next: the mentions whose judgement teaches most, and a random slice for honest estimates."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.answers import standing
from cxnlp.teaching.items import SIGNED, Item, Said, Slice, Word
from cxnlp.warehouse import store

_HERE: Final = Path(__file__).parent
_RANDOM: Final[Slice] = "random"
_UNCERTAIN: Final[Slice] = "uncertain"

#: What a wrong tag costs, beside 1 for every other label: a crisis or a leaving customer must not be missed.
STAKES: Final = {"signal:crisis": 4.0, "signal:churn": 3.0}

#: How much a mention's tags beside the most worthy one add.
REST: Final = 0.2

_LAST_RUN: Final = "SELECT run_id FROM runs ORDER BY rowid DESC LIMIT 1"
_TAXONOMY_VERSION: Final = "SELECT arg_max(taxonomy_version, rowid) FROM runs"  # of the last night that tagged
_PASSED: Final = {"feedback_id": pl.String(), "text": pl.String()}


@dataclass(frozen=True)
class Plan:
    """How many mentions are asked about at a time, and which part of them is the random slice."""

    n: int = 60
    random_share: float = 0.33

    @property
    def n_random(self) -> int:
        """Mentions of the random slice; the last text is asked about whole, so it may be more."""
        return round(self.n * self.random_share)


@dataclass(frozen=True)
class Queue:
    """What is left to ask of one batch."""

    run_id: str
    words: tuple[Word, ...]  # the labels in use
    items: tuple[Item, ...]  # not answered by anyone
    n_answered: int  # of this batch, by anyone


def draw(workspace: Workspace, plan: Plan) -> Queue:
    """Return what the newest published snapshot leaves to ask.

    It depends on the snapshot and on what was answered before it, on nothing else: whoever quits finds the rest again,
    and two who begin on the same day are asked the same. When a whole batch is answered, the next one follows.

    Raises:
        WarehouseError: nothing was published yet.
        ReviewError: the journal is damaged.
    """
    answered, _ = standing(journal.answers(workspace))
    with store.open_published(workspace.database) as connection:
        run_id = str(connection.execute(_LAST_RUN).fetchall()[0][0])
        words = vocabulary(connection)
        passed = {_place(line.item) for line in answered if line.item.run_id != run_id}
        done = {_place(line.item) for line in answered}
        while True:
            batch = _batch(connection, plan, passed, run_id, words)
            left = tuple(item for item in batch if _place(item) not in done)
            if left or not batch:
                return Queue(run_id, words, left, len(batch) - len(left))
            passed |= {_place(item) for item in batch}


def second_opinions(workspace: Workspace, reviewer: str, n: int) -> Queue:
    """Return what others answered and ``reviewer`` did not, with today's labels, in the order of the random slice.

    Where two people judge the same mentions, one sees how well they agree, and where the guideline is unclear.

    Args:
        workspace: where.
        reviewer: key of the one who is to judge.
        n: how many at most.

    Raises:
        WarehouseError: nothing was published yet.
        ReviewError: the journal is damaged.
    """
    answered, _ = standing(journal.answers(workspace))
    mine = {_place(line.item) for line in answered if line.reviewer == reviewer}
    others = {_place(line.item): line.item for line in answered if line.reviewer != reviewer}
    items = sorted((item for place, item in others.items() if place not in mine),
                   key=lambda item: (item.draw, item.feedback_id, item.position))  # fmt: skip
    with store.open_published(workspace.database) as connection:
        words = vocabulary(connection)
        run_id = str(connection.execute(_LAST_RUN).fetchall()[0][0])
    today = {"labels": tuple(word.code for word in words)}
    return Queue(run_id, words, tuple(item.model_copy(update=today) for item in items[:n]), len(mine))


def _place(item: Item) -> tuple[str, str]:
    """Name a mention by its feedback and words, which outlive corrections."""
    return item.feedback_id, item.text


def _batch(
    connection: duckdb.DuckDBPyConnection, plan: Plan, passed: Collection[tuple[str, str]], run_id: str,
    words: Sequence[Word],
) -> list[Item]:  # fmt: skip
    connection.register("passed", pl.DataFrame(sorted(passed), schema=_PASSED, orient="row"))
    connection.register("stakes", pl.DataFrame({"code": list(STAKES), "weight": list(STAKES.values())}))
    sampled = {mention_id: (text, share) for mention_id, text, share in _run(connection, "sample.sql", {"n": plan.n})}
    texts = [(name, text) for name, (text, _) in sampled.items()]
    random = whole(texts, plan.n_random)
    tags = [row for row in _run(connection, "uncertain.sql", {"most": 4 * plan.n}) if row[0] not in set(random)]
    picked = pick(tags, plan.n - len(random))
    more = [name for name in sampled if name not in {*random, *picked}]
    random += more[: plan.n - len(random) - len(picked)]
    which: dict[str, Slice] = {**dict.fromkeys(random, _RANDOM), **dict.fromkeys(picked, _UNCERTAIN)}
    groups = [list(names) for _, names in groupby(random, key=lambda name: sampled[name][0])]
    shares = {name: share for name, (_, share) in sampled.items()}
    mixed = interleave(groups, [[name] for name in picked])
    return _items(connection, mixed, which, shares, run_id, tuple(word.code for word in words))


def whole(mentions: Sequence[tuple[str, str]], n: int) -> list[str]:
    """Return the first ``n`` mentions and what else belongs to the text of the last one.

    Args:
        mentions: mention_id and the text's id, text by text.
        n: how many; none at all for 0.
    """
    last = mentions[min(n, len(mentions)) - 1][1] if n and mentions else None
    return [name for at, (name, text) in enumerate(mentions) if at < n or text == last]


def pick(tags: Sequence[tuple[str, str, str, str, float]], n: int) -> list[str]:
    """Choose ``n`` mentions: those of most worth, each label, document and wording counting less each time it is taken.

    Args:
        tags: mention_id, feedback_id, words, code, worth: one row per mention and tag.
        n: how many mentions.
    """
    of_mention: dict[str, list[tuple[str, float]]] = defaultdict(list)
    about: dict[str, tuple[str, str]] = {}
    for mention_id, feedback_id, words, code, worth in tags:
        of_mention[mention_id].append((code, worth))
        about[mention_id] = (feedback_id, words)
    taken: Counter[str] = Counter()

    def worth_of(mention_id: str) -> float:
        feedback_id, words = about[mention_id]
        worths = [worth / (1 + taken[code]) for code, worth in of_mention[mention_id]]
        worth = (1 - REST) * max(worths) + REST * sum(worths)
        return worth / (1 + 2 * taken[feedback_id] + 4 * taken[words])

    # worths only ever fall, so the top of the heap is the best as soon as its worth is up to date
    heap = [(-worth_of(name), name) for name in of_mention]
    heapq.heapify(heap)
    chosen: list[str] = []
    while heap and len(chosen) < n:
        worth, name = heapq.heappop(heap)
        if (now := -worth_of(name)) > worth + 1e-12:
            heapq.heappush(heap, (now, name))
            continue
        chosen.append(name)
        taken.update([*about[name], *(code for code, _ in of_mention[name])])
    return chosen


def interleave(*kinds: Sequence[Sequence[str]]) -> list[str]:
    """Mix groups of several kinds evenly, each kind in its order, so that who stops early has answered some of each."""
    places = []
    for kind, groups in enumerate(kinds):
        n, begun = sum(map(len, groups)), 0
        for group in groups:
            places.append(((begun + 0.5) / n, kind, list(group)))
            begun += len(group)
    return [name for _, _, group in sorted(places) for name in group]


def _items(
    connection: duckdb.DuckDBPyConnection,
    chosen: Sequence[str],
    which: dict[str, Slice],
    shares: dict[str, float],
    run_id: str,
    labels: tuple[str, ...],
) -> list[Item]:
    connection.register("chosen", pl.DataFrame({"place": range(len(chosen)), "mention_id": chosen},
                                               schema={"place": pl.Int64(), "mention_id": pl.String()}))  # fmt: skip
    version = connection.execute(_TAXONOMY_VERSION).fetchall()[0][0]
    rows = connection.execute((_HERE / "items.sql").read_text("utf-8")).pl().to_dicts()
    return [_item(row, which, shares, labels, run_id, version) for row in rows]


def _item(
    row: dict[str, Any], which: dict[str, Slice], shares: dict[str, float], labels: tuple[str, ...], run_id: str,
    taxonomy_version: str | None,
) -> Item:  # fmt: skip
    name = row["mention_id"]
    said = {
        vote["code"]: Said(probability=vote["probability"], decision=vote["decision"]) for vote in row["said"] or ()
    }
    return Item.model_validate(
        row
        | {
            "said": said,
            "slice": which[name],
            "sampling_probability": shares[name] if which[name] == "random" else None,
            "labels": labels,
            "run_id": run_id,
            "taxonomy_version": taxonomy_version,
        }
    )


def vocabulary(connection: duckdb.DuckDBPyConnection) -> tuple[Word, ...]:
    """Return the labels in use, in the order of the taxonomy, each unmeasurable with both signs."""
    columns = "family, id, name, definition, better, worse"
    rows = connection.execute(f"SELECT {columns} FROM taxonomy WHERE retired IS NULL ORDER BY rowid").fetchall()  # noqa: S608
    words = []
    for family, name, title, meaning, better, worse in rows:
        signs = (("+", better), ("-", worse)) if family == SIGNED else (("", title),)
        words += [Word(code=f"{family}:{name}{sign}", name=said or name, meaning=meaning or "") for sign, said in signs]
    return tuple(words)


def _run(connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return connection.execute((_HERE / name).read_text("utf-8"), values).fetchall()
