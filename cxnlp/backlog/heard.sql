-- Question: what did customers say lately, and which item is each saying evidence for?
-- Grain: one row per mention and tag (one with family null for a mention without tags), customers' own words only.
-- Reader: cxnlp/backlog/items.py, as the temporary table `heard`. Bound: $first_on, $last_on, $least_customers,
-- $least_people.
-- It reaches back 56 days even when the period is shorter: the trend compares four weeks with the four before.
-- Complaints about a moment, and wishes, are items by theme. Those of no theme, or of one in which fewer than
-- $least_people people complain or wish in the period, stay together in the label's item without theme. A theme that has
-- been an item is one with $least_customers, so that it does not come and go with one person.
WITH
themed AS (
    SELECT mention_id, family, label, theme_id
    FROM theme_mentions
    JOIN themes USING (theme_id)
    WHERE family IS NOT NULL
),
sayings AS (
    SELECT
        evidence.* EXCLUDE (context, evidence),
        theme_id,
        decision = 'yes' AS is_settled,
        CASE
            WHEN decision IS DISTINCT FROM 'yes' THEN NULL
            WHEN family = 'moment' AND sentiment < 0 THEN '-'
            WHEN family = 'unmeasurable' AND polarity = '-' THEN '-'
            WHEN family = 'warning' OR (family = 'signal' AND label IN ('suggestion', 'crisis')) THEN ''
        END AS side
    FROM evidence
    LEFT JOIN themed USING (mention_id, family, label)
    WHERE
        speaker IS DISTINCT FROM 'agent'
        AND occurred_on BETWEEN least($first_on::DATE, $last_on::DATE - 55) AND $last_on::DATE
),
shared AS (
    SELECT theme_id
    FROM sayings
    WHERE theme_id IS NOT NULL AND side IS NOT NULL AND occurred_on >= $first_on::DATE
    GROUP BY theme_id
    HAVING count(DISTINCT person_key) >= CASE
        WHEN theme_id IN (SELECT theme_id FROM backlog) THEN $least_customers::INTEGER
        ELSE $least_people::INTEGER
    END
)
SELECT
    mention_id,
    feedback_id,
    person_key,
    occurred_on,
    channel,
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
    shared.theme_id,
    CASE WHEN side IS NOT NULL
        THEN 'cx-' || substr(md5(concat_ws('|', family, label, side, shared.theme_id)), 1, 10) END AS item_id,
    occurred_on >= $first_on::DATE AS is_in_period,
    occurred_on > $last_on::DATE - 28 AS is_late,
    occurred_on BETWEEN $last_on::DATE - 55 AND $last_on::DATE - 28 AS is_early
FROM sayings
LEFT JOIN shared ON shared.theme_id = sayings.theme_id
