"""Errors that a person can act on; the command line prints their message and ends with their exit code.

====  =====================================================================
code  meaning
====  =====================================================================
0     done
1     the work failed: a stage, a check, a file of ours that is damaged, lines that could not be read
2     wrong use: a setting, a path, an option
3     another night is running on the workspace
====  =====================================================================
"""

from typing import ClassVar


class CxnlpError(Exception):
    """Its message says where, what was found, what is allowed and how to mend it; never what a customer wrote."""

    exit_code: ClassVar[int] = 1
