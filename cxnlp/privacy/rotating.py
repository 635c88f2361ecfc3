"""A new secret, and a new key of the kept originals.

With a new secret every stored key is keyed once more, and so is every new one from now on.

The names and numbers behind the keys are kept nowhere, so their keys cannot be made anew. The secret gets a further
part instead, and a key is the key of a key: who holds the old secret alone can no longer tell whose row is whose, and a
customer who writes tomorrow still gets the key that the stored rows have. All new files are made beside the old ones;
the folder ``.cxnlp/rotation`` appears in one step, and from then on the change is finished, whoever is killed.
"""

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp import results
from cxnlp.feedback.keys import Namespace, keyed
from cxnlp.privacy import tombstones
from cxnlp.privacy.originals import Originals, n_kept, originals_of
from cxnlp.privacy.tombstones import Erasure
from cxnlp.settings import SettingsError, Workspace, original_key
from cxnlp.teaching import journal
from cxnlp.teaching.items import Answer
from cxnlp.warehouse import encrypted, sql, store
from cxnlp.warehouse.erasing import KEYED
from cxnlp.warehouse.publishing import make_durable

_EXTERNAL: Final = "keyed:"


def rotate(workspace: Workspace) -> int:
    """Add a part to the workspace's secret and bring all stored keys along; return how many parts it has now.

    The caller holds the workspace's lock. One that was interrupted is finished instead.

    Raises:
        SettingsError: the secret cannot be used, or originals are kept and their key is not to be had.
        WarehouseError: a snapshot with the old keys could not be removed; the change is not finished.
    """
    if not workspace.rotation.is_dir():
        _prepare(workspace)
    _move(workspace)
    if workspace.working_database.is_file():
        with store.open_of(workspace) as connection:
            last = results.last_night(workspace, connection)
            if last is not None:  # snapshots of before have the old keys
                results.sweep(workspace)
                published = results.publish(last, lambda _: False)
                results.page(last, published)
                _refuse_others(published)
    shutil.rmtree(workspace.rotation)
    return len(workspace.secret()) // 32


def rotate_originals(workspace: Workspace, reference: str) -> int:
    """Write the kept originals anew with the key that ``reference`` names; return how many there are.

    From then on cxnlp.toml must name that key, or the old place hold it. Interrupted, it is done or not begun; done
    already, nothing changes. The caller holds the workspace's lock.

    Args:
        workspace: whose night is not running.
        reference: ``env:NAME``, ``keyring:NAME`` or ``file:/path``.

    Raises:
        SettingsError: no originals are kept yet, or one of the keys is not to be had or does not fit.
    """
    key = original_key.read(reference, workspace.root)
    if not workspace.originals_file.exists():
        raise SettingsError(f"{workspace.originals_file}: is not there; allowed: a workspace that keeps originals "
                            "(`[privacy] keep_original`) after its first night.")  # fmt: skip
    if not encrypted.fits(workspace.originals_file, key):
        originals = _settled(workspace)
        assert originals is not None
        _empty_staging(workspace)
        originals.encrypt_anew(key)
    return n_kept(workspace.originals_file, key)


def _settled(workspace: Workspace) -> Originals | None:
    """The originals with all that a killed night has sealed and stored; staging can be emptied then."""
    originals = originals_of(workspace)
    with store.open_of(workspace) as connection:
        last = results.last_night(workspace, connection)
        if originals is not None and last is not None:
            originals.settle(store.identities(connection), last.on)
    return originals


