"""What can go wrong with a tracker: with all of it, with one issue, or with knowing what became of a request."""

from collections.abc import Sequence

from cxnlp.errors import CxnlpError


class TrackerError(CxnlpError):
    """The links to issues cannot be used; the message says where, what was found and how to mend it."""


class SyncBusy(CxnlpError):
    """Another sync is at work on the workspace."""

    exit_code = 3


class Unreachable(Exception):
    """Nothing more can be done at this tracker now; the message says why and how to mend it."""


class Refused(Exception):
    """The tracker answered that it will not do this one thing; the others go on.

    Attributes:
        status: of its answer.
    """

    def __init__(self, status: int, place: str, fields: Sequence[str] = (), why: str = "") -> None:
        self.status = status
        about = f" because of {', '.join(fields)}" if fields else ""
        super().__init__(
            f"the tracker answered {status} for {place}{about}. "
            + (why or "Allowed: what the project's rules and the token's rights permit. Mend these, and sync again.")
        )


class Unclear(Exception):
    """A request went out, and whether it was done is not known; it must not be sent again before somebody looked."""
