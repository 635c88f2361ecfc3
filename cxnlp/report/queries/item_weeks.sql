-- Question: how many pieces of feedback spoke for each backlog item, week by week, and of how many?
-- Grain: one row per item and week with feedback. Reader: the page's backlog and "since when".
WITH all_weeks AS (
    SELECT week, count(DISTINCT feedback_id) AS n_feedback
    FROM period
    GROUP BY week
),
counts AS (
    SELECT item_id, week, count(DISTINCT feedback_id) AS n
    FROM backlog_evidence
    JOIN period USING (mention_id)
    GROUP BY item_id, week
)
SELECT backlog.item_id, all_weeks.week, coalesce(counts.n, 0) AS n, n_feedback
FROM backlog
CROSS JOIN all_weeks
LEFT JOIN counts ON counts.item_id = backlog.item_id AND counts.week = all_weeks.week
ORDER BY backlog.item_id, all_weeks.week
