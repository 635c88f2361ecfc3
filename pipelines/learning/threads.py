"""Which documents belong to one conversation: replies to a tweet, a dialogue and its notes, parts of one review."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import polars as pl

Document = Mapping[str, Any]

_LEAST_WORDS: Final = 5  # of a turn that names its dialogue; shorter ones are greetings


def by_row(document: Document) -> str:
    """Name a document's conversation as far as ``source_row_id`` tells it."""
    row = re.sub(r"#s\d+$", "", document["source_row_id"])
    if document["source"] == "absa":
        return row.split(":")[0]
    return re.sub(r"^tweetsumm(_dialog)?/\w+/", "tweetsumm/", row)


@dataclass(frozen=True)
class Threads:
    """What the public sets tell of conversations.

    Attributes:
        dialogue_of: a turn or a note, its words only, to the dialogue that it comes from.
        answered_by: a tweet to the tweet that it answers.
    """

    dialogue_of: Mapping[str, str]
    answered_by: Mapping[str, str]

    @classmethod
    def read(cls, sets: Path) -> Self:
        """Read TweetSumm's dialogues and the customer support tweets from a folder of Parquet files."""
        dialogues = pl.read_parquet(sets / "tweetsumm_dialogs.parquet")
        tweets = pl.read_parquet(sets / "customer_support_tweets.parquet")
        answers = tweets.drop_nulls("in_response_to_tweet_id").select("tweet_id", "in_response_to_tweet_id")
        return cls(dict(_dialogue_texts(dialogues)), {str(one): str(other) for one, other in answers.iter_rows()})

    def of(self, document: Document) -> str:
        """Name the conversation of a document (``source``, ``source_row_id``, ``text``)."""
        name = by_row(document)
        if document["source"] == "twcs":
            return f"twcs/{self._first_tweet(name.removeprefix('twcs/'))}"
        if document["source"].startswith("tweetsumm"):
            dialogue = self._dialogue(document["text"])
            return f"tweetsumm/{dialogue}" if dialogue else name
        return name

    def _first_tweet(self, tweet: str) -> str:
        seen = {tweet}
        while (asked := self.answered_by.get(tweet)) and asked not in seen:
            seen.add(asked)
            tweet = asked
        return tweet

    def _dialogue(self, text: str) -> str | None:
        found = Counter(filter(None, map(self.dialogue_of.get, map(_words, [text, *text.splitlines()]))))
        return found.most_common(1)[0][0] if found else None


def _dialogue_texts(dialogues: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for dialogue, notes, text in dialogues.select("dialog_id", "abstractive_summaries", "text").iter_rows():
        for part in [*notes, *text.splitlines()]:
            words = _words(part)
            if words.count(" ") >= _LEAST_WORDS - 1:
                yield words, dialogue


def _words(text: str) -> str:
    """Return the words alone, without who speaks."""
    return " ".join(re.findall(r"\w+", re.sub(r"^\w+:\s", "", text).lower()))
