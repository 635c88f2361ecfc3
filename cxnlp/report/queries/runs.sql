-- Question: what did the last night do, and with which model and taxonomy?
-- Grain: one row, the newest run. Reader: the page's data quality.
SELECT run_id, night, n_arrived, n_stored, n_unchanged, n_duplicates, n_quarantined, coalesce(n_erased, 0) AS n_erased, n_mentions, model_version, taxonomy_version
FROM runs
ORDER BY night DESC, started_at DESC, run_id DESC
LIMIT 1
