"""What a night does to the themes of one ground: mentions join, themes are born, meet and part.

A mention that has a theme keeps it: only a merge, a split or an end moves it. So the cost of a night grows with what is
new, and what an analyst saw yesterday is there today.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from cxnlp.insight.themes.directions import SCALE, Bytes, Sums, mean_cosines, nearest
from cxnlp.insight.themes.grouping import ALONE, NEAR, SLACK, grouped

#: Most mentions that are grouped at once, the newest: cost and memory are those of its square.
POOL: Final = 3_000

#: New themes are looked for when so many mentions wait, or this share of those that could become one.
_LEAST_WAITING: Final = 30
_WAITING_SHARE: Final = 0.05

#: A new theme has at least so many people, and at least this share of the mentions that were grouped.
LEAST_PEOPLE: Final = 6
_LEAST_SHARE: Final = 0.005

#: A theme is looked at whether it should split when it has grown so many times since it was last looked at.
_GROWN: Final = 1.5
_PART_SHARE: Final = 0.2

_ROUNDS: Final = 5


@dataclass(frozen=True)
class Mentions:
    """Mentions of one ground, newest last: ids, who said them, where they point (n, width)."""

    ids: Sequence[str]
    people: Sequence[str]
    pointing: Bytes

    def __len__(self) -> int:
        return len(self.ids)

    def sum(self) -> Sums:
        """Return the sum of their directions."""
        return np.asarray(self.pointing.sum(axis=0, dtype=np.int64))

    def some(self, rows: Sequence[int]) -> "Mentions":
        """Return these rows, in this order."""
        return Mentions([self.ids[row] for row in rows], [self.people[row] for row in rows], self.pointing[list(rows)])


@dataclass(frozen=True)
class Theme:
    """A theme as the night needs it; ``vector_sum`` is the sum of the directions of ``n_summed`` of its mentions.

    While an encoder takes the place of another one, others are not read anew yet; they are its mentions all the same.
    """

    theme_id: str
    n_mentions: int
    n_summed: int
    vector_sum: Sums
    is_pinned: bool = False
    n_looked_at: int = 0

    @property
    def is_seen(self) -> bool:
        """Whether enough of its mentions have directions to say where it points."""
        return self.n_summed >= max(1, min(LEAST_PEOPLE, self.n_mentions))

    def with_mentions(self, n: int, vector_sum: Sums, n_unsummed: int = 0) -> "Theme":
        """With more mentions (fewer, when negative), their directions and how many of them have none."""
        return replace(
            self,
            n_mentions=self.n_mentions + n,
            n_summed=self.n_summed + n - n_unsummed,
            vector_sum=self.vector_sum + vector_sum,
        )


@dataclass(frozen=True)
class Event:
    """Something that happened to a theme."""

    theme_id: str
    event: str  # born, split, merged, ended
    other_id: str | None
    n_mentions: int
    is_by_person: bool = False


@dataclass
class Growing:
    """The living themes of one ground, and what a night has done to them since it was last written."""

    ground: str
    themes: dict[str, Theme]
    claims: dict[str, frozenset[str]] = field(default_factory=dict)  # theme_id → mentions that people knew it by
    retired: frozenset[str] = frozenset()  # ids that are not given again
    joined: dict[str, tuple[str, float]] = field(default_factory=dict)  # mention_id → theme_id, mean cosine
    moved: dict[str, str] = field(default_factory=dict)  # theme_id → theme_id that all its mentions went to
    events: list[Event] = field(default_factory=list)
    _stored: dict[str, Theme] = field(default_factory=dict)

    def take(self, theme: Theme, *, is_changed: bool) -> None:
        """Begin with a theme that is stored; ``is_changed``: not as it is here."""
        self.themes[theme.theme_id] = theme
        if not is_changed:
            self._stored[theme.theme_id] = theme

    def changed(self) -> list[Theme]:
        """Return the themes that are not stored as they are."""
        return [theme for name, theme in sorted(self.themes.items()) if self._stored.get(name) is not theme]

    def written(self) -> None:
        """Note that all of this is stored now."""
        self._stored = dict(self.themes)
        self.retired |= self.moved.keys()
        self.joined, self.moved, self.events = {}, {}, []

    def join(self, mentions: Mentions) -> Mentions:
        """Let mentions join the nearest theme that is near enough; return those that did not."""
        names = [name for name, theme in self.themes.items() if theme.is_seen]
        if not names or not len(mentions):
            return mentions
        sums = np.stack([self.themes[name].vector_sum for name in names])
        counts = np.array([self.themes[name].n_summed for name in names])
        best, nearness = nearest(mentions.pointing, sums, counts)
        for number, name in enumerate(names):
            rows = np.flatnonzero((best == number) & (nearness >= NEAR))
            self._add(name, mentions.some(rows.tolist()), nearness[rows].tolist())
        return mentions.some(np.flatnonzero(nearness < NEAR).tolist())

    def give_birth(self, waiting: Mentions, least_group: int) -> Mentions:
        """Group the newest of those that wait into new themes, until there are none; return those still waiting."""
        for _ in range(_ROUNDS):
            first = max(0, len(waiting) - POOL)
            newest = waiting.some(range(first, len(waiting)))
            least = max(LEAST_PEOPLE, least_group, round(_LEAST_SHARE * len(newest)))
            groups = grouped(newest.pointing, newest.people, least)
            if not (groups != ALONE).any():
                break
            for group in range(groups.max() + 1):
                self._bear(newest.some(np.flatnonzero(groups == group).tolist()), "born", None)
            waiting = self.join(waiting.some([at for at, name in enumerate(waiting.ids) if name not in self.joined]))
            if first == 0:
                break
        return waiting

    def merge(self) -> None:
        """Let themes that have come as near to each other as one theme's members are become one, the larger."""
        while pair := self._nearest():
            one, other = sorted(pair, key=lambda theme: (not theme.is_pinned, -theme.n_mentions, theme.theme_id))
            self.merge_into(other.theme_id, one.theme_id)

    def merge_into(self, gone: str, kept: str, *, is_by_person: bool = False) -> None:
        """Give all mentions of one theme to another."""
        one, other = self.themes[kept], self.themes.pop(gone)
        n_unsummed = other.n_mentions - other.n_summed
        self.themes[kept] = one.with_mentions(other.n_mentions, other.vector_sum, n_unsummed)
        self.joined = {name: (kept if t == gone else t, near) for name, (t, near) in self.joined.items()}
        self.moved = {name: kept if to == gone else to for name, to in self.moved.items()} | {gone: kept}
        self.events.append(Event(gone, "merged", kept, other.n_mentions, is_by_person))

    def split(self, members_of: Callable[[str], Mentions], least_group: int) -> None:
        """Look at themes that have grown: one whose members have fallen into parts keeps the largest part."""
        for theme in list(self.themes.values()):
            if theme.is_pinned or theme.n_mentions < max(_GROWN * theme.n_looked_at, 4 * LEAST_PEOPLE):
                continue
            members = members_of(theme.theme_id)
            self._part(theme, members, least_group)
            grown = self.themes[theme.theme_id]
            self.themes[theme.theme_id] = replace(grown, n_looked_at=grown.n_mentions)

    def _part(self, theme: Theme, members: Mentions, least_group: int) -> None:
        least = max(LEAST_PEOPLE, least_group, round(_PART_SHARE * len(members)))
        groups = grouped(members.pointing, members.people, least, NEAR - SLACK)
        for group in range(1, groups.max() + 1):
            part = members.some(np.flatnonzero(groups == group).tolist())
            self.themes[theme.theme_id] = self.themes[theme.theme_id].with_mentions(-len(part), -part.sum())
            self._bear(part, "split", theme.theme_id)

    def _bear(self, members: Mentions, event: str, parent: str | None) -> None:
        name = self._identity(members)
        self.themes[name] = Theme(name, 0, 0, np.zeros(members.pointing.shape[1], np.int64))
        total, counts = members.sum()[None, :], np.array([len(members)])
        self._add(name, members, mean_cosines(members.pointing, total, counts)[:, 0].tolist())
        self.themes[name] = replace(self.themes[name], n_looked_at=len(members))
        self.events.append(Event(name, event, parent, len(members)))

    def _add(self, name: str, mentions: Mentions, nearness: list[float]) -> None:
        self.themes[name] = self.themes[name].with_mentions(len(mentions), mentions.sum())
        self.joined |= {id_: (name, round(near, 4)) for id_, near in zip(mentions.ids, nearness, strict=True)}

    def _identity(self, members: Mentions) -> str:
        """The id that people know a theme with these mentions by, else one made of its most typical mention."""
        own = set(members.ids)
        for name, known in self.claims.items():
            if self._is_free(name) and 2 * len(own & known) > len(known):
                return name
        middle = mean_cosines(members.pointing, members.sum()[None, :], np.array([len(members)]))[:, 0]
        typical = min(zip((-middle).tolist(), members.ids, strict=True))[1]
        attempt = 0
        while not self._is_free(name := _hash(self.ground, typical, attempt)):
            attempt += 1
        return name

    def _is_free(self, name: str) -> bool:
        return name not in self.themes and name not in self.moved and name not in self.retired

    def _nearest(self) -> tuple[Theme, Theme] | None:
        """The two themes that are nearest to each other, if that is near enough; never two that are pinned."""
        themes = [theme for theme in self.themes.values() if theme.is_seen]
        if len(themes) < 2:
            return None
        counts = np.array([theme.n_summed for theme in themes], dtype=np.float64)
        means = np.stack([theme.vector_sum for theme in themes]) / (counts[:, None] * SCALE)
        near = np.round(means @ means.T, 6)
        pinned = np.array([theme.is_pinned for theme in themes])
        near[np.ix_(pinned, pinned)] = -1
        np.fill_diagonal(near, -1)
        one, other = divmod(int(near.argmax()), len(themes))
        return (themes[one], themes[other]) if near[one, other] >= NEAR + SLACK else None


def is_time(n_waiting: int, n_alone: int) -> bool:
    """Whether so many mentions wait since new themes were last looked for that it is worth looking again."""
    return n_waiting >= max(_LEAST_WAITING, _WAITING_SHARE * min(n_alone, POOL))


def _hash(ground: str, typical: str, attempt: int) -> str:
    words = f"{ground}|{typical}|{attempt}" if attempt else f"{ground}|{typical}"
    return "th-" + hashlib.blake2b(words.encode(), digest_size=5).hexdigest()
