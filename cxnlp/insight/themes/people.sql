-- Counts anew the people of themes that may have lost some, or had too few when they were last counted; others have at
-- least as many as they had. Bound: $least_group.

CREATE OR REPLACE TEMP TABLE uncertain AS
SELECT theme_id
FROM themes
LEFT JOIN (SELECT theme_id, count(*) AS n FROM theme_mentions GROUP BY theme_id) AS counted USING (theme_id)
WHERE state = 'alive' AND (n_people IS NULL OR n_people < $least_group OR counted.n IS DISTINCT FROM n_mentions);

UPDATE themes SET n_people = coalesce(counted.n_people, 0)
FROM uncertain
LEFT JOIN (
    SELECT theme_id, count(DISTINCT coalesce(customer_key, author_key, feedback_id)) AS n_people
    FROM theme_mentions
    SEMI JOIN uncertain USING (theme_id)
    JOIN mentions USING (mention_id)
    JOIN feedback USING (feedback_id)
    GROUP BY theme_id
) AS counted USING (theme_id)
WHERE uncertain.theme_id = themes.theme_id;

DROP TABLE uncertain;
