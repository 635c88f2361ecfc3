"""Shorthand of call notes: what is written out, what is left alone, and where placeholders then stand."""

from pathlib import Path

import polars as pl
import pytest

from cxnlp.feedback import GlossaryError, expand, load_glossary, mask, normalise
from cxnlp.feedback.shorthand import apply, find
from cxnlp.settings import Source
from tests.feedback.items import SECRET, items


def read_out(text: str, additions: Path | None = None) -> str:
    return apply(text, find(text, load_glossary(additions)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cust adv bill wrg", "customer advised bill wrong"),
        ("Cust’s acct not updtd.", "Customer’s account not updated."),
        ("CUST v upset", "CUSTOMER v upset"),
        ("cx wants to know do they come w/ screws", "customer wants to know do they come with screws"),
        ("cust wants it w/screws", "customer wants it with screws"),
        ("cust told del. was late. No resp.", "customer told delivery was late. No resp."),
        ("cust rang re acct.\nTL to CB", "customer rang re account.\nteam leader to call back"),
        ("pls call w/ update on acct", "please call with update on account"),  # full of it, though nothing is sure
        ("mngr/cust rang", "manager/customer rang"),
        ("İ told cust", "İ told customer"),
        ("[CUST] told cust", "[CUST] told customer"),
    ],
)
def test_shorthand_is_written_out(written: str, meant: str) -> None:
    assert read_out(written) == meant


@pytest.mark.parametrize(
    "prose",
    [
        "We waited 2 hrs 40 mins at Playa del Carmen.",
        "The a/c was broken, so we sat with pics of snow.",
        "Flew CX from HK with CX to LHR, 2 hrs late.",
        "Customer rang about the bill; it is wrong.",
        "See custom-made, accustomed, custard, cust-LF2 and #cust and @cust.",
        "Thx, b4 I go: ref given.",
        "",
    ],
)
def test_prose_is_left_alone(prose: str) -> None:
    assert read_out(prose) == prose


def call_notes(*texts: str, channel: str = "call") -> pl.DataFrame:
    rows = [{"text": text, "channel": channel, "source": "crm"} for text in texts]
    return normalise(items(*rows), secret=SECRET).feedback


def test_what_was_written_is_kept_beside_with_the_same_placeholders() -> None:
    arrived = call_notes("cust Jane Whitlock adv acct wrg, ring 01632 960114", "All fine with the lamp.")
    done = expand(mask(arrived, secret=SECRET), load_glossary())
    assert done.feedback["text"].to_list() == [
        "customer [PERSON] advised account wrong, ring [PHONE]",
        "All fine with the lamp.",
    ]
    assert done.feedback["written"].to_list() == ["cust [PERSON] adv acct wrg, ring [PHONE]", None]


def test_placeholders_of_employees_are_found_in_the_new_text() -> None:
    arrived = call_notes("cust adv driver Marcus was kind, cust v happy w/ Marcus")
    done = expand(mask(arrived, secret=SECRET), load_glossary())
    text = done.feedback["text"][0]
    places = [text[start:end] for start, end in done.employees.select("start", "end").iter_rows() if start is not None]
    assert places == ["[EMPLOYEE]", "[EMPLOYEE]"]
    assert done.feedback["written"][0].count("cust") == 2


def test_a_frame_without_shorthand_stays_the_same() -> None:
    masked = mask(call_notes("All fine with the lamp."), secret=SECRET)
    done = expand(masked, load_glossary())
    assert done.feedback.drop("shorthand_version").equals(masked.feedback.drop("shorthand_version"))
    assert done.feedback["shorthand_version"].to_list() == [load_glossary().version]


def test_other_languages_are_left_alone() -> None:
    arrived = call_notes(
        "Der Kunde cust hat angerufen, weil die Lampe nach dem Einschalten gefährlich heiß geworden ist."
    )
    done = expand(mask(arrived, secret=SECRET), load_glossary())
    assert "Kunde cust hat" in done.feedback["text"][0]


def test_a_workspaces_own_words(tmp_path: Path) -> None:
    own = tmp_path / "shorthand.yaml"
    own.write_text("always:\n  tt: technical team\n  no: number\nbeside:\n  cust: custodian\nnever: [w/]\n", "utf-8")
    assert read_out("TT w/ no reply, cust rcvd it, tt told", own) == (
        "Tt w/ number reply, custodian received it, technical team told".replace("Tt", "Technical team")
    )
    assert load_glossary(own).version != load_glossary().version
    assert load_glossary(tmp_path / "absent.yaml").version == load_glossary().version


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("always:\n  cust: a\n  cust: b\n", "line 3: found `cust` a second time"),
        ("always:\n  cust: a\nnever: [cust]\n", "line 3: found `cust` a second time"),
        ("often:\n  cust: a\n", "line 1: found the section `often`; allowed: always, beside, never"),
        ("always:\n  two words: a\n", "line 2: found no short word"),
        ("always:\n  cust:\n", "line 2: found no meaning of `cust`"),
        ("always:\n  cust: [a]\n", "line 2: found no meaning of `cust`"),
        ("always:\n  cust: '[PERSON]'\n", "line 2: found no meaning of `cust`"),
        ("never: w/\n", "line 1: found no list below `never`"),
        ("- cust\n", "line 1: found no sections"),
        ("always:\n cust: a: b\n", "line 2: not valid YAML"),
    ],
)
def test_a_wrong_glossary_says_where(tmp_path: Path, content: str, problem: str) -> None:
    own = tmp_path / "shorthand.yaml"
    own.write_text(content, "utf-8")
    with pytest.raises(GlossaryError, match=r"shorthand\.yaml, line") as caught:
        load_glossary(own)
    assert problem in str(caught.value)


def test_a_glossary_that_is_no_text(tmp_path: Path) -> None:
    own = tmp_path / "shorthand.yaml"
    own.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GlossaryError, match="not UTF-8"):
        load_glossary(own)
    own.write_text("", "utf-8")
    assert load_glossary(own) == load_glossary()


@pytest.mark.parametrize(
    ("settings", "has"),
    [
        ({"channel": "call", "kind": "table"}, True),
        ({"channel": "call", "kind": "transcripts"}, False),
        ({"channel": "letter", "kind": "letters"}, False),
        ({"channel": "letter", "kind": "letters", "shorthand": True}, True),
        ({"channel": "call", "kind": "table", "shorthand": False}, False),
    ],
)
def test_which_sources_hold_shorthand(settings: dict[str, object], has: bool) -> None:
    assert Source.model_validate({"name": "crm", "path": "."} | settings).has_shorthand is has
