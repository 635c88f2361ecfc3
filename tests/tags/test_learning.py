"""How the model is made, without the heavy parts: folds and masking."""

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.learning.augment import mask_some
from pipelines.learning.folds import split
from pipelines.learning.threads import Threads, by_row

FORM = "I am writing to dispute the account that you report under my name because it is not mine and never was"


def document(number: int, text: str, source: str = "letters", row: str | None = None) -> dict[str, Any]:
    return {"id": f"d{number:04}", "source": source, "source_row_id": row or f"r{number}", "text": text, "mentions": []}


def other_words(number: int) -> str:
    return " ".join(f"word{number}x{place}" for place in range(20))


def test_folds_keep_form_letters_and_threads_together() -> None:
    documents = [document(n, f"{FORM} {other_words(n)}"[:140]) for n in range(8)]
    documents += [document(100 + n, other_words(n), "calls", f"tweetsumm/train/abc#s{n}") for n in range(4)]
    documents += [document(200 + n, other_words(50 + n), ["letters", "calls"][n % 2]) for n in range(200)]
    folds = split(documents, 1, by_row)
    assert len({folds[d["id"]] for d in documents[:8]}) == 1
    assert len({folds[d["id"]] for d in documents[8:12]}) == 1
    assert folds == split(documents, 1, by_row)
    assert folds != split(documents, 2, by_row)
    for source in ("letters", "calls"):
        members = [folds[d["id"]] for d in documents if d["source"] == source]
        assert members.count("test") / len(members) == pytest.approx(0.12, abs=0.04)
        assert members.count("calibration") / len(members) == pytest.approx(0.08, abs=0.04)


def test_a_thread_that_spans_folds_is_trained_on() -> None:
    documents = [document(n, other_words(n), ["notes", "calls"][n % 2]) for n in range(200)]
    dealt = split(documents, 1, by_row)
    one = next(name for name, fold in dealt.items() if fold == "test")
    other = next(name for name, fold in dealt.items() if fold == "calibration")
    folds = split(documents, 1, lambda d: "together" if d["id"] in {one, other} else d["id"])
    assert {name: fold for name, fold in folds.items() if fold != dealt[name]} == {one: "train", other: "train"}


def test_threads_follow_replies_and_dialogues(tmp_path: Path) -> None:
    note = "The customer asks where the parcel has gone to."
    pl.DataFrame(
        {
            "dialog_id": ["d1"],
            "abstractive_summaries": [[note]],
            "text": ["Customer: Where has my parcel gone to, please?\nAgent: Hello there"],
        }
    ).write_parquet(tmp_path / "tweetsumm_dialogs.parquet")
    pl.DataFrame(
        {"tweet_id": [1, 2, 3], "in_response_to_tweet_id": [None, 1, 2]}
    ).write_parquet(tmp_path / "customer_support_tweets.parquet")  # fmt: skip
    threads = Threads.read(tmp_path)
    said = document(1, note, "tweetsumm_notes", "tweetsumm/train/abc#s0")
    heard = document(2, "Customer: Where has my parcel gone to, please?", "tweetsumm_dialogs", "tweetsumm_dialog/xyz")
    assert threads.of(said) == threads.of(heard) == "tweetsumm/d1"
    assert {threads.of(document(n, "", "twcs", f"twcs/{n}")) for n in (1, 2, 3)} == {"twcs/1"}
    assert threads.of(document(4, "", "absa", "train/12:3")) == threads.of(document(5, "", "absa", "train/12:4"))


def test_masking_moves_the_borders_along() -> None:
    text = "Thanks @LarkfieldHelp. Mr Ferris rang 0161 496 0000 about order 8839912, see https://x.example/a now. Good."
    cut = text.index("Mr")
    mentions = [{"start": 0, "end": cut - 1}, {"start": cut, "end": len(text) - 6}, {"start": len(text) - 5,
                                                                                     "end": len(text)}]  # fmt: skip
    seen = set()
    for seed in range(40):
        masked = mask_some({"text": text, "mentions": mentions}, random.Random(seed))
        parts = [masked["text"][m["start"] : m["end"]] for m in masked["mentions"]]
        assert parts[0] in {"Thanks @LarkfieldHelp.", "Thanks [HANDLE]."}
        assert parts[1].startswith(("Mr Ferris rang", "[PERSON] rang", "[EMPLOYEE] rang"))
        assert parts[1].endswith(" now.")
        assert parts[2] == "Good."
        seen.add(masked["text"])
    assert len(seen) > 8
