-- Question: how do the numbers of the journey map, the moments and the weeks change by channel, product, place and period?
-- Grain: one row per mention, activity that it speaks of, and span of time. Reader: slices_counted.sql.
-- Bound: $most (products and places that have a slice of their own), $least_group, $recent_from (first Monday of the later
-- half). Products and places are numbers from 0, the most heard of first; -1 is all others together, -2 none given.
WITH
said AS (
    SELECT mention_id, feedback_id, person_key, week, channel, product, location, family, label, polarity, stage,
        sign(coalesce(sentiment, 0)) AS feeling
    FROM period
    WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
products AS (
    SELECT product, row_number() OVER (ORDER BY count(DISTINCT person_key) DESC, product) - 1 AS place
    FROM said
    WHERE product IS NOT NULL
    GROUP BY product
    HAVING count(DISTINCT person_key) >= $least_group
    QUALIFY place < $most
),
locations AS (
    SELECT location, row_number() OVER (ORDER BY count(DISTINCT person_key) DESC, location) - 1 AS place
    FROM said
    WHERE location IS NOT NULL
    GROUP BY location
    HAVING count(DISTINCT person_key) >= $least_group
    QUALIFY place < $most
),
spoken AS (
    SELECT DISTINCT feedback_id, stage FROM said WHERE family = 'moment'
),
beside AS (
    SELECT spoken.stage AS beside_stage, said.* FROM said JOIN spoken USING (feedback_id) WHERE family <> 'moment' OR label IN (
        SELECT label FROM statements WHERE statement = 'customers_stay'
    )
),
activities AS (
    SELECT label AS activity, mention_id, feeling FROM said WHERE family = 'moment'
    UNION ALL
    SELECT DISTINCT 'stage ' || stage, mention_id, feeling FROM said WHERE family = 'moment'
    UNION ALL
    SELECT DISTINCT 'all', mention_id, feeling FROM said WHERE family = 'moment'
    UNION ALL
    SELECT DISTINCT beside_stage || ' ' || label, mention_id, 0 FROM beside WHERE family = 'warning'
    UNION ALL
    SELECT DISTINCT 'choice ' || beside_stage, mention_id,
        CASE side WHEN 'for' THEN 1 WHEN 'against' THEN -1 ELSE feeling END AS choice
    FROM beside
    JOIN statements
        ON statements.family = beside.family AND statements.label = beside.label
        AND coalesce(statements.polarity, '') = coalesce(beside.polarity, '')
    WHERE statement = 'customers_stay' AND (side <> 'feeling' OR feeling <> 0)
),
mentions AS (
    SELECT DISTINCT
        mention_id, person_key, week, channel,
        CASE WHEN said.product IS NULL THEN -2 ELSE coalesce(products.place, -1) END AS product,
        CASE WHEN said.location IS NULL THEN -2 ELSE coalesce(locations.place, -1) END AS location
    FROM said
    LEFT JOIN products ON products.product = said.product
    LEFT JOIN locations ON locations.location = said.location
)
SELECT
    activity, channel, product, location, feeling,
    hash(person_key) AS person,
    unnest(['all', CASE WHEN week >= $recent_from::DATE THEN 'later' ELSE 'earlier' END]
        || CASE WHEN contains(activity, ' ') THEN [] ELSE [CAST(week AS VARCHAR)] END) AS span
FROM activities
JOIN mentions USING (mention_id)
