import time

import pytest

from cxnlp.feedback.masking.masker import Document, mask_documents

KEEP = ("Larkfield", "Larkfield Plus", "GlowNest", "Saltwell", "Brindle Cross", "Marlow Heath", "Rose Arbour")


def masked(text: str, **item: object) -> str:
    """The text with every person as [PERSON], the company's or not: who is who is in test_employees.py."""
    return mask_documents([Document(text, **item)], KEEP, employees=False)[0][0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        # lists of names
        ("Sarah Whitlock rang twice.", "[PERSON] rang twice."),
        ("I asked Krisztián and Małgorzata O'Neill-Brown.", "I asked [PERSON] and [PERSON]."),
        ("Vincent van Houten signed for it.", "[PERSON] signed for it."),
        ("J. Whitlock's parcel", "[PERSON]'s parcel"),
        # introductions
        ("my name is jane smith and i am cross", "my name is [PERSON] and i am cross"),
        ("My name's Lottie and I'm twelve.", "My name's [PERSON] and I'm twelve."),
        ("Hello, I'm Heather by the way.", "Hello, I'm [PERSON] by the way."),
        # titles
        ("Mrs Price and Dr. Achterberg", "Mrs [PERSON] and Dr. [PERSON]"),
        ("mr hale told me", "mr [PERSON] told me"),
        # salutations and signatures
        ("Dear Mr Hale,\nI am cross.", "Dear Mr [PERSON],\nI am cross."),
        ("Hi Rose,\nthe sofa came.", "Hi [PERSON],\nthe sofa came."),
        ("It never came.\n\nKind regards,\nZelda Quixano", "It never came.\n\nKind regards,\n[PERSON]"),
        ("It never came.\n\nYours sincerely\n\nG. R. Hallworth", "It never came.\n\nYours sincerely\n\n[PERSON]"),
        ("It never came.\nMany thanks\nHeather P.", "It never came.\nMany thanks\n[PERSON]."),
        ("It never came, thanks, Bex", "It never came, thanks, [PERSON]"),
        ("It never came.\nRuby", "It never came.\n[PERSON]"),
        # without capitals, and shouted
        ("thanks priya you are a star", "thanks [PERSON] you are a star"),
        ("a lady called jo was lovely", "a lady called [PERSON] was lovely"),
        ("christina quintero was robbed", "[PERSON] was robbed"),
        ("PRIYA WAS A STAR, NEVER HAD SUCH HELP", "[PERSON] WAS A STAR, NEVER HAD SUCH HELP"),
        # names that are words
        ("Grace at the returns counter was rude", "[PERSON] at the returns counter was rude"),
        ("I spoke to Will about it", "I spoke to [PERSON] about it"),
        ("Amber Hughes rang", "[PERSON] rang"),
        ("R. J. Mortlake wrote (ask K. Stoneham)", "[PERSON] wrote (ask [PERSON])"),
        ("Sunita,\nYou've sent the wrong one.", "[PERSON],\nYou've sent the wrong one."),
        # after a cue of notes and requests, after a role, in rows, after several small words
        ("cust J Oldroyd rang, pls add tammy gyarmathy", "cust [PERSON] rang, pls add [PERSON]"),
        ("your agent Chad said so", "your agent [PERSON] said so"),
        ("our founders: Monjeau, Graves and Reed.", "our founders: [PERSON], [PERSON] and [PERSON]."),
        ("Maika van de Noort signed, cllr Umesh Parmar too", "[PERSON] signed, cllr [PERSON] too"),
        ("follow up with benjamin a seiler", "follow up with [PERSON]"),
        ("Don't go, Charlotte!", "Don't go, [PERSON]!"),
        ("It never came.\n\nVerity Sandford", "It never came.\n\n[PERSON]"),
        # family names by their endings, particles, letters that Unicode does not take apart
        ("Seleznyova told me so", "[PERSON] told me so"),
        ("Ludmiła rang", "[PERSON] rang"),
        ("Follow up with William ten Pas.", "Follow up with [PERSON]."),
        ("We flew Singapore-Muscat-Paris", "We flew Singapore-Muscat-Paris"),
        # the same name again
        ("Mrs Achterberg rang. Then Achterberg wrote.", "Mrs [PERSON] rang. Then [PERSON] wrote."),
    ],
)  # fmt: skip
def test_persons_are_found(text: str, stored: str) -> None:
    assert masked(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "Will you ever mark my order as sent? May I say the bill is a joy.",
        "The Customer Service Team at Larkfield in Saltwell never rang.",
        "Marlow Heath packed my GlowNest with Larkfield Plus stickers.",
        "The Dyson, a Weber barbecue and the Bosch drill from Brindle Cross",
        "John Lewis, Virgin Media, Marks & Spencer and British Gas are better.",
        "In Paris, Sydney and Leeds it was better. On Friday 12 May it rained.",
        "The Rose Arbour collection, a rose, some heather and a jasmine",
        "Dear Sir or Madam,\nDear Larkfield,\nHi Team,\nHello there",
        "Regards\nA very disappointed customer",
        "I'm Disgusted. I'm Done. This is Ridiculous.",
        "Best wishes to all of you. Thanks Again! Thanks For Nothing",
        "It was a Lovely Day and the Staff were Brilliant",
        "#ThanksLarkfield Nooo! Hmm, OMG, iPhone, PayPal, TikTok",
        "NEVER AGAIN. WORST SHOP IN SALTWELL. I WANT MY MONEY",
        "Amber light on. Summer sale. Mark down. Frank answer. Grant it.",
        "We'd be glad. I've waited. Can't wait. You're rude. Don't.",
        "the manager, the driver, the lady on the till",
        "Parts F and G differ, screw type F. There is vitamin C. Bought A. Then B.",
        "Flew MUC to Edmonton and Kuala Lumpur, then Grantham and Bangalore",
        "Bread, Butter and Jam; Amber, Ruby and Violet tariffs",
        "cust advsd, cust rqstd a call, cust happy",
        "Bonjour,\nSaid the girl, and Blimey, my telly!",
    ],
)
def test_what_is_no_person_survives(text: str) -> None:
    assert masked(text) == text


