-- Every readable original is counted once, with all of its mentions, and nothing else is; or it waits to be counted, which
-- publishing does at the latest.

WITH
originals AS (
    SELECT feedback_id FROM feedback WHERE duplicate_of IS NULL AND is_readable
),
counts AS (
    SELECT feedback_id, count(*) AS n_rows, sum(n_mentions + n_mentions_agent) AS n_counted FROM counted_feedback GROUP BY feedback_id
),
spoken AS (
    SELECT feedback_id, count(*) AS n_mentions FROM mentions GROUP BY feedback_id
)
SELECT coalesce(originals.feedback_id, counts.feedback_id) AS feedback_id, n_rows, n_counted, spoken.n_mentions
FROM originals
FULL JOIN counts ON counts.feedback_id = originals.feedback_id
LEFT JOIN spoken ON spoken.feedback_id = originals.feedback_id
WHERE (originals.feedback_id IS NULL OR n_rows IS DISTINCT FROM 1 OR n_counted <> coalesce(spoken.n_mentions, 0))
    AND coalesce(originals.feedback_id, counts.feedback_id) NOT IN (SELECT feedback_id FROM uncounted);
