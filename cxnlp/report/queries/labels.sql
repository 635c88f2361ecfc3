-- Question: how often did customers give each warning and signal?
-- Grain: one row per warning or signal that was given. Reader: the page's wishes, champions and causes.
SELECT
    period.family,
    period.label,
    taxonomy.name,
    taxonomy.worse,
    count(*) AS n_mentions,
    count(DISTINCT person_key) AS n_customers
FROM period
JOIN taxonomy ON taxonomy.family = period.family AND taxonomy.id = period.label
WHERE period.family IN ('warning', 'signal') AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
GROUP BY ALL
ORDER BY n_customers DESC, period.family, period.label
