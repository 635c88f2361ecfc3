"""How often a fix that did nothing is said to have worked, and how soon one that halved a problem is found.

    python -m benchmarks.verdicts [--fixes 1000] [--seed 5] [--json verdicts.json]

A company speaks of an item and of six other things that the fix does not touch (half to four times as often). Volume
grows by 40 % a year, has weekdays, a season of 20 % and shaken days (cv 15 %). What is complained of has a season that
all share (up to 40 %) and days that are bad for everything (cv 10 %). Each thing has weekdays of its own (0.7 to 1.3),
bad days of its own (cv 15 %) and a level that wanders by 2 % a week. One in five people who report something writes
again within two weeks. Half a year is known before the fix; a verdict is looked for on each of the 182 nights after it.

Some fixes are in one place of six only. Places are half to twice as large, have volume, levels and days of their own
(2 % a week; cv 10 % and 15 %), and eight people are heard for each who reports the item.

* False: the fix does nothing. How many are verified, or harmful, on any night.
* Unclear: it fell, and may have done so by itself.
* Found: the fix halves the item, or makes it half as much again. How many are verified, or harmful, within some weeks;
  and how often the interval holds the true effect on all nights.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cxnlp.insight.verdicts import LEAST_IMPROVEMENT
from cxnlp.insight.verdicts_decisions import LONGEST, NEVER, Series, decided, reached

Floats = npt.NDArray[np.float64]

AT_ONCE = 250  # fixes simulated together
RATES = (10, 30, 100, 300)  # reports of the item a week, in the eight weeks before the fix
WEEKS = (2, 3, 6, 12, 26)
PLACES = 6


@dataclass(frozen=True)
class World:
    """What a simulated company goes through; rates a week, the rest as in the module's text."""

    effect: float = 1.0
    history: int = 182  # days before the fix
    controls: int = 6
    own_days: float = 0.15
    drift: float = 0.02
    drift_of_controls: float | None = None  # as the item's
    own_season: float = 0.0
    volume_times: float = 1.0  # from the day of the fix on
    all_times: float = 1.0  # every rate, from the day of the fix on
    outage_times: float = 1.0  # of one control, in the four weeks after the fix
    outbreak_times: float = 1.0  # of the item, in the days before the fix
    outbreak_days: int = 28
    goes_on: bool = False  # the outbreak, where the fix is not
    item_times: float = 1.0  # of the item everywhere, from the day of the fix on
    here_times: float = 1.0  # every rate where the fix is, from its day on
    here_volume: float = 1.0  # of people there, from that day on
    outbreak_here: float = 1.0  # of the item where the fix is, in the four weeks before it
    at_worst: bool = False  # shipped when the last four weeks were the worst of half a year
    twice: float = 0.2


WORLDS = {
    "as above": World(),
    "bad days of its own (cv 40 %)": World(own_days=0.4),
    "level wanders by 5 % a week": World(drift=0.05),
    "level wanders by 5 % a week, controls' by 1 %": World(drift=0.05, drift_of_controls=0.01),
    "volume doubles that day": World(volume_times=2),
    "volume halves that day": World(volume_times=0.5),
    "every rate falls by 40 % that day": World(all_times=0.6),
    "a control triples for four weeks": World(outage_times=3),
    "two people in five write twice": World(twice=0.4),
    "shipped at its worst in half a year": World(at_worst=True),
    "a season of its own (15 %)": World(own_season=0.15),
    "a season of its own (30 %)": World(own_season=0.3),
    "doubled for four weeks, then ended by itself": World(outbreak_times=2),
    "tripled for two weeks, then ended by itself": World(outbreak_times=3, outbreak_days=14),
    "doubled for twelve weeks, then ended by itself": World(outbreak_times=2, outbreak_days=84),
    "doubled for twenty weeks, then ended by itself": World(outbreak_times=2, outbreak_days=140),
    "known for eight weeks only": World(history=56),
    "two controls": World(controls=2),
    "no controls": World(controls=0),
}

