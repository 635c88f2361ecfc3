-- Question: how often was each soft quality shown, and how often missing, over all that is stored?
-- Grain:    one row per unmeasurable with at least one sure mention by a customer.
-- Reader:   a head of service; the page's balances.
--
-- As in unmeasurables.sql.

CREATE OR REPLACE VIEW unmeasurables_all AS
SELECT
    unmeasurable,
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
FROM unmeasurables_by('all', '')
WHERE n_shown + n_missing > 0
ORDER BY unmeasurable;

COMMENT ON VIEW unmeasurables_all IS 'One row per unmeasurable over all that is stored. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN unmeasurables_all.n_customers IS 'Different people behind both.';
