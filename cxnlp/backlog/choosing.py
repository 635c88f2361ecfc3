"""Which phrases stand in an item's sentence: those that speak for many of its people, or examples of several."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import ceil, sqrt
from typing import Final, NamedTuple

from cxnlp.backlog.usage import MISSING, stems
from cxnlp.backlog.voices import Floats, Own, Said, unit
from cxnlp.backlog.wording import words
from cxnlp.tags.questions import Question

_N_PHRASES: Final = 3
_LONGEST: Final = 160  # characters of all phrases

#: By itself a phrase says the item's label with this probability; one with the item's own words may with the lower one.
_LEAST_SURE: Final = 0.3
_LEAST_SURE_OF_OWN: Final = 0.1
#: It has the item's own words when they tell so much of it, 0 to 1.
_OWN: Final = 0.5
#: A clause that means what the item's mentions mean on average (cosine) says the item without its label, too.
_NEAR_ALL: Final = 0.6
#: An example says the label with the lower probability, or means so nearly what the item's mentions mean and is backed.
_NEAR_SOME: Final = 0.4
#: A complaint feels so bad, or worse, -1 to 1; an example that is a clause may feel a little better, or like nothing
#: where it is as sure as near: it was cut out of a complaint.
_WORST: Final = -0.25
_WORST_OF_EXAMPLE: Final = -0.15
#: So bad is at least what counts as a complaint, 0 to 1.
_LEAST_BAD: Final = 0.1
#: The phrases of a sentence speak for this share of the item's people, or for ``least_group`` of a large one, and so
#: many others back each.
_LEAST_SPOKEN_FOR: Final = 0.2
_LEAST_BACKERS: Final = 2
#: They are told of customers, or of some, when such a share of them says just that.
_MANY, _SOME = 0.5, 0.25
#: A longer phrase than this is told less readily: it is more of one person's story.
_PLAIN: Final = 6  # words
#: So much less readily one that speaks of "it".
_LEANING: Final = 0.5
_LEANING_AS_EXAMPLE: Final = 0.25
#: The next phrase is at least so good beside the first, and its meaning (cosine) is another.
_LEAST_BESIDE: Final = 0.4
_LEAST_BESIDE_AS_EXAMPLE: Final = 0.08
_SAME: Final = 0.8


class _Like(NamedTuple):
    """When a mention says what a phrase says: it means nearly the same, or has as many of its telling words."""

    cosine: float
    share: float  # of the telling words, two at least where there are more than one
    told_share: float  # words tell enough where so many of a phrase's words are telling ones: "no notice"


_NEARLY: Final = _Like(0.45, 1 / 2, 0)
_JUST_THAT: Final = _Like(0.65, 2 / 3, 0.4)
#: Where an item's mentions are all near to their mean, what says just the same is nearer, by this part of it.
_NEARER: Final = 0.83


class Candidate(NamedTuple):
    """A phrase, how well it speaks for the item, and where it stands."""

    value: float
    text: str
    kind: str  # as in `cxnlp.backlog.phrasing.Phrase`, or "quote": all that somebody says
    said: Said


class _Weighed(NamedTuple):
    """What is known of a phrase before it is said what it shall be good for."""

    candidate: Candidate
    feeling: float  # -1 to 1
    topic: float  # how much its words tell of the item, 0 to 1
    near: float  # how near it is to what the item's mentions mean on average, 0 to 1
    sure: float  # how probable it is that it says the item's label
    n_backers: int  # people of the item who say nearly the same, but for its author


class Choice(NamedTuple):
    """What an item's sentence is made of."""

    phrases: list[Candidate]
    kind: str  # who says just that: "many" of its people, "some", or each another thing ("examples", "quotes")


def choices(
    own: Own, candidates: Sequence[Candidate], alone: Mapping[str, Question], least_group: int
) -> Iterator[Choice]:
    """Yield what speaks best for the item, the best first: phrases of different people and with different meanings.

    They are told of its customers, or of some, where so many say just that. Else they are examples, which nobody needs
    to back; there is one alone only where others back it.

    Args:
        own: the item.
        candidates: phrases of its people.
        alone: how the model reads each by itself.
        least_group: of a large item so many people are enough to speak for.
    """
    weighed = [_weighed(own, one, alone[one.text]) for one in candidates]
    shared = _beside(_ranked(own, weighed, is_example=False), alone, _LEAST_BESIDE)
    if len(_speakers(own, shared, alone, _NEARLY)) < min(least_group, _LEAST_SPOKEN_FOR * own.n_people):
        shared = []
    just_that = _JUST_THAT._replace(cosine=max(_JUST_THAT.cosine, _NEARER * own.nearness))
    share = len(_speakers(own, shared, alone, just_that)) / own.n_people
    if share >= _MANY:
        yield Choice(shared, "many")
    elif share >= _SOME:
        yield Choice(shared, "some")
    examples = _examples(own, weighed, alone)
    if len(examples) > 1:
        yield Choice(examples, "examples")
    elif shared:
        yield Choice(shared, "examples")


