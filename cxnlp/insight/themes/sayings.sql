-- Question: what did people say on a ground, or in one of its themes?
-- Grain: one row per mention, the newest first. Reader: cxnlp/insight/themes/reading.py.
-- Bound: $ground, $most, $theme_id (null: of any theme or none).
SELECT person_key, text
FROM theme_heard
LEFT JOIN theme_mentions USING (mention_id, ground)
WHERE ground = $ground AND ($theme_id::VARCHAR IS NULL OR theme_id = $theme_id)
ORDER BY occurred_at DESC, mention_id
LIMIT $most
