-- The model says exactly one sentiment about each mention.

WITH
said AS (
    SELECT mention_id, count(*) AS n
    FROM tags
    WHERE family = 'sentiment' AND voter = 'model'
    GROUP BY mention_id
)
SELECT mentions.mention_id, coalesce(said.n, 0) AS n
FROM mentions
LEFT JOIN said USING (mention_id)
WHERE coalesce(said.n, 0) <> 1;
