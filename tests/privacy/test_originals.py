"""Originals are kept only where the workspace asks, in bytes that say nothing without the key, and for their time."""

import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from cxnlp import privacy
from cxnlp.cli.check import check
from cxnlp.settings import SettingsError, Workspace, open_workspace
from cxnlp.warehouse import encrypted
from pipelines import stages
from pipelines.night import begin
from tests.privacy import company
from tests.privacy.company import bytes_of, run_night, texts
from tests.privacy.keeping import FAY_SAYS, configure, kept, kept_texts, key_file, settle, write_key


def test_without_being_asked_nothing_is_kept(first_night: Workspace) -> None:
    assert not first_night.originals_file.exists()
    assert [each for each in check(first_night) if each.what == "originals"] == []


def test_the_words_are_there_with_the_key_and_in_no_byte_without(keeping: Workspace) -> None:
    assert FAY_SAYS in kept_texts(keeping)
    assert len(kept_texts(keeping)) == 10  # K5 is older than 90 days
    content = bytes_of(keeping)
    assert encrypted.is_encrypted(keeping.originals_file)
    for word in (b"07700", b"Fay Grove", b"Grove"):
        assert word not in content
    assert b"sideboard" not in keeping.originals_file.read_bytes()
    assert b"hinges" in content  # masked, in the warehouse
    assert "07700" not in texts(keeping)
    assert not encrypted.fits(keeping.originals_file, "0" * 64)
    assert list(keeping.state.glob("originals.duckdb?*")) == []


@pytest.mark.thorough
def test_what_is_sealed_says_nothing_either(keeping: Workspace) -> None:
    company.write_notes(keeping.root, "new.csv", company.NOTES[2], ("N1", "30/10/2026", "AC-1", "Gil", FAY_SAYS + " !"))
    with begin(open_workspace(keeping.root), as_of=date.fromisoformat(company.NIGHT)) as night:
        partition = stages.seal.fn(night, stages.normalise.fn(night, stages.read.fn(night)))
        assert FAY_SAYS in partition.feedback["text"].item()
        (sealed,) = keeping.staging.rglob("*.duckdb")
        assert encrypted.is_encrypted(sealed)
        assert b"07700" not in bytes_of(keeping)
        written = sealed.stat().st_mtime_ns
        stages.seal.fn(night, partition)
        assert sealed.stat().st_mtime_ns == written


@pytest.mark.thorough
def test_check_says_whether_the_key_fits(keeping: Workspace) -> None:
    (finding,) = [each for each in check(keeping) if each.what == "originals"]
    assert (finding.works, finding.words) == (True, "kept for 90 days, encrypted; the key fits")
    write_key(keeping, "f" * 64)
    (finding,) = [each for each in check(keeping) if each.what == "originals"]
    assert (finding.works, "this key does not open it" in finding.words) == (False, True)


@pytest.mark.parametrize(
    ("reference", "key", "said"),
    [
        ("env:LARKFIELD_KEY", None, "Set the environment variable LARKFIELD_KEY"),
        ("env:LARKFIELD_KEY", "short", "at least 32 characters"),
        ("env:LARKFIELD_KEY", "f" * 64, "this key does not open it"),
        ("keyring:LARKFIELD_KEY", None, "keyring set cxnlp LARKFIELD_KEY"),
        ("file:{elsewhere}/none.key", None, "Write it into"),
        ("file:{root}/original.key", "f" * 64, "outside the workspace"),
        ("file:original.key", None, "outside the workspace"),
        ("file:{elsewhere}/open.key", "f" * 64, "chmod 600"),
    ],
)
def test_without_a_usable_key_the_night_stops_before_it_reads(
    keeping: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reference: str, key: str | None, said: str
) -> None:
    reference = reference.format(elsewhere=tmp_path, root=keeping.root)
    if key is not None and reference.startswith("env:"):
        monkeypatch.setenv("LARKFIELD_KEY", key)
    elif key is not None:
        Path(reference.removeprefix("file:")).write_text(key)
        Path(reference.removeprefix("file:")).chmod(0o644)
    configure(keeping, reference)
    monkeypatch.setattr(stages.read, "fn", lambda _: pytest.fail("it reads"))
    with pytest.raises(SettingsError) as caught:
        run_night(keeping)
    assert said in str(caught.value)
    assert "f" * 64 not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("keep_original = true", "keep_original needs original_key"),
        ('original_key = "0123456789abcdef"', "original_key"),
        ("original_retention_days = 0", "original_retention_days"),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, lines: str, said: str) -> None:
    workspace = company.make(tmp_path / "larkfield")
    with (workspace.root / "cxnlp.toml").open("a") as config:
        config.write(f"[privacy]\n{lines}\n")
    with pytest.raises(SettingsError, match=said) as caught:
        open_workspace(workspace.root)
    assert "0123456789abcdef" not in str(caught.value)


