-- Question: how does each stage of the journey feel?
-- Grain: one row per ABACUS stage, in the order of the journey. Reader: the page's journey.
-- A mention of two moments of one stage counts once in that stage.
WITH sayings AS (
    SELECT DISTINCT stage, mention_id, person_key, sentiment
    FROM period
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
counts AS (
    SELECT
        stage,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment < 0) AS n_negative,
        count(*) FILTER (sentiment > 0) AS n_positive
    FROM sayings
    GROUP BY stage
),
stages AS (
    SELECT stage, any_value(stage_name) AS name, min(stage_position) AS position
    FROM taxonomy
    WHERE family = 'moment'
    GROUP BY stage
)
SELECT
    stage AS label,
    name,
    coalesce(n_mentions, 0) AS n_mentions,
    coalesce(n_customers, 0) AS n_customers,
    coalesce(n_negative, 0) AS n_negative,
    coalesce(n_positive, 0) AS n_positive,
    (n_positive - n_negative) / n_mentions AS net,
    net_low(n_positive, n_negative, n_mentions) AS low,
    net_high(n_positive, n_negative, n_mentions) AS high
FROM stages
LEFT JOIN counts USING (stage)
ORDER BY position
