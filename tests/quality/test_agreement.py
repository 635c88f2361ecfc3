"""People among each other: Krippendorff's alpha against the textbook's example and a library."""

from typing import Any

import numpy as np
import pytest

from cxnlp.quality.agreement import agreement
from cxnlp.quality.labelled import majority
from cxnlp.quality.observing import Observed
from cxnlp.quality.scoring import owners, truth_of

from .labelled_letters import LABELS, annotation, document


def observed(documents: list[dict[str, Any]]) -> Observed:
    """A model that says what the majority says."""
    truth = truth_of(documents, LABELS)
    return Observed(LABELS, owners(documents), truth, truth, truth, truth, truth, truth)


def labelled(people: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Two mentions a document; ``people`` holds each mention's annotations."""
    mentions = [{"annotations": given, **majority(given)} for given in people]
    return [document(at, "", *mentions[at : at + 2]) for at in range(0, len(mentions), 2)]


def drawn(n: int, share_alike: float) -> list[list[dict[str, Any]]]:
    """Annotations of ``n`` mentions by three people; the third misses some."""
    generator = np.random.default_rng(8)
    found = []
    for at in range(n):
        common = (int(generator.integers(-2, 3)), [m for m in ("delivery", "staff") if generator.random() < 0.3])
        given = []
        for name in ("ann", "bo", "cy") if at % 4 else ("ann", "bo"):
            own = (int(generator.integers(-2, 3)), [m for m in ("delivery", "staff") if generator.random() < 0.3])
            feeling, moments = common if generator.random() < share_alike else own
            given.append(annotation(name, feeling, *moments))
        found.append(given)
    return found


#: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability": four people, twelve units, values 1 to 5.
TEXTBOOK = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def test_alpha_is_the_textbooks() -> None:
    rows = [row.split() for row in TEXTBOOK]
    people = [
        [annotation(name, int(row[unit]) - 3) for name, row in zip("abcd", rows, strict=True) if row[unit] != "."]
        for unit in range(12)
    ]
    documents = labelled(people)
    found = agreement(documents, observed(documents), resamples=100)
    assert found is not None
    assert found["alpha"]["sentiment"]["all"][0] == pytest.approx(0.849, abs=5e-4)
    assert found["n_mentions"] == 11  # the last unit has one person


def test_alpha_of_a_label_is_what_a_library_computes() -> None:
    documents = labelled(drawn(120, 0.7))
    found = agreement(documents, observed(documents), resamples=100)
    assert found is not None
    value, low, high = found["alpha"]["moment"]["labels"]["delivery"]["alpha"]
    assert value == pytest.approx(0.5253, abs=1e-4)  # krippendorff 0.9.0, which is GPL and so no dependency
    assert low < value < high
    assert found["people"]["cy"]["n_mentions"] == 90


def test_full_agreement_is_one_and_chance_is_nought() -> None:
    for share, expected in ((1.0, 1.0), (0.0, 0.0)):
        documents = labelled(drawn(400, share))
        found = agreement(documents, observed(documents), resamples=50)
        assert found is not None
        assert found["alpha"]["moment"]["all"][0] == pytest.approx(expected, abs=0.1)
        assert found["alpha"]["sentiment"]["all"][0] == pytest.approx(expected, abs=0.1)


def test_the_model_is_compared_with_each_person() -> None:
    people = [
        [annotation("ann", -1, "delivery"), annotation("bo", -1, "delivery"), annotation("odd", 1, "staff")]
        for _ in range(40)
    ]
    documents = labelled(people)
    found = agreement(documents, observed(documents), resamples=50)
    assert found is not None
    assert found["people"]["ann"]["model"]["moment"][0] == 1.0
    assert found["people"]["odd"]["model"]["moment"][0] == 0.0
    assert found["people"]["odd"]["model"]["sign_accuracy"][0] == 0.0
    assert found["people"]["ann"]["others"]["moment"][0] == 0.5  # bo always, odd never


@pytest.mark.parametrize("given", [[], [annotation("ann", 0, "staff")]])
def test_one_person_alone_agrees_with_nobody(given: list[dict[str, Any]]) -> None:
    mentions = [{"annotations": given, **annotation("nobody", 0, "staff")} for _ in range(4)]
    documents = [document(1, "", *mentions)]
    assert agreement(documents, observed(documents), resamples=50) is None
