"""The night's work on themes: ground by ground, what is new joins, what is lonely groups, what changed is written."""

from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, Final

import duckdb
import numpy as np

from cxnlp.insight.themes import edits, hearing, naming
from cxnlp.insight.themes.directions import Middle
from cxnlp.insight.themes.edits import Wishes
from cxnlp.insight.themes.growing import Event, Growing, Theme, is_time
from cxnlp.insight.themes.reading import ENOUGH, Ground
from cxnlp.insight.themes.writing import store

#: A ground with fewer mentions has no themes yet: its middle would be that of a few sayings.
LEAST_MENTIONS: Final = 50

_GROUNDS: Final = """
SELECT ground FROM theme_mentions UNION SELECT ground FROM themes WHERE state = 'alive' ORDER BY ground
"""

#: The encoder of most vectors: while nights replace those of another one, the rest wait.
_ENCODER: Final = "SELECT mode(encoder_version ORDER BY encoder_version) FROM mention_vectors"


@dataclass(frozen=True)
class Tonight:
    """What holds for all grounds."""

    night: date
    run_id: str
    least_group: int
    wanted: Wishes


def grow(
    connection: duckdb.DuckDBPyConnection, *, night: date, run_id: str, least_group: int, wanted: Wishes | None = None
) -> None:
    """Bring the tables ``themes``, ``theme_mentions``, ``theme_grounds`` and ``theme_events`` up to date.

    Reads mentions, settled tags and vectors. Nothing new means that nothing changes; the same data in the same nights
    give the same rows. A run of words is in a name only when ``least_group`` people on the ground write it, and a
    theme of fewer people ends, unless a person has pinned it.

    Args:
        connection: the working database, inside the night's transaction.
        night: day that the night is for.
        run_id: id of the run.
        least_group: ``privacy.least_group``.
        wanted: what people decided.
    """
    encoder = connection.execute(_ENCODER).fetchall()[0][0]
    if encoder is None:  # nothing is left, or nothing was read yet: no name may outlive the words that it is made of
        hearing.forget_all(connection)
        return
    tonight = Tonight(night, run_id, least_group, wanted or edits.wishes([]))
    hearing.hear(connection, encoder)
    edits.apply(connection, tonight.wanted, night=night, run_id=run_id)
    hearing.run(connection, "people", {"least_group": least_group})
    for (name,) in connection.execute(_GROUNDS).fetchall():
        _grow(connection, Ground(connection, name, encoder), tonight)
    hearing.run(connection, "held")
    edits.apply(connection, tonight.wanted, night=night, run_id=run_id)  # of themes that were born again tonight


