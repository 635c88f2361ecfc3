"""What customers experience, in one plain sentence that is made of what they say themselves."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import ceil, sqrt
from typing import Final, NamedTuple

import polars as pl

from cxnlp.backlog.phrasing import Grammar, Phrase, phrases, plain
from cxnlp.backlog.usage import Heard, stems
from cxnlp.backlog.voices import Floats, Item, Own, Said, said_of, unit
from cxnlp.backlog.wording import as_told, fitted, is_broken, is_opposite, is_particular, joined, words
from cxnlp.mentions.reading import read
from cxnlp.tags.questions import Question

#: How the model reads phrases that stand alone, as `Questions.read_all`.
Reader = Callable[[Sequence[str]], Sequence[Question]]

_N_PHRASES: Final = 3
_LONGEST: Final = 160  # characters of all phrases
_N_ASKED: Final = 40  # phrases of an item that the model reads
#: Mentions whose grammar is looked at: of all items together, and of each.
_N_PARSED, _FEWEST_PARSED, _MOST_PARSED = 4_000, 24, 120
_LONGEST_PARSED: Final = 400  # characters of a mention

#: By itself a phrase says the item's label with this probability; one with the item's own words may with the lower one.
_LEAST_SURE: Final = 0.3
_LEAST_SURE_OF_OWN: Final = 0.1
#: It has the item's own words when they tell so much of it, 0 to 1.
_OWN: Final = 0.5
#: A clause that means what the item's mentions mean on average (cosine) says the item without its label, too.
_NEAR_ALL: Final = 0.6
#: A complaint feels so bad, or worse, -1 to 1.
_WORST: Final = -0.25
#: Others back a phrase when a mention of theirs is so near to it (cosine), or has two, and half, of its words.
_NEAR: Final = 0.45
_LEAST_BACKERS: Final = 2
#: The phrases of a sentence speak for this share of the item's people, or for ``least_group`` of a large one.
_LEAST_SPOKEN_FOR: Final = 0.2
#: A longer phrase than this is told less readily: it is more of one person's story.
_PLAIN: Final = 6  # words
#: So much less readily one that ends in "it".
_LEANING: Final = 0.5
#: The next phrase is at least so good beside the first, and its meaning (cosine) is another.
_LEAST_BESIDE: Final = 0.4
_SAME: Final = 0.8


class Sentence(NamedTuple):
    """A sentence, and the mentions that its phrases stand in."""

    text: str
    mention_ids: tuple[str, ...]


class _Candidate(NamedTuple):
    value: float
    text: str
    kind: str
    said: Said


class _Choice(NamedTuple):
    """What an item's sentence is made of."""

    phrases: list[_Candidate]
    is_part: bool  # they speak for a small part of its people


