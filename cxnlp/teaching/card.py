"""The card of a workspace's own model, from what its model.json says."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

FILE: Final = "CARD.md"

_HEAD: Final = """\
# Model of this workspace: {version}

Made from the shipped model {base}; its card says what that one was trained on, how good it is and what it must not be
used for. The encoder is the same, and so are all labels that are not named here.
"""
_TAUGHT: Final = """
## Labels taught here

Expected by cross-validation over the examples, for mentions like those that are stored; nobody has checked them yet.
Each figure with its 90 % interval.

| label | examples | precision | recall | F1 | share of mentions |
|---|---|---|---|---|---|
"""
_TRAINED: Final = """
## Trained on people's judgements

Heads: logistic regression with a Gaussian prior around the shipped heads, as strong as the shipped labels say. One
judgement here counts as much as {weight:g} of the shipped ones (chosen by cross-validation).

| | |
|---|---|
| judged mentions, documents | {n_mentions:,}, {n_documents:,} |
| of these drawn at random | {n_random:,} |
| labels (yes) | {n_yes:,} |

Cross-fitted by document: every mention is judged by heads that did not see its document.

| | before | after | difference (95 %) |
|---|---|---|---|
"""
_TEST: Final = """
Test for promotion: {rule} McNemar on decisions: {mended} mended, {spoilt} spoilt, p = {p:.3f}.
"""


def write(about: Mapping[str, Any]) -> str:
    """Return the card as Markdown.

    Args:
        about: model.json, with ``made``: ``base``, ``labels`` (family → label → n_examples, expected) and perhaps
            ``trained``.
    """
    made = about["made"]
    parts = [_HEAD.format(version=about["version"], base=made["base"])]
    if any(made["labels"].values()):
        parts += [_TAUGHT, *_labels(made["labels"])]
    if "trained" in made:
        parts += _trained(made["trained"])
    return "".join(parts)


def figure(value: tuple[float, float, float]) -> str:
    """Return "0.61 (0.48–0.72)"."""
    return f"{value[0]:.2f} ({value[1]:.2f}–{value[2]:.2f})"


def _labels(labels: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for family, of_family in sorted(labels.items()):
        for label, known in sorted(of_family.items()):
            said = known["expected"]
            figures = " | ".join(figure(said[name]) for name in ("precision", "recall", "f1"))
            share = "{:.1%} ({:.1%}–{:.1%})".format(*said["share"])
            yield f"| {family} {label} | {known['n_examples']} | {figures} | {share} |\n"


def _trained(trained: Mapping[str, Any]) -> Iterator[str]:
    yield _TRAINED.format(**trained)
    for name, (before, after, low, high) in trained["measures"].items():
        yield f"| {name} | {before:.3f} | {after:.3f} | {after - before:+.3f} ({low:+.3f} … {high:+.3f}) |\n"
    yield _TEST.format(**trained["test"])
