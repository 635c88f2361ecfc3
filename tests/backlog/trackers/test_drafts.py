"""What leaves of an item: enough to work with, nothing of a small group, no id of anybody."""

from typing import Any

from cxnlp.backlog.trackers import drafts
from cxnlp.backlog.trackers.texts import shown_markdown
from tests.backlog.trackers.conftest import Company, item


def words(row: dict[str, Any], *, has_quotes: bool = True) -> str:
    report = shown_markdown(drafts.report(row, "r", 5, has_quotes=has_quotes, currency="EUR"))
    issue = drafts.draft(row, "m")
    return f"{issue.title}\n{shown_markdown(issue.text)}\n{report}".replace("\u2060", "")


def test_a_report_says_how_many_how_bad_and_whose() -> None:
    row = item(assigned_to="Ann", due_on="2026-12-01", net_sentiment_low=-0.8, net_sentiment_high=-0.4,
               n_customers_corrected=42, n_customers_corrected_low=35, n_customers_corrected_high=49,
               service_effect_low=1.0, service_effect_high=2.5, revenue_at_risk_low=1213.0,
               revenue_at_risk_high=3962.0, quote_4="Late again.")  # fmt: skip
    said = words(row)
    for expected in ("41; corrected for the model's errors 42 (35 to 49)", "-0.60 (-0.80 to -0.40)",
                     "gain:** 1.0 to 2.5", "EUR 1,200 to 4,000", "Ann", "2026-12-01", "handover",
                     "rising (1.4 times its share of all feedback of the four weeks before)",
                     "> My parcel came a day late.",
                     "> Late again.", "moment delivery (stage receive)", "Parcels come a day late."):  # fmt: skip
        assert expected in said
    assert "Cost of its contacts" not in said


def test_of_a_small_group_only_the_taxonomy_speaks() -> None:
    row = item(n_customers=4, n_mentions=4, n_mentions_recent=4, missing="trust", service_effect_low=1.0,
               service_effect_high=2.0, net_sentiment_low=-0.8, net_sentiment_high=-0.4)  # fmt: skip
    said = words(row)
    assert "<5" in said.replace("\\", "")
    for private in ("parcel", "day late", "handover", "-0.6", "rising", "trust", "points", "4,", "Priority", "59"):
        assert private not in said, private


def test_nobody_knows_how_many_is_a_small_group() -> None:
    said = words(item(n_customers=None))
    assert not [private for private in ("parcel", "day late", "52", "rising", "Priority") if private in said]


def test_no_words_of_customers_where_they_are_not_wanted() -> None:
    said = words(item(), has_quotes=False)
    assert not [theirs for theirs in (">", "evening", "Parcels come a day late") if theirs in said]


def test_title_and_text_which_no_sync_changes_have_no_words_of_customers() -> None:
    issue = drafts.draft(item(), "m")
    assert issue.title == "Deliveries come late · i1"
    assert issue.text.paragraphs[0] == "Deliveries come late."
    assert "evening" not in shown_markdown(issue.text)
    assert "Parcels" not in shown_markdown(issue.text)


def test_a_report_without_a_sentence_says_what_it_is_about() -> None:
    said = words(item(sentence=None))
    assert "Deliveries come late: parcel, evening" in said


def test_items_of_one_moment_are_told_apart_by_an_id_that_can_be_copied() -> None:
    titles = [drafts.draft(item(item_id=item_id), "m").title for item_id in ("cx-2cc4954a96", "cx-4775580c34")]
    assert titles == ["Deliveries come late · 2cc495", "Deliveries come late · 477558"]


def test_no_id_of_anybody_leaves() -> None:
    row = item(quote_1_mention_id="fb1.1", customer_key="ck1", run_id="run1", theme_id="th1", into_id="cx2")
    said = words(row)
    assert not [value for value in ("fb1", "ck1", "run1", "th1", "cx2") if value in said]


def test_a_change_says_when_it_was_shipped() -> None:
    text = drafts.change(item(state="shipped", shipped_on="2026-11-20", shipped_what="Smaller boxes"), "r", 5)
    assert list(text.paragraphs)[1] == "Shipped on 2026-11-20: Smaller boxes"


def test_a_public_project_gets_neither_quotes_nor_money(company: Company) -> None:
    worth = {"revenue_at_risk_low": 1200.0, "revenue_at_risk_high": 4000.0, "contact_cost_low": 90.0,
             "contact_cost_high": 130.0, "service_effect_low": 1.0, "service_effect_high": 2.5}  # fmt: skip
    company.items = [item(**worth)]
    company.board.is_public = True
    company.sync()
    said = str(company.board.tickets[0].notes[0].content)
    is_known = company.board.kind in ("github", "gitlab")  # Jira and Linear have no public projects to tell of
    for theirs in ("My parcel came", "1,200", "Cost of its contacts", "to gain"):
        assert (theirs in said) is not is_known, theirs


def test_quotes_leave_the_report_when_the_group_becomes_small(company: Company) -> None:
    company.sync()
    company.items[0] |= {"n_customers": 3}
    company.later()
    (note,) = company.board.tickets[0].notes
    assert "My parcel came" not in str(note.content)
