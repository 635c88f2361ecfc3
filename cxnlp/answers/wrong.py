"""The errors of a question that has no answer, for whoever asked it."""

from cxnlp.errors import CxnlpError


class WrongQuestion(CxnlpError):
    """What was asked cannot be answered; the message says how to ask."""

    exit_code = 2


class NotThere(WrongQuestion):
    """What was asked for by its name or id is not in the warehouse."""
