"""A change of a rate split into who is heard (mix) and what they say (rate), exactly: Kitagawa 1955, nested.

With weights ``w`` and rates ``r`` of cells in two periods (0 and 1), and rates ``R`` of all cells together,

    R1 - R0 = Σ (w1 - w0) · ((r0 + r1)/2 - (R0 + R1)/2)  +  Σ (w0 + w1)/2 · (r1 - r0)

The first sum is mix, the second is the change within cells, which is split again by the next dimension inside each
cell: channels, then sources of a channel, then products of a source. What is left after the last is rate. Nothing is
left over. (Without the constant ``(R0 + R1)/2``, which sums to nothing, a cell's mix would depend on where 0 is.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """The parts of a change; the first axis is that of what was given (one estimate, or many of a bootstrap)."""

    mix: tuple[Floats, ...]  # for each level (batch, groups of that level)
    rate: Floats  # (batch, cells)

    @property
    def total(self) -> Floats:
        """(batch,) the whole change."""
        return np.asarray(sum(level.sum(axis=1) for level in self.mix) + self.rate.sum(axis=1), dtype=np.float64)


def split(n: Floats, n_yes: Floats, levels: Sequence[Ints]) -> Parts:
    """Split the change of Σ n_yes / Σ n from period 0 to period 1.

    A cell that nobody was heard of in one period is taken to have said there what it says in the other: that it came or
    went is mix, and mix alone. Both periods must hold something.

    Args:
        n: (batch, 2, cells) what the rate is a share of.
        n_yes: (batch, 2, cells) what it counts.
        levels: for each level (cells,) the group of each cell, from 0; groups of a level lie within those of the level
            before.
    """
    weight = np.ones((n.shape[0], n.shape[2]))  # of the cell's group: the mean of its share in both periods
    parents: Ints = np.zeros(n.shape[2], dtype=np.int64)
    mix = []
    for groups in levels:
        above, above_yes = _sums(n, parents), _sums(n_yes, parents)
        within, within_yes = _sums(n, groups), _sums(n_yes, groups)
        share = _ratio(within, above)
        n, n_yes = _filled(n, n_yes, within)
        within, within_yes = _sums(n, groups), _sums(n_yes, groups)
        middle = _ratio(within_yes, within).mean(axis=1) - _ratio(above_yes, above).mean(axis=1)
        moved = weight * (share[:, 1] - share[:, 0]) * middle
        mix.append(_first_of(moved, groups))
        weight, parents = weight * share.mean(axis=1), groups
    rates = _ratio(n_yes, n)
    return Parts(tuple(mix), weight * (rates[:, 1] - rates[:, 0]))


def _sums(values: Floats, groups: Ints) -> Floats:
    """Return for each cell the sum over its group."""
    sums = np.zeros((*values.shape[:2], int(groups.max(initial=0)) + 1))
    for period in (0, 1):
        for cell, group in enumerate(groups):
            sums[:, period, group] += values[:, period, cell]
    return sums[:, :, groups]


def _first_of(values: Floats, groups: Ints) -> Floats:
    """Return one value for each group of values that are alike within groups."""
    _, first = np.unique(groups, return_index=True)
    return values[:, first]


def _filled(n: Floats, n_yes: Floats, within: Floats) -> tuple[Floats, Floats]:
    """Give a group that is empty in one period what it has in the other."""
    is_empty = within == 0
    return np.where(is_empty, n[:, ::-1], n), np.where(is_empty, n_yes[:, ::-1], n_yes)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole != 0)
