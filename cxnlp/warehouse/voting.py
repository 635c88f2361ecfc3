"""People's judgements of mentions, put into the working file as votes."""

from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from cxnlp.warehouse import sql

#: What `vote` reads of a judgement; `cxnlp.teaching.answers.REVIEWS` has them all and says what they mean.
JUDGEMENT: Final = (
    "feedback_id",
    "position",
    "text",
    "family",
    "label",
    "polarity",
    "decision",
    "reviewer",
    "reviewed_at",
    "slice",
    "sampling_probability",
    "model_probability",
    "model_decision",
    "model_version",
    "taxonomy_version",
    "run_id",
)

_COUNTS: Final = """
SELECT count(DISTINCT mention_id), count(*) FILTER (mention_id IS NULL)
FROM (SELECT DISTINCT feedback_id, position, text FROM judgements)
LEFT JOIN judged_places USING (feedback_id, position, text)
"""


@dataclass(frozen=True)
class Voted:
    """What `vote` did."""

    n_mentions: int  # stored mentions that these judgements are about
    n_absent: int  # judged mentions whose words are not stored (any more); their judgements wait


def vote(connection: duckdb.DuckDBPyConnection, judgements: pl.DataFrame, judged: pl.DataFrame) -> Voted:
    """Let people's judgements vote, in one transaction; the same judgements twice change nothing.

    * Every judged mention gets the reviewers' verdict as voter ``person``: the majority's, and where they are equally
      many the last one's. Its words say which mention it is, so a judgement survives corrections of the feedback, a new
      model and a new database. Evidence is the model's or a rule's where it gave the same tag, else the mention.
    * Judgements that were taken back leave. People's votes on other mentions stay as they are.
    * Labels that the table taxonomy does not have (any more) are no votes; the table ``reviews`` keeps them.

    Args:
        connection: the open working file.
        judgements: one row per mention, reviewer and label, at least the columns `JUDGEMENT`.
        judged: every mention that was ever judged, taken back or not: feedback_id, position, text.
    """
    with sql.transaction(connection):
        connection.register("judgements", judgements.select(JUDGEMENT))
        connection.register("judged", judged)
        try:
            sql.run(connection, "steps/persons.sql")
            found, absent = connection.execute(_COUNTS).fetchall()[0]
        finally:
            connection.unregister("judgements")
            connection.unregister("judged")
        connection.execute("DROP TABLE temp.judged_places")
    return Voted(n_mentions=found, n_absent=absent)
