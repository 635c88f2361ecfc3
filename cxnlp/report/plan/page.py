"""The plan as one HTML file that fetches nothing and runs nothing."""

from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cxnlp.report import words
from cxnlp.report.plan.content import ACROSS, DANGERS, Plan
from cxnlp.report.styles import WAY_ON, style_of
from cxnlp.taxonomy import diagnostics

_FOLDER: Final = Path(__file__).parent


def render(plan: Plan, *, company: str) -> str:
    """Return the plan as one HTML text; everything in it is escaped, and only its own style is allowed."""
    style = style_of(WAY_ON, _FOLDER / "plan.css")
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["people"] = words.people
    environment.filters["points"] = words.points
    environment.filters["day"] = partial(words.day, night=plan.night)
    environment.filters["of_a_thousand"] = of_a_thousand
    environment.filters["state"] = in_words
    environment.filters["wanted"] = wanted
    environment.filters["measure"] = measure
    environment.globals |= {"interval": words.interval, "count": words.count}
    return environment.get_template("plan.html.j2").render(
        plan=plan,
        dangers=DANGERS,
        across=ACROSS,
        company=company,
        night=plan.night,
        style=style.text,
        style_hash=style.hash,
    )


def of_a_thousand(share: float | None) -> str:
    """A share of all feedback as "34 of 1,000 pieces": 0.034 → "34", 0.0004 → "under 1"."""
    if share is None:
        return "–"
    return "under 1" if 0 < share < 0.0005 else words.whole(round(1000 * share))


def wanted(n_customers: int | None) -> str:
    """A target in people: 7 → "at most 7", 0 → "nobody"."""
    if n_customers is None:
        return "–"
    return f"at most {words.whole(n_customers)}" if n_customers else "nobody"


def measure(metric: str) -> str:
    """One of the fifteen numbers by its id, with what it takes for granted: "resolution share (who …)"."""
    note = next((each.note for each in diagnostics() if each.id == metric), None)
    return f"{in_words(metric)} ({note})" if note else in_words(metric)


def in_words(name: str) -> str:
    """A state or the id of a measure as people write it: in_progress → "in progress"."""
    return name.replace("_", " ")
