"""What the night reads of one ground."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from cxnlp.insight.themes.directions import Bytes, Middle, Sums, directions, widely_said
from cxnlp.insight.themes.growing import POOL, Mentions
from cxnlp.insight.themes.hearing import sql
from cxnlp.insight.themes.naming import Saying

_ALL: Final = 2**40

#: Lonely mentions, the newest, that are looked at when new themes are looked for.
_ALONE: Final = 10_000

#: The middle of a ground is taken anew when the ground has doubled, until it is that of so many mentions.
ENOUGH: Final = 5_000

#: Sayings, the newest, that are read to name a theme, and those of the whole ground that they are compared with.
_READ, _COMPARED = 500, 3_000


class Ground:
    """One ground in the database, as `hearing.hear` keeps it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, encoder: str) -> None:
        """Read nothing yet; ``encoder`` is the version whose vectors count."""
        self._connection, self.name, self.encoder = connection, name, encoder
        self.middle: Middle | None = None

    def counts(self) -> dict[str, int]:
        """Count mentions, as counted.sql says: n_any, n_fresh, n_alone."""
        rows = self._connection.execute(sql("counted"), {"ground": self.name, "encoder": self.encoder}).pl().to_dicts()
        return dict(rows[0])

    def known(self) -> list[dict[str, Any]]:
        """Return the living themes, as known.sql says."""
        return self._connection.execute(sql("known"), {"ground": self.name}).pl().to_dicts()

    def stored(self) -> dict[str, Any] | None:
        """Return the row of the table theme_grounds, of this encoder."""
        query = "FROM theme_grounds WHERE ground = $1 AND encoder_version = $2"
        rows = self._connection.execute(query, [self.name, self.encoder]).pl().to_dicts()
        return rows[0] if rows else None

    def retired(self) -> frozenset[str]:
        """Return the themes that went into others: their ids are not given again."""
        query = "SELECT theme_id FROM themes WHERE state = 'merged'"
        return frozenset(name for (name,) in self._connection.execute(query).fetchall())

    def title(self) -> str:
        """The words that the taxonomy names the ground by."""
        query = "SELECT name FROM taxonomy WHERE family || '.' || id = $1"
        rows = self._connection.execute(query, [self.name]).fetchall()
        return str(rows[0][0]) if rows else ""

    def take_middle(self, least_people: int) -> None:
        """Take the middle of the newest mentions as the point that directions are seen from, and its words."""
        frame = self._frame("any", most=ENOUGH)
        bound = [frame["mention_id"].to_list()]
        felt = dict(self._connection.execute(sql("felt"), bound).fetchall())
        vectors = frame["vector"].to_numpy()
        feelings = [felt.get(name) for name in bound[0]]
        people = frame["person_key"].to_list()
        self.middle = Middle.of(vectors, frame["text"].to_list(), feelings, people, least_people)

    def forget_words(self, least_people: int) -> bool:
        """Drop the weights of stems that too few of the newest mentions' people say; return whether there were any."""
        assert self.middle is not None
        said = self._said(None, ENOUGH)
        common = widely_said([text for *_, text in said], [person for _, person, _ in said], least_people)
        weights = {stem: weight for stem, weight in self.middle.weights.items() if stem in common}
        is_less = len(weights) < len(self.middle.weights)
        self.middle = replace(self.middle, weights=weights)
        return is_less

    def fresh(self) -> Mentions:
        """Mentions that were not looked at yet."""
        return self._mentions("fresh")

    def alone(self) -> Mentions:
        """The newest mentions that were looked at and have no theme."""
        return self._mentions("alone", most=_ALONE)

    def members(self, theme_id: str) -> Mentions:
        """The newest mentions of a theme."""
        return self._mentions("themes", [theme_id], most=POOL)

    def sums(self, theme_ids: Sequence[str]) -> dict[str, tuple[int, Sums]]:
        """Make sums of directions anew: theme → how many of its mentions have a vector, and their sum."""
        frame = self._frame("themes", theme_ids)
        pointing = self._pointing(frame)
        owners = frame["theme_id"].to_numpy()
        found = {name: pointing[owners == name] for name in theme_ids}
        return {name: (len(own), np.asarray(own.sum(axis=0, dtype=np.int64))) for name, own in found.items()}

    def sayings(self, theme_ids: Sequence[str]) -> dict[str, list[Saying]]:
        """What people said lately in each of some themes."""
        found: dict[str, list[Saying]] = {name: [] for name in theme_ids}
        for theme_id, *saying in self._said(theme_ids, _READ):
            found[theme_id].append(Saying(*saying))
        return found

    def all_sayings(self) -> list[Saying]:
        """What people said lately on the whole ground."""
        return [Saying(*saying) for _, *saying in self._said(None, _COMPARED)]

    def _said(self, theme_ids: Sequence[str] | None, most: int) -> list[tuple[str, str, str]]:
        bound = {"ground": self.name, "themes": theme_ids, "most": most}
        return self._connection.execute(sql("sayings"), bound).fetchall()

    def _mentions(self, which: str, theme_ids: Sequence[str] = (), most: int = _ALL) -> Mentions:
        frame = self._frame(which, theme_ids, most).reverse()
        return Mentions(frame["mention_id"].to_list(), frame["person_key"].to_list(), self._pointing(frame))

    def _pointing(self, frame: pl.DataFrame) -> Bytes:
        assert self.middle is not None
        return directions(frame["vector"].to_numpy(), frame["text"].to_list(), self.middle)

    def _frame(self, which: str, theme_ids: Sequence[str] = (), most: int = _ALL) -> pl.DataFrame:
        bound = {"ground": self.name, "encoder": self.encoder, "which": which, "themes": list(theme_ids), "most": most}
        return self._connection.execute(sql("pointing"), bound).pl()
