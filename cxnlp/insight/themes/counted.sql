-- Question: how many mentions of a ground can be looked at, were not yet, or were and are alone?
-- Grain: one row. Reader: cxnlp/insight/themes/reading.py. Bound: $ground.
SELECT
    count(*) AS n_any,
    count(*) FILTER (theme_mentions.mention_id IS NULL) AS n_fresh,
    count(*) FILTER (theme_mentions.mention_id IS NOT NULL AND theme_id IS NULL) AS n_alone
FROM theme_heard
LEFT JOIN theme_mentions
    ON theme_mentions.mention_id = theme_heard.mention_id AND theme_mentions.ground = theme_heard.ground
WHERE theme_heard.ground = $ground AND has_vector
