-- Question: how often was each soft quality shown, and how often missing, week by week?
-- Grain:    one row per unmeasurable and week with at least one sure mention by a customer.
-- Reader:   a head of service; the page's balances.
--
-- balance = (n_shown - n_missing) / (n_shown + n_missing) = 2s - 1 with s the share shown; its interval is the Wilson
-- interval of s, stretched the same way. A mention that shows and misses the same quality counts on both sides. Shares of
-- feedback, and who had no opportunity: counts.sql.

CREATE OR REPLACE VIEW unmeasurables AS
SELECT
    unmeasurable,
    starts_on AS week,
    n_shown,
    n_missing,
    n_customers,
    balance,
    balance_low,
    balance_high,
    n_feedback,
    n_feedback_shown,
    n_feedback_missing,
    n_feedback_neither,
    corrected_shown_share,
    corrected_shown_share_low,
    corrected_shown_share_high,
    corrected_missing_share,
    corrected_missing_share_low,
    corrected_missing_share_high,
    corrected_no_opportunity_share,
    corrected_no_opportunity_share_low,
    corrected_no_opportunity_share_high,
    method
FROM unmeasurables_by('week', '')
WHERE n_shown + n_missing > 0
ORDER BY unmeasurable, week;

COMMENT ON VIEW unmeasurables IS 'One row per unmeasurable and week: how often shown and how often missing. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN unmeasurables.unmeasurable IS 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.';
COMMENT ON COLUMN unmeasurables.week IS 'The Monday of the week.';
COMMENT ON COLUMN unmeasurables.n_shown IS 'Mentions in which it was shown (+).';
COMMENT ON COLUMN unmeasurables.n_missing IS 'Mentions in which it was missing or violated (-).';
COMMENT ON COLUMN unmeasurables.n_customers IS 'Different people behind both.';
COMMENT ON COLUMN unmeasurables.balance IS '(n_shown - n_missing) / (n_shown + n_missing), -1 to 1; null without mentions.';
COMMENT ON COLUMN unmeasurables.balance_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.balance_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.n_feedback IS 'Pieces of feedback with a customer''s words: the denominator of the shares.';
COMMENT ON COLUMN unmeasurables.n_feedback_shown IS 'Of those, pieces in which model or rules are sure that it was shown (+).';
COMMENT ON COLUMN unmeasurables.n_feedback_missing IS 'Pieces in which they are sure that it was missing (-).';
COMMENT ON COLUMN unmeasurables.n_feedback_neither IS 'Pieces in which it is neither.';
COMMENT ON COLUMN unmeasurables.corrected_shown_share IS 'Share of n_feedback in which it was shown, corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN unmeasurables.corrected_shown_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.corrected_shown_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.corrected_missing_share IS 'Share in which it was missing, corrected, 0 to 1.';
COMMENT ON COLUMN unmeasurables.corrected_missing_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.corrected_missing_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.corrected_no_opportunity_share IS 'Share in which it was neither: no opportunity to show it, or none reported.';
COMMENT ON COLUMN unmeasurables.corrected_no_opportunity_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.corrected_no_opportunity_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
