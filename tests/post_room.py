"""A workspace with nothing but a folder of letters, for tests that bring their own night."""

from pathlib import Path

from cxnlp.cli.init import init
from cxnlp.settings import Workspace, open_workspace

CONFIG = """
company = "A"
[[source]]
name = "post"
channel = "letter"
kind = "letters"
path = "letters"
"""


def made(folder: Path, more: str = "") -> Workspace:
    """Make ``folder``/workspace with these settings and ``more`` of them; nothing has been read there yet."""
    (folder / "config.toml").write_text(CONFIG + more, "utf-8")
    init(folder / "workspace", folder / "config.toml")
    return open_workspace(folder / "workspace")
