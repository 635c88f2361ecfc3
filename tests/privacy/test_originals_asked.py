"""Kept originals are shown to whom they belong, forgotten with everything else, and can get a new key."""

import json
import re
import shlex
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp import privacy
from cxnlp.cli import app
from cxnlp.privacy import Wish, tombstones
from cxnlp.settings import SettingsError, Workspace, open_workspace
from cxnlp.warehouse import encrypted, store
from tests.privacy import company
from tests.privacy.company import ADA, ADA_SAYS, ask, bytes_of, run_night, texts
from tests.privacy.keeping import FAY_SAYS, SHARED, configure, kept, kept_texts, key_file, settle, write_key

RUN = CliRunner()
NEW_KEY = "fedcba9876543210" * 4


def test_an_access_request_is_answered_with_the_words_as_they_came(keeping: Workspace, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    words = ["export", "-w", str(keeping.root), "--customer", "AC-0820", "-o", str(answer)]
    assert RUN.invoke(app, words).exit_code == 0
    assert "07700" not in answer.read_text("utf-8")
    done = RUN.invoke(app, [*words, "--originals"])
    assert done.exit_code == 0, done.output
    assert "originals: 1\n" in done.output
    (row,) = json.loads(answer.read_text("utf-8"))["originals"]
    assert (row["text"], row["source"], row["occurred_at"][:10]) == (FAY_SAYS, "notes", "2026-10-20")
    ((name,),) = ask(keeping, "SELECT feedback_id FROM feedback WHERE external_id = 'p1'")
    one = ["export", "-w", str(keeping.root), "--feedback", str(name), "--originals", "-o", str(answer), "--json"]
    assert json.loads(RUN.invoke(app, one).stdout)["originals"] == 1


def test_where_none_are_kept_none_can_be_shown(first_night: Workspace, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="keeps no originals"):
        privacy.export(first_night, Wish(customer=ADA), tmp_path / "answer.json", with_originals=True)
    assert not (tmp_path / "answer.json").exists()


@pytest.mark.thorough
def test_who_is_forgotten_is_gone_from_them_too(keeping: Workspace) -> None:
    old = keeping.root / "copy.duckdb"
    shutil.copyfile(keeping.originals_file, old)
    erased = privacy.forget(keeping, Wish(customer=ADA))
    found = kept_texts(keeping)
    assert (len(found), [text for text in found if "sideboard" in text or "disgrace" in text]) == (7, [])
    assert FAY_SAYS in found
    assert len([text for text in found if SHARED in text]) == 1  # somebody else's, and not taken for hers
    assert erased.verified is not None
    assert erased.verified.places == ("copy.duckdb (originals.text)",)  # it looks into encrypted files
    old.unlink()
    assert privacy.verify(keeping, [ADA_SAYS]).is_clean
    settle(keeping, company.NIGHT)
    assert len(kept_texts(keeping)) == 7
    words = ["forget", "-w", str(keeping.root), "--verify"]
    assert "Verified" in RUN.invoke(app, words).output
    write_key(keeping, NEW_KEY)
    done = RUN.invoke(app, words)
    assert (done.exit_code, "Not verified" in done.output) == (1, True)
    assert ".cxnlp/originals.duckdb" in done.output


def test_without_the_key_nobody_is_forgotten_by_halves(keeping: Workspace) -> None:
    key_file(keeping).unlink()
    with pytest.raises(SettingsError, match="is not to be had"):
        privacy.forget(keeping, Wish(customer=ADA))
    assert "sideboard" in texts(keeping)
    assert tombstones.read(keeping) == []
    with pytest.raises(SettingsError, match="is not to be had"):
        privacy.rotate(keeping)
    assert not keeping.rotation.exists()


def test_general_retention_takes_them_along(keeping: Workspace) -> None:
    config = keeping.root / "cxnlp.toml"
    config.write_text(config.read_text("utf-8").replace("[privacy]\n", "[privacy]\nretention_days = 15\n"), "utf-8")
    keeping = open_workspace(keeping.root)
    with store.open_of(keeping) as connection:
        expiry = privacy.expire(keeping, connection, date.fromisoformat(company.NIGHT))
    assert expiry is not None
    assert expiry.erasure.n_feedback == 6
    assert sorted(text.split()[0] for text in kept_texts(keeping)) == ["My", "My", "Please", "Queued", "Yesterday"]


@pytest.mark.thorough
def test_a_new_secret_leaves_them_where_they_belong_and_a_correction_still_replaces(keeping: Workspace) -> None:
    before = sorted(kept_texts(keeping))
    privacy.rotate(keeping)
    assert sorted(kept_texts(keeping)) == before
    later = FAY_SAYS + " All of them."
    company.write_notes(keeping.root, "notes.csv", *company.NOTES, ("K7", "20/10/2026", "AC-0820", "Fay Grove", later))
    run_night(keeping)
    assert sorted(kept_texts(keeping)) == sorted([later, *(text for text in before if text != FAY_SAYS)])


def test_a_new_key_of_their_own(keeping: Workspace, tmp_path: Path) -> None:
    before = sorted(kept_texts(keeping))
    new = tmp_path / "new.key"
    new.write_text(NEW_KEY, "ascii")
    new.chmod(0o600)
    words = ["secret", "rotate", "-w", str(keeping.root), "--originals", f"file:{new}"]
    for _ in range(2):  # done again, it changes nothing
        done = RUN.invoke(app, words)
        assert done.exit_code == 0, done.output
        assert f"10 originals are encrypted with the key in file:{new} now" in done.output
    assert encrypted.fits(keeping.originals_file, NEW_KEY)
    with pytest.raises(SettingsError, match="this key does not open it"):
        kept(keeping)
    configure(keeping, f"file:{new}")
    settle(keeping, company.NIGHT)
    assert sorted(kept_texts(keeping)) == before
    assert kept(keeping).key == NEW_KEY
    assert b"07700" not in bytes_of(keeping)


def test_every_command_of_the_page_works(keeping: Workspace, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", page.partition("## Originals")[2].partition("\n## ")[0], re.DOTALL)
    key = Path(write_key(keeping, NEW_KEY).removeprefix("file:")).rename(tmp_path / "new.key")
    write_key(keeping)
    for line in block.splitlines():
        typed = line.replace("DIR", str(keeping.root)).replace("/etc/cxnlp/new.key", str(key))
        done = RUN.invoke(
            app, shlex.split(typed.replace("answer.json", str(tmp_path / "answer.json")), comments=True)[1:]
        )
        if "check" in line:
            assert "this key does not open it" in done.output  # cxnlp.toml names the old key still
        else:
            assert done.exit_code == 0, f"{line}\n{done.output}"
    assert json.loads((tmp_path / "answer.json").read_text("utf-8"))["originals"]


def test_a_new_key_is_a_place_and_not_the_key(keeping: Workspace, first_night: Workspace) -> None:
    with pytest.raises(SettingsError, match="never the secret itself") as caught:
        privacy.rotate_originals(keeping, NEW_KEY)
    assert NEW_KEY not in str(caught.value)
    with pytest.raises(SettingsError, match="is not there"):
        privacy.rotate_originals(open_workspace(first_night.root), f"file:{key_file(keeping)}")
