"""The answer to "what do you store about me?": every row about a customer, author or employee, as it is stored."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from cxnlp.backlog import write_whole
from cxnlp.backlog.facts import QUOTES
from cxnlp.privacy.choosing import Wish
from cxnlp.privacy.originals import originals_of
from cxnlp.settings import SettingsError, Workspace
from cxnlp.warehouse import store

_KEYS: Final = {"employee_key": pl.String()}
_ALERT_QUOTES: Final = ("quote_1", "quote_2", "quote_3")


def _quoting(is_own: str) -> dict[str, str]:
    """Return what the tables that quote say of somebody; numbers, titles and other quotes are other people's.

    Args:
        is_own: whether the mention ``{}`` is theirs, in SQL.
    """

    def ids(quotes: Sequence[str]) -> list[str]:
        return [f"{quote}_mention_id" for quote in quotes]

    def where(quotes: Sequence[str]) -> str:
        return " OR ".join(is_own.format(name) for name in ids(quotes))

    def owned(*names: str) -> str:
        return ", ".join(
            f"CASE WHEN {is_own.format(f'{name[:7]}_mention_id')} THEN {name} END AS {name}" for name in names
        )

    items = f"item_id, kind, label, polarity, opened_on, {owned(*QUOTES, *ids(QUOTES))}"
    alerts = f"alert_id, kind, family, label, polarity, opened_on, last_on, closed_on, {owned(*ids(_ALERT_QUOTES))}"
    return {
        "backlog": f"SELECT {items} FROM backlog WHERE {where(QUOTES)} ORDER BY item_id",  # noqa: S608
        "alerts": f"SELECT {alerts} FROM alerts WHERE {where(_ALERT_QUOTES)} ORDER BY alert_id",  # noqa: S608
    }


#: Table → its rows about the feedback of the frame `chosen` (feedback_id).
ROWS: Final[Mapping[str, str]] = {
    "feedback": "FROM feedback SEMI JOIN chosen USING (feedback_id) ORDER BY occurred_at, feedback_id",
    "mentions": "FROM mentions SEMI JOIN chosen USING (feedback_id) ORDER BY feedback_id, position",
    "tags": "SELECT tags.* FROM tags JOIN mentions USING (mention_id) SEMI JOIN chosen USING (feedback_id) "
    "ORDER BY mention_id, family, label, polarity, voter",
    "evidence": "FROM evidence SEMI JOIN chosen USING (feedback_id) ORDER BY mention_id, family, label, polarity",
    "employees": "FROM employees SEMI JOIN chosen USING (feedback_id) ORDER BY feedback_id, employee_key",
    "reviews": "FROM reviews SEMI JOIN chosen USING (feedback_id) ORDER BY mention_id, reviewed_at, family, label",
    "theme_mentions": "SELECT theme_mentions.*, themes.name AS theme FROM theme_mentions "
    "LEFT JOIN themes USING (theme_id) JOIN mentions USING (mention_id) SEMI JOIN chosen USING (feedback_id) "
    "ORDER BY mention_id, theme_mentions.ground",
    "backlog_evidence": "SELECT backlog_evidence.* FROM backlog_evidence JOIN mentions USING (mention_id) "
    "SEMI JOIN chosen USING (feedback_id) ORDER BY ALL",
    **{
        name: f"FROM {name} SEMI JOIN chosen USING (feedback_id) ORDER BY ALL"
        for name in ("counted_feedback", "counted_labels", "counted_pairs", "counted_employees")
    },
    **_quoting("split_part({}, '.', 1) IN (SELECT feedback_id FROM chosen)"),
}

#: The same about an employee, whose keys are the frame `known` (employee_key) and whose sentences are `naming`
#: (mention_id): what is said of them, not who said it.
ROWS_OF_EMPLOYEE: Final[Mapping[str, str]] = {
    "employees": "SELECT employees.*, source, channel, occurred_at, product, location FROM employees "
    "JOIN feedback USING (feedback_id) SEMI JOIN known USING (employee_key) "
    "ORDER BY occurred_at, feedback_id, employee_key",
    "mentions": "FROM mentions SEMI JOIN naming USING (mention_id) ORDER BY feedback_id, position",
    "tags": "FROM tags SEMI JOIN naming USING (mention_id) ORDER BY mention_id, family, label, polarity, voter",
    "reviews": "FROM reviews SEMI JOIN naming USING (mention_id) ORDER BY mention_id, reviewed_at, family, label",
    "theme_mentions": "SELECT theme_mentions.*, themes.name AS theme FROM theme_mentions "
    "LEFT JOIN themes USING (theme_id) SEMI JOIN naming USING (mention_id) ORDER BY mention_id, theme_mentions.ground",
    "backlog_evidence": "FROM backlog_evidence SEMI JOIN naming USING (mention_id) ORDER BY ALL",
    "counted_employees": "SELECT * EXCLUDE (person_key) FROM counted_employees SEMI JOIN known USING (employee_key) "
    "ORDER BY ALL",
    **{
        name: f"FROM {name} SEMI JOIN known USING (employee_key) ORDER BY ALL"
        for name in ("champions", "unmeasurables_by_employee")
    },
    **_quoting("{} IN (SELECT mention_id FROM naming)"),
}

_MANY: Final = "sums over many people"
_WAYS: Final = "says how cxnlp works, nothing of anybody"

#: Table → why no answer has it; docs/privacy.md says it, too.
LEFT_OUT: Final[Mapping[str, str]] = {
    "mention_vectors": "numbers made of the mentions, whose words are in the answer",
    "signature_bands": "numbers made of the feedback, whose words are in the answer",
    "files": "the names of the company's own files, which the ledger of the night keeps",
    "places": "the names of the company's own files, which the ledger of the night keeps",
    "quarantine": "what could not be read yet: nobody knows whose it is",
    "erasures": "when how much was erased, without whose it was",
    "themes": "names and sizes of what many people talk about; theme_mentions says which of them",
    "theme_grounds": "sums over many people, and stems of words that at least privacy.least_group people say",
    "theme_events": _MANY,
    "backlog_effects": _MANY,
    "backlog_events": "what nights and colleagues did with items of the backlog, of which `backlog` says who is quoted",
    "rates": _MANY,
    "effects": _MANY,
    "daily_reports": _MANY,
    "label_errors": "what the model gets wrong",
    **dict.fromkeys(("edition", "runs", "run_stages", "sharing", "uncounted", "unheard"), _WAYS),
    **dict.fromkeys(
        ("taxonomy", "targets", "fixes", "statements", "backlog_targets"), "the company's own words and aims"
    ),
}

#: The same of an employee: what is its writers', too.
LEFT_OUT_OF_EMPLOYEE: Final[Mapping[str, str]] = {
    **LEFT_OUT,
    "feedback": "the whole of it is its writers'; the sentences that name the employee are in the answer",
    **dict.fromkeys(("counted_feedback", "counted_labels", "counted_pairs"), "counts of its writers"),
}
_NAMING: Final = """
SELECT DISTINCT mention_id
FROM mentions JOIN employees USING (feedback_id) SEMI JOIN known USING (employee_key)
WHERE employees."start" >= mentions."start" AND employees."end" <= mentions."end"
"""


def export(workspace: Workspace, wish: Wish, file: Path, *, with_originals: bool = False) -> dict[str, int]:
    """Write all that is published about somebody or a piece of feedback to ``file`` as JSON; return the rows by table.

    The words are masked, as they are stored; who is meant is in the file as a key only. Nothing is stored of the
    request. Agents' keys and reviewers' keys are in it as stored: look at the file before it goes out. An employee is
    answered with the sentences that name them, without who wrote them. Tables that are left out are in it with the
    reason.

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
        connection.register("known", pl.DataFrame({"employee_key": wish.employee_keys(secret)}, schema=_KEYS))
        connection.register("naming", connection.execute(_NAMING).pl())
        queries = ROWS_OF_EMPLOYEE if wish.employee else ROWS
        rows = {name: connection.execute(query).pl().to_dicts() for name, query in queries.items()}
        if originals is not None:
            rows["originals"] = originals.read(chosen).to_dicts()
        (run_id,) = connection.execute("SELECT run_id FROM edition").fetchall()[0]
    about: dict[str, Any] = {"company": workspace.settings.company, "as_of_run": run_id, "asked": wish.asked}
    about |= {"customer_key": wish.customer_key(secret), "author_key": wish.author_key(secret)}
    about |= {"employee_keys": wish.employee_keys(secret)}
    about |= {"left_out": dict(LEFT_OUT_OF_EMPLOYEE if wish.employee else LEFT_OUT)}
    text = json.dumps({"about": about, **rows}, ensure_ascii=False, indent=1, default=str)
    write_whole(file, text.encode("utf-8", "replace"))
    return {name: len(found) for name, found in rows.items()}
