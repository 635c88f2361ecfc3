"""The word of a taught label in the workspace's taxonomy: what it says, whether it may, and how it leaves."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from cxnlp import taxonomy
from cxnlp.settings import Workspace
from cxnlp.taxonomy import Family, editing
from cxnlp.teaching import answers
from cxnlp.teaching.versions import TeachingError
from cxnlp.warehouse import store

SIGNED: Final = "unmeasurable"
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{1,39}$")


@dataclass(frozen=True)
class Wish:
    """What is to be taught; ``label`` has its sign where it is an unmeasurable. What is None stays as it was."""

    family: Family
    label: str
    stage: str | None = None
    definition: str | None = None
    cues: Sequence[str] | None = None
    name: str | None = None
    owner: str | None = None

    @property
    def word(self) -> str:
        """The label without its sign: its id in the taxonomy."""
        return self.label[:-1] if self.family == SIGNED else self.label


def entry(workspace: Workspace, wish: Wish) -> dict[str, Any]:
    """Return the label's entry for the workspace's taxonomy: as it was, with what is wished now.

    Raises:
        TeachingError: the name is no name, is a shipped label's, or a new label has no definition.
    """
    sign = wish.label[-1:] if wish.family == SIGNED else ""
    if not _NAME.match(wish.word) or (wish.family == SIGNED and sign not in ("+", "-")):
        shape = "patience+ (shown) or patience- (missing)" if wish.family == SIGNED else "parking"
        raise TeachingError(f"{wish.label}: no name for a label here; allowed: small letters, digits and _, such as "
                            f"{shape}. Give another name.")  # fmt: skip
    shipped = taxonomy.load()
    if any(wish.word in shipped.entries(family) for family in taxonomy.FAMILIES):
        raise TeachingError(f"{wish.label}: a shipped label; allowed: a new name. To make a shipped label better, "
                            "review mentions (`cxnlp review`) and run `cxnlp train`.")  # fmt: skip
    old = editing.entry_in(workspace.taxonomy_file, wish.family, wish.word) or {"id": wish.word}
    side = {"+": "_shown", "-": "_missing", "": ""}[sign]
    said = {
        "name": wish.name, "stage": wish.stage, "owner": wish.owner, f"definition{side}": wish.definition,
        f"cues{side}": list(wish.cues) if wish.cues else None,
    }  # fmt: skip
    found = old | {key: value for key, value in said.items() if value is not None}
    found.pop("retired", None)
    if f"definition{side}" not in found:
        raise TeachingError(f"{wish.label}: found no definition; allowed: one sentence that says when it applies. Give "
                            'it with --definition "…".')  # fmt: skip
    if wish.family == "moment" and "stage" not in found:
        raise TeachingError(f"{wish.label}: found no stage; allowed: {', '.join(taxonomy.load().stages)}. Say with "
                            "--stage in which part of the journey this moment is.")  # fmt: skip
    return found


def rehearse(workspace: Workspace, wish: Wish, said: Mapping[str, Any]) -> None:
    """Put the entry into a copy, so that a mistake shows before anything is learnt."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / workspace.taxonomy_file.name
        if workspace.taxonomy_file.is_file():
            copy.write_bytes(workspace.taxonomy_file.read_bytes())
        editing.put(copy, wish.family, said)


def forget(workspace: Workspace, family: Family, word: str) -> None:
    """Take a word out of the taxonomy, or retire it there where stored tags or reviews have it."""
    said = editing.entry_in(workspace.taxonomy_file, family, word)
    if said is None:
        return
    if _is_stored(workspace, family, word):
        since = taxonomy.load(additions=workspace.taxonomy_file).entries(family)[word].since
        without = {key: value for key, value in said.items() if not key.startswith("cues")}
        editing.put(workspace.taxonomy_file, family, without | {"retired": since})
    else:
        editing.remove(workspace.taxonomy_file, family, word)


def _is_stored(workspace: Workspace, family: str, word: str) -> bool:
    said = answers.reviews(workspace)
    if said.filter((pl.col("family") == family) & (pl.col("label") == word)).height:
        return True
    if not workspace.database.exists():
        return False
    with store.open_published(workspace.database) as connection:
        query = "SELECT count(*) FROM tags WHERE family = $1 AND label = $2"
        return bool(connection.execute(query, [family, word]).fetchall()[0][0])
