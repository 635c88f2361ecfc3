-- Question: what should be worked on, in order?
-- Grain: one row per item. Reader: cxnlp/backlog/items.py, the page and the CSV.
SELECT backlog.*
FROM backlog
LEFT JOIN backlog_states USING (state)
ORDER BY NOT is_open, priority DESC, item_id
