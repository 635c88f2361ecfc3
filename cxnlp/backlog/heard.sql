-- Question: what did customers say lately, and which item is each saying evidence for?
-- Grain: one row per mention and tag (one with family null for a mention without tags), customers' own words only.
-- Reader: cxnlp/backlog/items.py, as the temporary table `heard`. Bound: $first_on, $last_on.
-- It reaches back 56 days even when the period is shorter: the trend compares four weeks with the four before.
-- The items are those of no theme; heard_themes.sql gives themes their own.
WITH
sayings AS (
    SELECT
        *,
        decision = 'yes' AS is_settled,
        CASE
            WHEN decision IS DISTINCT FROM 'yes' THEN NULL
            WHEN family = 'moment' AND sentiment < 0 THEN '-'
            WHEN family = 'unmeasurable' AND polarity = '-' THEN '-'
            WHEN family = 'warning' OR (family = 'signal' AND label IN ('suggestion', 'crisis')) THEN ''
        END AS side
    FROM evidence
    WHERE
        speaker IS DISTINCT FROM 'agent'
        AND occurred_on BETWEEN least($first_on::DATE, $last_on::DATE - 55) AND $last_on::DATE
)
SELECT
    mention_id,
    feedback_id,
    person_key,
    occurred_on,
    channel,
    location,
    sentiment,
    sentiment_score,
    quote,
    family,
    label,
    polarity,
    probability,
    voter,
    is_settled,
    side,
    CAST(NULL AS VARCHAR) AS theme_id,
    CASE WHEN side IS NOT NULL THEN 'cx-' || substr(md5(family || '|' || label || '|' || side), 1, 10) END AS item_id,
    occurred_on >= $first_on::DATE AS is_in_period,
    occurred_on > $last_on::DATE - 28 AS is_late,
    occurred_on BETWEEN $last_on::DATE - 55 AND $last_on::DATE - 28 AS is_early
FROM sayings
