-- The last run stored as many pieces of feedback and mentions as it says.

WITH
last_run AS (
    SELECT run_id, n_stored + n_duplicates AS n_feedback, n_mentions
    FROM runs
    ORDER BY rowid DESC
    LIMIT 1
),
found AS (
    SELECT
        (SELECT count(*) FROM feedback WHERE run_id = (SELECT run_id FROM last_run)) AS n_feedback,
        (SELECT count(*) FROM mentions WHERE run_id = (SELECT run_id FROM last_run)) AS n_mentions
)
SELECT last_run.run_id, last_run.n_feedback AS said, found.n_feedback, last_run.n_mentions AS said_mentions, found.n_mentions
FROM last_run CROSS JOIN found
WHERE last_run.n_feedback <> found.n_feedback OR last_run.n_mentions <> found.n_mentions;
