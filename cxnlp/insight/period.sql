-- Question: which calendar weeks does a night look back on?
-- Grain: one row. Reader: cxnlp/insight/period.py. Bound: $night, $weeks.
-- The night's own day counts only once something has been heard on it: a night of Monday 02:15 looks back on
-- whole weeks.
WITH heard AS (
    SELECT max(occurred_on) AS on_day FROM evidence WHERE occurred_on = $night::DATE
),
last_day AS (
    SELECT coalesce(on_day, $night::DATE - 1)::DATE AS last_on FROM heard
)
SELECT (date_trunc('week', last_on)::DATE - 7 * ($weeks::INTEGER - 1))::DATE AS first_on, last_on
FROM last_day
