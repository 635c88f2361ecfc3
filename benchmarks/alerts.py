"""How often early warnings are false, and how soon a tripled rate is found, on simulated years.

    python -m benchmarks.alerts [--companies 8] [--days 1095] [--json alerts.json]

A company has 4 products and 12 branches and watches 29 labels, each also beside the five most complained-of moments,
in about 4,000 series. Of every label the share that reports it differs by branch (cv 0.5), follows its own weekday
pattern and season (amplitude up to 40 %), and is shaken by days that are better or worse for everybody (cv 10 %) and
in one branch (cv 15 %). Volume grows by 40 % a year, has weekdays and a season, and varies by day (cv 15 %).

* False alarms: nothing rises; the alerts that nights open are counted. The first year is counted apart: its seasons
  are not known yet.
* Found: from some day on a label's rate is tripled everywhere, or at one branch. Nights until its alert, by how many
  people reported it a day before.
"""

import argparse
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from cxnlp.insight.alerts import carried_on
from cxnlp.insight.rises import DAYS, GROUPS, PAST, Watch, rises

Ints = npt.NDArray[np.int64]

PRODUCTS, BRANCHES = 4, 12
LABELS, MOMENTS = 29, 5
START = date(2023, 1, 2)
MONTH = 365.25 / 12
FALSE_ALARMS, LEAST_PEOPLE, LEAST_RISE = 1.0, 5, 1.5
RATES = ((0, 0.2), (0.2, 0.5), (0.5, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 1e9))  # people a day


@dataclass(frozen=True)
class Company:
    """Daily counts of every series, from the first day on."""

    reports: Ints  # (series, days)
    heard: Ints  # (places, days)
    subject: Ints
    place: Ints
    group: Ints
    places: list[tuple[str | None, str | None]]  # product and location

    def watch(self, day: int) -> Watch:
        """What a night knows whose last day is ``day``."""
        past = self.reports[self.place == 0, max(0, day + 1 - PAST) : day + 1]
        heard = self.heard[:, max(0, day + 1 - PAST) : day + 1]
        missing = PAST - past.shape[1]
        local = slice(max(0, day + 1 - DAYS), day + 1)
        short = DAYS - (local.stop - local.start)
        return Watch(
            np.pad(self.reports[:, local], ((0, 0), (short, 0))), np.pad(self.heard[:, local], ((0, 0), (short, 0))),
            np.pad(past, ((0, 0), (missing, 0))), np.pad(heard[0], (missing, 0)), self.subject, self.place, self.group,
        )  # fmt: skip


def simulated(chance: np.random.Generator, days: int, per_day: float, rise: dict[str, Any] | None = None) -> Company:
    """Make a company; ``rise`` multiplies the rate of ``subject`` by ``times`` from ``day`` on in ``cells``."""
    cells = PRODUCTS * BRANCHES
    day = np.arange(days)
    sizes = chance.dirichlet(np.full(cells, 3.0))
    volume = per_day * 1.4 ** (day / 365) * (1 + 0.2 * np.sin(2 * np.pi * day / 365 + chance.uniform(0, 6)))
    volume *= np.array([1.2, 1.1, 1, 1, 1.1, 0.8, 0.6])[day % 7] * shaken(chance, 0.15, days)
    people = chance.poisson(sizes[:, None] * volume)
    subjects = LABELS * (1 + MOMENTS)
    base = 10 ** chance.uniform(-2.7, -0.9, LABELS)
    rates = np.concatenate([base, *(base * chance.uniform(0.03, 0.3, LABELS) for _ in range(MOMENTS))])
    reports = np.zeros((subjects, cells, days), dtype=np.int64)
    for row, rate in enumerate(rates):
        season = 1 + chance.uniform(0, 0.4) * np.sin(2 * np.pi * day / 365 + chance.uniform(0, 6))
        weekday = chance.uniform(0.7, 1.3, 7)[day % 7]
        branches = np.tile(shaken(chance, 0.5, BRANCHES), PRODUCTS)[:, None]
        local = np.tile(shaken(chance, 0.15, (BRANCHES, days)), (PRODUCTS, 1))
        share = rate * season * weekday * shaken(chance, 0.1, days) * branches * local
        if rise and rise["subject"] == row:
            share[rise["cells"], rise["day"] :] *= rise["times"]
        reports[row] = chance.binomial(people, share.clip(0, 0.8))
    return watched(reports, people)


