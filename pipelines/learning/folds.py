"""Which document is trained on, calibrated on, tested on: by document, what hangs together in one fold."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pipelines.learning.threads import by_row

Document = Mapping[str, Any]

SHARES: Final = {"test": 0.12, "calibration": 0.08, "train": 0.80}
_SHINGLE_WORDS: Final = 6
_COMMON: Final = 40  # a shingle in more documents than this is a stock phrase
_LEAST_SHARED: Final = 0.25  # of the shorter document's shingles


def split(documents: Sequence[Document], seed: int, thread_of: Callable[[Document], str]) -> dict[str, str]:
    """Give each document's id its fold, source by source; documents that repeat each other share it.

    A thread that would lie in more than one fold (a dialogue and its notes have different sources) is trained on.

    Args:
        documents: with ``id``, ``source``, ``source_row_id``, ``text``.
        seed: of the order in which documents are dealt.
        thread_of: names a document's conversation.
    """
    folds = _dealt(documents, seed)
    of_thread: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        of_thread[thread_of(document)].append(document["id"])
    for members in of_thread.values():
        if len({folds[member] for member in members}) > 1:
            folds.update((member, "train") for member in members)
    return folds


def _dealt(documents: Sequence[Document], seed: int) -> dict[str, str]:
    groups: dict[str, list[Document]] = defaultdict(list)
    for document, group in zip(documents, _groups(documents), strict=True):
        groups[group].append(document)
    by_source: dict[str, list[list[Document]]] = defaultdict(list)
    for group in sorted(groups, key=lambda name: _order(name, seed)):
        by_source[groups[group][0]["source"]].append(groups[group])
    folds: dict[str, str] = {}
    for of_source in by_source.values():
        total = sum(len(members) for members in of_source)
        wanted = [(fold, share * total) for fold, share in SHARES.items()]
        taken: Counter[str] = Counter()
        for members in of_source:
            fold = next((name for name, n in wanted if taken[name] + len(members) / 2 <= n), "train")
            taken[fold] += len(members)
            folds.update((member["id"], fold) for member in members)
    return folds


def _order(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def _groups(documents: Sequence[Document]) -> list[str]:
    """Name each document's group: the smallest id in it."""
    parent = list(range(len(documents)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for one, other in [*_same_thread(documents), *_near_duplicates(documents)]:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [str(documents[root(index)]["id"]) for index in range(len(documents))]


def _same_thread(documents: Sequence[Document]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    pairs = []
    for index, document in enumerate(documents):
        pairs.append((first.setdefault(by_row(document), index), index))
    return pairs


def _near_duplicates(documents: Sequence[Document]) -> list[tuple[int, int]]:
    of_each = [shingles(document["text"]) for document in documents]
    where: dict[str, list[int]] = defaultdict(list)
    for index, found in enumerate(of_each):
        for shingle in found:
            where[shingle].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for members in where.values():
        if len(members) <= _COMMON:
            shared.update((one, other) for at, one in enumerate(members) for other in members[at + 1 :])
        elif len(members) > _COMMON:
            shared.update((members[0], other) for other in members[1:])
    return [
        (one, other) for (one, other), n in shared.items()
        if n >= _LEAST_SHARED * min(len(of_each[one]), len(of_each[other]))
    ]  # fmt: skip


def shingles(text: str) -> set[str]:
    """Return the runs of six words in a text; of a shorter text all its words as one."""
    words = re.findall(r"\w+", text.lower())
    size = min(_SHINGLE_WORDS, max(1, len(words)))
    return {" ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
