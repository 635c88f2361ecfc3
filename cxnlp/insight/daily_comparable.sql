-- Question: which feedback has the latest run's model, vocabulary and precision tagged?
-- Grain:    one row per piece of feedback, with its day. Reader: cxnlp/insight/daily.py, as the table `comparable`.
-- A number that moves because another model counts is no rise.
WITH
latest AS (
    SELECT arg_max(
        struct_pack(model := tags.model_version, words := tags.taxonomy_version, wish := tags.precision_version),
        (runs.started_at, runs.run_id)
    ) AS versions
    FROM tags JOIN runs USING (run_id)
    WHERE voter = 'model'
),
tagged AS (
    SELECT DISTINCT feedback_id, versions
    FROM tags JOIN mentions USING (mention_id), latest
    WHERE
        voter = 'model' AND family = 'sentiment'
        AND model_version IS NOT DISTINCT FROM versions.model
        AND tags.taxonomy_version IS NOT DISTINCT FROM versions.words
        AND precision_version IS NOT DISTINCT FROM versions.wish
)
SELECT
    feedback_id,
    utc_day(occurred_at) AS occurred_on,
    hash(feedback_id, content_hash, duplicate_of, customer_key, author_key, versions) AS content
FROM feedback
JOIN tagged USING (feedback_id)
WHERE occurred_on BETWEEN $past_on::DATE AND $last_on::DATE
