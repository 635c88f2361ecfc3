-- What a night did to the themes of one ground. Reads the frames theme_joined (mention_id, theme_id, similarity), theme_now
-- (theme_id, n_mentions, n_looked_at, vector_sum), theme_gone (theme_id, state, into_id) and theme_happened (theme_id,
-- event, other_id, n_mentions). Bound: $ground, $night, $run_id.

UPDATE theme_mentions SET theme_id = theme_gone.into_id, similarity = CASE state WHEN 'merged' THEN similarity END
FROM theme_gone
WHERE theme_mentions.theme_id = theme_gone.theme_id;

UPDATE theme_mentions SET theme_id = theme_joined.theme_id, similarity = theme_joined.similarity
FROM theme_joined
WHERE theme_mentions.mention_id = theme_joined.mention_id AND theme_mentions.ground = $ground;

INSERT INTO theme_mentions
SELECT mention_id, $ground, theme_id, similarity
FROM theme_joined
ANTI JOIN (SELECT mention_id FROM theme_mentions WHERE ground = $ground) AS looked_at USING (mention_id)
ORDER BY mention_id;

UPDATE themes SET
    state = theme_gone.state, into_id = theme_gone.into_id, name = NULL, is_named = false, n_mentions = 0, vector_sum = NULL
FROM theme_gone
WHERE themes.theme_id = theme_gone.theme_id;

DELETE FROM themes WHERE state = 'ended' AND theme_id IN (SELECT theme_id FROM theme_now);

UPDATE themes SET
    n_mentions = theme_now.n_mentions, n_looked_at = theme_now.n_looked_at, vector_sum = theme_now.vector_sum
FROM theme_now
WHERE themes.theme_id = theme_now.theme_id;

INSERT INTO themes
SELECT
    theme_id,
    $ground,
    CASE WHEN $ground <> 'outside' THEN split_part($ground, '.', 1) END,
    CASE WHEN $ground <> 'outside' THEN split_part($ground, '.', 2) END,
    NULL, false, false, 'alive', NULL, $night, n_mentions, n_looked_at, vector_sum
FROM theme_now
ANTI JOIN themes USING (theme_id)
ORDER BY theme_id;

INSERT INTO theme_events
SELECT theme_id, $night, event, other_id, n_mentions, false, $run_id FROM theme_happened;