BETTER = {
    "halved": World(effect=0.5),
    "less by 30 %": World(effect=0.7),
    "halved, known for eight weeks": World(effect=0.5, history=56),
    "halved, wanders by 5 % a week": World(effect=0.5, drift=0.05),
    "doubled for four weeks, then half of the usual": World(effect=0.5, outbreak_times=2),
}
WORSE = {"half as much again": World(effect=1.5), "doubled": World(effect=2.0)}

#: In one place of six; where the fix does nothing, and where it does.
HERE = {
    "nothing": World(),
    "doubled everywhere for four weeks, then ended by itself": World(outbreak_times=2),
    "doubled there for four weeks, then ended by itself": World(outbreak_here=2),
    "the item falls by 40 % everywhere that day": World(item_times=0.6),
    "every rate falls by 40 % there that day": World(here_times=0.6),
    "half of the people there stay away from that day on": World(here_volume=0.5),
    "another place triples for four weeks": World(outage_times=3),
}
HERE_BETTER = {
    "halved there": World(effect=0.5),
    "less by 30 % there": World(effect=0.7),
    "doubled everywhere for four weeks, mended there": World(outbreak_times=2, goes_on=True),
}


def simulated(chance: np.random.Generator, fixes: int, rate: float, world: World) -> tuple[Floats, Floats]:
    """Return reports of the item (fixes, days) and of what it is compared with (fixes, controls, days).

    The fix goes live on day ``world.history``. Without controls there is one row: all else that was heard.
    """
    live = world.history + (182 if world.at_worst else 0)
    day = np.arange(live + 1 + LONGEST)
    shape, series = (fixes, len(day)), 1 + max(world.controls, 2)
    after = day >= live
    volume = 1.4 ** (day / 365) * np.array([1.2, 1.1, 1, 1, 1.1, 0.8, 0.6])[day % 7] * np.where(
        after, world.volume_times, 1
    ) * yearly(chance, day, fixes, 0.2) * shaken(chance, 0.15, shape)  # fmt: skip
    rates = yearly(chance, day, fixes, chance.uniform(0, 0.4, fixes)) * shaken(chance, 0.1, shape)
    rates *= np.where(after, world.all_times, 1)
    wanders = np.full(series, world.drift if world.drift_of_controls is None else world.drift_of_controls)
    wanders[0] = world.drift
    own = chance.normal(size=(fixes, series, len(day))) * wanders[:, None] / np.sqrt(7)
    own = np.exp(own.cumsum(axis=-1)) * shaken(chance, world.own_days, own.shape)
    own *= chance.uniform(0.7, 1.3, (fixes, series, 7))[..., day % 7]
    own[:, 0] *= yearly(chance, day, fixes, world.own_season) * np.where(after, world.effect, 1)
    own[:, 0] *= np.where(~after & (day >= live - world.outbreak_days), world.outbreak_times, 1)
    own[:, 1] *= np.where(after & (day < live + 28), world.outage_times, 1)
    size = 2.0 ** chance.uniform(-1, 2, (fixes, series, 1))
    size[:, 0] = 1
    mean = own * size * (volume * rates)[:, None]
    a_week = rate / 7 / (mean[:, 0, live - 56 : live].mean(axis=-1))[:, None, None]
    n = chance.poisson(mean * a_week / (1 + world.twice)).astype(np.float64)
    n += again(chance, n, world.twice)
    if world.controls == 0:
        n[:, 1] = chance.poisson(volume * rate)
    first = worst(n[:, 0] / volume, live) if world.at_worst else np.full(fixes, live)
    days = (first - world.history)[:, None, None] + np.arange(world.history + 1 + LONGEST)
    n = np.take_along_axis(n, days, axis=-1)
    return n[:, 0], n[:, 1 : 1 + max(world.controls, 1)]


