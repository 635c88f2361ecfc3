import pytest

from cxnlp.feedback.masking.masker import Document, mask_documents

KEEP = ("Larkfield", "Saltwell", "Marlow Heath", "Northmere")


def found(text: str, **item: object) -> tuple[str, list[tuple[str | None, str | None]]]:
    """The masked text, and name and role of each employee in it."""
    stored, placed = mask_documents([Document(text, **item)], KEEP)[0]  # type: ignore[arg-type]
    employees = [each for each in placed if each.span.kind == "EMPLOYEE"]
    assert all(stored[each.start : each.end] == "[EMPLOYEE]" for each in employees)
    return stored, [(each.span.name, each.span.role) for each in employees]


@pytest.mark.parametrize(
    ("text", "employees"),
    [
        ("Driver Marcus helped carry it in.", [("Marcus", "driver")]),
        ("the driver, Marcus, dug us out", [("Marcus", "driver")]),
        ("Priya on your helpline sorted it.", [("Priya", "agent")]),
        ("I spoke to a lady called Jo.", [("Jo", "agent")]),
        ("The manager, Mr Hale, shouted at me.", [("Hale", "manager")]),
        ("Your Ashcombe manager, Mr Pereira, rang.", [("Pereira", "manager")]),
        ("I was served by Olga at the till.", [("Olga", "counter")]),
        ("Thank you Priya, you are a star!", [("Priya", "staff")]),
        ("shoutout to Kayleigh Marsh and thanks Gareth", [("Kayleigh Marsh", "staff"), ("Gareth", "staff")]),
        ("Then I got Priya and it was fixed.", [("Priya", "staff")]),
        ("Marcus from Marlow Heath rang.", [("Marcus", "staff")]),
        ("Grace at the returns counter was rude.", [("Grace", "counter")]),
        ("Tom the engineer fitted it.", [("Tom", "engineer")]),
        ("a cashier named Olwen ran after me", [("Olwen", "counter")]),
        ("Priya was so patient with mum.", [("Priya", "staff")]),
        ("Priya Nair rang. Thank you, Priya on the phones.", [("Priya Nair", "agent"), ("Priya Nair", "agent")]),
        # near misses
        ("My husband Tom was with me.", []),
        ("Tom rang me. My son Tom is six.", []),
        ("Many thanks,\nPriya", []),
        ("Kind regards, Marcus Webb", []),
        ("My name is Priya and I was served late.", []),
        ("Dear Mr Hale,\nit never came", []),
        ("Sheila weighs the tomatoes", []),
    ],
)
def test_the_companys_people_are_told_by_the_words_around_them(
    text: str, employees: list[tuple[str | None, str | None]]
) -> None:
    assert found(text)[1] == employees


def test_a_transcript_tells_agents_from_customers() -> None:
    text = (
        "Larkfield, this is Priya speaking, can I take your name?\n"
        "It's Margaret Ellwood.\n"
        "Thanks Margaret, how can I help?\n"
        "My neighbour Joan told me to ask for Priya.\n"
        "Bear with me, Mrs Ellwood.\n"
        "Thank you Priya"
    )
    stored, employees = found(
        text, speakers=["agent", "customer", "agent", "customer", "agent", "customer"], employee="Priya Nair"
    )
    assert stored == (
        "Larkfield, this is [EMPLOYEE] speaking, can I take your name?\n"
        "It's [PERSON].\n"
        "Thanks [PERSON], how can I help?\n"
        "My neighbour [PERSON] told me to ask for [EMPLOYEE].\n"
        "Bear with me, Mrs [PERSON].\n"
        "Thank you [EMPLOYEE]"
    )
    assert employees == [("Priya Nair", "agent")] * 3


def test_in_an_agents_note_spoke_to_is_the_customer() -> None:
    stored, employees = found("Spoke to Mrs Hale, adv by Tom. Agent Tom to ring.", by_agent=True)
    assert stored == "Spoke to Mrs [PERSON], adv by [EMPLOYEE]. Agent [EMPLOYEE] to ring."
    assert employees == [("Tom", "agent"), ("Tom", "agent")]


def test_the_author_is_no_employee() -> None:
    assert found("Thank you Priya", author="Priya Shah")[0] == "Thank you [PERSON]"


def test_the_employee_column_is_known_in_the_text() -> None:
    assert found("Beddows never rang", employee="Tom Beddows") == ("[EMPLOYEE] never rang", [("Tom Beddows", "staff")])
