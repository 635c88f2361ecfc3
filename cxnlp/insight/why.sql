-- Question: of what arrived in two periods, which pieces speak of the label, and who sent them from where?
-- Grain:    one row per readable piece of feedback with a customer's line, duplicates too.
-- Reader:   cxnlp/insight/why.py. Bound: $family, $label, $polarity, $number, and the first and last days of both periods.
-- A duplicate says what its original says. n and n_yes are what the number is a share of, and what it counts.
-- As in the views: shares of feedback count what model and rules are sure of, so that they can be corrected by the model's
-- errors; how mentions feel is counted after people's votes are settled.
WITH
arrivals AS (
    SELECT
        feedback_id,
        coalesce(duplicate_of, feedback_id) AS original_id,
        duplicate_of IS NOT NULL AS is_duplicate,
        coalesce(customer_key, author_key, feedback_id) AS person_key,
        channel, source, product, location,
        CASE
            WHEN utc_day(occurred_at) BETWEEN $before_first::DATE AND $before_last::DATE THEN 0
            WHEN utc_day(occurred_at) BETWEEN $after_first::DATE AND $after_last::DATE THEN 1
        END AS period
    FROM feedback
    WHERE is_readable AND period IS NOT NULL
),
reported AS (
    SELECT mention_id
    FROM tags
    WHERE voter <> 'person' AND decision = 'yes' AND family = $family AND label = $label
        AND ($polarity::VARCHAR IS NULL OR polarity = $polarity::VARCHAR)
),
said AS (
    SELECT
        feedback_id AS original_id, mention_id, sentiment < 0 AS is_negative,
        coalesce(
            family = $family AND label = $label AND decision = 'yes'
            AND ($polarity::VARCHAR IS NULL OR polarity = $polarity::VARCHAR),
            false
        ) AS is_it,
        mention_id IN (FROM reported) AS is_reported
    FROM evidence
    WHERE speaker IS DISTINCT FROM 'agent' AND feedback_id IN (SELECT original_id FROM arrivals)
),
counted AS (
    SELECT
        original_id,
        count(*) FILTER (is_reported) AS n_reported,
        count(DISTINCT mention_id) FILTER (is_it) AS n_mentions,
        count(DISTINCT mention_id) FILTER (is_it AND is_negative) AS n_negative
    FROM said
    GROUP BY original_id
)
SELECT
    period, feedback_id, is_duplicate, person_key, channel, source, product, location,
    CASE $number WHEN 'negative' THEN n_mentions ELSE 1 END AS n,
    CASE $number
        WHEN 'share' THEN (n_reported > 0)::BIGINT
        WHEN 'complaints' THEN (n_negative > 0)::BIGINT
        WHEN 'negative' THEN n_negative
    END AS n_yes
FROM arrivals
JOIN counted USING (original_id)
ORDER BY feedback_id
