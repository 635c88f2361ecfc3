-- Question: which themes of a ground are alive, and do their sums still hold?
-- Grain: one row per theme. Reader: cxnlp/insight/themes/reading.py. Bound: $ground.
-- n_counted counts the mentions whose vectors the sum should hold; it differs from n_mentions when something was erased,
-- corrected, tagged anew or merged by a person since.
WITH
counted AS (
    SELECT theme_id, count(*) AS n_counted, count(DISTINCT person_key) AS n_people
    FROM theme_mentions
    JOIN theme_heard USING (mention_id, ground)
    WHERE ground = $ground AND theme_id IS NOT NULL AND has_vector
    GROUP BY theme_id
)
SELECT
    theme_id, name, is_named, is_pinned, n_mentions, n_looked_at, vector_sum,
    coalesce(n_counted, 0) AS n_counted, coalesce(n_people, 0) AS n_people
FROM themes
LEFT JOIN counted USING (theme_id)
WHERE ground = $ground AND state = 'alive'
ORDER BY theme_id
