-- What a night did to the themes of one ground. Reads the frames theme_joined (mention_id, theme_id, similarity), theme_now
-- (theme_id, n_mentions, n_summed, n_looked_at, vector_sum), theme_gone (theme_id, state, into_id) and theme_happened (theme_id,
-- event, other_id, n_mentions). Bound: $ground, $night, $run_id.

UPDATE theme_mentions SET theme_id = theme_gone.into_id, similarity = CASE state WHEN 'merged' THEN similarity END
FROM theme_gone
WHERE theme_mentions.theme_id = theme_gone.theme_id;

UPDATE theme_mentions SET theme_id = theme_joined.theme_id, similarity = theme_joined.similarity, is_waiting = false
FROM theme_joined
WHERE theme_mentions.mention_id = theme_joined.mention_id AND theme_mentions.ground = $ground;

UPDATE themes SET
    state = theme_gone.state, into_id = theme_gone.into_id, name = NULL, is_named = false, n_mentions = 0,
    n_summed = NULL, n_people = NULL, vector_sum = NULL
FROM theme_gone
WHERE themes.theme_id = theme_gone.theme_id;

DELETE FROM themes WHERE state = 'ended' AND theme_id IN (SELECT theme_id FROM theme_now);

UPDATE themes SET
    n_people = CASE WHEN theme_now.n_mentions >= themes.n_mentions THEN n_people END,
    n_mentions = theme_now.n_mentions,
    n_summed = theme_now.n_summed,
    n_looked_at = theme_now.n_looked_at,
    vector_sum = theme_now.vector_sum
FROM theme_now
WHERE themes.theme_id = theme_now.theme_id;

INSERT INTO themes BY NAME
SELECT
    theme_id,
    $ground AS ground,
    CASE WHEN $ground <> 'outside' THEN split_part($ground, '.', 1) END AS family,
    CASE WHEN $ground <> 'outside' THEN split_part($ground, '.', 2) END AS label,
    false AS is_named, false AS is_pinned, 'alive' AS state, $night AS born_on,
    n_mentions, n_summed, n_looked_at, vector_sum
FROM theme_now
ANTI JOIN themes USING (theme_id)
ORDER BY theme_id;

INSERT INTO theme_events
SELECT theme_id, $night, event, other_id, n_mentions, false, $run_id FROM theme_happened;
