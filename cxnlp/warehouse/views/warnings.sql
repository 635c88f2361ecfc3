-- Question: which organisational causes do customers name, week by week?
-- Grain:    one row per warning and week with at least one sure mention by a customer.
-- Reader:   an operations manager who looks for causes.

CREATE OR REPLACE VIEW warnings AS
WITH
heard AS (
    SELECT label, week, person_key
    FROM evidence
    WHERE family = 'warning' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
)
SELECT label, week, count(*) AS n_mentions, count(DISTINCT person_key) AS n_customers
FROM heard
GROUP BY label, week
ORDER BY label, week;

COMMENT ON VIEW warnings IS 'One row per warning and week. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN warnings.label IS 'Id of the warning: knowledge, policy, pressure, handoff or resourcing.';
COMMENT ON COLUMN warnings.week IS 'The Monday of the week.';
COMMENT ON COLUMN warnings.n_mentions IS 'Mentions that carry it.';
COMMENT ON COLUMN warnings.n_customers IS 'Different people behind them.';
