"""cxnlp: how a company's moments of truth feel to its customers, read from what they write and say.

`cxnlp.open` opens the published warehouse in Python; everything else is at hand as the command `cxnlp`.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxnlp.opening import Warehouse

__version__ = "0.1.0"


def open(path: "str | os.PathLike[str] | None" = None) -> "Warehouse":
    """Open the published warehouse, read-only; it can be read while a night runs.

    Args:
        path: a workspace's folder, a ``cx.duckdb``, or a snapshot. When None, the folder that the environment variable
            ``CXNLP_WORKSPACE`` names, else the current one.

    Returns:
        A `Warehouse`: ``.pl(sql)`` and ``.df(sql)`` give frames, ``.views()`` says what there is.

    Raises:
        WarehouseError: there is no published database yet, or the file is none.
    """
    from cxnlp.opening import open_warehouse

    return open_warehouse(path)
