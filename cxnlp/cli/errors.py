"""Which errors a person may meet, and the exit code of each.

====  =====================================================================
code  meaning
====  =====================================================================
0     done
1     the work failed: a stage, a check, or lines that could not be read
2     wrong use: a setting, a path, an option
3     another night is running on the workspace
====  =====================================================================
"""

from cxnlp.settings import SettingsError
from cxnlp.tags import ModelError
from cxnlp.taxonomy import TaxonomyError
from cxnlp.warehouse.store import WarehouseError


class CommandError(Exception):
    """What a command was asked cannot be done; the message says how to ask."""


class NightFailed(Exception):
    """The night did not end; the message says where and what stands."""


class NightBusy(Exception):
    """Another night is at work."""


EXPECTED = (SettingsError, CommandError, ModelError, TaxonomyError, WarehouseError, NightFailed, NightBusy)


def exit_code(error: Exception) -> int:
    """The exit code that `error` ends with."""
    if isinstance(error, NightBusy):
        return 3
    return 1 if isinstance(error, NightFailed | ModelError | WarehouseError) else 2
