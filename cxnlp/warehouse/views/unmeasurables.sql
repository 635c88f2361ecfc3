-- Question: how often was each soft quality shown, and how often missing, week by week?
-- Grain:    one row per unmeasurable and week with at least one sure mention by a customer.
-- Reader:   a head of service; the page's balances.
--
-- balance = (n_shown - n_missing) / (n_shown + n_missing) = 2s - 1 with s the share shown; its interval is the Wilson
-- interval of s, stretched the same way. A mention that shows and misses the same quality counts on both sides. Shares of
-- feedback, and who had no opportunity: shares.sql.

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
COMMENT ON COLUMN unmeasurables.n_customers IS 'Different people behind both.';
