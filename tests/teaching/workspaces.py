"""A small published workspace of invented customers."""

from pathlib import Path

from cxnlp.cli.init import init
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.warehouse.night import Piece, partition, piece, run, said

CONFIG = """
company = "Larkfield"
[[source]]
name = "notes"
channel = "call"
kind = "table"
path = "calls"
"""

LONG = "My parcel came {} days after the day that you promised me on the phone."
LETTERS = [
    *(piece(f"d{n}", said(LONG.format(n), -1, "?moment:delivery", "unmeasurable:trust-"), said(f"Case {n}."))
      for n in range(12)),
    piece("c1", said("I shall see my solicitor about the heater that burnt my kitchen wall.", -2, "?signal:crisis")),
    piece("c2", said("That was the last lamp that I shall ever buy from you, I am afraid.", -1, "?signal:churn")),
    piece("g1", said("Good morning.", speaker="customer"),
          said("Sorry to hear that, madam.", 0, "?moment:resolution", speaker="agent"), channel="call"),
    piece("e1", said('=HYPERLINK("http://example.org","win")', 0, "?moment:payment"),
          said("[red]@here[/red] \x1b[2J +49", 0)),
]  # fmt: skip


def published(root: Path, *letters: Piece, number: int = 1) -> Workspace:
    """Make a workspace and publish its letters as one night, or as the next one."""
    if not (root / "cxnlp.toml").exists():
        config = root.parent / f"{root.name}.toml"
        config.write_text(CONFIG, "utf-8")
        init(root, config)
    workspace = open_workspace(root)
    with store.open_working(workspace.working_database) as connection:
        store.load(connection, [partition(root / f"night{number}", *letters)], run(number))
        store.publish(connection, workspace.warehouse)
    return workspace
