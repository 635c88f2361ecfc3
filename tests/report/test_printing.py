"""The page on paper and as pictures, by a real Chromium that the command starts itself."""

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.init import init
from cxnlp.report import printing

NAMES = {"headline", "journey", "warnings", "item-1", "item-2", "item-3"}


@pytest.fixture(scope="module")
def workspace(larkfields_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the page of the eight weeks."""
    root = tmp_path_factory.mktemp("printing") / "larkfield"
    init(root)
    shutil.copyfile(larkfields_page, root / "page.html")
    return root


def printed(workspace: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`cxnlp page` in a process of its own: one thread has one playwright, and the tests have theirs."""
    return subprocess.run(
        [sys.executable, "-m", "cxnlp.cli", "page", "-w", str(workspace), *options],
        env=os.environ | more, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_page_is_printed_and_cut_into_cards(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_text("old", "utf-8")
    done = printed(workspace, "--pdf", str(tmp_path / "page.pdf"), "--cards", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"page.pdf", *(f"{name}.png" for name in NAMES)}
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as document:
        assert document[0].get_size() == pytest.approx((595, 842), abs=2)  # A4 in points
        assert "danger or legal steps" in document[0].get_textpage().get_text_bounded()
    widths = {name: size(tmp_path / f"{name}.png")[0] for name in NAMES}
    assert widths == dict.fromkeys(NAMES, 1200) | {"journey": 2400}
    assert all(size(tmp_path / f"{name}.png")[1] > 200 for name in NAMES)


def test_without_a_chromium_it_says_how_to_get_one(workspace: Path, tmp_path: Path) -> None:
    nothing = str(tmp_path / "nothing")
    done = printed(workspace, "--pdf", str(tmp_path / "p.pdf"), PATH=nothing, PLAYWRIGHT_BROWSERS_PATH=nothing)
    assert done.returncode == 1
    assert "found none of chromium, chromium-browser, google-chrome, nor playwright's own. Install one" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_playwright_it_names_the_extra(
    larkfields_page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(printing.PrintError, match=r"cxnlp\[print\]"):
        printing.pdf(larkfields_page, tmp_path / "page.pdf")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "found neither --pdf FILE nor --cards FOLDER"),
        (["--pdf", "nowhere/page.pdf"], "--pdf: nowhere is no folder"),
        (["--cards", "nowhere"], "--cards: nowhere is no folder"),
    ],
)
def test_what_cannot_be_written_is_said_first(workspace: Path, options: list[str], words: str) -> None:
    done = CliRunner().invoke(app, ["page", "-w", str(workspace), *options])
    assert done.exit_code != 0
    assert words in str(done.exception)


def size(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its header."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height
