-- Question: how often was each soft quality shown, and how often missing?
-- Grain: one row per unmeasurable of the taxonomy; counts are 0 and the balance null where nobody spoke of it.
-- Reader: the page's unmeasurables.
WITH counts AS (
    SELECT
        label,
        count(*) FILTER (polarity = '+') AS n_shown,
        count(*) FILTER (polarity = '-') AS n_missing,
        count(DISTINCT person_key) AS n_customers
    FROM period
    WHERE family = 'unmeasurable' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
    GROUP BY label
)
SELECT
    taxonomy.id AS label,
    taxonomy.name,
    taxonomy.worse,
    taxonomy.better,
    coalesce(n_shown, 0) AS n_shown,
    coalesce(n_missing, 0) AS n_missing,
    coalesce(n_customers, 0) AS n_customers,
    (n_shown - n_missing) / (n_shown + n_missing) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS high
FROM taxonomy
LEFT JOIN counts ON counts.label = taxonomy.id
WHERE taxonomy.family = 'unmeasurable' AND taxonomy.retired IS NULL
ORDER BY coalesce(n_missing, 0) - coalesce(n_shown, 0) DESC, taxonomy.id
