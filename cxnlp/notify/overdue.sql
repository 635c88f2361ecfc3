-- Question: what should somebody have accepted or shipped by now, and has not?
-- Grain: one row per such item. Reader: cxnlp/notify/changes.py.
SELECT item_id
FROM backlog_clock
WHERE is_overdue
ORDER BY item_id
