"""The answer to "what do you store about me?": every row about one customer or author, as it is stored."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cxnlp.backlog import write_whole
from cxnlp.privacy.choosing import Wish
from cxnlp.privacy.originals import originals_of
from cxnlp.settings import SettingsError, Workspace
from cxnlp.warehouse import store

#: Table → its rows about the feedback of the frame `chosen` (feedback_id).
_ROWS: Final[Mapping[str, str]] = {
    "feedback": "FROM feedback SEMI JOIN chosen USING (feedback_id) ORDER BY occurred_at, feedback_id",
    "mentions": "FROM mentions SEMI JOIN chosen USING (feedback_id) ORDER BY feedback_id, position",
    "tags": "SELECT tags.* FROM tags JOIN mentions USING (mention_id) SEMI JOIN chosen USING (feedback_id) "
    "ORDER BY mention_id, family, label, polarity, voter",
    "evidence": "FROM evidence SEMI JOIN chosen USING (feedback_id) ORDER BY mention_id, family, label, polarity",
    "employees": "FROM employees SEMI JOIN chosen USING (feedback_id) ORDER BY feedback_id, employee_key",
    "reviews": "FROM reviews SEMI JOIN chosen USING (feedback_id) ORDER BY mention_id, reviewed_at, family, label",
    "backlog": "FROM backlog WHERE list_has_any([split_part(quote_1_mention_id, '.', 1), "
    "split_part(quote_2_mention_id, '.', 1), split_part(quote_3_mention_id, '.', 1)], "
    "(SELECT list(feedback_id) FROM chosen)) ORDER BY item_id",
}


def export(workspace: Workspace, wish: Wish, file: Path, *, with_originals: bool = False) -> dict[str, int]:
    """Write all that is published about somebody or a piece of feedback to ``file`` as JSON; return the rows by table.

    The words are masked, as they are stored; who is meant is in the file as a key only. Nothing is stored of the
    request. Agents' keys and reviewers' keys are in it as stored: look at the file before it goes out.

    Args:
        workspace: the caller holds its lock where originals are asked for.
        wish: who or what is asked about.
        file: to write.
        with_originals: add the kept originals, which are not masked.

    Raises:
        WarehouseError: nothing was published yet.
        SettingsError: originals are asked for and not kept, or their key is not to be had.
    """
    originals = originals_of(workspace) if with_originals else None
    if with_originals and originals is None:
        raise SettingsError(f"{workspace.root}: keeps no originals; allowed: `[privacy] keep_original`, from the next "
                            "night on. What it keeps is masked.")  # fmt: skip
    secret = workspace.secret()
    with store.open_published(workspace.database) as connection:
        chosen = wish.chosen(store.identities(connection), secret)
        connection.register("chosen", chosen.to_frame("feedback_id"))
        rows = {name: connection.execute(query).pl().to_dicts() for name, query in _ROWS.items()}
        if originals is not None:
            rows["originals"] = originals.read(chosen).to_dicts()
        (run_id,) = connection.execute("SELECT run_id FROM edition").fetchall()[0]
    about: dict[str, Any] = {"company": workspace.settings.company, "as_of_run": run_id, "asked": wish.asked}
    about |= {"customer_key": wish.customer_key(secret), "author_key": wish.author_key(secret)}
    text = json.dumps({"about": about, **rows}, ensure_ascii=False, indent=1, default=str)
    write_whole(file, text.encode("utf-8", "replace"))
    return {name: len(found) for name, found in rows.items()}
