"""The versions of a workspace's own model, and the pointer to the one that the night uses.

``models/<version>/`` is a whole model: heads, calibration and card of its own, and the encoder of the model that it
came from (a hard link where the disk allows it). Versions are named by what is in them and are never changed; the file
``models/active`` names the one in use, and is replaced in one step. The former one stays.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from filelock import FileLock, Timeout

from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace
from cxnlp.tags import artefacts, precision
from cxnlp.taxonomy import load as load_taxonomy

ACTIVE: Final = "active"
UNTRAINED: Final = "untrained.npz"  # the heads before training: what the next training starts from
MADE: Final = "made"  # key of model.json: how a version came about
_OWN: Final = (artefacts.CARD, artefacts.HEADS, UNTRAINED)
ERRORS: Final = "errors.json"  # of the model's labels on documents, by version
SCORES: Final = "scores.json"


class TeachingError(CxnlpError):
    """Teaching or training cannot go on; the message says what was found, what is allowed and how to mend it."""


class ModelBusy(TeachingError):
    """Somebody else is teaching or training on this workspace."""

    exit_code = 3


@dataclass(frozen=True)
class Draft:
    """A model that is not written yet: what model.json, heads.npz and untrained.npz will say."""

    folder: Path  # of the model that it came from
    about: dict[str, Any]
    arrays: dict[str, Any]
    untrained: dict[str, Any] | None = None  # the same heads before `cxnlp train`; None where it never ran

    @property
    def made(self) -> dict[str, Any]:
        """How it came about: ``base`` (the shipped version), ``labels`` taught by family, ``trained`` where it was."""
        found: dict[str, Any] = self.about.setdefault(MADE, {"base": self.about["version"], "labels": {}})
        return found

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The arrays of the heads, trained and untrained, where there are both."""
        return [self.arrays] if self.untrained is None else [self.arrays, self.untrained]


def active_folder(workspace: Workspace) -> Path:
    """Return the folder of the model that the night uses: the workspace's own, or the shipped one.

    Raises:
        TeachingError: cxnlp.toml names a model folder itself, so that a version made here would not be used.
    """
    if workspace.settings.model != "shipped":
        raise TeachingError(f'cxnlp.toml: found model = "{workspace.settings.model}"; allowed here: "shipped", '
                            "of which versions of your own are made. Take the line out to teach or train.")  # fmt: skip
    return workspace.model_folder or artefacts.shipped()


def describe(workspace: Workspace) -> dict[str, Any]:
    """Say what the night uses.

    ``version`` of the model and of its ``encoder``, its ``base``, versions of the ``taxonomy`` and of the wished
    ``precision``, labels ``taught``, mentions ``trained_on``.
    """
    folder = workspace.model_folder or artefacts.shipped()
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    made = about.get(MADE, {})
    taught = [label for labels in made.get("labels", {}).values() for label in labels]
    return {
        "version": str(about["version"]),
        "encoder": artefacts.encoder_version(folder),
        "base": str(made.get("base", about["version"])),
        "taxonomy": load_taxonomy(additions=workspace.taxonomy_file).version,
        "precision": precision.version(workspace.settings.tags.precision),
        "taught": ", ".join(taught),
        "trained_on": int(made.get("trained", {}).get("n_mentions", 0)),
    }


@contextmanager
def changing(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's model: two who teach at once would each lose what the other taught.

    Raises:
        ModelBusy: somebody else is teaching or training here.
    """
    workspace.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(workspace.state / "model.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ModelBusy(
            f"{workspace.root}: somebody is teaching or training here. Wait for it to end, then do it again."
        ) from error
    try:
        yield
    finally:
        lock.release()


def draft(folder: Path) -> Draft:
    """Read a model so that a new one can be made of it.

    Raises:
        ModelError: the model cannot be used.
    """
    artefacts.read(folder)
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    untrained = folder / UNTRAINED
    return Draft(folder, about, _arrays(folder / artefacts.HEADS), _arrays(untrained) if untrained.is_file() else None)


def _arrays(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def name(new: Draft) -> str:
    """Give a draft the version that its content has, such as ``minilm-1-6cd88de4+1f0a93bc``, and return it."""
    said = json.dumps([new.about["families"], new.made], sort_keys=True).encode()
    heads = b"".join(_npz(arrays) for arrays in new.heads)
    new.about["version"] = f"{new.made['base']}+{hashlib.sha256(heads + said).hexdigest()[:8]}"
    return str(new.about["version"])


def write(
    workspace: Workspace, new: Draft, files: Mapping[str, str | bytes], without: Collection[str] = ()
) -> Path:  # fmt: skip
    """Write a version, whole or not at all, and return its folder; one that is there already stays as it is.

    Args:
        workspace: where to.
        new: what it says.
        files: further files by name, such as the card; the others are taken from the model that it came from.
        without: names of files that are not taken, because they are not true of the new one.
    """
    target = workspace.models / name(new)
    if (target / artefacts.CARD).is_file():
        return target
    workspace.models.mkdir(mode=0o700, parents=True, exist_ok=True)
    (workspace.models / ".gitignore").write_text("*\n", "utf-8")
    partial = Path(tempfile.mkdtemp(dir=workspace.models, prefix=".partial-"))
    try:
        (partial / artefacts.HEADS).write_bytes(_npz(new.arrays))
        if new.untrained is not None:
            (partial / UNTRAINED).write_bytes(_npz(new.untrained))
        for file_name, content in files.items():
            (partial / file_name).write_bytes(content.encode() if isinstance(content, str) else content)
        for file in new.folder.iterdir():
            if file.name not in (*_OWN, *without) and not (partial / file.name).exists():
                _link(file, partial / file.name)
        sums = new.about["files"]
        new.about["files"] = {each: artefacts.sha256(partial / each) for each in sums if (partial / each).is_file()}
        (partial / artefacts.CARD).write_text(json.dumps(new.about, indent=1) + "\n", "utf-8")
        artefacts.read(partial)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def activate(workspace: Workspace, folder: Path | None) -> None:
    """Let the night use ``folder``, a version of this workspace, from its next start on; None: the shipped model."""
    pointer = workspace.models / ACTIVE
    if folder is None:
        pointer.unlink(missing_ok=True)
        return
    handle, partial = tempfile.mkstemp(dir=workspace.models, prefix=".active-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(folder.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    Path(partial).replace(pointer)


def _link(source: Path, target: Path) -> None:
    if source.is_dir():
        return
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


def _npz(arrays: Mapping[str, Any]) -> bytes:
    """The same arrays, the same bytes: numpy gives every member of the archive the same old date."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
    return buffer.getvalue()
