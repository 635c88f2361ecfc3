"""Phrases are cut out of what customers say, and told in the third person."""

from collections import Counter

import pytest

from cxnlp.backlog.phrasing import phrases, plain
from cxnlp.backlog.wording import as_told, fitted, is_broken, is_opposite, is_particular, joined
from cxnlp.mentions.reading import read

NOUNS = Counter({("fee", True): 4, ("plastic", False): 5, ("refund", True): 3})


def found(saying: str) -> list[str]:
    """Its phrases as they stand in a sentence."""
    (grammar,) = read([plain(saying)], phrases)
    return [fitted(as_told(one.text), one.bare, one.kind, NOUNS) for one in grammar.phrases]


@pytest.mark.parametrize(
    ("saying", "expected"),
    [
        ("The driver left the parcel in the rain.", "the driver left the parcel in the rain"),
        ("I've been charged twice for my order.", "they've been charged twice for their order"),
        ("On Monday nobody answered the phone", "nobody answered the phone"),
        ("You never answered my letter", "the company never answered their letter"),
        ("You have lost my sofa", "the company has lost their sofa"),
        ("The young man on returns shouted at me", "somebody on returns shouted at them"),
        ("They took £39.99 from my account", "the company took money from their account"),
        ("Customer was charged twice", "they were charged twice"),
        ("Still waiting for a refund", "they are still waiting for a refund"),
        ("Lamp was too hot to touch", "the lamp was too hot to touch"),
        ("Larkfield added a £4.99 handling fee", "a handling fee"),
        ("There was a smell of burning plastic", "a smell of burning plastic"),
        ("No reply", "no reply"),
        ("I felt really unsafe in the car park", "they felt really unsafe"),
        ("They told me to log in", "the company told them to log in"),
        ("The woman on the till did not say hello", "somebody on the till did not say hello"),
        ("I was transferred four times in one call", "they were transferred several times"),
        ("Two teams that wouldn't talk to each other", "two teams that wouldn't talk to each other"),
        ("There's no way to send a dowel", "there's no way to send a dowel"),
        ("A week on and STILL can't buy one hinge", "they still can't buy one hinge"),
        ("Box wouldn't fit through door", "the box wouldn't fit through the door"),
        ("@Larkfield we need refund #angry", "they need a refund"),
    ],
)
def test_what_is_cut_out(saying: str, expected: str) -> None:
    assert expected in [text.lower() for text in found(saying)]


@pytest.mark.parametrize(
    "saying",
    [
        "Why was the parcel left outside?",
        "If the parcel comes late",
        "It was left there",
        "He was calm",
        'She said "the parcel was late"',
        "I think so",
        "You have to pay twice",
        "The parcel might come late",
        "You hope people won't check",
        "The office said: we can't close it",
        "At no stage was that charge shown to me",
        "She said you won't be passed on",
    ],
)
def test_what_leans_asks_or_supposes_is_no_clause(saying: str) -> None:
    (grammar,) = read([plain(saying)], phrases)
    assert [one for one in grammar.phrases if one.kind == "clause"] == []


@pytest.mark.parametrize(
    ("saying", "expected"),
    [
        ("Please let me buy a single hinge", ["a single hinge"]),
        ("I want a hinge, everyone with a wobbly cupboard", []),
        ("I'd like the photo on the page changed", []),
    ],
)
def test_what_is_asked_for_is_a_wish(saying: str, expected: list[str]) -> None:
    (grammar,) = read([plain(saying)], phrases)
    assert [one.text for one in grammar.phrases if one.kind == "wish"] == expected


def test_nothing_left_behind_is_not_nothing() -> None:
    assert found("No packing left behind") == []


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the driver left it on Monday", True),
        ("the driver told my mother off", True),
        ("thirty boxes came at once", True),
        ("the 3 boxes came at once", True),
        ("the driver left it in the rain", False),
    ],
)
def test_what_is_one_persons(phrase: str, *, expected: bool) -> None:
    assert is_particular(phrase) is expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("they don't want a refund", True),
        ("somebody was not being rude", True),
        ("the refund was made without a form", True),
        ("they got no refund", False),
        ("they couldn't work the app", False),
    ],
)
def test_what_says_the_opposite(phrase: str, *, expected: bool) -> None:
    assert is_opposite(phrase) is expected


@pytest.mark.parametrize("phrase", ["they are back at", "the the parcel came", "they ve lost it", "an hour and 2 hrs"])
def test_what_was_cut_badly_is_seen(phrase: str) -> None:
    assert is_broken(phrase)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("I was charged twice for my order", "they were charged twice for their order"),
        ("I'm left without a refund", "they are left without a refund"),
        ("we've waited for our sofa", "they've waited for their sofa"),
        ("nobody told me or rang us", "nobody told them or rang them"),
        ("I rang and was told to wait", "they rang and were told to wait"),
        ("I never was told", "they never were told"),
        ("the price is wrong in Iceland", "the price is wrong in Iceland"),
    ],
)
def test_a_clause_is_told_in_the_third_person(clause: str, expected: str) -> None:
    assert as_told(clause) == expected


@pytest.mark.parametrize(
    ("things", "clauses", "expected"),
    [
        (["no reply"], [], "no reply"),
        (["no reply", "no call"], [], "no reply and no call"),
        (["no reply"], ["that it broke"], "no reply and that it broke"),
        ([], ["that it broke", "that it leaks", "that it hums"], "that it broke, that it leaks and that it hums"),
        (["no reply", "no call"], ["that it broke"], "no reply and no call, and that it broke"),
    ],
)  # fmt: skip
def test_an_enumeration_reads_as_a_sentence(things: list[str], clauses: list[str], expected: str) -> None:
    assert joined(things, clauses) == expected
