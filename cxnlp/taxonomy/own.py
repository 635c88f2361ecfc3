"""A workspace's own ``taxonomy.yaml``: labels that come to the shipped ones, with what they may leave out filled in.

::

    moments:
      - id: parking
        stage: acquisition
        definition: "Finding, paying and leaving a parking space at our stores."

Needed are ``id``, a definition (unmeasurables: of one side at least) and, for moments, ``stage``; the other keys are
those of the shipped files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cxnlp.taxonomy.entries import About
from cxnlp.taxonomy.marks import Marked, TaxonomyError

OWNER: Final = "Customer service"  # of a label that names none

_ANY: Final[dict[str, Any]] = {"since": None, "retired": None, "owner": OWNER}
_ONE_SIDED: Final[dict[str, Any]] = {"cues": [], "example": None, "near_miss": None}
_TWO_SIDED: Final[dict[str, Any]] = {
    f"{key}_{side}": [] if key == "cues" else None
    for key in ("definition", "cues", "example", "near_miss")
    for side in ("shown", "missing")
}
_LEFT_OUT: Final[dict[str, dict[str, Any]]] = {
    "moments": {**_ANY, **_ONE_SIDED, "interaction": None, "expectation": None},
    "unmeasurables": {**_ANY, **_TWO_SIDED},
    "warnings": {**_ANY, **_ONE_SIDED},
    "signals": {**_ANY, **_ONE_SIDED},
}


@dataclass(frozen=True)
class Additions:
    """The added entries family by family, each with the lines that it stands on."""

    moments: tuple[Marked, ...] = ()
    unmeasurables: tuple[Marked, ...] = ()
    warnings: tuple[Marked, ...] = ()
    signals: tuple[Marked, ...] = ()


def says_something(path: Path) -> bool:
    """Whether the file is there and holds more than comments."""
    if not path.is_file():
        return False
    lines = (line.strip() for line in path.read_text("utf-8", errors="replace").splitlines())
    return any(line and not line.startswith("#") for line in lines)


def entries_of(marked: Marked, about: About) -> Additions:
    """Take a workspace's file apart; what an entry leaves out is filled in.

    Raises:
        TaxonomyError: the file is not four lists of entries, or an unmeasurable says nothing of either side.
    """
    known = ", ".join(_LEFT_OUT)
    if not isinstance(marked.value, dict):
        raise TaxonomyError(f"{marked.place(())}: found no keys; allowed: {known}. Write one, and entries below it.")
    for key, entries in marked.value.items():
        place = marked.place((key,))
        if key not in _LEFT_OUT:
            raise TaxonomyError(f"{place}: found the key `{key}`; allowed: {known}. Rename or remove it.")
        if entries is not None and not isinstance(entries, list):
            raise TaxonomyError(
                f"{place}: found no list under `{key}`; allowed: entries that each start with `- id:`. Write them so."
            )
    return Additions(**{
        family: tuple(_entry(marked, family, place, about) for place in range(len(marked.value.get(family) or [])))
        for family in _LEFT_OUT
    })  # fmt: skip


def _entry(marked: Marked, family: str, place: int, about: About) -> Marked:
    """Return one entry with its own lines and nothing missing that may be."""
    trail = (family, place)
    lines = {at[2:]: line for at, line in marked.lines.items() if at[:2] == trail}
    value = marked.value[family][place]  # type: ignore[index]
    if not isinstance(value, Mapping):
        return Marked(marked.file, value, lines)
    filled = {**_LEFT_OUT[family], **_names(family, value), "since": about.version, **value}
    if family == "unmeasurables" and not (filled["definition_shown"] or filled["definition_missing"]):
        raise TaxonomyError(
            f"{marked.place(trail)}: found neither `definition_shown` nor `definition_missing`; allowed: one or both. "
            "Say what it means when it is shown or missing."
        )
    return Marked(marked.file, filled, lines)


def _names(family: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Plain words from the id; a name that is given leads."""
    name = value.get("name", str(value.get("id", "")).replace("_", " ").capitalize())
    if not isinstance(name, str):
        return {}
    sides: dict[str, dict[str, str | None]] = {
        "moments": {"worse": f"{name} disappoints", "better": f"{name} pleases"},
        "unmeasurables": {"worse": f"missing: {name.lower()}", "better": f"shown: {name.lower()}"},
        "warnings": {"worse": name, "better": None},
        "signals": {"worse": name, "better": None},
    }
    return {"name": name} | {key: words and words[:60] for key, words in sides[family].items()}
