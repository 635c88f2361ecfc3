"""Who is forgotten is gone from every byte, does not come back, and everybody else stays."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from cxnlp import privacy, results
from cxnlp.backlog import moves
from cxnlp.backlog.moves import Move
from cxnlp.feedback.keys import feedback_id
from cxnlp.privacy import Erased, ErasureError, Wish, choosing, tombstones
from cxnlp.privacy.services import AtService, Piece
from cxnlp.settings import Workspace, open_workspace
from cxnlp.teaching import examples, journal
from cxnlp.teaching.examples import Example
from cxnlp.warehouse import store
from pipelines.night import begin
from tests.live.server import served
from tests.live.test_night import Tickets, toml
from tests.privacy import company
from tests.privacy.company import ADA, ADA_ADDS, ADA_SAYS, ask, bytes_of, run_night, texts
from tests.teaching.reviewed import answer, item

ADA_WISH = Wish(customer=ADA)
LATE = f"{feedback_id('notes', 'K2')}.0"  # a mention of what Ada adds


def people(workspace: Workspace) -> int:
    ((n,),) = ask(workspace, "SELECT count(DISTINCT coalesce(customer_key, author_key, feedback_id)) FROM feedback")
    return int(str(n))


def test_before_it_is_erased_it_is_found(workspace: Workspace) -> None:
    with store.open_working(workspace.working_database) as connection:
        erasure = choosing.erasure_of(connection, ADA_WISH, workspace.secret(), datetime.now(UTC))
    assert privacy.verify(workspace, [ADA_SAYS]).n_short == 1  # words of what may be stored are not searched for
    tombstones.add(workspace, erasure)
    seen = privacy.verify(workspace, [ADA_SAYS])
    assert not seen.is_clean
    places = " ".join(seen.places)
    for expected in (
        ".cxnlp/working.duckdb (feedback.text)",
        "(evidence.quote)",
        ".cxnlp/working.duckdb (mentions.text)",
    ):
        assert expected in places


def test_a_customer_is_gone_from_every_byte(without_ada: tuple[Workspace, Erased]) -> None:
    workspace, done = without_ada
    assert (done.n_feedback, dict(done.sources)) == (2, {"notes": 2})
    assert done.n_mentions >= 2
    assert "sideboard" not in texts(workspace)
    assert people(workspace) == 6
    content = bytes_of(workspace)
    for words in (ADA_SAYS, ADA_ADDS):
        for word in (b"sideboard", b"helpline", b"disgrace"):
            assert word not in content
        assert privacy.verify(workspace, [words]).is_clean
    assert done.verified is not None
    assert done.verified.is_clean
    assert done.verified.n_runs > 20


@pytest.mark.thorough
def test_shorthand_is_searched_for_as_it_was_written(workspace: Workspace) -> None:
    note = "cust adv bill wrg again w/ the walnut lamp acct, wants mgr callback asap re refund"
    company.write_notes(workspace.root, "short.csv", ("K8", "01/11/2026", ADA, "Ada Quill", note))
    run_night(workspace)
    ((words, written),) = ask(workspace, "SELECT text, written FROM feedback WHERE external_id = 'K8'")
    assert (words != note, written) == (True, note)
    (workspace.root / "leftover.txt").write_text(note, "utf-8")
    done = privacy.forget(workspace, ADA_WISH)
    assert done.verified is not None
    assert done.verified.places == ("leftover.txt",)


def test_it_says_which_of_the_companys_files_still_hold_it(without_ada: tuple[Workspace, Erased]) -> None:
    workspace, done = without_ada
    assert [(place.source, place.file, place.row) for place in done.held] == [("notes", "notes.csv", 2),
                                                                               ("notes", "notes.csv", 3)]  # fmt: skip
    assert "sideboard" in (workspace.root / "inbox" / "calls" / "notes.csv").read_text("utf-8")


@pytest.mark.parametrize("spelling", ["AC-4711", "ac 4711", "AC4711"])
def test_a_number_may_be_spelt_as_it_likes(workspace: Workspace, spelling: str) -> None:
    assert privacy.preview(workspace, Wish(customer=spelling)).n_feedback == 2


def test_a_preview_changes_nothing(workspace: Workspace) -> None:
    before = ask(workspace, "SELECT count(*) FROM feedback")
    seen = privacy.preview(workspace, ADA_WISH)
    assert (seen.n_feedback, len(seen.held), seen.verified) == (2, 2, None)
    assert ask(workspace, "SELECT count(*) FROM feedback") == before
    assert tombstones.read(workspace) == []


@pytest.fixture(scope="module")
def next_night(without_ada: tuple[Workspace, Erased], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The night after Ada's erasure: her notes come again, with one more of hers and one of Eve's. Read only."""
    root = tmp_path_factory.mktemp("next_night") / "larkfield"
    shutil.copytree(without_ada[0].root, root, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    eve = ("K9", "30/10/2026", "AC-0999", "Eve Stone", "The new sofa is lovely and soft to sit on.")
    company.write_notes(root, "notes.csv", *company.NOTES, eve)
    company.write_notes(root, "new.csv", ("K8", "01/11/2026", "ac4711", "A. Quill", "Ada rang again today."))
    workspace = open_workspace(root)
    journal.add_answers(workspace, [answer(item(LATE, "a disgrace"))])  # a review that was open meanwhile
    run_night(workspace)
    return workspace


def test_the_same_items_do_not_come_back_and_are_counted_as_erased(next_night: Workspace) -> None:
    counts = "SELECT n_arrived, n_stored, n_unchanged, n_erased FROM runs ORDER BY started_at DESC LIMIT 1"
    assert ask(next_night, counts) == [(7, 1, 3, 3)]
    assert "sideboard" not in texts(next_night)
    assert "sofa" in texts(next_night)


@pytest.mark.thorough
def test_what_a_live_source_tells_again_does_not_come_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LARKFIELD_DESK", "key")
    with served() as service:
        Tickets(service).gate.set()
        with (workspace.root / "cxnlp.toml").open("a", encoding="utf-8") as config:
            config.write("[[source]]" + toml(service).partition("[[source]]")[2])
        workspace = open_workspace(workspace.root)
        run_night(workspace)
        ((name, words),) = ask(workspace, "SELECT feedback_id, text FROM feedback WHERE external_id = '6'")
        url = f"{service.url}/tickets"
        assert privacy.preview(workspace, ADA_WISH, with_files=False).services == (AtService("desk", "rest", url, ()),)
        done = privacy.forget(workspace, Wish(feedback_ids=(str(name),)))
        assert (done.n_feedback, dict(done.sources), done.held) == (1, {"desk": 1}, ())
        assert done.services == (AtService("desk", "rest", url, (Piece("all", None, "6"),)),)
        run_id = run_night(workspace)  # the last two days are asked for again
    (run,) = ask(workspace, f"SELECT n_arrived, n_unchanged, n_erased FROM runs WHERE run_id = '{run_id}'")
    assert run == (3, 2, 1)
    assert str(words) not in texts(workspace)
    with store.open_working(workspace.working_database) as connection:
        assert connection.execute("FROM places WHERE feedback_id = $1", [name]).fetchall() == []


def test_another_item_of_the_same_customer_stays_out_too(next_night: Workspace) -> None:
    assert "rang again" not in texts(next_night)


def test_an_answer_that_comes_late_leaves_with_the_next_night(next_night: Workspace) -> None:
    assert journal.answers(next_night) == []


@pytest.mark.thorough
def test_who_writes_again_is_read_again_where_only_the_past_was_erased(workspace: Workspace) -> None:
    privacy.forget(workspace, Wish(customer=ADA, is_past_only=True))
    later = ("K8", "01/11/2096", ADA, "Ada Quill", "I have bought a stool and I like it very much indeed.")
    sooner = ("K7", "30/09/2026", ADA, "Ada Quill", "A note that was found in a drawer at long last, sorry.")
    company.write_notes(workspace.root, "new.csv", later, sooner)
    run_night(workspace)
    assert "stool" in texts(workspace)
    assert "found in a drawer" not in texts(workspace)


@pytest.mark.thorough
def test_an_author_is_forgotten_with_reposts_and_copies(workspace: Workspace) -> None:
    text = "The wardrobe door fell off its hinges while my grandmother was standing in front of it, imagine!"
    company.write_posts(workspace.root, "more.jsonl", ("q1", "2026-10-22T10:00:00Z", "quillpen", text),
                        ("q2", "2026-10-23T10:00:00Z", "somebody_else", text))  # fmt: skip
    company.write_letter(workspace.root, "2026-10-24 copy.txt", text)
    run_night(workspace)
    first, second = sorted(workspace.warehouse.glob("cx-*.duckdb"))
    done = privacy.forget(workspace, Wish(author="@QuillPen"))
    assert (done.n_feedback, dict(done.sources)) == (3, {"letters": 1, "posts": 2})
    assert "wardrobe" not in texts(workspace)
    assert (first.exists(), second.exists()) == (True, False)  # an earlier night knew nothing of it
    assert b"wardrobe" not in bytes_of(workspace)
    company.write_letter(workspace.root, "2026-10-25 copy of a copy.txt", text)
    run_night(workspace)
    assert "wardrobe" not in texts(workspace)


def test_one_piece_of_feedback(workspace: Workspace) -> None:
    ((name,),) = ask(workspace, "SELECT feedback_id FROM feedback WHERE text LIKE '%showroom%'")
    for file in workspace.plan_files:
        file.write_text("what customers say")
    for place in ("ended", "open"):
        (workspace.jobs / place / "1").mkdir(parents=True)
    done = privacy.forget(workspace, Wish(feedback_ids=(str(name),)))
    assert not any(file.exists() for file in workspace.plan_files)
    assert [path.name for path in workspace.jobs.iterdir()] == ["open"]  # a job that asked for it goes on
    assert (done.n_feedback, done.asked) == (1, "feedback")
    assert [place.file for place in done.held] == ["2026-10-05 thanks.txt"]
    (workspace.root / "inbox" / "letters" / "2026-10-05 thanks.txt").rename(
        workspace.root / "inbox" / "letters" / "2026-10-05 again.txt"
    )
    run_night(workspace)
    assert "showroom" not in texts(workspace)


@pytest.mark.thorough
def test_a_source_and_a_day(workspace: Workspace) -> None:
    assert privacy.forget(workspace, Wish(source="posts")).n_feedback == 2
    done = privacy.forget(workspace, Wish(source="notes", before=date(2026, 10, 13)))
    assert (done.n_feedback, done.asked) == (3, "source notes before 2026-10-13")
    assert ask(workspace, "SELECT count(*) FROM feedback") == [(3,)]


@pytest.mark.thorough
def test_a_copy_of_another_person_takes_the_place_of_what_age_erased(workspace: Workspace) -> None:
    text = "The wardrobe door fell off its hinges while my grandmother was standing in front of it, imagine!"
    company.write_posts(workspace.root, "more.jsonl", ("q1", "2026-05-22T10:00:00Z", "quillpen", text))
    company.write_letter(workspace.root, "2026-10-24 copy.txt", text)
    run_night(workspace)
    found = "SELECT source, duplicate_of IS NULL FROM feedback WHERE text LIKE '%wardrobe%' ORDER BY source"
    assert ask(workspace, found) == [("letters", False), ("posts", True)]
    privacy.forget(workspace, Wish(before=date(2026, 6, 1)))
    assert ask(workspace, found) == [("letters", True)]
    company.write_letter(workspace.root, "2026-10-26 third.txt", text)
    run_night(workspace)
    assert [row[1] for row in ask(workspace, found)] == [True, False]  # it is known again where a copy would be met


def test_reviewers_answers_and_examples_go_and_others_stay(workspace: Workspace) -> None:
    ((mention, document),) = ask(
        workspace,
        "SELECT mention_id, feedback.text FROM mentions JOIN feedback USING (feedback_id) "
        "WHERE feedback.text LIKE '%disgrace%' LIMIT 1",
    )
    ((other,),) = ask(workspace, "SELECT mention_id FROM mentions WHERE text LIKE '%rain%' LIMIT 1")
    text = str(document)
    mine = item(str(mention), text, document=text, start=0, end=len(text))
    journal.add_answers(workspace, [answer(mine, "moment:delivery"), answer(item(str(other), "Rain."))])
    journal.add_asked(workspace, [mine])
    move = {"at": datetime.now(UTC), "item_id": "cx-1", "move": "accept", "by": "ann", "theme_id": "th-1"}
    decided = Move.model_validate(move | {"mentions": [mine.mention_id, other]})
    journal.add_lines(journal.folder(workspace) / moves.FILE, [decided])
    stays = Example("The chair squeaked from the first day that we had it.", 0, 53)
    examples.keep(workspace, "moment", "colour", [Example(text, 0, len(text)), stays])
    run_night(workspace)
    assert len(ask(workspace, "FROM reviews")) > 0
    done = privacy.forget(workspace, ADA_WISH)
    assert (done.n_answers, done.n_examples, done.labels) == (1, 1, ("moment.colour",))
    assert [line.item.mention_id for line in journal.answers(workspace)] == [other]
    assert journal.asked(workspace) == {}
    assert [line.mentions for line in moves.read(workspace)] == [(other,)]
    assert examples.kept(workspace, "moment", "colour") == [stays]
    assert b"disgrace" not in bytes_of(workspace)


def test_a_reader_keeps_the_snapshot_that_it_opened(workspace: Workspace) -> None:
    with store.open_published(workspace.database) as reader:
        privacy.forget(workspace, ADA_WISH)
        assert reader.execute("SELECT count(*) FROM feedback").fetchall() == [(8,)]
    with store.open_published(workspace.database) as reader:
        assert reader.execute("SELECT count(*) FROM feedback").fetchall() == [(6,)]
    assert len(list(workspace.warehouse.glob("cx-*.duckdb"))) == 1


def test_the_audit_says_what_kind_of_request_and_never_who(without_ada: tuple[Workspace, Erased]) -> None:
    workspace, _ = without_ada
    assert ask(workspace, "SELECT asked, n_feedback FROM erasures") == [("customer", 2)]
    lines = (workspace.state / tombstones.FILE).read_text("utf-8")
    assert [line.state for line in tombstones.read(workspace)] == ["begun", "done"]
    assert tombstones.read(workspace)[1].is_verified is True
    for word in ("4711", "Ada", "Quill", "drawer"):
        assert word not in lines


def test_tombstones_outlive_a_new_database(left: Workspace) -> None:
    shutil.rmtree(left.warehouse)
    left.working_database.unlink()
    run_night(left)
    assert "sideboard" not in texts(left)
    assert ask(left, "SELECT n_erased FROM runs") == [(2,)]
    assert ask(left, "SELECT asked FROM erasures") == [("customer",)]


def test_a_damaged_tombstone_stops_the_night(left: Workspace) -> None:
    with (left.state / tombstones.FILE).open("ab") as file:
        file.write(b"{half a line}\n")
    with pytest.raises(ErasureError, match=r"line 3.*backup"):
        run_night(left)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "found 0 of"),
        ({"customer": "1", "author": "x"}, "found 2 of"),
        ({"customer": "1", "source": "posts"}, "found 2 of"),
        ({"feedback_ids": ("x",)}, "16 hex digits"),
        ({"customer": "--"}, "without a letter or digit"),
    ],
)
def test_what_cannot_be_asked(given: dict[str, object], message: str) -> None:
    with pytest.raises(ErasureError, match=message):
        Wish(**given)  # type: ignore[arg-type]


