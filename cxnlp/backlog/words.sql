-- Question: which sayings is each item made of, and which others are they compared with?
-- Grain: one row per mention, with the items that it is evidence for. Reader: cxnlp/backlog/terms.py.
-- Reads the temporary table `heard`. At most 40,000 mentions of items, as many of each as of any other (1,000 at most, 50
-- at least), and 10,000 of all, by the hash of their id: the same ones every time.
WITH
items AS (
    SELECT greatest(50, least(1000, 40000 // greatest(count(DISTINCT item_id), 1))) AS n_each
    FROM heard
    WHERE is_in_period
),
sampled AS (
    SELECT mention_id
    FROM heard, items
    WHERE item_id IS NOT NULL AND is_in_period
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY md5(mention_id)) <= n_each
    UNION
    SELECT mention_id
    FROM (SELECT DISTINCT mention_id FROM heard WHERE is_in_period)
    QUALIFY row_number() OVER (ORDER BY md5(mention_id)) <= 10000
)
SELECT
    mention_id,
    any_value(person_key) AS person_key,
    any_value(quote) AS quote,
    coalesce(any_value(sentiment), 0) < 0 AS is_negative,
    coalesce(list_distinct(list(item_id) FILTER (item_id IS NOT NULL)), []) AS item_ids
FROM heard
WHERE is_in_period AND mention_id IN (FROM sampled)
GROUP BY mention_id
ORDER BY mention_id
