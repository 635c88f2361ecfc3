"""Reads a taxonomy folder into one frozen `Taxonomy`, or says exactly why not."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from cxnlp.taxonomy.checks import check_family, check_stages
from cxnlp.taxonomy.entries import About, Department, Entry, Moment, Signal, Stage, Unmeasurable, WarningSign
from cxnlp.taxonomy.marks import Marked, TaxonomyError, Trail, read
from cxnlp.taxonomy.vocabulary import Taxonomy

SHIPPED: Final = Path(__file__).parent
_Model = TypeVar("_Model", bound=BaseModel)
_Entry = TypeVar("_Entry", bound=Entry)
_Named = TypeVar("_Named", Stage, Moment, Unmeasurable, WarningSign, Signal)


def load(path: Path | None = None) -> Taxonomy:
    """Read the taxonomy in the folder ``path``; the shipped one (read once) when None.

    Raises:
        TaxonomyError: file and line, what was found, what is allowed and how to mend it.
    """
    return _read_folder(path) if path else _shipped()


@cache
def _shipped() -> Taxonomy:
    return _read_folder(SHIPPED)


def _read_folder(folder: Path) -> Taxonomy:
    about = _validate(About, read(folder / "taxonomy.yaml"), ())
    stages_file, moments_file = read(folder / "stages.yaml"), read(folder / "moments.yaml")
    stages = _entries(Stage, stages_file)
    moments = _entries(Moment, moments_file)
    check_stages(stages, moments, (stages_file, moments_file))
    check_family(moments, about, moments_file)
    unmeasurables = _family(Unmeasurable, folder / "unmeasurables.yaml", about)
    warnings = _family(WarningSign, folder / "warnings.yaml", about)
    signals = _family(Signal, folder / "signals.yaml", about)
    said = [about, *stages, *moments, *unmeasurables, *warnings, *signals]
    return Taxonomy(
        version=f"{about.version}-{_fingerprint(said)}",
        departments=about.departments,
        stages=_by_id(stages),
        moments=_by_id(moments),
        unmeasurables=_by_id(unmeasurables),
        warnings=_by_id(warnings),
        signals=_by_id(signals),
    )


def _family(model: type[_Entry], path: Path, about: About) -> list[_Entry]:
    marked = read(path)
    entries = _entries(model, marked)
    check_family(entries, about, marked)
    return entries


def _entries(model: type[_Model], marked: Marked) -> list[_Model]:
    if not isinstance(marked.value, list):
        raise TaxonomyError(
            f"{marked.place(())}: found no list; allowed: entries that each start with `- id:`. "
            "See the shipped file of this name."
        )
    return [_validate(model, marked, (position,)) for position in range(len(marked.value))]


def _validate(model: type[_Model], marked: Marked, trail: Trail) -> _Model:
    value = marked.value
    for step in trail:
        value = value[step]  # type: ignore[index]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # a misspelt key is at once unknown and missing: the unknown one shows where
        problem = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        inner: Trail = problem["loc"]
        place = marked.place(trail + inner)
        raise TaxonomyError(f"{place}: {_explain(model, problem['type'], inner, problem)}") from error


def _explain(model: type[BaseModel], kind: str, inner: Trail, problem: Mapping[str, object]) -> str:
    """Say what pydantic found in the words of somebody who edits the file."""
    key = ".".join(str(step) for step in inner) or "entry"
    keys = ", ".join((Department if inner[:1] == ("departments",) and len(inner) > 1 else model).model_fields)
    if kind == "extra_forbidden":
        return f"found the key `{key}`; allowed: {keys}. Rename or remove it."
    if kind == "missing":
        return f"found no key `{key}` in this entry; allowed: all of {keys}. Add it."
    found = problem["input"]
    shown = "nothing" if found is None else f"{type(found).__name__} {found!r}"
    return f"found {shown} as `{key}`; allowed: {problem['msg']}. Put words and version numbers in quotes."


def _by_id(entries: list[_Named]) -> Mapping[str, _Named]:
    return {entry.id: entry for entry in entries}


def _fingerprint(parts: Sequence[BaseModel]) -> str:
    """Hash what the files say, not how they are laid out: a change of meaning changes the version."""
    said = json.dumps([part.model_dump(mode="json") for part in parts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:8]
