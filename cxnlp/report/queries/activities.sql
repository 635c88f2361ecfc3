-- Question: what happens behind the scenes at each stage, and who goes on or turns away there?
-- Grain: one row per stage and kind: for a warning (internal), of the feedback that speaks of the stage, what also gives it;
-- one a stage for its decision point: people who speak for staying (n_for) or against it (n_against).
-- Reader: the page's journey map.
WITH said AS (
    SELECT * FROM period WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
spoken AS (
    SELECT DISTINCT feedback_id, stage FROM said WHERE family = 'moment'
),
beside AS (
    SELECT spoken.stage, said.* EXCLUDE (stage) FROM said JOIN spoken USING (feedback_id)
),
choices AS (
    SELECT
        beside.*,
        CASE side WHEN 'for' THEN 1 WHEN 'against' THEN -1 ELSE sign(coalesce(sentiment, 0)) END AS choice
    FROM beside
    JOIN statements
        ON statements.family = beside.family AND statements.label = beside.label
        AND coalesce(statements.polarity, '') = coalesce(beside.polarity, '')
    WHERE statement = 'customers_stay'
)
SELECT
    beside.stage, 'internal' AS kind, beside.label, taxonomy.name, taxonomy.worse, taxonomy.owner,
    count(DISTINCT mention_id) AS n_mentions,
    count(DISTINCT person_key) AS n_customers,
    NULL AS n_for, NULL AS n_against, NULL AS n_mentions_for, NULL AS n_mentions_against,
    NULL AS net, NULL AS low, NULL AS high
FROM beside
JOIN taxonomy ON taxonomy.family = 'warning' AND taxonomy.id = beside.label
WHERE beside.family = 'warning'
GROUP BY ALL
UNION ALL
SELECT
    stage, 'decision', '', NULL, NULL, NULL,
    count(DISTINCT mention_id),
    count(DISTINCT person_key) AS n,
    count(DISTINCT person_key) FILTER (choice > 0) AS p,
    count(DISTINCT person_key) FILTER (choice < 0) AS q,
    count(DISTINCT mention_id) FILTER (choice > 0),
    count(DISTINCT mention_id) FILTER (choice < 0),
    (p - q) / n,
    net_low(p, q, n),
    net_high(p, q, n)
FROM choices
WHERE choice <> 0
GROUP BY stage
ORDER BY stage, kind, n_customers DESC, label
