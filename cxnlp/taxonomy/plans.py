"""A workspace's own ``moments.yaml``: who answers for a moment of truth, what is wanted of it, and what was fixed.

::

    delivery:
      owner: "Jonas, head of logistics"
      critical: true
      targets:
        net_sentiment: 0.2
      fixes:
        - {"on": "2026-10-05", what: "Stronger boxes"}

What is left out stays as the taxonomy has it. Nothing here changes what is tagged, so the taxonomy's version does
not follow it.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxnlp.taxonomy import own
from cxnlp.taxonomy.entries import Sentence, Words
from cxnlp.taxonomy.marks import TaxonomyError, read
from cxnlp.taxonomy.measures import diagnostics

#: Columns of the tables ``targets`` and ``fixes``.
TARGETS: Final[dict[str, pl.DataType]] = {
    "moment": pl.String(),
    "metric": pl.String(),
    "direction": pl.String(),
    "target": pl.Float64(),
}
FIXES: Final[dict[str, pl.DataType]] = {"moment": pl.String(), "fixed_on": pl.Date(), "what": pl.String()}

#: Keys that take the place of the taxonomy's columns of (nearly) the same names.
_COLUMNS: Final = {
    "description": "definition",
    "interaction": "interaction",
    "expectation": "expectation",
    "owner": "owner",
    "critical": "is_critical",
}

#: What numbers were called before, for files that still say so.
_FORMER: Final = {"n_crises": "n_customers_crisis"}

_HEADING: Final = """\
# What this company says of its moments of truth: description, interaction, expectation, owner, critical, targets,
# fixes. docs/metrics.md names the targets.
# Written by `cxnlp moments set` and `cxnlp moments import`; you may edit it. A mistake is refused with its line.
"""


class Fix(BaseModel):
    """Something that was changed for the better, and the day from which customers meet it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    what: Words | None = None


class Plan(BaseModel):
    """What a workspace says of one moment; what is null stays as the taxonomy has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: Sentence | None = None
    interaction: Sentence | None = None
    expectation: Sentence | None = None
    owner: Words | None = None
    critical: bool | None = None
    targets: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = Field(default_factory=dict)
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class Plans:
    """The plans of a workspace by moment."""

    plans: Mapping[str, Plan] = field(default_factory=dict)

    def applied(self, words: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of the table taxonomy with the workspace's own words and owners in place."""
        said = [
            {"family": "moment", "id": moment, **{column: getattr(plan, key) for key, column in _COLUMNS.items()}}
            for moment, plan in self.plans.items()
        ]
        schema = {name: words.schema[name] for name in ("family", "id", *_COLUMNS.values())}
        return words.update(pl.DataFrame(said, schema=schema), on=["family", "id"])

    def targets(self) -> pl.DataFrame:
        """Return one row per target, columns `TARGETS`."""
        direction = {diagnostic.id: diagnostic.direction for diagnostic in diagnostics()}
        rows = [
            {"moment": moment, "metric": metric, "direction": direction[metric], "target": target}
            for moment, plan in self.plans.items()
            for metric, target in plan.targets.items()
        ]
        return pl.DataFrame(rows, schema=TARGETS)

    def fixes(self) -> pl.DataFrame:
        """Return one row per fix, columns `FIXES`."""
        rows = [
            {"moment": moment, "fixed_on": fix.on, "what": fix.what}
            for moment, plan in self.plans.items()
            for fix in plan.fixes
        ]
        return pl.DataFrame(rows, schema=FIXES)


def read_plans(path: Path, moments: Mapping[str, object]) -> Plans:
    """Read a workspace's ``moments.yaml``; it need not be there.

    Args:
        path: the file.
        moments: the moments that there are, by id.

    Raises:
        TaxonomyError: file and line, what was found, what is allowed and how to mend it.
    """
    if not own.says_something(path):
        return Plans()
    marked = read(path)
    if not isinstance(marked.value, dict):
        raise TaxonomyError(f"{marked.place(())}: found no keys; allowed: ids of moments, with their plans below them.")
    for moment in marked.value:
        if moment not in moments:
            raise TaxonomyError(f"{marked.place((moment,))}: found the moment `{moment}`; allowed: "
                                f"{', '.join(moments)}. "
                                "Correct it, or teach it first (`cxnlp teach`).")  # fmt: skip
    plans = {}
    for moment, said in marked.value.items():
        try:
            plans[moment] = checked(said)
        except ValidationError as error:
            problem = error.errors()[0]
            place = marked.place((moment, *problem["loc"]))
            raise TaxonomyError(f"{place}: found {problem['input']!r} as `{'.'.join(map(str, problem['loc']))}`; "
                                f"{problem['msg']}. Keys are {', '.join(Plan.model_fields)}.") from error  # fmt: skip
        except TaxonomyError as error:
            raise TaxonomyError(f"{marked.place((moment, 'targets'))}: {error}") from error
    return Plans(plans)


def checked(said: object) -> Plan:
    """Return a plan from plain values.

    Raises:
        TaxonomyError: a target is of no number that there is.
        pydantic.ValidationError: a key or a value is not allowed.
    """
    plan = Plan.model_validate(said or {})
    known = [diagnostic.id for diagnostic in diagnostics()]
    if unknown := [metric for metric in plan.targets if metric not in known]:
        renamed = f", which is called `{_FORMER[unknown[0]]}` now" if unknown[0] in _FORMER else ""
        raise TaxonomyError(f"found a target for `{unknown[0]}`{renamed}; allowed: {', '.join(known)}. "
                            "See docs/metrics.md.")  # fmt: skip
    return plan


def write_plans(path: Path, plans: Mapping[str, Plan]) -> None:
    """Write all plans anew, in one step; keys that say nothing are left out."""
    blocks = [_block(moment, plan) for moment, plan in plans.items()]
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        trial = Path(folder) / path.name
        with trial.open("w", encoding="utf-8") as file:
            file.write(_HEADING + "\n" + "\n".join(filter(None, blocks)))
            file.flush()
            os.fsync(file.fileno())
        trial.replace(path)


def _block(moment: str, plan: Plan) -> str:
    said: dict[str, Any] = json.loads(plan.model_dump_json(exclude_defaults=True))
    if not said:
        return ""
    return str(yaml.safe_dump({moment: said}, sort_keys=False, allow_unicode=True, width=110))
