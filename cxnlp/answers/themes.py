"""What people talk about within each moment, in wishes, and about none."""

from typing import Any, Final

import duckdb

from cxnlp.answers.wrong import NotThere, WrongQuestion

QUOTES: Final = 10

_LIST: Final = """
SELECT ground, theme_id, name, is_named, is_pinned, n_mentions, n_customers, net_sentiment, born_on, first_on, last_on
FROM themes_all
WHERE $1::VARCHAR IS NULL OR ground = $1 OR label = $1
ORDER BY ground, n_customers DESC, theme_id
"""
_ONE: Final = "SELECT * EXCLUDE (quote_1, quote_2, quote_3) FROM themes_all WHERE theme_id = $1"
_QUOTES: Final = """
SELECT mention_id, occurred_on, sentiment, quote FROM theme_evidence WHERE theme_id = $1
QUALIFY row_number() OVER (PARTITION BY person_key ORDER BY similarity DESC NULLS LAST, mention_id) = 1
ORDER BY similarity DESC NULLS LAST, mention_id LIMIT $2
"""
_EVENTS: Final = """
SELECT happened_on, theme_id, event, other_id, n_mentions, is_by_person FROM theme_events
WHERE theme_id = $1 OR other_id = $1 ORDER BY happened_on, event, theme_id
"""
_FIND: Final = """
SELECT theme_id, ground, state, into_id FROM themes
WHERE starts_with(theme_id, $1) OR starts_with(theme_id, 'th-' || $1)
ORDER BY theme_id
"""


def themes(
    connection: duckdb.DuckDBPyConnection, ground: str | None = None, least_group: int = 1
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the living themes, ground by ground, most people first.

    Args:
        connection: of `open_published`.
        ground: moment.delivery or delivery, signal.suggestion, outside; all when None.
        least_group: as ``privacy.least_group``: a theme of fewer people, which somebody pinned, has neither numbers nor
            words of theirs. 1 tells all.

    Raises:
        NotThere: a ground without themes is asked for.
    """
    rows = connection.execute(_LIST, [ground]).pl().to_dicts()
    if ground is not None and not rows:
        found = connection.execute("SELECT DISTINCT ground FROM themes ORDER BY 1").fetchall()
        there = ", ".join(name for (name,) in found) or "nothing yet"
        raise NotThere(f"themes: found none on {ground!r}. There are themes on: {there}.")
    return [_shared(row, least_group) for row in rows]


def theme(connection: duckdb.DuckDBPyConnection, name: str, least_group: int = 1) -> dict[str, Any]:
    """Return one theme by its id or the beginning of it: its numbers, ``quotes`` (one a person) and ``events``.

    ``least_group`` is that of `themes`; there is no quote of fewer people either.

    Raises:
        NotThere, WrongQuestion: as `alive` does.
    """
    theme_id = alive(connection, name)[0]
    about = connection.execute(_ONE, [theme_id]).pl().to_dicts()
    found: dict[str, Any] = about[0] if about else {"theme_id": theme_id}
    found["quotes"] = connection.execute(_QUOTES, [theme_id, QUOTES]).pl().to_dicts()
    found["events"] = connection.execute(_EVENTS, [theme_id]).pl().to_dicts()
    return _shared(found, least_group)


def _shared(about: dict[str, Any], least_group: int) -> dict[str, Any]:
    """A theme as it may be passed on."""
    if (about.get("n_customers") or 0) >= least_group:
        return about
    hidden: dict[str, Any] = dict.fromkeys(name for name in about if name.startswith(("n_", "net_sentiment")))
    if not about.get("is_named"):
        hidden["name"] = None
    if "quotes" in about:
        hidden |= {"quotes": [], "events": [event | {"n_mentions": None} for event in about["events"]]}
    return about | hidden


def alive(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, str]:
    """Return the whole id and the ground of a living theme; one that went into another is that one.

    Raises:
        NotThere: there is none, or it has ended.
        WrongQuestion: several ids begin so.
    """
    rows = connection.execute(_FIND, [name]).fetchall()
    if len(rows) > 1 and (exact := [row for row in rows if row[0] == name]):
        rows = exact
    if len(rows) > 1:
        raise WrongQuestion(
            f"theme {name!r}: found {len(rows)} that begin so. Write more of it: {rows[0][0]}, {rows[1][0]} …"
        )
    if not rows:
        raise NotThere(f"theme {name!r}: not found. `cxnlp themes list` shows the ids of those that are alive.")
    theme_id, ground, state, into_id = rows[0]
    if state == "merged":
        return alive(connection, into_id)
    if state == "ended":
        raise NotThere(f"theme {theme_id}: found that it has ended, too few people are left in it. Choose one of "
                       "`cxnlp themes list`.")  # fmt: skip
    return theme_id, ground
