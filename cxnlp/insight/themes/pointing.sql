-- Question: what do some mentions of a ground mean?
-- Grain: one row per mention that has a vector of the encoder, the newest first. Reader: cxnlp/insight/themes/reading.py.
-- Bound: $ground, $encoder, $most, $theme_id and $which: fresh (not looked at yet), alone (looked at, of no theme), theme
-- (of $theme_id), any.
WITH
chosen AS (
    SELECT theme_heard.mention_id, person_key, occurred_at
    FROM theme_heard
    LEFT JOIN theme_mentions
        ON theme_mentions.mention_id = theme_heard.mention_id AND theme_mentions.ground = theme_heard.ground
    WHERE theme_heard.ground = $ground
        AND has_vector
        AND CASE $which
            WHEN 'fresh' THEN theme_mentions.mention_id IS NULL
            WHEN 'alone' THEN theme_mentions.mention_id IS NOT NULL AND theme_id IS NULL
            WHEN 'theme' THEN theme_id = $theme_id
            ELSE true
        END
    ORDER BY occurred_at DESC, theme_heard.mention_id
    LIMIT $most
)
SELECT mention_id, person_key, vector
FROM chosen
JOIN mention_vectors USING (mention_id)
WHERE encoder_version = $encoder
ORDER BY occurred_at DESC, mention_id
