"""A new secret: no key stays, everybody is still recognised, and it is whole or not there."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxnlp import privacy
from cxnlp.feedback.keys import keyed
from cxnlp.privacy import Wish, rotating, tombstones
from cxnlp.settings import SettingsError, Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.reviewing import reviewer_key
from cxnlp.warehouse.store import WarehouseError
from tests.privacy import company
from tests.privacy.company import ADA, ask, bytes_of, run_night, texts
from tests.teaching.reviewed import answer, item

KEYS = "SELECT author_key, customer_key, content_hash FROM feedback"


def keys_of(workspace: Workspace) -> set[str]:
    return {str(key) for row in ask(workspace, KEYS) for key in row if key is not None}


@pytest.mark.parametrize("namespace", ["author", "customer", "content"])
def test_a_key_of_two_parts_is_the_key_of_a_key(namespace: str) -> None:
    one, other = b"a" * 32, b"b" * 32
    assert keyed(one + other, namespace, "x") == keyed(other, namespace, keyed(one, namespace, "x"))  # type: ignore[arg-type]


@pytest.mark.thorough
def test_no_key_stays_and_everybody_is_recognised(workspace: Workspace) -> None:
    old, old_secret = keys_of(workspace), workspace.secret()
    ids = ask(workspace, "SELECT feedback_id FROM feedback ORDER BY 1")
    journal.add_answers(workspace, [answer(item(), reviewer=reviewer_key("Ann", old_secret))])
    assert privacy.rotate(workspace) == 2
    assert keys_of(workspace).isdisjoint(old)
    content = bytes_of(workspace)
    assert [key for key in old if key.encode() in content] == []
    assert workspace.secret().startswith(old_secret)
    assert ask(workspace, "SELECT feedback_id FROM feedback ORDER BY 1") == ids
    assert journal.answers(workspace)[0].reviewer == reviewer_key("ann", workspace.secret())
    company.write_notes(workspace.root, "new.csv", ("K8", "01/11/2026", "ac4711", "Ada Quill", "Ada rang again today."))
    run_night(workspace)
    assert ask(workspace, "SELECT count(*) FROM feedback GROUP BY customer_key ORDER BY 1 DESC LIMIT 1") == [(4,)] or (
        ask(workspace, "SELECT max(n) FROM (SELECT count(*) AS n FROM feedback WHERE customer_key IS NOT NULL "
                       "GROUP BY customer_key)") == [(3,)])  # fmt: skip
    run_id = ask(workspace, "SELECT max(run_id) FROM runs")
    company.write_notes(workspace.root, "notes.csv", *company.NOTES[:3], *company.NOTES[3:])
    assert run_night(workspace) != run_id
    ((stored,),) = ask(workspace, "SELECT n_stored FROM runs ORDER BY started_at DESC LIMIT 1")
    assert stored == 0  # the content hashes are recognised, too


@pytest.mark.thorough
def test_what_was_erased_stays_away_after_a_change_of_the_secret(left: Workspace) -> None:
    workspace = left
    privacy.forget(workspace, Wish(author="boxwatch"))
    before = tombstones.tombstones_of(workspace)
    privacy.rotate(workspace)
    privacy.rotate(workspace)
    after = tombstones.tombstones_of(workspace)
    assert before.feedback.isdisjoint(after.feedback)
    assert len(workspace.secret()) == 96
    company.write_notes(workspace.root, "notes.csv", *company.NOTES)
    company.write_notes(workspace.root, "new.csv", ("K8", "01/11/2026", "ac4711", "Ada Quill", "Ada rang again today."))
    company.write_posts(workspace.root, "posts.jsonl", *company.POSTS)
    run_night(workspace)
    assert ask(workspace, "SELECT n_erased FROM runs ORDER BY started_at DESC LIMIT 1") == [(4,)]
    for word in ("sideboard", "rang again", "Queued"):
        assert word not in texts(workspace)


@pytest.mark.thorough
def test_a_snapshot_with_the_old_keys_that_stays_is_named(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = workspace.warehouse.glob("cx-*.duckdb")
    plain = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == old:
            raise PermissionError(path)
        plain(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        with pytest.raises(WarehouseError, match=rf"{old.name}.*could not be removed.*`cxnlp secret rotate` again"):
            privacy.rotate(workspace)
    assert privacy.rotate(workspace) == 2
    assert not old.exists()


_KILLED = """
import os, signal, sys
from pathlib import Path
from cxnlp import results
from cxnlp.privacy import rotating
from cxnlp.settings import open_workspace
place, name, nth = sys.argv[1:]
left = [int(nth)]
plain = Path.replace
def killed(*args, **kwargs):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return plain(*args, **kwargs)
if name == "replace":
    Path.replace = killed
else:
    owner, name = name.split(".")
    plain = getattr(globals()[owner], name)
    setattr(globals()[owner], name, killed)
rotating.rotate(open_workspace(Path(place)))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "nth"),
    [
        pytest.param("rotating._move", 0, marks=pytest.mark.thorough),
        pytest.param("rotating.make_durable", 0, marks=pytest.mark.thorough),
        pytest.param("replace", 1, marks=pytest.mark.thorough),
        pytest.param("replace", 2, marks=pytest.mark.thorough),
        ("replace", 3),
        pytest.param("results.publish", 0, marks=pytest.mark.thorough),
    ],
)
def test_killed_it_is_not_begun_or_finished_next_time(left: Workspace, name: str, nth: int) -> None:
    workspace = left
    old = keys_of(workspace)
    words = [sys.executable, "-c", _KILLED, str(workspace.root), name, str(nth)]
    root = Path(__file__).parents[2]
    died = subprocess.run(words, cwd=root, check=False, capture_output=True, text=True, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr
    if workspace.rotation.is_dir():
        with pytest.raises(SettingsError, match="interrupted"):
            run_night(workspace)
    assert rotating.rotate(workspace) == 2
    assert keys_of(workspace).isdisjoint(old)
    assert Wish(customer=ADA).customer_key(workspace.secret()) in tombstones.tombstones_of(workspace).customers
