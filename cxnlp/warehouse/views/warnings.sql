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
COMMENT ON COLUMN warnings.week IS 'The Monday of the week.';
COMMENT ON COLUMN warnings.n_mentions IS 'Mentions that carry it.';
COMMENT ON COLUMN warnings.n_customers IS 'Different people behind them.';
COMMENT ON COLUMN warnings.n_feedback IS 'Pieces of feedback with a customer''s words: the denominator of the shares.';
COMMENT ON COLUMN warnings.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of it: the numerator. What persons judged is left out.';
COMMENT ON COLUMN warnings.raw_share IS 'n_feedback_reporting / n_feedback, 0 to 1: what the model counts, errors and all.';
COMMENT ON COLUMN warnings.corrected_share IS 'The share corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN warnings.corrected_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN warnings.corrected_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN warnings.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
