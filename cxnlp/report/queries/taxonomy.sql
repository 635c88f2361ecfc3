-- Question: which words may the tags use?
-- Grain: one row per label in use. Reader: the page, for names.
SELECT family, id AS label, name, stage, stage_name, coalesce(is_critical, false) AS is_critical
FROM taxonomy
WHERE retired IS NULL
ORDER BY family, stage_position, id
