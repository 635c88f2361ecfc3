-- Question: in which places is each soft quality shown, and in which is it missing?
-- Grain:    one row per place and unmeasurable reported there, over all that is stored; location null where none was given.
-- Reader:   an area manager.
--
-- As in unmeasurables.sql. By month: FROM unmeasurables_by('month', 'location').

CREATE OR REPLACE VIEW unmeasurables_by_location AS
SELECT
    location,
    unmeasurable,
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
    method,
    n_shown,
    n_missing,
    n_customers,
    balance,
    balance_low,
    balance_high
FROM unmeasurables_by('all', 'location')
ORDER BY location, unmeasurable;

COMMENT ON VIEW unmeasurables_by_location IS 'One row per place and unmeasurable: shown, missing and no opportunity, as corrected shares of the feedback. Customers'' lines, no duplicates.';
COMMENT ON COLUMN unmeasurables_by_location.location IS 'Branch or place as the source gave it; null where none was given.';
COMMENT ON COLUMN unmeasurables_by_location.n_customers IS 'Different people behind both.';
