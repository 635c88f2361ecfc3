-- Question: how many people said each thing on each day, and how many were heard at all, everywhere and by place?
-- Grain:    one row per day, subject and place; family null: people heard. Product and location null: everywhere.
-- Reader:   cxnlp/insight/daily.py. Bound: $days (that are counted), $first_on (places, from that day). Reads the temporary
--           table `comparable`.
--
-- A subject is a label that should not be said more often: complaints about a moment, an unmeasurable that is missing, a
-- warning, a signal other than praise; and each of the last three beside a complained-of moment in the same piece of
-- feedback. A person counts once a day and row.
WITH
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
        WHERE speaker IS DISTINCT FROM 'agent' AND occurred_on IN (SELECT unnest($days::DATE[]))
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
    count(DISTINCT person_key) AS n_customers
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
