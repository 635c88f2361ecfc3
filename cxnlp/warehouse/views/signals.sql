-- Question: what should make someone act, week by week?
-- Grain:    one row per signal and week with at least one sure mention by a customer.
-- Reader:   whoever is on duty; the page's alerts.
--
-- Shares of feedback: counts.sql.

CREATE OR REPLACE VIEW signals AS
SELECT
    label,
    starts_on AS week,
    n_mentions,
    n_customers,
    n_feedback,
    n_feedback_reporting,
    raw_share,
    corrected_share,
    corrected_share_low,
    corrected_share_high,
    method
FROM counts_by('signal', 'week', '')
WHERE n_mentions > 0
ORDER BY label, week;

COMMENT ON VIEW signals IS 'One row per signal and week. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN signals.label IS 'Id of the signal: suggestion, churn, champion or crisis.';
COMMENT ON COLUMN signals.n_mentions IS 'Mentions that carry it.';