MADE = ("rates", "label_errors", "alerts", "daily_reports", "effects", "themes", "theme_mentions", "backlog",
        "backlog_evidence")  # fmt: skip


@pytest.mark.parametrize(
    ("external_id", "unmoved"),
    [
        ("K5", {"drivers"}),
        pytest.param("K1", set(), marks=pytest.mark.thorough),
        pytest.param(None, set(results.MADE), marks=pytest.mark.thorough),
    ],
)
def test_results_are_made_anew_as_far_as_they_knew_of_it(
    workspace: Workspace, external_id: str | None, unmoved: set[str]
) -> None:
    """K5 is older than drivers look back."""
    with (workspace.root / "cxnlp.toml").open("a", encoding="utf-8") as config:
        config.write("[drivers]\ndays = 90\n")
    workspace = open_workspace(workspace.root)
    made: list[list[object]] = []
    ids = pl.Series([feedback_id("notes", external_id)] if external_id else [], dtype=pl.String)
    for is_all in (False, True):
        copy = shutil.copyfile(workspace.working_database, workspace.root / f"copy-{is_all}.duckdb")
        with store.open_of(workspace, copy) as connection:
            last = results.last_night(workspace, connection)
            assert last is not None
            touched = results.touched(last, ids)
            assert set(results.MADE) - touched == unmoved
            store.erase(connection, ids)
            results.again(last, frozenset(results.MADE) if is_all else touched)
            made.append([connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in MADE])
    assert made[0] == made[1]


