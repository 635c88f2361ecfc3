"""The company where it keeps originals, encrypted with a key that lies beside the workspace."""

import re
from datetime import date
from pathlib import Path

from cxnlp import privacy
from cxnlp.privacy import Originals
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import encrypted, store
from tests.privacy.company import ADA

FAY_SAYS = "Please ring Fay Grove on 07700 900123 about the wardrobe hinges before Friday, they squeak all night."
#: In front of the mask two people share a run of words; behind it nobody sees that they do.
SHARED = "spoke to Priya Nair at the Leeds counter"
MORE_NOTES = (
    ("K7", "20/10/2026", "AC-0820", "Fay Grove", FAY_SAYS),
    ("K8", "30/10/2026", ADA, "Ada Quill", f"Yesterday I {SHARED} about a lamp that hums."),
    ("K9", "30/10/2026", "AC-0821", "Ivy Webb", f"My sister and I {SHARED} and got a refund for the rug."),
)


def configure(workspace: Workspace, reference: str | None, *, keep: bool = True, days: int = 90) -> None:
    """Say in cxnlp.toml where the key is; None leaves nothing about originals in it."""
    path = workspace.root / "cxnlp.toml"
    plain = re.sub(r"\[privacy\]\n(?:.*original.*\n)+", "", path.read_text("utf-8"))
    if reference is not None:
        says = f'keep_original = {str(keep).lower()}\noriginal_retention_days = {days}\noriginal_key = "{reference}"\n'
        plain += f"[privacy]\n{says}"
    path.write_text(plain, "utf-8")


def key_file(workspace: Workspace) -> Path:
    return workspace.root.with_suffix(".key")


def write_key(workspace: Workspace, key: str = "0123456789abcdef" * 4) -> str:
    """Write the key beside the workspace; return what names it."""
    key_file(workspace).write_text(key + "\n", "ascii")
    key_file(workspace).chmod(0o600)
    return f"file:{key_file(workspace)}"


def kept(workspace: Workspace) -> Originals:
    found = privacy.originals_of(open_workspace(workspace.root))
    assert found is not None
    return found


def settle(workspace: Workspace, day: str) -> None:
    """What every night does with them, first and last."""
    with store.open_working(workspace.working_database) as connection:
        kept(workspace).settle(store.identities(connection), date.fromisoformat(day))


def kept_texts(workspace: Workspace) -> list[str]:
    """Every original, whosoever."""
    originals = kept(workspace)
    with encrypted.opened(writes=False) as connection:
        encrypted.attach(connection, originals.file, "kept", originals.key)
        return [text for (text,) in connection.execute("SELECT text FROM kept.originals").fetchall()]
