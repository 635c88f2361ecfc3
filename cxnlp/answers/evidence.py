"""What customers said, word for word and masked: one mention with all its tags, or quotes for a label."""

from pathlib import Path
from typing import Any, Final, Literal, get_args

import duckdb
import polars as pl

from cxnlp.answers.wrong import NotThere, WrongQuestion

Feeling = Literal["negative", "neutral", "positive"]
FEELINGS: Final[dict[str, int]] = dict(zip(get_args(Feeling), (-1, 0, 1), strict=True))

_TAG: Final = ("family", "label", "polarity", "name", "probability", "decision", "voter", "evidence")
_FOLDER: Final = Path(__file__).parent


def mention(connection: duckdb.DuckDBPyConnection, mention_id: str) -> dict[str, Any]:
    """Return one mention: where and when, quote and context, and its ``tags`` with their names and evidence.

    Raises:
        NotThere: there is none, or it is of a duplicate.
    """
    rows = connection.execute(sql("mention"), {"mention_id": mention_id}).pl().to_dicts()
    if not rows:
        raise NotThere(f"no mention called {mention_id!r}. `cxnlp find` and the views name mentions by their ids.")
    about = {name: value for name, value in rows[0].items() if name not in _TAG}
    tags = [{name: row[name] for name in _TAG} for row in rows if row["family"] is not None]
    return about | {"tags": tags}


def quotes(
    connection: duckdb.DuckDBPyConnection, label: str, least_group: int, *, feeling: Feeling | None = None, n: int = 20
) -> list[dict[str, Any]]:
    """Return quotes for a label, one a person, the strongest first; none where fewer than ``least_group`` said so.

    Args:
        connection: of `open_published`.
        label: such as moments.delivery, unmeasurables.trust-, signals.churn.
        least_group: as ``privacy.least_group``.
        feeling: only mentions that feel so.
        n: how many at most.

    Returns:
        mention_id, occurred_on, channel, source, product, location, sentiment, probability, quote.

    Raises:
        WrongQuestion: there is no such label.
    """
    family, _, name = label.partition(".")
    family, polarity = family.removesuffix("s"), name[-1:] if name.endswith(("+", "-")) else None
    name = name.rstrip("+-")
    known = connection.execute("SELECT id FROM taxonomy WHERE family = $1 ORDER BY id", [family]).fetchall()
    if (name,) not in known:
        allowed = ", ".join(word for (word,) in known) or "moments.…, unmeasurables.…, warnings.…, signals.…"
        raise WrongQuestion(f"{label!r} is no label. Allowed: {allowed}; such as moments.delivery.")
    values = {"family": family, "label": name, "polarity": polarity, "feeling": feeling and FEELINGS[feeling]}
    return told(connection.execute(sql("quotes"), values).pl(), least_group, n)


def told(found: pl.DataFrame, least_group: int, n: int) -> list[dict[str, Any]]:
    """Return the first ``n`` rows, of one person each; none where they are of fewer people than ``least_group``."""
    return found.head(n).to_dicts() if found.height >= least_group else []


def sql(name: str) -> str:
    """Return a query of this folder."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