def sentences(
    sayings: pl.DataFrame, meanings: pl.DataFrame, items: Mapping[str, Item], least_group: int, reader: Reader
) -> dict[str, Sentence]:
    """Return a sentence for each item of which some phrases of its people speak for others, too.

    It has up to three phrases of different people, cut out of what they say by grammar and told in the third person.
    Each says by itself what the item is about, as the model reads it, and feels as bad as a complaint; means what the
    mentions of two others mean or shares words with them; and tells what many of the item's people say and few others
    (class-based TF-IDF, counted in people). Each word that tells something is an everyday one or written by
    ``least_group`` people or more. No two items have the same sentence; a crisis has none.

    Args:
        sayings: columns ``mention_id``, ``person_key``, ``quote``, ``is_negative``, ``item_ids``, one row a mention.
        meanings: columns ``mention_id``, ``vector``, ``encoder_version``; a mention without one backs nothing.
        items: what each item is evidence of, by item_id.
        least_group: a name, or a word that is no everyday one, of fewer people is in no sentence.
        reader: how the model reads phrases that stand alone.
    """
    rows = list(sayings.select("mention_id", "person_key", "quote", "is_negative", "item_ids").iter_rows())
    heard = Heard.of((person, quote, is_negative) for _, person, quote, is_negative, _ in rows)
    own = said_of(rows, meanings, {item_id: item for item_id, item in items.items() if item.label != "crisis"})
    n_each = max(_FEWEST_PARSED, min(_MOST_PARSED, _N_PARSED // max(len(own), 1)))
    telling = {item_id: _telling(one)[:n_each] for item_id, one in own.items()}
    parsed = sorted({said.quote for found in telling.values() for said in found})
    grammar = dict(zip(parsed, read(map(plain, parsed), phrases), strict=True)) if parsed else {}
    wording = _Wording(heard, _nouns(grammar.values()), least_group)
    found = {item_id: _candidates(own[item_id], some, grammar, wording) for item_id, some in telling.items()}
    asked = sorted({candidate.text for some in found.values() for candidate in some})
    alone = dict(zip(asked, reader(asked), strict=True)) if asked else {}
    told: dict[str, Sentence] = {}
    for item_id in sorted(found, key=lambda one: (-own[one].n_people, one)):
        sentence = _apart(own[item_id], found[item_id], alone, least_group, {one.text for one in told.values()})
        if sentence is not None:
            told[item_id] = sentence
    return told


def _apart(
    own: Own, candidates: Sequence[_Candidate], alone: Mapping[str, Question], least_group: int, told: Collection[str]
) -> Sentence | None:
    """The sentence of an item that no other has been ``told`` of; None where there is none."""
    left = list(candidates)
    while (choice := _chosen(own, left, alone, least_group)) is not None:
        sentence = _told(choice, own.item)
        if sentence.text not in told:
            return sentence
        left.remove(next(one for one in left if one.text == choice.phrases[0].text))
    return None


def _telling(own: Own) -> list[Said]:
    """Its mentions, those first that say most of it in few words."""
    ranked = [
        (-_near(vector, own) * (0.5 + own.topic(said.quote)) / sqrt(6 + len(words(said.quote))), said)
        for vector, said in zip(own.meant, own.said, strict=True)
        if len(said.quote) <= _LONGEST_PARSED
    ]
    return [said for _, said in sorted(ranked)]


def _near(vector: Floats, own: Own) -> float:
    """How near a vector is to what the item's mentions mean on average, 0 to 1; what is not known is half-way."""
    return max(0.0, float(vector @ own.middle)) if vector.any() else 0.5


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


def _nouns(grammars: Iterable[Grammar]) -> Counter[tuple[str, bool]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for grammar in grammars:
        counts.update((noun, True) for noun in grammar.counted)
        counts.update((noun, False) for noun in grammar.alone)
    return counts


def _candidates(
    own: Own, telling: Iterable[Said], grammar: Mapping[str, Grammar], wording: _Wording
) -> list[_Candidate]:
    """The phrases that the model is asked about: they say most of the item, and are much of a typical mention."""
    best: dict[str, _Candidate] = {}
    meant = {said.mention_id: vector for said, vector in zip(own.said, own.meant, strict=True)}
    for said in telling:
        near, n_words = _near(meant[said.mention_id], own), len(words(said.quote))
        for phrase in grammar[said.quote].phrases:
            text = wording.told(phrase) if own.item.is_wish == (phrase.kind == "wish") else ""
            value = near * (0.5 + own.topic(text)) * sqrt(len(words(text)) / (n_words + 2))
            if text and (text not in best or value > best[text].value):
                best[text] = _Candidate(value, text, phrase.kind, said)
    return sorted(best.values(), key=lambda one: (-one.value, one.text))[:_N_ASKED]


def _chosen(
    own: Own, candidates: Sequence[_Candidate], alone: Mapping[str, Question], least_group: int
) -> _Choice | None:
    """The phrases that speak best for the item, each of another person and with another meaning."""
    scored = [one._replace(value=_score(own, one, alone[one.text])) for one in candidates]
    ranked = sorted((one for one in scored if one.value > 0), key=lambda one: (-one.value, one.text))
    chosen: list[_Candidate] = []
    for one in ranked:
        if len(chosen) == _N_PHRASES or one.value < _LEAST_BESIDE * ranked[0].value:
            break
        is_short = sum(len(other.text) for other in (*chosen, one)) <= _LONGEST
        if is_short and not any(_repeats(one, other, alone) for other in chosen):
            chosen.append(one)
    n_spoken_for = len({person for one in chosen for person in _backers(own, one, own.meaning(alone[one.text]))})
    n_wanted = _LEAST_SPOKEN_FOR * own.n_people
    return _Choice(chosen, n_spoken_for < n_wanted) if chosen and n_spoken_for >= min(least_group, n_wanted) else None


def _repeats(one: _Candidate, other: _Candidate, alone: Mapping[str, Question]) -> bool:
    if one.said.person == other.said.person or stems(one.text) & stems(other.text):
        return True
    return float(unit(alone[one.text]) @ unit(alone[other.text])) >= _SAME


def _score(own: Own, candidate: _Candidate, question: Question) -> float:
    """How well a phrase speaks for the item by itself; 0 where it does not."""
    vector, topic = own.meaning(question), own.topic(candidate.text)
    near, sure = _near(vector, own), own.item.sure(question)
    if own.item.kind == "signal" or (near >= _NEAR_ALL and candidate.kind == "clause"):
        sure = max(sure, _LEAST_SURE)
    n_backers = len(_backers(own, candidate, vector) - {candidate.said.person})
    bad = 1.0 if own.item.is_wish else min(1.0, question.feeling / (2 * _WORST))
    if sure < (_LEAST_SURE_OF_OWN if topic >= _OWN else _LEAST_SURE) or n_backers < _LEAST_BACKERS or bad < 0.5:
        return 0.0
    plain_share = _PLAIN / max(_PLAIN, len(words(candidate.text)))
    whole = _LEANING if words(candidate.text)[-1] == "it" else 1.0
    return (0.2 + sure) * near * bad * (0.4 + topic) * (0.2 + n_backers / own.n_people) * sqrt(plain_share) * whole


def _backers(own: Own, candidate: _Candidate, vector: Floats) -> set[str]:
    """Who of the item says nearly what the phrase says, or uses two, and half, of its words; its author, too."""
    told = stems(candidate.text)
    n_shared = max(min(2, len(told)), ceil(len(told) / 2))
    return {candidate.said.person} | {
        said.person
        for said, near in zip(own.said, own.meant @ vector, strict=True)
        if near >= _NEAR or (told and len(told & stems(said.quote)) >= n_shared)
    }


def _told(choice: _Choice, item: Item) -> Sentence:
    """The sentence of the chosen phrases; one that speaks for a small part of a large item says so."""
    things = [one.text for one in choice.phrases if one.kind != "clause"]
    clauses = [f"that {one.text}" for one in choice.phrases if one.kind == "clause"]
    who = "Among other things, customers" if choice.is_part else "Customers"
    verb = "ask for" if item.is_wish else "report"
    return Sentence(f"{who} {verb} {joined(things, clauses)}.", tuple(one.said.mention_id for one in choice.phrases))
