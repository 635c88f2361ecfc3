-- Question: what should make someone act, week by week?
-- Grain:    one row per signal and week with at least one sure mention by a customer.
-- Reader:   whoever is on duty; the page's alerts.

CREATE OR REPLACE VIEW signals AS
WITH
heard AS (
    SELECT label, week, person_key
    FROM evidence
    WHERE family = 'signal' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
)
SELECT label, week, count(*) AS n_mentions, count(DISTINCT person_key) AS n_customers
FROM heard
GROUP BY label, week
ORDER BY label, week;

COMMENT ON VIEW signals IS 'One row per signal and week. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN signals.label IS 'Id of the signal: suggestion, churn, champion or crisis.';
COMMENT ON COLUMN signals.week IS 'The Monday of the week.';
COMMENT ON COLUMN signals.n_mentions IS 'Mentions that carry it.';
COMMENT ON COLUMN signals.n_customers IS 'Different people behind them.';
