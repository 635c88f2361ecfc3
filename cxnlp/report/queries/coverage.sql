-- Question: how much of the feedback of these weeks was read, and in how much of it was something found?
-- Grain: one row; duplicates are left out. Reader: the page's data quality.
WITH pieces AS (
    SELECT feedback_id, bool_or(decision = 'yes') AS is_tagged FROM period GROUP BY feedback_id
)
SELECT
    count(*) AS n_feedback,
    count(*) FILTER (is_readable) AS n_readable,
    count(*) FILTER (is_tagged) AS n_tagged
FROM feedback
LEFT JOIN pieces USING (feedback_id)
WHERE duplicate_of IS NULL
    AND utc_day(occurred_at) BETWEEN (SELECT min(occurred_on) FROM period) AND (SELECT max(occurred_on) FROM period)