def test_without_the_extra_it_says_how_to_install_it(keeping: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encrypted, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match="Install the extra `originals`"):
        run_night(keeping)


def test_a_file_whose_key_nobody_names_stops_the_night(keeping: Workspace) -> None:
    configure(keeping, None)
    with pytest.raises(SettingsError, match="does not say where their key is"):
        run_night(keeping)
    keeping.originals_file.unlink()
    assert privacy.originals_of(open_workspace(keeping.root)) is None


@pytest.mark.thorough
def test_switched_off_nothing_more_comes_in_and_the_rest_is_looked_after(keeping: Workspace) -> None:
    configure(keeping, f"file:{key_file(keeping)}", keep=False, days=20)
    company.write_notes(
        keeping.root, "late.csv", ("N8", "01/11/2026", "AC-1", "Gus Reed", "Late words that nobody keeps.")
    )
    run_night(keeping)
    assert "nobody keeps" in texts(keeping)
    found = kept_texts(keeping)
    assert FAY_SAYS in found
    assert not [text for text in found if "nobody keeps" in text or "sideboard" in text]  # of 1 October


def test_nights_look_after_it_before_they_read(keeping: Workspace) -> None:
    with begin(open_workspace(keeping.root), as_of=date(2027, 3, 1)) as night:
        stages.retain.fn(night)
    assert kept_texts(keeping) == []


def test_they_have_a_retention_of_their_own(keeping: Workspace) -> None:
    before = keeping.originals_file.stat().st_size
    settle(keeping, "2027-01-12")  # 90 days after 14 October
    assert sorted(text.split()[0] for text in kept_texts(keeping)) == [
        "My",
        "My",
        "Please",
        "Queued",
        "The",
        "Yesterday",
    ]
    settle(keeping, "2027-03-01")
    assert kept_texts(keeping) == []
    assert keeping.originals_file.stat().st_size <= before


@pytest.mark.thorough
@pytest.mark.parametrize("moment", ["mask", "load", "archive"])
def test_a_night_that_ends_anywhere_is_made_good_by_the_next(
    keeping: Workspace, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    new = ("N8", "01/11/2026", "AC-1", "Gus Reed", "Ring Gus Reed on 07700 900789 about the crooked bookcase shelf.")
    company.write_notes(keeping.root, "new.csv", new)

    def ends(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(getattr(stages, moment), "fn", ends)
        with pytest.raises(KeyboardInterrupt):
            run_night(keeping)
    assert b"07700" not in bytes_of(keeping)
    run_night(keeping)
    assert new[4] in kept_texts(keeping)
    assert len(kept_texts(keeping)) == 11
    assert list(keeping.state.glob("staging/*")) == []


_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from cxnlp import privacy
from cxnlp.privacy import originals
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
place = open_workspace(Path(sys.argv[1]))
with store.open_working(place.working_database) as connection:
    stored = store.identities(connection)
setattr(*{"replace": (Path, "replace"), "finish": (originals, "_finish")}[sys.argv[2]],
        lambda *_: os.kill(os.getpid(), signal.SIGKILL))
privacy.originals_of(place).settle(stored, date(2027, 1, 12))
"""


@pytest.mark.parametrize("moment", ["replace", pytest.param("finish", marks=pytest.mark.thorough)])
def test_killed_while_the_file_is_written_the_old_one_is_whole(keeping: Workspace, moment: str) -> None:
    words = [sys.executable, "-c", _KILLED, str(keeping.root), moment]
    root = Path(__file__).parents[2]
    died = subprocess.run(words, cwd=root, check=False, capture_output=True, text=True, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert list(keeping.state.glob("originals.duckdb.part*"))
    assert len(kept_texts(keeping)) == 10
    assert b"07700" not in bytes_of(keeping)
    settle(keeping, "2027-01-12")
    assert len(kept_texts(keeping)) == 6
    assert list(keeping.state.glob("originals.duckdb?*")) == []


@pytest.mark.thorough
def test_a_database_made_anew_is_followed(keeping: Workspace) -> None:
    keeping.working_database.unlink()
    shutil.rmtree(keeping.warehouse)
    before = sorted(kept_texts(keeping))
    run_night(keeping)
    assert sorted(kept_texts(keeping)) == before


def test_the_key_is_in_no_words_about_them(keeping: Workspace) -> None:
    assert kept(keeping).key not in repr(kept(keeping))
