-- Question: what were the items called that people decided about, when they did?
-- Grain: one row per item of the table backlog that is not new, quiet or merged, or that was accepted. Reader:
-- cxnlp/backlog/items.py.
SELECT item_id, title
FROM backlog
WHERE state NOT IN ('new', 'quiet', 'merged') OR accepted_on IS NOT NULL