def _grow(connection: duckdb.DuckDBPyConnection, ground: Ground, tonight: Tonight) -> None:
    """One ground's night."""
    known, stored, counts = ground.known(), ground.stored(), ground.counts()
    n_all = counts["n_any"]
    doubtful = {row["theme_id"] for row in known if _is_doubtful(row)}
    has_ended = any(_is_over(row, tonight) for row in known)
    has_lost = stored is not None and (stored["n_held"] is None or stored["least_group"] != tonight.least_group)
    if not (counts["n_fresh"] or doubtful or has_ended or has_lost) or (not known and n_all < LEAST_MENTIONS):
        return
    ground.middle = _middle(stored)
    is_new = ground.middle is None or ground.middle.n < min(ENOUGH, (n_all + 1) // 2)
    if is_new:
        ground.take_middle(tonight.least_group)
    is_turned = is_new or (has_lost and ground.forget_words(tonight.least_group))
    growing = _started(ground, known, doubtful, tonight, is_turned=is_turned)
    fresh = ground.fresh()
    n_waiting = len(growing.join(fresh)) + (stored["n_waiting"] if stored else 0)
    store(connection, growing, looked_at=fresh.ids, night=tonight.night, run_id=tonight.run_id)
    if is_new or is_time(n_waiting, ground.counts()["n_alone"]):
        alone = ground.alone()
        growing.give_birth(growing.join(alone) if is_new else alone, tonight.least_group)
        n_waiting = 0
    growing.merge()
    store(connection, growing, night=tonight.night, run_id=tonight.run_id)
    growing.split(ground.members, tonight.least_group)
    store(connection, growing, night=tonight.night, run_id=tonight.run_id)
    _remember(connection, ground, n_waiting, tonight.least_group)
    asked = {row["theme_id"] for row in known if row["name"] is not None} if has_lost or is_new else set()
    _name(connection, ground, known, doubtful | asked, tonight.least_group)


def _started(
    ground: Ground, known: list[dict[str, Any]], doubtful: set[str], tonight: Tonight, *, is_turned: bool
) -> Growing:
    """The living themes with sums that hold, all anew where directions turned; those of too few people end."""
    growing = Growing(ground.name, {}, claims=dict(tonight.wanted.claims), retired=ground.retired())
    alive = [row for row in known if not _is_over(row, tonight)]
    anew = ground.sums([row["theme_id"] for row in alive if is_turned or row["theme_id"] in doubtful])
    for row in alive:
        name = row["theme_id"]
        n_summed, total = anew[name] if name in anew else (row["n_summed"], np.array(row["vector_sum"], dtype=np.int64))
        theme = Theme(name, row["n_counted"], n_summed, total, row["is_pinned"], row["n_looked_at"])
        growing.take(theme, is_changed=name in anew)
    growing.events += [
        Event(row["theme_id"], "ended", None, row["n_mentions"]) for row in known if _is_over(row, tonight)
    ]
    return growing


def _is_doubtful(row: dict[str, Any]) -> bool:
    return row["vector_sum"] is None or row["n_summed"] is None or row["n_mentions"] != row["n_counted"]


def _is_over(row: dict[str, Any], tonight: Tonight) -> bool:
    return row["n_people"] < tonight.least_group and not row["is_pinned"]


def _middle(stored: dict[str, Any] | None) -> Middle | None:
    """The middle that a ground had; None where an older version took another one."""
    if stored is None or stored["feelings"] is None:
        return None
    centre = np.array(stored["centre"])
    felt = np.array(stored["feelings"], dtype=np.int64).reshape(-1, len(centre))
    return Middle(centre, felt, dict(zip(stored["words"], stored["weights"], strict=True)), stored["n_centred"])


def _remember(connection: duckdb.DuckDBPyConnection, ground: Ground, n_waiting: int, least_group: int) -> None:
    middle = ground.middle
    assert middle is not None
    row = {
        "ground": ground.name, "encoder_version": ground.encoder, "n_centred": middle.n, "n_waiting": n_waiting,
        "centre": middle.centre.tolist(), "feelings": middle.feelings.ravel().tolist(),
        "words": list(middle.weights), "weights": list(middle.weights.values()),
        "n_held": 0, "least_group": least_group,  # held.sql counts them
    }  # fmt: skip
    connection.execute("DELETE FROM theme_grounds WHERE ground = $1", [ground.name])
    names = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    connection.execute(f"INSERT INTO theme_grounds ({names}) VALUES ({values})", row)  # noqa: S608 - names of ours


def _name(
    connection: duckdb.DuckDBPyConnection, ground: Ground, known: list[dict[str, Any]], doubtful: set[str],
    least_group: int,
) -> None:  # fmt: skip
    """Name what has no name, when it is new or has grown by half; a name of which too few use a word is made anew."""
    before = {row["theme_id"]: _size(row["n_mentions"]) for row in known}
    asked = [
        row
        for row in ground.known()
        if not row["is_named"]
        and (
            row["theme_id"] in doubtful
            or (row["name"] is None and before.get(row["theme_id"]) != _size(row["n_mentions"]))
        )
    ]
    if not asked:
        return
    said, everyone = ground.sayings([row["theme_id"] for row in asked]), ground.all_sayings()
    nameless = {
        row["theme_id"]: said[row["theme_id"]]
        for row in asked
        if not naming.holds(row["name"], said[row["theme_id"]], everyone, least_group)
    }
    if not nameless:
        return
    found = naming.names(nameless, everyone, least_group, taken=ground.title())
    connection.executemany(
        "UPDATE themes SET name = $2 WHERE theme_id = $1", [[theme, name] for theme, name in found.items()]
    )


def _size(n_mentions: int) -> int:
    """One more for each time that a theme has grown by half."""
    return int(log(max(n_mentions, 1), 1.5))
