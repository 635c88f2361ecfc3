-- Question: how does each moment of truth feel, and where is the need greatest?
-- Grain: one row per moment that customers spoke of. Reader: the page's moments.
-- need: complaints that are certain (mentions times the lower end of the negative share); joy: the same of praise.
WITH counts AS (
    SELECT
        label,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment = -2) AS n_very_bad,
        count(*) FILTER (sentiment = -1) AS n_bad,
        count(*) FILTER (coalesce(sentiment, 0) = 0) AS n_neutral,
        count(*) FILTER (sentiment = 1) AS n_good,
        count(*) FILTER (sentiment = 2) AS n_very_good,
        count(*) FILTER (sentiment < 0) AS n_negative,
        count(*) FILTER (sentiment > 0) AS n_positive
    FROM period
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
    GROUP BY label
)
SELECT
    counts.*,
    taxonomy.name,
    taxonomy.stage,
    taxonomy.stage_name,
    taxonomy.worse,
    taxonomy.better,
    taxonomy.owner,
    taxonomy.office,
    coalesce(taxonomy.is_critical, false) AS is_critical,
    (n_positive - n_negative) / n_mentions AS net,
    net_low(n_positive, n_negative, n_mentions) AS low,
    net_high(n_positive, n_negative, n_mentions) AS high,
    n_mentions * wilson_low(n_negative, n_mentions) AS need,
    n_mentions * wilson_low(n_positive, n_mentions) AS joy
FROM counts
JOIN taxonomy ON taxonomy.family = 'moment' AND taxonomy.id = counts.label
ORDER BY need DESC, n_mentions DESC, label
