"""Staging as an erasure sees it: finished partitions of a night that is not loaded yet, hours of tagging."""

import shutil
from collections.abc import Callable, Collection

import polars as pl

from cxnlp.privacy.originals import PREFIX
from cxnlp.settings import Workspace


def empty(workspace: Workspace) -> None:
    """Remove all that is staged; the night reads and tags it again."""
    shutil.rmtree(workspace.staging, ignore_errors=True)
    workspace.staging.mkdir(mode=0o700, exist_ok=True)


def let_go(workspace: Workspace, is_meant: Callable[[pl.DataFrame], pl.Series], gone: Collection[str] = ()) -> None:
    """Remove the staged partitions that hold what must not be loaded or cannot be read; the night tags these anew.

    Sealed originals go with their partition, and where that is not finished.

    Args:
        workspace: the caller holds its lock.
        is_meant: says of each row of a partition's feedback whether it must not be loaded.
        gone: feedback_ids that were stored until now; a partition that says of one that it came again is wrong.
    """
    kept = set()
    for file in workspace.staging.glob("*/feedback.parquet"):
        try:
            unchanged = pl.read_parquet(file.with_name("unchanged.parquet"))["feedback_id"]
            stays = not is_meant(pl.read_parquet(file)).any() and set(gone).isdisjoint(unchanged)
        except (OSError, pl.exceptions.PolarsError):  # half written as the night was killed
            stays = False
        if stays:
            kept.add(f"{PREFIX}{file.parent.name}")
        else:
            shutil.rmtree(file.parent)
    for folder in workspace.staging.glob(f"{PREFIX}*"):
        if folder.name not in kept:
            shutil.rmtree(folder)
