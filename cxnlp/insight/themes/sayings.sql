-- Question: what did people say on a ground, or in some of its themes?
-- Grain: one row per mention, the newest first, at most $most of each theme. Reader: cxnlp/insight/themes/reading.py.
-- Bound: $ground, $most, $themes (null: of any theme or none).
WITH
chosen AS (
    SELECT mention_id, occurred_at, CASE WHEN $themes::VARCHAR[] IS NOT NULL THEN theme_id END AS theme_id
    FROM theme_mentions
    WHERE ground = $ground AND ($themes::VARCHAR[] IS NULL OR theme_id IN (SELECT unnest($themes::VARCHAR[])))
),
newest AS (
    FROM chosen
    QUALIFY row_number() OVER (PARTITION BY theme_id ORDER BY occurred_at DESC, mention_id) <= $most
)
SELECT theme_id, coalesce(customer_key, author_key, feedback_id) AS person_key, mentions.text
FROM newest
JOIN mentions USING (mention_id)
JOIN feedback USING (feedback_id)
ORDER BY theme_id, newest.occurred_at DESC, mention_id
