-- Question: how many conflicts do customers report, how many were defused and how many escalated?
-- Grain:    one row per month and channel with feedback.
-- Reader:   a head of service; whoever trains people to calm a tense situation.
--
-- A funnel of pieces of feedback: all; with a negative mention; a conflict (strong negative sentiment, or defusing shown or
-- missing, or a crisis signal); of these defused only, escalated only, both (made worse and then calmed, or the other way
-- round), or open (neither is said). Stages are settled counts; the shares defused and escalated are those of all feedback,
-- corrected for the model's errors about defusing; a crisis signal is not in them.

CREATE OR REPLACE VIEW conflicts AS
WITH
funnel AS (
    SELECT
        month,
        channel,
        count(*) AS n_feedback,
        count(*) FILTER (n_negative > 0) AS n_feedback_negative,
        count(*) FILTER (is_conflict) AS n_feedback_conflict,
        count(*) FILTER (is_defused AND NOT is_escalated) AS n_feedback_defused,
        count(*) FILTER (is_escalated AND NOT is_defused) AS n_feedback_escalated,
        count(*) FILTER (is_defused AND is_escalated) AS n_feedback_both,
        count(*) FILTER (is_conflict AND NOT is_defused AND NOT is_escalated) AS n_feedback_open
    FROM counted_feedback
    WHERE n_mentions > 0
    GROUP BY month, channel
),
defusing AS (
    FROM unmeasurables_by('month', 'channel') WHERE unmeasurable = 'defusing'
)
SELECT
    funnel.month,
    funnel.channel,
    funnel.n_feedback,
    n_feedback_negative,
    n_feedback_conflict,
    n_feedback_defused,
    n_feedback_escalated,
    n_feedback_both,
    n_feedback_open,
    n_feedback_conflict / funnel.n_feedback AS conflict_share,
    wilson_low(n_feedback_conflict, funnel.n_feedback) AS conflict_share_low,
    wilson_high(n_feedback_conflict, funnel.n_feedback) AS conflict_share_high,
    (n_feedback_defused + n_feedback_both) / nullif(n_feedback_conflict, 0) AS defused_share,
    wilson_low(n_feedback_defused + n_feedback_both, n_feedback_conflict) AS defused_share_low,
    wilson_high(n_feedback_defused + n_feedback_both, n_feedback_conflict) AS defused_share_high,
    (n_feedback_escalated + n_feedback_both) / nullif(n_feedback_conflict, 0) AS escalated_share,
    wilson_low(n_feedback_escalated + n_feedback_both, n_feedback_conflict) AS escalated_share_low,
    wilson_high(n_feedback_escalated + n_feedback_both, n_feedback_conflict) AS escalated_share_high,
    corrected_shown_share AS corrected_defused_share,
    corrected_shown_share_low AS corrected_defused_share_low,
    corrected_shown_share_high AS corrected_defused_share_high,
    corrected_missing_share AS corrected_escalated_share,
    corrected_missing_share_low AS corrected_escalated_share_low,
    corrected_missing_share_high AS corrected_escalated_share_high,
    method
FROM funnel
LEFT JOIN defusing ON defusing.starts_on IS NOT DISTINCT FROM funnel.month AND defusing.channel IS NOT DISTINCT FROM funnel.channel
ORDER BY funnel.month, funnel.channel;

COMMENT ON VIEW conflicts IS 'One row per month and channel: the funnel from all feedback to conflicts, defused, escalated or open. Customers'' lines, no duplicates.';
COMMENT ON COLUMN conflicts.month IS 'The first of the month.';
COMMENT ON COLUMN conflicts.n_feedback IS 'Pieces of feedback with a customer''s words.';
COMMENT ON COLUMN conflicts.n_feedback_negative IS 'Of those, pieces with a negative mention.';
COMMENT ON COLUMN conflicts.n_feedback_conflict IS 'Pieces with strong negative sentiment, a crisis signal, or that say a tense situation was calmed or made worse.';
COMMENT ON COLUMN conflicts.n_feedback_defused IS 'Of those, pieces that say it was calmed only.';
COMMENT ON COLUMN conflicts.n_feedback_escalated IS 'Pieces that say it was made worse, or threaten, only.';
COMMENT ON COLUMN conflicts.n_feedback_both IS 'Pieces that say both.';
COMMENT ON COLUMN conflicts.n_feedback_open IS 'Conflicts of which neither is said.';
COMMENT ON COLUMN conflicts.conflict_share IS 'n_feedback_conflict / n_feedback, 0 to 1.';
COMMENT ON COLUMN conflicts.defused_share IS '(n_feedback_defused + n_feedback_both) / n_feedback_conflict, 0 to 1; null without conflicts.';
COMMENT ON COLUMN conflicts.escalated_share IS '(n_feedback_escalated + n_feedback_both) / n_feedback_conflict, 0 to 1; null without conflicts.';
COMMENT ON COLUMN conflicts.corrected_defused_share IS 'Share of n_feedback that says defusing was shown, corrected for the model''s errors; null where nobody speaks of it.';
COMMENT ON COLUMN conflicts.corrected_escalated_share IS 'Share of n_feedback that says defusing was missing, corrected; null where nobody speaks of it.';
COMMENT ON COLUMN conflicts.method IS 'adjusted count, or raw (not corrected: no errors are known), of the corrected shares.';
