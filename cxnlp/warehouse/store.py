"""The warehouse's front door: what other stages, pipelines and the command line call.

Writing (the night alone, on its working file): `open_working`, `not_stored`, `outdated`, `stored`, `load`, `vote`,
`check`, `write`, `publish`, `identities`, `erase`, `rewrite`.
Reading (anyone, on the published file): `open_published`, `query`, `run_of`, `problems_of`.
"""

from cxnlp.warehouse.checking import Offence, check
from cxnlp.warehouse.erasing import IDENTITY, erase, identities, rewrite
from cxnlp.warehouse.loading import Loaded, Run, load, n_runs, next_run_id, not_stored, record_seconds, seen_files
from cxnlp.warehouse.publishing import publish
from cxnlp.warehouse.reading import open_published, problems_of, query, run_of
from cxnlp.warehouse.retagging import outdated, stored
from cxnlp.warehouse.schema import look, open_working, write
from cxnlp.warehouse.sql import WarehouseError, transaction
from cxnlp.warehouse.voting import Voted, vote

__all__ = [
    "IDENTITY",
    "Loaded",
    "Offence",
    "Run",
    "Voted",
    "WarehouseError",
    "check",
    "erase",
    "identities",
    "load",
    "look",
    "n_runs",
    "next_run_id",
    "not_stored",
    "open_published",
    "open_working",
    "outdated",
    "problems_of",
    "publish",
    "query",
    "record_seconds",
    "rewrite",
    "run_of",
    "seen_files",
    "stored",
    "transaction",
    "vote",
    "write",
]
