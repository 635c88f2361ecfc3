-- Question: which values does a column of feedback have, that of most people first?
-- Grain: one row per value. Reader: cxnlp/backlog/places.py. Bound: $column (channel, product, location or segment).
SELECT
    CASE $column WHEN 'channel' THEN channel WHEN 'product' THEN product WHEN 'location' THEN location ELSE segment END AS place,
    count(DISTINCT coalesce(customer_key, author_key, feedback_id)) AS n_customers
FROM feedback
WHERE duplicate_of IS NULL AND place IS NOT NULL
GROUP BY place
ORDER BY n_customers DESC, place