def quoted(own: Own, candidates: Sequence[Candidate], alone: Mapping[str, Question]) -> Choice | None:
    """Return what may be quoted as examples of an item of which nothing can be told; None where nothing may."""
    found = _examples(own, [_weighed(own, one, alone[one.text]) for one in candidates], alone)
    return Choice(found, "quotes") if found else None


def _examples(own: Own, weighed: Sequence[_Weighed], alone: Mapping[str, Question]) -> list[Candidate]:
    ranked = _ranked(own, weighed, is_example=True)
    return _beside(ranked, alone, _LEAST_BESIDE_AS_EXAMPLE, own.common)


def _ranked(own: Own, weighed: Sequence[_Weighed], *, is_example: bool) -> list[Candidate]:
    """The phrases that may speak for the item, the best first."""
    scored = [one.candidate._replace(value=_score(own, one, is_example=is_example)) for one in weighed]
    return sorted((one for one in scored if one.value > 0), key=lambda one: (-one.value, one.text))


def _beside(
    ranked: Sequence[Candidate], alone: Mapping[str, Question], least: float, common: Collection[str] = ()
) -> list[Candidate]:
    """Some that do not repeat each other but for what all speak of, each at least so good beside the first."""
    found: list[Candidate] = []
    for one in ranked:
        if len(found) == _N_PHRASES or one.value < least * ranked[0].value:
            break
        is_short = sum(len(other.text) for other in (*found, one)) <= _LONGEST
        if is_short and not any(_repeats(one, other, alone, common) for other in found):
            found.append(one)
    return found


def _repeats(one: Candidate, other: Candidate, alone: Mapping[str, Question], common: Collection[str]) -> bool:
    stems_of_one, stems_of_other = _stems(one).difference(common), _stems(other).difference(common)
    n_least = min(len(stems_of_one), len(stems_of_other))
    if one.said.person == other.said.person or 2 * len(stems_of_one & stems_of_other) > n_least:
        return True
    return float(unit(alone[one.text]) @ unit(alone[other.text])) >= _SAME


def _weighed(own: Own, candidate: Candidate, question: Question) -> _Weighed:
    vector = own.meaning(question)
    near, sure = own.near(vector), own.item.sure(question)
    if own.item.kind == "signal" or (near >= _NEAR_ALL and candidate.kind == "clause"):
        sure = max(sure, _LEAST_SURE)
    n_backers = len(_backers(own, candidate, vector, _NEARLY) - {candidate.said.person})
    topic = own.topic(candidate.text)
    return _Weighed(candidate, question.feeling, topic, near, sure, n_backers)


def _score(own: Own, phrase: _Weighed, *, is_example: bool) -> float:
    """How well a phrase speaks for the item by itself; 0 where it does not."""
    candidate, feeling, topic, near, sure, n_backers = phrase
    told = words(candidate.text)
    if is_example:
        is_of_item = _is_example(candidate, topic, sure, near, is_backed=n_backers >= _LEAST_BACKERS)
        worst = _WORST if candidate.kind != "clause" else 0.0 if min(sure, near) >= _NEAR_ALL else _WORST_OF_EXAMPLE
    else:
        is_of_item = sure >= (_LEAST_SURE_OF_OWN if topic >= _OWN else _LEAST_SURE) and n_backers >= _LEAST_BACKERS
        worst = _WORST
    if not is_of_item or not (own.item.is_wish or feeling <= worst):
        return 0.0
    bad = 1.0 if own.item.is_wish else min(1.0, max(_LEAST_BAD, feeling / (2 * _WORST)))
    plain_share = _PLAIN / max(_PLAIN, len(told))
    whole = (_LEANING_AS_EXAMPLE if is_example else _LEANING) if "it" in told else 1.0
    return (0.2 + sure) * near * bad * (0.4 + topic) * (0.2 + n_backers / own.n_people) * sqrt(plain_share) * whole


def _is_example(candidate: Candidate, topic: float, sure: float, near: float, *, is_backed: bool) -> bool:
    """Whether a phrase is an example of the item; a thing that is not missing needs more to show that it is."""
    if candidate.kind == "thing" and words(candidate.text)[0] not in MISSING and topic < _OWN:
        return sure >= _LEAST_SURE
    return sure >= _LEAST_SURE_OF_OWN or (near >= _NEAR_SOME and is_backed)


def _speakers(own: Own, phrases: Sequence[Candidate], alone: Mapping[str, Question], like: _Like) -> set[str]:
    """Who of the item says one of the phrases."""
    return {person for one in phrases for person in _backers(own, one, own.meaning(alone[one.text]), like)}


def _backers(own: Own, candidate: Candidate, vector: Floats, like: _Like) -> set[str]:
    """Who of the item says what the phrase says; its author, too."""
    told = _stems(candidate)
    is_enough = told and len(told) >= like.told_share * len(words(candidate.text))
    n_shared = max(min(2, len(told)), ceil(len(told) * like.share))
    return {candidate.said.person} | {
        said.person
        for said, cosine in zip(own.said, own.meant @ vector, strict=True)
        if cosine >= like.cosine or (is_enough and len(told & stems(said.quote)) >= n_shared)
    }


def _stems(candidate: Candidate) -> frozenset[str]:
    """The stems of its words that are its author's own, and not put in to tell it."""
    return stems(candidate.text) - stems("somebody, the company")
