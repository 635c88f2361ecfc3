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
COMMENT ON COLUMN signals.week IS 'The Monday of the week.';
COMMENT ON COLUMN signals.n_mentions IS 'Mentions that carry it.';
COMMENT ON COLUMN signals.n_customers IS 'Different people behind them.';
COMMENT ON COLUMN signals.n_feedback IS 'Pieces of feedback with a customer''s words: the denominator of the shares.';
COMMENT ON COLUMN signals.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of it: the numerator. What persons judged is left out.';
COMMENT ON COLUMN signals.raw_share IS 'n_feedback_reporting / n_feedback, 0 to 1: what the model counts, errors and all.';
COMMENT ON COLUMN signals.corrected_share IS 'The share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN signals.corrected_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN signals.corrected_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN signals.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
