"""The analyst's way in from Python: `cxnlp.open` gives a `Warehouse`, read-only, with frames out.

Nothing here loads the language models or the night's machinery: opening takes a fraction of a second.
"""

import os
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import duckdb
import polars

from cxnlp.errors import CxnlpError
from cxnlp.warehouse import finding, reading

if TYPE_CHECKING:
    import pandas as pd

    from cxnlp.tags.questions import Questions

WORKSPACE_VARIABLE: Final = "CXNLP_WORKSPACE"
_DATABASE: Final = Path("warehouse", "cx.duckdb")


class PandasMissing(CxnlpError):
    """pandas is the analyst's own; it does not come with cxnlp."""


class Warehouse:
    """A published warehouse, opened read-only.

    It keeps the snapshot that it opened, whatever a night publishes meanwhile; `refresh` goes on to the newest one.

    Attributes:
        path: what was opened: the pointer ``cx.duckdb``, or a snapshot.
        connection: the DuckDB connection, for all that is not here. Frames of the caller can be named in queries.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path``; prefer `cxnlp.open`, which also takes a workspace's folder.

        Raises:
            WarehouseError: there is no database yet, or it is none.
        """
        self.path = path
        self._open()

    def _open(self) -> None:
        self._snapshot = self.path.resolve()
        self.connection: duckdb.DuckDBPyConnection = reading.open_searchable(self.path)
        reading.teach_meaning(self.connection, self._meaning)
        self.connection.execute("SET python_scan_all_frames = true")  # the caller's frames are one call further up

    def pl(self, query: str, values: object = None) -> polars.DataFrame:
        """Return the rows of a query as a polars frame.

        Args:
            query: SQL, such as ``FROM moments_all``.
            values: for the query's ``?``, ``$1`` (a list) or ``$name`` (a dict).
        """
        return self.connection.execute(query, values).pl()

    def df(self, query: str, values: object = None) -> "pd.DataFrame":
        """Return the rows of a query as a pandas frame; arguments as in `pl`.

        Raises:
            PandasMissing: pandas is not installed.
        """
        try:
            import pandas  # noqa: F401 - only whether it is there; DuckDB makes the frame
        except ImportError as error:
            raise PandasMissing("pandas is not installed; `.pl()` gives polars frames without it. Run "
                                "`pip install pandas`.") from error  # fmt: skip
        return self.connection.execute(query, values).df()

    def sql(self, query: str, values: object = None) -> duckdb.DuckDBPyRelation:
        """Return a query as a DuckDB relation, which is computed when it is looked at."""
        return self.connection.sql(query, params=values)

    def views(self) -> polars.DataFrame:
        """Return what can be asked: name, kind (view or table), n_columns, meaning; views first, then by name."""
        return reading.relations(self.connection)

    def describe(self, name: str) -> polars.DataFrame:
        """Return a view's or table's columns: name, type, meaning.

        Raises:
            WarehouseError: there is no such view or table.
        """
        return reading.columns_of(self.connection, name)

    def find(
        self, words: str, *, moment: str | None = None, channel: str | None = None, source: str | None = None,
        since: date | None = None, until: date | None = None, is_agents: bool = False, n: int = 20,
    ) -> polars.DataFrame:  # fmt: skip
        """Return mentions that speak of something, in these words or in others, the best first (as `cxnlp find`).

        Args:
            words: what it is about, such as "felt ignored after a refund".
            moment: only mentions that are surely about it.
            channel: only letter, call or social.
            source: only this one, by its name in cxnlp.toml.
            since: first day (UTC).
            until: last day, included.
            is_agents: agents' lines, too.
            n: how many at most.

        Returns:
            mention_id, score, words_score, labels_score, nearness, occurred_on, channel, source, moments, sentiment,
            quote, context.

        Raises:
            WarehouseError: there is nothing to search by, or no such moment, channel or source.
            ModelError: the workspace's model cannot be used.
        """
        wanted = finding.Wanted(words, self._questions.read(words), moment, channel, source, since, until, is_agents, n)
        return finding.find(self.connection, wanted)

    def _meaning(self, words: str) -> list[int]:
        return self._questions.vector(words)

    @cached_property
    def _questions(self) -> "Questions":
        """The workspace's own model, else the shipped one."""
        from cxnlp.settings import CONFIG_NAME, open_workspace
        from cxnlp.tags.questions import Questions

        root = self.path.absolute().parent.parent
        is_workspace = (root / CONFIG_NAME).is_file()
        return Questions(open_workspace(root).model_folder if is_workspace else None)

    @property
    def is_newest(self) -> bool:
        """Whether no newer snapshot has been published since this one was opened."""
        return self.path.resolve() == self._snapshot

    def refresh(self) -> bool:
        """Go on to the newest snapshot; return whether there was a newer one. Relations of the old one end."""
        if self.is_newest:
            return False
        old = self.connection
        self._open()
        old.close()
        return True

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Warehouse({str(self.path)!r})"


def open_warehouse(path: str | os.PathLike[str] | None = None) -> Warehouse:
    """Open the published database; what `cxnlp.open` calls."""
    named = Path(path if path is not None else os.environ.get(WORKSPACE_VARIABLE, "."))
    return Warehouse(named / _DATABASE if named.is_dir() else named)


__all__ = ["PandasMissing", "Warehouse", "open_warehouse"]
