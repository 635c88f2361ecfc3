-- Question: how fresh is what each source gave, and how much of it could be used?
-- Grain: one row per source, at most thirty. Reader: the page's data quality.
SELECT
    source,
    CAST(last_occurred_at AT TIME ZONE 'UTC' AS DATE) AS last_on,
    n_feedback,
    n_duplicates,
    n_quarantined
FROM freshness
ORDER BY source
LIMIT 30