def simulated_here(chance: np.random.Generator, fixes: int, rate: float, world: World) -> list[Series]:
    """Return the item where the fix is, beside six other things there and beside itself in five other places."""
    live = world.history
    day = np.arange(live + 1 + LONGEST)
    shape, after = (fixes, len(day)), day >= live
    volume = 1.4 ** (day / 365) * np.array([1.2, 1.1, 1, 1, 1.1, 0.8, 0.6])[day % 7]
    volume = volume * yearly(chance, day, fixes, 0.2) * shaken(chance, 0.15, shape)
    rates = yearly(chance, day, fixes, chance.uniform(0, 0.4, fixes)) * shaken(chance, 0.1, shape)

    def own(n: int, drift: float, days: float) -> Floats:
        steps = chance.normal(size=(fixes, n, len(day))) * drift / np.sqrt(7)
        return np.exp(steps.cumsum(axis=-1)) * shaken(chance, days, steps.shape)

    outbreak = np.where((day >= live - world.outbreak_days) & (~after | world.goes_on), world.outbreak_times, 1)
    item = own(1, world.drift, 0.1) * outbreak * np.where(after, world.item_times, 1)
    people = own(PLACES, 0.02, 0.1) * 2.0 ** chance.uniform(-1, 1, (fixes, PLACES, 1))
    people[:, 0] *= np.where(after, world.here_volume, 1) / people[:, 0].mean(axis=-1, keepdims=True)
    level = own(PLACES, 0.02, world.own_days) * chance.uniform(0.7, 1.3, (fixes, PLACES, 7))[..., day % 7]
    level[:, 0] *= np.where(after, world.effect * world.here_times, 1)
    level[:, 0] *= np.where(~after & (day >= live - 28), world.outbreak_here, 1)
    if world.goes_on:
        level[:, 0] /= np.where(after, outbreak, 1)
    level[:, 1] *= np.where(after & (day < live + 28), world.outage_times, 1)
    others = own(world.controls, 0.02, 0.15) * 2.0 ** chance.uniform(-1, 2, (fixes, world.controls, 1))
    others *= chance.uniform(0.7, 1.3, (fixes, world.controls, 7))[..., day % 7] * people[:, :1]
    others *= np.where(after, world.here_times, 1)
    mean = item * people * level
    usual = (volume * rates)[:, None]
    a_week = rate / 7 / (mean * usual)[:, :1, live - 56 : live].mean(axis=-1, keepdims=True) / (1 + world.twice)
    n, controls = (chance.poisson(each * usual * a_week).astype(np.float64) for each in (mean, others))
    n += again(chance, n, world.twice)
    controls += again(chance, controls, world.twice)
    heard = n + chance.poisson(people * volume[:, None] * rate * 8 / 7)
    known, known_of = (each[:, 1:, :live].sum(axis=-1, keepdims=True) for each in (n, heard))
    elsewhere = Series(n[:, 0], n[:, 1:], heard[:, 0], heard[:, 1:], known / np.maximum(known_of, 1))
    return [Series(n[:, 0], controls), elsewhere]


def yearly(chance: np.random.Generator, day: npt.NDArray[np.int64], fixes: int, height: float | Floats) -> Floats:
    phase = chance.uniform(0, 2 * np.pi, (fixes, 1))
    return 1 + np.broadcast_to(height, fixes)[:, None] * np.sin(2 * np.pi * day / 365 + phase)


def shaken(chance: np.random.Generator, spread: float, size: tuple[int, ...]) -> Floats:
    return chance.lognormal(-(spread**2) / 2, spread, size)


def again(chance: np.random.Generator, n: Floats, twice: float) -> Floats:
    """Return second reports of the same people, within two weeks after the first."""
    second = np.zeros_like(n)
    for later in range(1, 15):
        second[..., later:] += chance.poisson(n[..., :-later] * twice / 14)
    return second


def worst(share: Floats, live: int) -> npt.NDArray[np.int64]:
    """Return the day after the four weeks of the highest share, among the 182 days before ``live``."""
    last_weeks = np.stack([share[:, day - 28 : day].mean(axis=-1) for day in range(live - 182, live)], axis=-1)
    return live - 182 + last_weeks.argmax(axis=-1)


