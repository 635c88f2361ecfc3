"""The archive of pages has nothing that an erasure would have to take away, and is searched all the same."""

from cxnlp import privacy, results
from cxnlp.privacy import Erased
from cxnlp.privacy.runs import runs_in, runs_of
from cxnlp.settings import Workspace
from tests.privacy import company

PAGE = f"pages/{company.NIGHT}.html"


def test_a_night_leaves_its_page_and_an_erasure_lets_it_be(
    first_night: Workspace, without_ada: tuple[Workspace, Erased]
) -> None:
    before, after = ((each.root / PAGE).read_bytes() for each in (first_night, without_ada[0]))
    assert before == after
    everything = [words for _, _, _, _, words in company.NOTES] + [words for *_, words in company.POSTS]
    assert runs_in(before, {run for text in [*everything, company.LETTER] for run in runs_of(text)}) == set()
    assert f'href="{company.NIGHT}.html"' in (first_night.pages / "index.html").read_text("utf-8")


def test_a_page_with_erased_words_would_be_found(left: Workspace) -> None:
    (left.pages / "2026-10-01.html").write_text(f"<p>{company.ADA_SAYS}</p>", "utf-8")
    assert privacy.verify(left, [company.ADA_SAYS]).places == ("pages/2026-10-01.html",)


def test_two_nights_are_two_pages_and_none_are_kept_where_none_are_wanted(workspace: Workspace) -> None:
    company.run_night(workspace, "2026-11-03")
    pages = {path.name for path in workspace.pages.iterdir()}
    assert pages == {f"{company.NIGHT}.html", "2026-11-03.html", "index.html"}
    (workspace.pages / ".index.html.k2j.part").write_text("half", "utf-8")
    results.sweep(workspace)
    assert {path.name for path in workspace.pages.iterdir()} == pages
    _set(workspace, "[night]\npages = 0")
    company.run_night(workspace, "2026-11-04")
    assert not workspace.pages.exists()


def _set(workspace: Workspace, lines: str) -> None:
    with (workspace.root / "cxnlp.toml").open("a", encoding="utf-8") as config:
        config.write(f"{lines}\n")