def test_names_from_the_items_own_columns_are_masked_wherever_they_stand() -> None:
    text = "quixano here again. Told Zel Quixano twice; acct AC12345 is mine. I am @zq_1971, zq_1971 on the app"
    stored = masked(text, author="Zel Quixano", customer="AC 123-45")
    assert (
        stored == "[PERSON] here again. Told [PERSON] twice; acct [ACCOUNT] is mine. I am [HANDLE], zq_1971 on the app"
    )
    assert masked("zq_1971 is me", author="zq_1971") == "[HANDLE] is me"


def test_a_column_name_that_is_an_everyday_word_needs_a_capital() -> None:
    assert masked("the price is wrong. I told you, Price is my name", author="Rose Price") == (
        "the price is wrong. I told you, [PERSON] is my name"
    )


def test_words_of_product_and_location_are_no_person() -> None:
    assert (
        masked("My Harrowby is split, Harrowby Alder", ours=("Harrowby Alder",))
        == "My Harrowby is split, Harrowby Alder"
    )


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Mit freundlichen Grüßen\nJürgen Möllenkamp", "Mit freundlichen Grüßen\n[PERSON]"),
        ("je m'appelle Margaux et je suis déçue", "je m'appelle [PERSON] et je suis déçue"),
        ("Bei einer Bestellung war der Fahrer freundlich", "Bei einer Bestellung war der Fahrer freundlich"),
    ],
)
def test_other_languages_are_masked_by_lists_and_cues(text: str, stored: str) -> None:
    assert masked(text, is_english=False) == stored


@pytest.mark.parametrize(
    "piece", ["NT4 5XX\n", "Sarah Price, ", "Saltwell ", "12 Acacia Avenue\n", "A. ", "thanks priya "]
)
def test_long_hostile_texts_take_linear_time(piece: str) -> None:
    start = time.process_time()
    masked(piece * (30_000 // len(piece)))
    assert time.process_time() - start < 5


def test_masking_again_changes_nothing() -> None:
    once = masked("Mrs Price, 12 Acacia Avenue, rang 07700 900217 about LF-48210377 and spoke to Priya Nair.")
    assert masked(once) == once


def test_a_document_is_masked_alike_in_any_company() -> None:
    texts = ["Sukhdeep rang me.", "Zbigniew and Narayanan were kind.", "nothing here", "Thanks Muyiwa, a star"]
    together = [text for text, _ in mask_documents([Document(text) for text in texts])]
    assert together == [mask_documents([Document(text)])[0][0] for text in texts]
