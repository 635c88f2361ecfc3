"""Names are words that several people of a theme use and few others."""

import pytest

from cxnlp.insight.themes.naming import Saying, holds, names

RAIN = [
    "The parcel was left in the rain.",
    "Left in the RAIN again!",
    "My parcel, in the rain, all day.",
    "Parcels in the rain: why?",
    "Who leaves parcels in the rain?",
]
OTHERS = ["The driver was late.", "Late again, the driver.", "A late parcel.", "Late.", "My driver came late."]


def named(texts: list[str], least_people: int = 3, taken: str = "", person: str | None = None) -> str | None:
    own = [Saying(person or f"a{number}", text) for number, text in enumerate(texts)]
    ground = own + [Saying(f"b{number}", text) for number, text in enumerate(OTHERS * 4)]
    return names({"th-1": own}, ground, least_people, taken)["th-1"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(RAIN, "rain, parcel", id="the most distinctive first; few of them write parcel, others do"),
        pytest.param(["Check the seat belts.", "No seat belts!", "seat belts?"], "seat belts", id="a run is whole"),
        pytest.param(["Free Wi-Fi please", "The Wi-Fi is slow", "no Wi-Fi"], "Wi-Fi", id="as they write it"),
        pytest.param(["Call [PERSON].", "[PERSON] knows.", "Was it [PERSON]?"], None, id="placeholders name nothing"),
        pytest.param(["@shop help", "@shop hello", "https://x.example/rain"], None, id="nor do handles, links"),
        pytest.param(["It was so.", "And it was.", "Was it?"], None, id="nor words that only tell"),
        pytest.param(["Late."] * 3, None, id="nor what all say"),
    ],
)  # fmt: skip
def test_names(texts: list[str], expected: str | None) -> None:
    assert named(texts) == expected


def test_words_of_few_people_are_in_no_name() -> None:
    assert named(RAIN, least_people=6) is None
    assert named(RAIN, person="ann") is None


def test_a_way_to_write_it_that_few_use_is_in_no_name() -> None:
    assert named(["Rainfall!", "Rainy.", "Rainstorm.", "Rains."], least_people=2) is None


def test_what_names_the_ground_is_not_said_again() -> None:
    assert named(RAIN, taken="Parcels and letters") == "rain"


@pytest.mark.parametrize(
    ("name", "least_people", "expected"),
    [("rain", 5, True), ("rain", 6, False), ("rain, parcel", 3, False), ("snow", 1, False), (None, 1, False)],
)
def test_whether_a_name_still_holds(name: str | None, least_people: int, *, expected: bool) -> None:
    assert holds(name, [Saying(str(n), text) for n, text in enumerate(RAIN)], [], least_people) is expected


def test_a_word_that_many_use_on_the_ground_may_name_a_theme_of_few() -> None:
    parking = [Saying(str(n), text) for n, text in enumerate(("No parking.", "Where is the parking?", "Parking!"))]
    rare = [Saying(str(n), text) for n, text in enumerate(("Ask Quibble.", "Quibble knows.", "Quibble it was."))]
    ground = [Saying(f"b{number}", text) for number, text in enumerate([*OTHERS * 4, "Parking, too."])]
    assert names({"th-1": parking, "th-2": rare}, parking + rare + ground, 4) == {"th-1": "parking", "th-2": None}
    assert holds("parking", parking, ground, 4)
    assert not holds("parking", parking, [], 4)


def test_common_words_that_few_put_together_are_no_term() -> None:
    """Rose and Field are common words; three people know a Rose Field."""
    known = [
        Saying(str(n), text) for n, text in enumerate(("Ask Rose Field.", "Was it Rose Field?", "Rose Field knew."))
    ]
    others = ("A rose came late.", "The field is wet.", "My rose died.", "A field away.")
    ground = known + [Saying(f"b{number}", text) for number, text in enumerate([*others, *OTHERS * 4])]
    assert names({"th-1": known}, ground, 3)["th-1"] == "Rose Field"
    assert "Rose Field" not in (names({"th-1": known}, ground, 4)["th-1"] or "")
    assert holds("Rose Field", known, ground, 3)
    assert not holds("Rose Field", known, ground, 4)


def test_placeholders_handles_and_links_keep_no_name() -> None:
    masked = [
        Saying(str(n), text)
        for n, text in enumerate(("[EMPLOYEE] came.", "@employee hi", "https://x.example/employee"))
    ]
    assert not holds("employee", masked, [], 1)


def test_what_names_the_ground_is_said_where_there_is_nothing_else() -> None:
    assert named(["A parcel.", "The parcel!", "parcel?"], taken="Parcels") == "parcel"
