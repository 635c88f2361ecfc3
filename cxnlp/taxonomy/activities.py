"""The kinds of activity on the journey map, and the decision points between its stages."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from cxnlp.taxonomy.entries import Identity, Sentence, Words
from cxnlp.taxonomy.load import SHIPPED, load
from cxnlp.taxonomy.marks import TaxonomyError, read
from cxnlp.taxonomy.measures import scorecard


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ActivityKind(_Strict):
    """One kind of activity: what it is called and how the map marks it."""

    id: Literal["moment", "decision", "internal"]
    name: Words
    mark: Literal["red", "green", "blue"]
    definition: Sentence


class Decision(_Strict):
    """The decision that the customer takes at a stage, as a short question."""

    stage: Identity
    words: Words


class Activities(_Strict):
    """The file as a whole; ``decided_by`` is a statement of the scorecard."""

    kinds: Annotated[tuple[ActivityKind, ...], Field(min_length=3, max_length=3)]
    decided_by: Identity
    decisions: tuple[Decision, ...]


@cache
def activities(path: Path = SHIPPED / "activities.yaml") -> Activities:
    """Return the kinds of activity and the decision points.

    Raises:
        TaxonomyError: the file says something else, a stage has no decision or two, or there is no such statement.
    """
    marked = read(path)
    try:
        found = TypeAdapter(Activities).validate_python(marked.value)
    except ValidationError as error:
        problem = error.errors()[0]
        raise TaxonomyError(f"{marked.place(problem['loc'])}: {problem['msg']}. See the shipped file.") from error
    stages = [decision.stage for decision in found.decisions]
    if stages != list(load().stages):
        raise TaxonomyError(f"{path.name}: found decisions of {', '.join(stages)}; allowed: one of each stage, in the "
                            f"order {', '.join(load().stages)}. Add or move one.")  # fmt: skip
    statements = set(scorecard()["statement"])
    if found.decided_by not in statements:
        raise TaxonomyError(f"{path.name}: found the statement {found.decided_by!r}; allowed: "
                            f"{', '.join(sorted(statements))} (scorecard.yaml). Correct it.")  # fmt: skip
    return found
