"""Out to where teams work: each receiver of ``[[notify]]`` is told what a night changed, once, even across kills.

`changes` finds what there is to tell, `outbox` keeps it until it was told, `digest` puts it into words when it is sent,
`webhook` and `chat` send it; `sending` does all of it. The outbox holds ids and states only: words are read from the
published database at the time of sending, so what was erased meanwhile is not told.
"""

from cxnlp.notify.sending import AlreadySending, Outcome, Shown, look, prepared, send

__all__ = ["AlreadySending", "Outcome", "Shown", "look", "prepared", "send"]
