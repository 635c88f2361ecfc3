"""Earlier snapshots: those that hold nothing of what was erased may stay, all others go with the next one."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from cxnlp.privacy.tombstones import ErasureError, Tombstones, tombstones_of
from cxnlp.settings import Workspace
from cxnlp.warehouse import store
from cxnlp.warehouse.publishing import snapshots


@dataclass(frozen=True)
class Earlier:
    """The snapshots of a workspace as an erasure sees them; made by `earlier_of`."""

    workspace: Workspace
    known: Tombstones
    secret: bytes = field(repr=False)
    clean: set[str] = field(default_factory=set)  # names of those that were looked at and hold nothing

    def stays(self, snapshot: Path) -> bool:
        """Whether a snapshot holds nothing of what was erased; one that cannot be read does not stay."""
        try:
            with store.open_published(snapshot) as connection:
                is_meant = self.known.meant(store.identities(connection), self.secret).any()
                is_clean = not is_meant and self.known.forgotten(store.namings(connection)).is_empty()
        except (duckdb.Error, store.WarehouseError):
            return False
        if is_clean:
            self.clean.add(snapshot.name)
        return is_clean

    def refuse_others(self) -> None:
        """Make sure that beside the published snapshot only clean ones are left.

        Raises:
            ErasureError: one could not be removed.
        """
        if not self.workspace.database.is_symlink():
            return
        stays = self.clean | {self.workspace.database.resolve().name}
        for path in snapshots(self.workspace.warehouse):
            if path.name not in stays:
                raise ErasureError(f"{path}: an older snapshot that holds what was erased could not be removed; "
                                   "allowed: none after an erasure. Close what has it open and run `cxnlp forget` "
                                   "again.")  # fmt: skip


def earlier_of(workspace: Workspace) -> Earlier:
    """Return the snapshots of a workspace, to be held against everything that was ever erased."""
    return Earlier(workspace, tombstones_of(workspace), workspace.secret())
