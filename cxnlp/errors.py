"""Errors that a person can act on; the command line prints their message and ends with their exit code.

====  =====================================================================
code  meaning
====  =====================================================================
0     done
1     the work failed: a stage, a check, a file of ours that is damaged, lines that could not be read
2     wrong use: a setting, a path, an option
3     another night is running on the workspace, or telling people of it
====  =====================================================================
"""

import errno
import re
from typing import ClassVar, Final

#: What a full disk is called where a library passes on no number; a limit on the size of files is met the same way.
_NO_ROOM: Final = re.compile(
    r"no space left|disk quota|file too large|disk is full|os error (?:27|28|122)\b", re.IGNORECASE
)


class CxnlpError(Exception):
    """Its message says where, what was found, what is allowed and how to mend it; never what a customer wrote."""

    exit_code: ClassVar[int] = 1


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says that the disk has no room left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return True
        if _NO_ROOM.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False
