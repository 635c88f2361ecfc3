-- One theme goes into another, because a person asked for it; done again it changes nothing.
-- Bound: $gone_id, $kept_id, $night, $run_id. Without vector_sum the night makes the sum anew.

CREATE OR REPLACE TEMP TABLE merging AS
SELECT gone.theme_id AS gone_id, kept.theme_id AS kept_id, gone.n_mentions
FROM themes AS gone
JOIN themes AS kept USING (ground)
WHERE gone.theme_id = $gone_id AND gone.state = 'alive' AND kept.theme_id = $kept_id AND kept.state = 'alive';

INSERT INTO theme_events SELECT gone_id, $night, 'merged', kept_id, n_mentions, true, $run_id FROM merging;

UPDATE theme_mentions SET theme_id = kept_id FROM merging WHERE theme_mentions.theme_id = gone_id;

UPDATE themes SET
    state = 'merged', into_id = kept_id, name = NULL, is_named = false, is_pinned = false, n_mentions = 0,
    n_summed = NULL, n_people = NULL, vector_sum = NULL
FROM merging
WHERE themes.theme_id = gone_id;

UPDATE themes SET vector_sum = NULL, n_people = NULL, n_mentions = themes.n_mentions + merging.n_mentions
FROM merging
WHERE themes.theme_id = kept_id;

DROP TABLE merging;