_KILLED = """
import os, signal, sys
from cxnlp import privacy
from cxnlp.settings import open_workspace
from cxnlp.privacy import erasing
place, module, name = sys.argv[1:]
owner = __import__(module, fromlist=["x"])
plain = getattr(owner, name)
def killed(*args, **kwargs):
    if name != "add" or args[1].state == "done":
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*args, **kwargs)
setattr(owner, name, killed)
privacy.forget(open_workspace(__import__("pathlib").Path(place)), privacy.Wish(customer="AC-4711"))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "name"),
    [
        pytest.param("cxnlp.teaching.journal", "forget", marks=pytest.mark.thorough),
        pytest.param("cxnlp.teaching.examples", "forget_some", marks=pytest.mark.thorough),
        ("cxnlp.warehouse.store", "erase"),
        pytest.param("cxnlp.results", "again", marks=pytest.mark.thorough),
        pytest.param("cxnlp.warehouse.store", "rewrite", marks=pytest.mark.thorough),
        pytest.param("cxnlp.warehouse.erasing", "make_durable", marks=pytest.mark.thorough),
        pytest.param("cxnlp.results", "publish", marks=pytest.mark.thorough),
        pytest.param("cxnlp.backlog", "export_csv", marks=pytest.mark.thorough),
        pytest.param("cxnlp.privacy.tombstones", "add", marks=pytest.mark.thorough),
    ],
)
def test_killed_at_any_step_the_next_night_finishes_it(
    workspace: Workspace, first_night: Workspace, module: str, name: str
) -> None:
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", _KILLED, str(workspace.root), module, name]
    died = subprocess.run(words, cwd=root, env=os.environ, check=False, capture_output=True, text=True, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert tombstones.pending(tombstones.read(workspace))
    with store.open_published(workspace.database) as reader:  # whole, whatever it holds
        assert reader.execute("SELECT count(*) FROM feedback").fetchall()[0][0] in (6, 8)
    with begin(open_workspace(workspace.root), as_of=date.fromisoformat(company.NIGHT)):
        assert not tombstones.pending(tombstones.read(workspace))
    assert privacy.verify(open_workspace(workspace.root), [ADA_SAYS, ADA_ADDS]).is_clean
    assert b"sideboard" not in bytes_of(workspace)
    same = "SELECT feedback_id, text FROM feedback WHERE text NOT LIKE '%drawer%' ORDER BY 1"
    assert ask(workspace, same) == ask(first_night, same)
