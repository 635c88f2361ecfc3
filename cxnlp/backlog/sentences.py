"""What customers experience, in one plain sentence that is made of what they say themselves."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import sqrt
from typing import Final, NamedTuple

import polars as pl

from cxnlp.backlog.choosing import Candidate, Choice, choices, quoted
from cxnlp.backlog.phrasing import Grammar, Phrase, phrases, plain
from cxnlp.backlog.usage import Heard, stems
from cxnlp.backlog.voices import Item, Own, Said, said_of
from cxnlp.backlog.wording import as_told, fitted, is_broken, is_half, is_opposite, is_particular, joined, words
from cxnlp.mentions.reading import read
from cxnlp.tags.questions import Question

#: How the model reads phrases that stand alone, as `Questions.read_all`.
Reader = Callable[[Sequence[str]], Sequence[Question]]

_N_ASKED: Final = 40  # phrases of an item that the model reads
#: Mentions whose grammar is looked at: of all items together, and of each.
_N_PARSED, _FEWEST_PARSED, _MOST_PARSED = 4_000, 24, 120
_LONGEST_PARSED: Final = 400  # characters of a mention
_FEWEST_QUOTED, _MOST_QUOTED = 3, 16  # words of a mention that is quoted


class Sentence(NamedTuple):
    """A sentence, and the mentions that its phrases stand in."""

    text: str
    mention_ids: tuple[str, ...]


def sentences(
    sayings: pl.DataFrame, meanings: pl.DataFrame, items: Mapping[str, Item], least_group: int, reader: Reader
) -> dict[str, Sentence]:
    """Return a sentence for each item of whose people some say what can be told, or quoted.

    It has up to three phrases of different people, cut out of what they say by grammar and told in the third person,
    and says whether many or some of the item's people say just that, or whether they are examples (`choices`). Each
    says by itself what the item is about, as the model reads it, and feels like a complaint; and tells what many of the
    item's people say and few others (class-based TF-IDF, counted in people). Each word that tells something is an
    everyday one or written by ``least_group`` people or more. Where nothing can be told, and of a danger, an item of
    ``least_group`` people has examples of what they say, word by word. No two items have the same sentence.

    Args:
        sayings: columns ``mention_id``, ``person_key``, ``quote``, ``is_negative``, ``item_ids``, one row a mention.
        meanings: columns ``mention_id``, ``vector``, ``encoder_version``; a mention without one backs nothing.
        items: what each item is evidence of, by item_id.
        least_group: a name, or a word that is no everyday one, of fewer people is in no sentence.
        reader: how the model reads phrases that stand alone.
    """
    rows = list(sayings.select("mention_id", "person_key", "quote", "is_negative", "item_ids").iter_rows())
    heard = Heard.of((person, quote, is_negative) for _, person, quote, is_negative, _ in rows)
    own = said_of(rows, meanings, items)
    n_each = max(_FEWEST_PARSED, min(_MOST_PARSED, _N_PARSED // max(len(own), 1)))
    telling = {item_id: _telling(one)[:n_each] for item_id, one in own.items() if not one.item.is_danger}
    parsed = sorted({said.quote for found in telling.values() for said in found})
    grammar = dict(zip(parsed, read(map(plain, parsed), phrases), strict=True)) if parsed else {}
    wording = _Wording(heard, _nouns(grammar.values()), least_group)
    largest_first = dict(sorted(own.items(), key=lambda one: (-one[1].n_people, one[0])))
    found = {item_id: _candidates(one, telling.get(item_id, []), grammar, wording)
             for item_id, one in largest_first.items()}  # fmt: skip
    told = _retelling(own, found, reader, least_group)
    untold = {item_id: one for item_id, one in largest_first.items() if item_id not in told}
    return told | _quoting(untold, wording, reader)


def _retelling(
    own: Mapping[str, Own], found: Mapping[str, Sequence[Candidate]], reader: Reader, least_group: int
) -> dict[str, Sentence]:
    """Sentences of phrases, each of one item only."""
    alone, told = _read_alone(found, reader), dict[str, Sentence]()
    for item_id, candidates in found.items():
        sentence = _apart(own[item_id], candidates, alone, least_group, {one.text for one in told.values()})
        if sentence is not None:
            told[item_id] = sentence
    return told


def _quoting(untold: Mapping[str, Own], wording: "_Wording", reader: Reader) -> dict[str, Sentence]:
    """Sentences of items of which nothing can be told: a few mentions, as they are, each in one item only."""
    found = {item_id: _short(own, wording) for item_id, own in untold.items() if own.n_people >= wording.least_group}
    alone, told = _read_alone(found, reader), dict[str, Sentence]()
    for item_id, candidates in found.items():
        used = {mention_id for sentence in told.values() for mention_id in sentence.mention_ids}
        choice = quoted(untold[item_id], [one for one in candidates if one.said.mention_id not in used], alone)
        if choice is not None:
            told[item_id] = _told(choice, untold[item_id].item)
    return told


def _short(own: Own, wording: "_Wording") -> list[Candidate]:
    """The mentions that are short enough to be quoted."""
    short = (said for said in _telling(own) if _FEWEST_QUOTED <= len(words(said.quote)) <= _MOST_QUOTED)
    return [Candidate(0.0, text, "quote", said) for said in short if (text := wording.quoted(said.quote))][:_N_ASKED]


def _read_alone(found: Mapping[str, Sequence[Candidate]], reader: Reader) -> dict[str, Question]:
    """How the model reads what may be told, or quoted, by itself."""
    asked = sorted({candidate.text for some in found.values() for candidate in some})
    return dict(zip(asked, reader(asked), strict=True)) if asked else {}


def _apart(
    own: Own, candidates: Sequence[Candidate], alone: Mapping[str, Question], least_group: int, told: Collection[str]
) -> Sentence | None:
    """The sentence of an item that no other has been ``told`` of; None where there is none."""
    left = list(candidates)
    while found := list(choices(own, left, alone, least_group)):
        for choice in found:
            sentence = _told(choice, own.item)
            if sentence.text not in told:
                return sentence
        left.remove(next(one for one in left if one.text == found[0].phrases[0].text))
    return None


def _telling(own: Own) -> list[Said]:
    """Its mentions, those first that say most of it in few words."""
    ranked = [
        (-own.near(vector) * (0.5 + own.topic(said.quote)) / sqrt(6 + len(words(said.quote))), said)
        for vector, said in zip(own.meant, own.said, strict=True)
        if len(said.quote) <= _LONGEST_PARSED
    ]
    return [said for _, said in sorted(ranked)]


class _Wording(NamedTuple):
    """How phrases are told."""

    heard: Heard
    nouns: Counter[tuple[str, bool]]  # how often each stands in the singular behind "a" (True), and with nothing before
    least_group: int

    def told(self, phrase: Phrase) -> str:
        """The phrase as it stands in a sentence; empty when it may not, or cannot."""
        if is_particular(phrase.text) or is_opposite(phrase.text):
            return ""
        if not self.heard.shares(phrase.text, self.least_group):
            return ""
        if phrase.kind == "thing" and not self.heard.is_bad(phrase.text):
            return ""
        told = words(as_told(phrase.text))
        if phrase.kind != "clause" and (not stems(phrase.text) or "they" in told or "same" in told):
            return ""
        bare = "" if self.heard.is_name(phrase.text.split(" ")[0]) else phrase.bare
        text = fitted(as_told(self.heard.lowered(phrase.text)), bare, phrase.kind, self.nouns)
        return "" if is_broken(text) else text

    def quoted(self, saying: str) -> str:
        """The saying as it stands between quotation marks; empty when it may not, or is half of one."""
        line = " ".join(saying.split()).removeprefix("- ")
        if is_half(line) or is_opposite(line) or not self.heard.shares(line, self.least_group):
            return ""
        return line.rstrip(" .–-…")


def _nouns(grammars: Iterable[Grammar]) -> Counter[tuple[str, bool]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for grammar in grammars:
        counts.update((noun, True) for noun in grammar.counted)
        counts.update((noun, False) for noun in grammar.alone)
    return counts


def _candidates(
    own: Own, telling: Iterable[Said], grammar: Mapping[str, Grammar], wording: _Wording
) -> list[Candidate]:
    """The phrases that the model is asked about: they say most of the item, and are much of a typical mention."""
    best: dict[str, Candidate] = {}
    meant = {said.mention_id: vector for said, vector in zip(own.said, own.meant, strict=True)}
    for said in telling:
        near, n_words = own.near(meant[said.mention_id]), len(words(said.quote))
        for phrase in grammar[said.quote].phrases:
            text = wording.told(phrase) if own.item.is_wish == (phrase.kind == "wish") else ""
            value = near * (0.5 + own.topic(text)) * sqrt(len(words(text)) / (n_words + 2))
            if text and (text not in best or value > best[text].value):
                best[text] = Candidate(value, text, phrase.kind, said)
    return sorted(best.values(), key=lambda one: (-one.value, one.text))[:_N_ASKED]


def _told(choice: Choice, item: Item) -> Sentence:
    """The sentence of what was chosen, which says so where these are examples, or of some only."""
    mention_ids = tuple(one.said.mention_id for one in choice.phrases)
    if choice.kind == "quotes":
        said = joined([f"“{one.text}”" for one in choice.phrases], ())
        return Sentence(f"Customers say, for example, {said}.", mention_ids)
    things = [one.text for one in choice.phrases if one.kind != "clause"]
    clauses = [f"that {one.text}" for one in choice.phrases if one.kind == "clause"]
    who = "Some customers" if choice.kind == "some" else "Customers"
    verb, of = ("ask", "for ") if item.is_wish else ("report", "")
    verb = f"{verb}, for example," if choice.kind == "examples" else verb
    return Sentence(f"{who} {verb} {of}{joined(things, clauses)}.", mention_ids)