def told(
    chance: np.random.Generator, fixes: int, rate: float, world: World, *, is_here: bool = False
) -> dict[str, Any]:
    """Return how many were decided, and how, within so many weeks; and how often the interval was ever wrong.

    Args:
        chance: where numbers come from.
        fixes: how many are simulated.
        rate: reports of the item a week.
        world: what they go through.
        is_here: the fix is in one place of six.
    """
    rows = []
    for start in range(0, fixes, AT_ONCE):
        many = min(AT_ONCE, fixes - start)
        beside = simulated_here(chance, many, rate, world) if is_here else [
            Series(*simulated(chance, many, rate, world))
        ]  # fmt: skip
        found = decided(beside, changed=world.history, least_effect=1 - LEAST_IMPROVEMENT)
        away = np.concatenate([reached(series, world.history, np.log(world.effect)) for series in beside], axis=-2)
        wrong = ((away <= -1).all(axis=-2) | (away >= 1).all(axis=-2)).any(axis=-1)
        verified = np.where(found.is_verified, found.verified, NEVER)
        harmful = np.where(found.is_harmful, found.harmful, NEVER)
        without = np.where(found.is_verified, NEVER, found.without)
        rows.append(np.stack([verified, harmful, without, wrong, found.is_unclear], axis=-1))
    verified, harmful, without, wrong, unclear = np.concatenate(rows).T
    days = {"verified": verified, "harmful": harmful, "without": np.where(without < LONGEST, without, NEVER)}
    within = {name: {str(weeks): float((day <= 7 * weeks).mean()) for weeks in WEEKS} for name, day in days.items()}
    return within | {"held": 1 - float(wrong.mean()), "unclear": float(unclear.mean())}


def false_table(results: dict[str, dict[str, Any]]) -> str:
    rates = " | ".join(f"{rate} a week" for rate in RATES)
    lines = [f"| the fix does nothing | {rates} |", "|---|" + "---:|" * len(RATES)]
    for name, by_rate in results.items():
        cells = (
            f"{found['verified']['26']:.3f} / {found['harmful']['26']:.3f} / {found['unclear']:.3f}"
            for found in by_rate.values()
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def found_table(results: dict[str, dict[str, Any]], verdict: str) -> str:
    weeks = " | ".join(f"{n} weeks" for n in WEEKS)
    lines = [
        f"| {verdict} within | a week | {weeks} | unclear | always held |",
        "|---|---:|" + "---:|" * (len(WEEKS) + 2),
    ]
    for name, by_rate in results.items():
        for rate, found in by_rate.items():
            shares = " | ".join(f"{share:.2f}" for share in found[verdict].values())
            lines.append(f"| {name} | {rate} | {shares} | {found['unclear']:.2f} | {found['held']:.3f} |")
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--fixes", type=int, default=1000, help="simulated for each number")
    asked.add_argument("--seed", type=int, default=5)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    chance = np.random.default_rng(given.seed)

    def at_all_rates(worlds: dict[str, World], *, is_here: bool = False) -> dict[str, dict[str, Any]]:
        return {
            name: {str(rate): told(chance, given.fixes, rate, world, is_here=is_here) for rate in RATES}
            for name, world in worlds.items()
        }

    nothing, here = at_all_rates(WORLDS), at_all_rates(HERE, is_here=True)
    better, worse, here_better = at_all_rates(BETTER), at_all_rates(WORSE), at_all_rates(HERE_BETTER, is_here=True)
    tables = {
        "verified / harmful on any of 182 nights / unclear": false_table(nothing),
        "the same, in one place of six": false_table(here),
        "surely not a fifth less": found_table({"does nothing": nothing["as above"]}, "without"),
        "better": found_table(better, "verified"),
        "worse": found_table(worse, "harmful"),
        "better, in one place of six": found_table(here_better, "verified"),
    }
    print("\n\n".join(f"{name}\n\n{table}" for name, table in tables.items()))
    if given.json:
        results = {"nothing": nothing, "here": here, "better": better, "worse": worse, "here_better": here_better}
        given.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
