-- Question: how many people said each thing on each day, and how many were heard at all, everywhere and by place?
-- Grain:    one row per day, subject and place; family null: people heard. Product and location null: everywhere.
-- Reader:   cxnlp/insight/alerts.py. Bound: $past_on (everywhere, from that day), $first_on (places), $last_on.
--
-- A subject is a label that should not be said more often: complaints about a moment, an unmeasurable that is missing, a
-- warning, a signal other than praise; and each of the last three beside a complained-of moment in the same piece of
-- feedback. Only feedback that the model, vocabulary and precision of the latest run have tagged: a number that moves
-- because another model counts is no rise. A person counts once a day and row.
WITH
latest AS (
    SELECT arg_max(
        struct_pack(model := tags.model_version, words := tags.taxonomy_version, wish := tags.precision_version),
        (runs.started_at, runs.run_id)
    ) AS versions
    FROM tags JOIN runs USING (run_id)
    WHERE voter = 'model'
),
comparable AS (
    SELECT DISTINCT feedback_id
    FROM tags JOIN mentions USING (mention_id), latest
    WHERE
        voter = 'model' AND family = 'sentiment'
        AND model_version IS NOT DISTINCT FROM versions.model
        AND tags.taxonomy_version IS NOT DISTINCT FROM versions.words
        AND precision_version IS NOT DISTINCT FROM versions.wish
),
sayings AS (
    SELECT DISTINCT
        occurred_on, person_key, feedback_id, product, location,
        CASE WHEN is_subject THEN family END AS family,
        CASE WHEN is_subject THEN label END AS label,
        CASE WHEN is_subject THEN polarity END AS polarity
    FROM (
        SELECT
            *,
            coalesce(decision = 'yes' AND CASE family
                WHEN 'moment' THEN sentiment < 0
                WHEN 'unmeasurable' THEN polarity = '-'
                WHEN 'signal' THEN label <> 'champion'
                WHEN 'warning' THEN true
            END, false) AS is_subject
        FROM evidence SEMI JOIN comparable USING (feedback_id)
        WHERE speaker IS DISTINCT FROM 'agent' AND occurred_on BETWEEN $past_on::DATE AND $last_on::DATE
    )
),
subjects AS (
    SELECT *, NULL AS moment FROM sayings
    UNION ALL
    SELECT sayings.*, complaints.label AS moment
    FROM sayings
    JOIN sayings AS complaints USING (feedback_id)
    WHERE sayings.family <> 'moment' AND complaints.family = 'moment'
)
SELECT
    occurred_on, family, label, polarity, moment, product, location,
    count(DISTINCT person_key) AS n_people
FROM (  -- whoever said something was heard
    FROM subjects WHERE family IS NOT NULL
    UNION ALL
    SELECT * REPLACE (NULL AS family, NULL AS label, NULL AS polarity) FROM subjects
)
GROUP BY occurred_on, family, label, polarity, moment, GROUPING SETS ((), (product), (location), (product, location))
HAVING
    (grouping(product) = 1 OR product IS NOT NULL)
    AND (grouping(location) = 1 OR location IS NOT NULL)
    AND (family IS NOT NULL OR moment IS NULL)
    AND (moment IS NULL OR grouping(product) = 1 OR grouping(location) = 1)
    AND (occurred_on >= $first_on::DATE OR (grouping(product) = 1 AND grouping(location) = 1))
ORDER BY ALL
