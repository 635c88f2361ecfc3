"""The warehouse's front door: what other stages, pipelines and the command line call.

Writing (the night alone, on its working file): `open_of`, `open_working`, `not_stored`, `masked_otherwise`, `remask`,
`expanded_otherwise`, `reexpand`, `mask_quarantine`, `outdated`, `stored`, `load`, `vote`, `count`, `check`, `write`,
`publish`, `identities`, `namings`, `erase`, `erase_namings`, `rewrite`.
Between nights, on the working file: `quarantined`, `find_quarantined`, `retry`, `release`.
Reading (anyone, on the published file): `open_published`, `open_searchable`, `query`, `run_of`, `reconciled`,
`problems_of`, `quarantined`, `find`, `n_without_vector`.
"""

from cxnlp.warehouse.checking import Offence, check
from cxnlp.warehouse.counting import count
from cxnlp.warehouse.erasing import IDENTITY, erase, erase_namings, identities, namings, rewrite
from cxnlp.warehouse.finding import Wanted, find, n_without_vector
from cxnlp.warehouse.loading import (
    Loaded,
    Run,
    known_files,
    load,
    n_runs,
    newest_night,
    next_run_id,
    not_stored,
    record_seconds,
    seen_files,
)
from cxnlp.warehouse.opening import look, open_of, open_working
from cxnlp.warehouse.publishing import publish
from cxnlp.warehouse.quarantine import find_quarantined, mask_quarantine, quarantined, release, retry
from cxnlp.warehouse.reading import (
    ACCOUNTED,
    open_published,
    open_searchable,
    problems_of,
    query,
    reconciled,
    run_of,
)
from cxnlp.warehouse.reexpanding import expanded_otherwise, reexpand
from cxnlp.warehouse.remasking import masked_otherwise, remask
from cxnlp.warehouse.retagging import outdated, stored
from cxnlp.warehouse.schema import write
from cxnlp.warehouse.sql import WarehouseError, transaction
from cxnlp.warehouse.voting import Voted, vote

__all__ = [
    "ACCOUNTED",
    "IDENTITY",
    "Loaded",
    "Offence",
    "Run",
    "Voted",
    "Wanted",
    "WarehouseError",
    "check",
    "count",
    "erase",
    "erase_namings",
    "expanded_otherwise",
    "find",
    "find_quarantined",
    "identities",
    "known_files",
    "load",
    "look",
    "mask_quarantine",
    "masked_otherwise",
    "n_runs",
    "n_without_vector",
    "namings",
    "newest_night",
    "next_run_id",
    "not_stored",
    "open_of",
    "open_published",
    "open_searchable",
    "open_working",
    "outdated",
    "problems_of",
    "publish",
    "quarantined",
    "query",
    "reconciled",
    "record_seconds",
    "reexpand",
    "release",
    "remask",
    "retry",
    "rewrite",
    "run_of",
    "seen_files",
    "stored",
    "transaction",
    "vote",
    "write",
]