def _prepare(workspace: Workspace) -> None:
    """Make all new files in a folder that gets its name when it is whole."""
    old, part = workspace.secret(), secrets.token_bytes(32)
    partial = workspace.rotation.with_name(f"{workspace.rotation.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    _secret(partial / "secret", [old[at : at + 32] for at in range(0, len(old), 32)] + [part])
    if workspace.working_database.is_file():
        originals = _settled(workspace)
        if originals is not None and originals.file.exists():
            originals.rekeyed(partial / originals.file.name, lambda key: _next(part, "content", key))
        copy = partial / "working.duckdb"
        shutil.copyfile(workspace.working_database, copy)
        with store.open_of(workspace, copy) as connection, store.transaction(connection):
            _rekey(connection, part)
        store.rewrite(copy)
    erasures = tombstones.read(workspace)
    if erasures:
        journal.append(partial / tombstones.FILE, [_erasure(each, part) for each in erasures])
    answers = journal.answers(workspace)
    if answers:
        (partial / "reviews").mkdir(mode=0o700)
        journal.append(partial / "reviews" / journal.ANSWERS, [_answer(each, part) for each in answers])
    make_durable(partial)
    partial.rename(workspace.rotation)
    make_durable(workspace.state)


def _move(workspace: Workspace) -> None:
    """Put every file in its place, the secret last; done again, it goes on."""
    _empty_staging(workspace)
    made = workspace.rotation
    files = (workspace.working_database.name, workspace.originals_file.name, tombstones.FILE)
    for name in (*files, f"reviews/{journal.ANSWERS}", "secret"):
        if (made / name).is_file():
            (made / name).replace(workspace.state / name)
    make_durable(workspace.state)


def _refuse_others(published: Path) -> None:
    """Make sure that no snapshot is left beside the published one."""
    for path in published.parent.glob("cx-*.duckdb"):
        if path.name != published.name:
            raise store.WarehouseError(f"{path}: an older snapshot, which has the old keys, could not be removed; "
                                       "allowed: none after a change of the secret. Close what has it open and run "
                                       "`cxnlp secret rotate` again.")  # fmt: skip


def _empty_staging(workspace: Workspace) -> None:
    shutil.rmtree(workspace.staging, ignore_errors=True)
    workspace.staging.mkdir(mode=0o700, exist_ok=True)


def _rekey(connection: duckdb.DuckDBPyConnection, part: bytes) -> None:
    """Key the values of the columns `KEYED`, and external ids that are keyed, once more."""
    for table, columns in KEYED.items():
        for column, namespace in columns.items():
            _replace(connection, table, column, namespace, part)  # type: ignore[arg-type]
    _replace(connection, "feedback", "external_id", "external_id", part, prefix=_EXTERNAL)
    connection.execute("INSERT INTO uncounted SELECT feedback_id FROM feedback")
    store.count(connection)


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, namespace: Namespace, part: bytes, prefix: str = ""
) -> None:
    name = sql.identifier(column)
    values = connection.execute(
        f"SELECT DISTINCT {name} FROM {table} WHERE starts_with({name}, $1)",  # noqa: S608 - names of our own
        [prefix],
    ).fetchall()
    new = [(value, prefix + _next(part, namespace, value.removeprefix(prefix))) for (value,) in values]
    connection.register("renamed", pl.DataFrame(new, schema={"old": pl.String(), "new": pl.String()}, orient="row"))
    connection.execute(f"UPDATE {table} SET {name} = renamed.new FROM renamed WHERE {name} = renamed.old")  # noqa: S608
    connection.unregister("renamed")


def _next(part: bytes, namespace: Namespace, key: str) -> str:
    return keyed(part, namespace, key, n_digits=len(key))


def _erasure(erasure: Erasure, part: bytes) -> Erasure:
    def renewed(namespace: Namespace, values: Iterable[str]) -> tuple[str, ...]:
        return tuple(_next(part, namespace, value) for value in values)

    return erasure.model_copy(
        update={
            "feedback": renewed("erased", erasure.feedback),
            "contents": renewed("content", erasure.contents),
            "customers": renewed("customer", erasure.customers),
            "authors": renewed("author", erasure.authors),
            "employees": renewed("employee", erasure.employees),
        }
    )


def _answer(answer: Answer, part: bytes) -> Answer:
    return answer.model_copy(update={"reviewer": _next(part, "reviewer", answer.reviewer)})


def _secret(path: Path, parts: Iterable[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write("".join(f"{part.hex()}\n" for part in parts))
        file.flush()
        os.fsync(file.fileno())
