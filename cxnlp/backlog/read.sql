-- Question: what should be worked on, in order?
-- Grain: one row per item. Reader: cxnlp/backlog/items.py, the page and the CSV.
FROM backlog
ORDER BY state IN ('snoozed', 'quiet', 'closed', 'declined', 'merged'), priority DESC, item_id
