-- Question: what do some mentions of a ground mean?
-- Grain: one row per mention that has a vector of the encoder, the newest first. Reader: cxnlp/insight/themes/reading.py.
-- Bound: $ground, $encoder, $most, $themes and $which: fresh (not looked at yet), alone (looked at, of no theme), themes
-- (of one of $themes), any.
WITH
chosen AS (
    SELECT mention_id, theme_id, occurred_at
    FROM theme_mentions
    WHERE ground = $ground
        AND encoder_version = $encoder
        AND CASE $which
            WHEN 'fresh' THEN is_waiting
            WHEN 'alone' THEN NOT is_waiting AND theme_id IS NULL
            WHEN 'themes' THEN theme_id IN (SELECT unnest($themes::VARCHAR[]))
            ELSE true
        END
    ORDER BY occurred_at DESC, mention_id
    LIMIT $most
)
SELECT mention_id, coalesce(customer_key, author_key, feedback_id) AS person_key, theme_id, mentions.text, vector
FROM chosen
JOIN mention_vectors USING (mention_id)
JOIN mentions USING (mention_id)
JOIN feedback USING (feedback_id)
ORDER BY chosen.occurred_at DESC, mention_id