def shaken(chance: np.random.Generator, spread: float, size: int | tuple[int, int]) -> npt.NDArray[np.float64]:
    return chance.lognormal(-(spread**2) / 2, spread, size)


def watched(reports: Ints, people: Ints) -> Company:
    """Add up cells to the series that a night watches."""
    days = people.shape[-1]
    cell_product, cell_branch = np.divmod(np.arange(PRODUCTS * BRANCHES), BRANCHES)
    members = [np.ones(len(cell_product), dtype=bool)]
    members += [cell_product == product for product in range(PRODUCTS)]
    members += [cell_branch == branch for branch in range(BRANCHES)]
    members += list(np.eye(len(cell_product), dtype=bool))
    names: list[tuple[str | None, str | None]] = [(None, None), *((str(n), None) for n in range(PRODUCTS))]
    names += [(None, str(n)) for n in range(BRANCHES)]
    names += [(str(product), str(branch)) for product, branch in zip(cell_product, cell_branch, strict=True)]
    kinds = ["everywhere", *["product"] * PRODUCTS, *["location"] * BRANCHES, *["both"] * len(cell_product)]
    groups = list(GROUPS)
    of = {
        ("everywhere", False): groups[0], ("everywhere", True): groups[1], ("product", False): groups[2],
        ("location", False): groups[3], ("both", False): groups[4], ("product", True): groups[5],
        ("location", True): groups[6],
    }  # fmt: skip
    rows, subject, place, group = [], [], [], []
    for at, (kind, cells) in enumerate(zip(kinds, members, strict=True)):
        for row in range(len(reports)):
            if (name := of.get((kind, row >= LABELS))) is not None:
                rows.append(reports[row, cells].sum(axis=0))
                subject.append(row)
                place.append(at)
                group.append(groups.index(name))
    heard = np.stack([people[cells].sum(axis=0) for cells in members])
    return Company(np.array(rows).reshape(-1, days), heard, np.array(subject), np.array(place), np.array(group),
                   names)  # fmt: skip


def openings(company: Company, days: range) -> list[dict[str, Any]]:
    """Return the alerts that nights open."""
    table: list[dict[str, Any]] = []
    for day in days:
        table = carried_on(table, raised(company, day), night=START + timedelta(days=day), run_id="")
    return table


def raised(company: Company, day: int) -> list[dict[str, Any]]:
    """Return what one night finds, as `cxnlp.insight.alerts` hands it on."""
    found = rises(company.watch(day), false_alarms=FALSE_ALARMS / MONTH, least_people=LEAST_PEOPLE,
                  least_rise=LEAST_RISE)  # fmt: skip
    rows = []
    for series, p_value in zip(found.series.tolist(), found.p_value.tolist(), strict=True):
        beside, label = divmod(int(company.subject[series]), LABELS)
        product, location = company.places[company.place[series]]
        rows.append({
            "kind": "rise", "family": "warning", "label": str(label), "polarity": None, "p_value": p_value,
            "moment": str(beside) if beside else None, "product": product, "location": location,
        })  # fmt: skip
    return rows


def false_alarms(companies: int, days: int, chance: np.random.Generator) -> dict[str, Any]:
    """Return false alarms a month with a 95 % interval (Garwood), in the first year and after it."""
    counts = {"first year": [0, 0], "later": [0, 0]}
    groups: dict[str, int] = {}
    for _ in range(companies):
        company = simulated(chance, days, per_day=chance.choice([40, 150, 500]))
        for alert in openings(company, range(DAYS, days)):
            counts["first year" if (alert["opened_on"] - START).days < 365 else "later"][0] += 1
            where = ", ".join(name for name in ("moment", "product", "location") if alert[name] is not None)
            groups[where] = groups.get(where, 0) + 1
        counts["first year"][1] += min(days, 365) - DAYS
        counts["later"][1] += max(0, days - 365)
    return {"groups": groups, "n_series": len(company.reports)} | {
        name: {"n": n, "months": nights / MONTH, "a_month": rate(n, nights)}
        for name, (n, nights) in counts.items() if nights
    }  # fmt: skip


