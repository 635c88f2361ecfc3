-- Question: how many people did an item have when the log last said how many there are?
-- Grain: one row per item with such an event. Reader: cxnlp/backlog/lineage.py.
SELECT item_id, max_by(n_customers, "at") AS n_customers
FROM backlog_events
WHERE event IN ('opened', 'grew', 'shrank', 'reopened') AND n_customers IS NOT NULL
GROUP BY item_id
