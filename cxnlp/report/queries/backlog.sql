-- Question: what should be worked on, in order?
-- Grain: one row per item. Reader: the page's headline and backlog. `cxnlp backlog explain ITEM` shows the sum of a priority.
SELECT *
FROM backlog
ORDER BY priority DESC, item_id
