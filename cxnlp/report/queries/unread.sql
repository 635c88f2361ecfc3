-- Question: which languages are stored but not read by the model?
-- Grain: one row per language, most frequent first. Reader: the page's data quality.
SELECT language, count(*) AS n_feedback
FROM feedback
WHERE NOT is_readable AND duplicate_of IS NULL
GROUP BY language
ORDER BY n_feedback DESC, language
LIMIT 20
