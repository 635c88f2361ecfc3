-- Question: how many items are in which state?
-- Grain: one row per state. Reader: the page's backlog.
SELECT state, count(*) AS n_items
FROM backlog
GROUP BY state
ORDER BY state
