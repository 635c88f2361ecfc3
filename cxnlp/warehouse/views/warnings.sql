-- Question: which organisational causes do customers name, week by week?
-- Grain:    one row per warning and week with at least one sure mention by a customer.
-- Reader:   an operations manager who looks for causes.
--
-- Shares of feedback: counts.sql.

CREATE OR REPLACE VIEW warnings AS
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
FROM counts_by('warning', 'week', '')
WHERE n_mentions > 0
ORDER BY label, week;

COMMENT ON VIEW warnings IS 'One row per warning and week. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN warnings.label IS 'Id of the warning: knowledge, policy, pressure, handoff or resourcing.';
COMMENT ON COLUMN warnings.n_mentions IS 'Mentions that carry it.';
