-- Question: what could not be used, and what would mend it?
-- Grain: one row per source and reason, at most twelve. Reader: the page's data quality.
SELECT source, problem, count(*) AS n_items, min(file) AS example
FROM quarantine
GROUP BY source, problem
ORDER BY n_items DESC, source, problem
LIMIT 12
