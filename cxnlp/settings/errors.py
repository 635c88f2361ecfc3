"""What is said when a workspace cannot be used."""

from cxnlp.errors import CxnlpError


class SettingsError(CxnlpError):
    """The workspace cannot be used; the message says what was found, what is allowed and how to mend it."""

    exit_code = 2
