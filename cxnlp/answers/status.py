"""How the nights went, how fresh each source is, what is in quarantine, and which model is in use."""

from typing import Final

import duckdb
import polars as pl

from cxnlp.settings import Workspace
from cxnlp.teaching import versions
from cxnlp.warehouse import store

N_RUNS: Final = 5


def status(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> dict[str, pl.DataFrame]:
    """The last runs and the sum of all, how fresh each source is, what is in quarantine and why, and the model.

    In runs and sum, ``n_arrived`` is the sum of what became of the items; ``n_missing`` is what is not accounted for.

    ``n_outdated`` counts stored texts with the tags of another model, vocabulary or precision, or without the vectors
    that `cxnlp find` needs, which nights have yet to tag again.
    """
    model = versions.describe(workspace)
    outdated = store.outdated(connection, model["version"], model["taxonomy"], model["precision"], model["encoder"])
    model["n_outdated"] = len(outdated)
    runs = store.reconciled(connection)
    return {
        "runs": runs.head(N_RUNS),
        "sum": runs.select(
            pl.len().alias("n_runs"),
            pl.col("^n_(arrived|missing)$").sum(),
            (pl.col("n_missing") != 0).sum().alias("n_wrong"),
            pl.col(list(store.ACCOUNTED)).sum(),
        ),
        "freshness": connection.sql("FROM freshness ORDER BY source").pl(),
        "quarantine": store.problems_of(connection),
        "model": pl.DataFrame([model]),
    }
