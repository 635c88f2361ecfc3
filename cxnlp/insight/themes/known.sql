-- Question: which themes of a ground are alive, and do their sums still hold?
-- Grain: one row per theme. Reader: cxnlp/insight/themes/reading.py. Bound: $ground.
-- n_counted differs from n_mentions when something was erased, corrected, tagged anew or merged by a person since. Of
-- people there are at least n_people.
SELECT
    theme_id, name, is_named, is_pinned, n_mentions, n_summed, n_looked_at, vector_sum, coalesce(n_people, 0) AS n_people,
    coalesce(n_counted, 0) AS n_counted
FROM themes
LEFT JOIN (
    SELECT theme_id, count(*) AS n_counted FROM theme_mentions WHERE ground = $ground GROUP BY theme_id
) AS counted USING (theme_id)
WHERE ground = $ground AND state = 'alive'
ORDER BY theme_id
