"""Places carried from the text as written to the masked one."""

import pytest

from benchmarks.masking_flips import carried, compare, with_others
from cxnlp.feedback.masking.masker import Document, mask_documents

TEXT = "Sarah Whitlock rang. Write to 12 Acacia Avenue\nNT4 5XX please. Thanks"


@pytest.mark.parametrize("control", [False, True])
def test_a_mention_keeps_its_words(control: bool) -> None:
    ((text, placed),) = mask_documents([Document(TEXT)])
    if control:
        text, placed = with_others(TEXT, placed)
    for mention in ("Sarah Whitlock rang.", " rang.", "please. Thanks", "Write to "):
        start = TEXT.index(mention)
        end = start + len(mention)
        found = text[carried(start, placed, is_end=False) : carried(end, placed, is_end=True)]
        assert found.endswith(mention.split()[-1] + (" " if mention.endswith(" ") else ""))
        assert ("Sarah" in mention) == (found != mention)


def test_what_differs_is_counted() -> None:
    def mention(label: str, strength: int) -> dict[str, object]:
        moments = [{"label": label, "decision": "yes"}]
        return {
            "moments": moments,
            "unmeasurables": [],
            "warnings": [],
            "signals": [],
            "sentiment": {"strength": strength},
        }

    one = {"mentions": [mention("delivery", -2), mention("refund", 1)]}
    other = {"mentions": [mention("delivery", -1), mention("price", -1)]}
    assert compare(one, other, 40) == (80, 2, 3, 1, 2, 1)
