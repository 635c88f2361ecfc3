-- Question: what could not be used, and what would mend it?
-- Grain: one row per source and reason, at most twelve. Reader: the page's data quality.
SELECT source, problem, count(*) AS n_items, min(masked_file) AS example
FROM quarantine
WHERE released_at IS NULL
GROUP BY source, problem
ORDER BY n_items DESC, source, problem
LIMIT 12
