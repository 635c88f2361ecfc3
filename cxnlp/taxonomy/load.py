"""Reads a taxonomy folder into one frozen `Taxonomy`, or says exactly why not."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from cxnlp.taxonomy import own
from cxnlp.taxonomy.checks import Placed, check_family, check_stages
from cxnlp.taxonomy.entries import About, Department, Moment, Signal, Stage, Unmeasurable, WarningSign
from cxnlp.taxonomy.marks import Marked, TaxonomyError, Trail, read
from cxnlp.taxonomy.vocabulary import Taxonomy

SHIPPED: Final = Path(__file__).parent
_Model = TypeVar("_Model", bound=BaseModel)
_Named = TypeVar("_Named", Stage, Moment, Unmeasurable, WarningSign, Signal)


def load(path: Path | None = None, *, additions: Path | None = None) -> Taxonomy:
    """Read the taxonomy in the folder ``path``; the shipped one (read once) when None.

    Args:
        path: folder of a whole taxonomy.
        additions: a workspace's own ``taxonomy.yaml``: labels that come to the others. It need not be there.

    Raises:
        TaxonomyError: file and line, what was found, what is allowed and how to mend it.
    """
    if additions is not None and own.says_something(additions):
        return _read_folder(path or SHIPPED, read(additions))
    return _read_folder(path) if path else _shipped()


@cache
def _shipped() -> Taxonomy:
    return _read_folder(SHIPPED)


def _read_folder(folder: Path, additions: Marked | None = None) -> Taxonomy:
    about = _validate(About, read(folder / "taxonomy.yaml"), ())
    added = own.entries_of(additions, about) if additions else own.Additions()
    stages = _entries(Stage, read(folder / "stages.yaml"))
    moments = [*_entries(Moment, read(folder / "moments.yaml")), *_added(Moment, added.moments)]
    check_stages(stages, moments)
    check_family(moments, about)
    order = [placed.entry.id for placed in stages]
    moments.sort(key=lambda placed: order.index(placed.entry.stage))
    unmeasurables = _family(Unmeasurable, folder / "unmeasurables.yaml", about, added.unmeasurables)
    warnings = _family(WarningSign, folder / "warnings.yaml", about, added.warnings)
    signals = _family(Signal, folder / "signals.yaml", about, added.signals)
    families: tuple[Sequence[Placed[Any]], ...] = (stages, moments, unmeasurables, warnings, signals)
    said = [about, *(placed.entry for family in families for placed in family)]
    return Taxonomy(
        version=f"{about.version}-{_fingerprint(said)}",
        departments=about.departments,
        stages=_by_id(stages),
        moments=_by_id(moments),
        unmeasurables=_by_id(unmeasurables),
        warnings=_by_id(warnings),
        signals=_by_id(signals),
    )


def _family(model: type[_Named], path: Path, about: About, added: Sequence[Marked]) -> list[Placed[_Named]]:
    entries = _entries(model, read(path)) + _added(model, added)
    check_family(entries, about)
    return entries


def _entries(model: type[_Named], marked: Marked) -> list[Placed[_Named]]:
    if not isinstance(marked.value, list):
        raise TaxonomyError(
            f"{marked.place(())}: found no list; allowed: entries that each start with `- id:`. "
            "See the shipped file of this name."
        )
    return [_placed(model, marked, (position,)) for position in range(len(marked.value))]


def _added(model: type[_Named], added: Sequence[Marked]) -> list[Placed[_Named]]:
    return [_placed(model, marked, ()) for marked in added]


def _placed(model: type[_Named], marked: Marked, trail: Trail) -> Placed[_Named]:
    return Placed(_validate(model, marked, trail), marked, trail)


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


def _by_id(entries: list[Placed[_Named]]) -> Mapping[str, _Named]:
    return {placed.entry.id: placed.entry for placed in entries}


def _fingerprint(parts: Sequence[BaseModel]) -> str:
    """Hash what the files say, not how they are laid out: a change of meaning changes the version."""
    said = json.dumps([part.model_dump(mode="json") for part in parts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:8]
