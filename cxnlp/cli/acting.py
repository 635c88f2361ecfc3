"""What the API does beside moves of the backlog, by the functions of the commands."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from cxnlp.cli import backlog_sheet, moments, quarantine, tagging, themes
from cxnlp.settings import Workspace

if TYPE_CHECKING:
    from cxnlp.serve.acts import Acts, Chosen, MomentWish, Prefer, Release, ThemeEdit
    from cxnlp.tags import Tagger


def acts(workspace: Workspace) -> "Acts":
    """Return what may be done to a workspace."""
    from cxnlp.serve.acts import Acts

    after_each_other = _after_each_other(Lock())
    return Acts(
        edit_theme=after_each_other(partial(_edit_theme, workspace)),
        set_moment=after_each_other(partial(_set_moment, workspace)),
        quarantined=after_each_other(
            lambda source, released: quarantine.listed(workspace, source, released=released)[0]
        ),
        quarantined_one=after_each_other(partial(quarantine.one, workspace)),
        retry=after_each_other(lambda chosen: quarantine.read_again(workspace, _chosen(chosen))),
        release=after_each_other(partial(_release, workspace)),
        write_sheet=lambda file, everything: backlog_sheet.write(workspace, file, everything=everything),
        take_sheet=after_each_other(partial(_take_sheet, workspace)),
        tag=_Tagging(workspace).tag,
    )


def _after_each_other(lock: Lock) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what lets acts wait for each other: all want the working database, and none is a night."""

    def locked(act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*given: Any) -> Any:
            with lock:
                return act(*given)

        return acting

    return locked


def _edit_theme(workspace: Workspace, theme: str, wish: "ThemeEdit") -> dict[str, Any]:
    return themes.decide(workspace, theme, wish.edit, name=wish.name, into=wish.into)


def _set_moment(workspace: Workspace, moment: str, wish: "MomentWish") -> dict[str, Any]:
    targets = [f"{metric}={'' if value is None else value}" for metric, value in wish.targets.items()]
    given = wish.model_dump(include={"owner", "critical", "expectation", "interaction"})
    fixed_on = None if wish.fixed_on is None else wish.fixed_on.isoformat()
    told = moments.change(workspace, moment, given, targets=targets, fixed_on=fixed_on, fix=wish.fix)
    return {"moment": moment, "says": told}


def _release(workspace: Workspace, wish: "Release") -> dict[str, Any]:
    return quarantine.let_go(workspace, _chosen(wish), reason=wish.reason, by=wish.by)


def _chosen(wish: "Chosen") -> quarantine.Chosen:
    return quarantine.Chosen(tuple(wish.ids), wish.source, wish.all)


def _take_sheet(workspace: Workspace, file: Path, prefer: "Prefer | None", dry_run: bool) -> dict[str, Any]:
    found = backlog_sheet.take_back(workspace, file, prefer, dry_run=dry_run)
    return backlog_sheet.as_dict(found, dry_run=dry_run)


class _Tagging:
    """The workspace's tagger, loaded when it is first needed and again when another model is in use."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._lock = workspace, Lock()
        self._loaded: tuple[object, Tagger] | None = None

    def tag(self, documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Tag documents, one caller at a time."""
        from cxnlp.tags import Tagger

        with self._lock:
            words = self._workspace.taxonomy_file
            using = (self._workspace.model_folder, words.stat().st_mtime_ns if words.is_file() else None)
            if self._loaded is None or self._loaded[0] != using:
                self._loaded = (using, Tagger.of(self._workspace))
            return list(tagging.tag(documents, self._loaded[1]))
