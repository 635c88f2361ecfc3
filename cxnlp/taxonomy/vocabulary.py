"""The loaded taxonomy: what the other stages ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import polars as pl

from cxnlp.taxonomy.entries import Department, Entry, Moment, Signal, Stage, Unmeasurable, WarningSign

Family = Literal["moment", "unmeasurable", "warning", "signal"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)

#: Columns of `Taxonomy.frame`, the warehouse's table ``taxonomy``.
TAXONOMY: Final[dict[str, pl.DataType]] = {
    "family": pl.String(),  # moment, unmeasurable, warning, signal
    "id": pl.String(),
    "name": pl.String(),  # in plain words
    "stage": pl.String(),  # moments only
    "stage_name": pl.String(),
    "stage_position": pl.Int32(),  # from 1, in the order of the journey
    "definition": pl.String(),
    "interaction": pl.String(),  # moments only
    "expectation": pl.String(),  # moments only
    "owner": pl.String(),
    "office": pl.String(),  # front or back, of the owner
    "worse": pl.String(),
    "better": pl.String(),
    "since": pl.String(),
    "retired": pl.String(),  # null while in use
    "is_critical": pl.Boolean(),  # moments only, where a workspace says so in its moments.yaml
}


@dataclass(frozen=True)
class Taxonomy:
    """The words that tags may use. Every mapping goes from id to entry, in the fixed order of the files."""

    version: str  # declared version and a hash of the content, such as "1.0-3fa2c1d9"
    departments: tuple[Department, ...]
    stages: Mapping[str, Stage]
    moments: Mapping[str, Moment]
    unmeasurables: Mapping[str, Unmeasurable]
    warnings: Mapping[str, WarningSign]
    signals: Mapping[str, Signal]

    def entries(self, family: Family) -> Mapping[str, Entry]:
        """Return the entries of one family, retired ones too.

        Raises:
            KeyError: there is no such family.
        """
        families: dict[str, Mapping[str, Entry]] = {
            "moment": self.moments,
            "unmeasurable": self.unmeasurables,
            "warning": self.warnings,
            "signal": self.signals,
        }
        if family not in families:
            raise KeyError(f"found the family {family!r}; allowed: {', '.join(families)} (as in tags.family)")
        return families[family]

    def labels(self, family: Family) -> tuple[str, ...]:
        """Return the ids in use, in fixed order; unmeasurables unsigned."""
        return tuple(name for name, entry in self.entries(family).items() if entry.retired is None)

    def cues(self, family: Family) -> dict[tuple[str, str | None], tuple[str, ...]]:
        """Return the cues of each label and polarity ("+" or "-" for unmeasurables, else None)."""
        found: dict[tuple[str, str | None], tuple[str, ...]] = {}
        for name, entry in self.entries(family).items():
            if isinstance(entry, Unmeasurable):
                found[name, "+"], found[name, "-"] = entry.cues_shown, entry.cues_missing
            elif isinstance(entry, Moment | WarningSign | Signal):
                found[name, None] = entry.cues
        return found

    def frame(self) -> pl.DataFrame:
        """Return one row per label, columns `TAXONOMY`, for the warehouse's table ``taxonomy``."""
        position = {stage: number for number, stage in enumerate(self.stages, start=1)}
        offices = {department.name: department.office for department in self.departments}
        rows = []
        for family in FAMILIES:
            for entry in self.entries(family).values():
                stage = getattr(entry, "stage", None)
                rows.append(
                    {name: getattr(entry, name, None) for name in TAXONOMY}
                    | {
                        "family": family,
                        "stage_name": self.stages[stage].name if stage else None,
                        "stage_position": position[stage] if stage else None,
                        "office": offices.get(entry.owner),
                    }
                )
        return pl.DataFrame(rows, schema=TAXONOMY)
