-- Question: which mentions of the period speak for each item?
-- Grain: one row per item and mention. Reader: cxnlp/backlog/items.py. Reads the temporary table `heard`.
SELECT DISTINCT item_id, mention_id
FROM heard
WHERE item_id IS NOT NULL AND is_in_period
ORDER BY item_id, mention_id