def rate(n: int, nights: int) -> list[float]:
    months = nights / MONTH
    low = chi2.ppf(0.025, 2 * n) / 2 / months if n else 0.0
    return [round(float(value), 3) for value in (n / months, low, chi2.ppf(0.975, 2 * n + 2) / 2 / months)]


def found(companies: int, chance: np.random.Generator) -> dict[str, list[tuple[float, int | None]]]:
    """Return (people a day before, nights until found) of tripled rates; None where 28 nights were not enough."""
    starts, patience, times = 500, 28, 3
    results: dict[str, list[tuple[float, int | None]]] = {"everywhere": [], "one branch": []}
    for _ in range(companies):
        for where, name in enumerate(results):
            branch = int(chance.integers(BRANCHES))
            cells = np.arange(PRODUCTS * BRANCHES)
            cells = cells if where == 0 else cells[cells % BRANCHES == branch]
            subject = int(chance.integers(LABELS))
            rise = {"subject": subject, "cells": cells, "day": starts, "times": times}
            company = simulated(chance, starts + patience, chance.choice([15, 60, 250, 1000]), rise)
            place = 0 if where == 0 else 1 + PRODUCTS + branch
            own = np.flatnonzero((company.subject == subject) & (company.place == place))[0]
            before = float(company.reports[own, starts - 56 : starts].mean())
            results[name].append((before, nights_until(company, subject, range(starts, starts + patience))))
    return results


def nights_until(company: Company, subject: int, days: range) -> int | None:
    for night, day in enumerate(days, 1):
        if any(row["label"] == str(subject) for row in raised(company, day)):
            return night
    return None


def table(results: dict[str, list[tuple[float, int | None]]]) -> str:
    lines = ["| where | people a day before | n | within 2 nights (95 %) | within 7 | within 28 | median nights |",
             "|---|---|---:|---:|---:|---:|---:|"]  # fmt: skip
    for name, cases in results.items():
        for low, high in RATES:
            nights = [28.5 if night is None else night for before, night in cases if low <= before < high]
            if nights:
                within = [sum(night <= limit for night in nights) for limit in (2, 7, 28)]
                share = [n / len(nights) for n in within]
                below, above = wilson(within[0], len(nights))
                middle = float(np.median(nights))
                said = f"{middle:g}" if middle <= 28 else "> 28"
                lines.append(
                    f"| {name} | {low:g} to {high:g} | {len(nights)} | {share[0]:.2f} ({below:.2f} … {above:.2f}) | "
                    f"{share[1]:.2f} | {share[2]:.2f} | {said} |"
                )
    return "\n".join(lines).replace(" to 1e+09", " and more")


def wilson(k: int, n: int) -> tuple[float, float]:
    z = 1.959964
    middle, half = (k + z * z / 2) / (n + z * z), z * np.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return float(middle - half), float(middle + half)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--companies", type=int, default=8, help="whose false alarms are counted")
    asked.add_argument("--days", type=int, default=1095, help="of each company")
    asked.add_argument("--rises", type=int, default=150, help="tripled rates of either kind")
    asked.add_argument("--seed", type=int, default=5)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    chance = np.random.default_rng(given.seed)
    quiet = false_alarms(given.companies, given.days, chance)
    print(f"{quiet['n_series']:,} series watched")
    for name in ("first year", "later"):
        if name in quiet:
            mean, low, high = quiet[name]["a_month"]
            print(f"{name}: {quiet[name]['n']} false alarms in {quiet[name]['months']:.0f} months: "
                  f"{mean} a month ({low} … {high})")  # fmt: skip
    print("by what they name:", quiet["groups"])
    tripled = found(given.rises, chance)
    print(table(tripled))
    if given.json:
        given.json.write_text(json.dumps({"false_alarms": quiet, "tripled": tripled}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
