-- Question: which weeks do the diagnostics and the scorecard look back on?
-- Grain:    one row.
-- Reader:   the views moment_rates, moment_diagnostics and scorecard; an analyst who compares with them.
--
-- Eight calendar weeks from a Monday; the last may still be running. The night's own day counts once something was heard on
-- it, as for the backlog and the page. Before the first night the latest day heard stands for it.

CREATE OR REPLACE VIEW recent_weeks AS
WITH
nights AS (
    SELECT coalesce(max(night), (SELECT max(occurred_on) FROM counted_feedback)) AS night FROM runs
),
days AS (
    SELECT
        CASE WHEN EXISTS (SELECT 1 FROM counted_feedback WHERE occurred_on = night) THEN night ELSE night - 1 END AS last_on
    FROM nights
)
SELECT
    CAST(date_trunc('week', last_on) AS DATE) - 49 AS first_on,
    CAST(last_on AS DATE) AS last_on,
    CAST(date_trunc('week', last_on) AS DATE) - 105 AS before_first_on,
    CAST(date_trunc('week', last_on) AS DATE) - 50 AS before_last_on
FROM days
WHERE last_on IS NOT NULL;

COMMENT ON VIEW recent_weeks IS 'One row: the eight calendar weeks that diagnostics and scorecard look back on, and the eight before.';
COMMENT ON COLUMN recent_weeks.first_on IS 'Monday on which the eight weeks start.';
COMMENT ON COLUMN recent_weeks.last_on IS 'Their last day; the last week may still be running.';
COMMENT ON COLUMN recent_weeks.before_first_on IS 'Monday on which the eight weeks before start.';
COMMENT ON COLUMN recent_weeks.before_last_on IS 'Sunday on which they end.';
