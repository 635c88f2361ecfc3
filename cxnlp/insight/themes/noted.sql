-- What theme_heard (heard.sql) changes: mentions come onto grounds and leave them, and what is known of a theme that has
-- one of them may hold no more. Bound: $encoder, the night's. A sum grows by vectors that another encoder made before; one
-- that an encoder to come has made anew already stays in it.

UPDATE themes SET vector_sum = NULL
FROM (
    SELECT DISTINCT theme_id
    FROM theme_mentions
    JOIN theme_heard USING (mention_id, ground)
    WHERE theme_heard.encoder_version = $encoder AND theme_mentions.encoder_version IS DISTINCT FROM $encoder
) AS turned
WHERE turned.theme_id = themes.theme_id AND state = 'alive';

UPDATE themes SET n_people = NULL
FROM (SELECT DISTINCT theme_id FROM theme_mentions SEMI JOIN changed_mentions USING (mention_id)) AS touched
WHERE touched.theme_id = themes.theme_id;

DELETE FROM theme_mentions
WHERE mention_id IN (SELECT mention_id FROM changed_mentions)
    AND (mention_id, ground) NOT IN (SELECT (mention_id, ground) FROM theme_heard);

-- What an erasure took is gone already; what is new comes below.

UPDATE theme_grounds SET n_held = NULL
WHERE (ground, n_held) NOT IN (SELECT (ground, count(*)) FROM theme_mentions GROUP BY ground);

UPDATE theme_mentions SET
    occurred_at = theme_heard.occurred_at,
    encoder_version = theme_heard.encoder_version,
    is_waiting = coalesce(is_waiting, false)
FROM theme_heard
WHERE theme_heard.mention_id = theme_mentions.mention_id AND theme_heard.ground = theme_mentions.ground;

INSERT INTO theme_mentions BY NAME
SELECT mention_id, ground, occurred_at, encoder_version, true AS is_waiting
FROM theme_heard
ANTI JOIN theme_mentions USING (mention_id, ground)
ORDER BY occurred_at, mention_id, ground;

DELETE FROM unheard;
