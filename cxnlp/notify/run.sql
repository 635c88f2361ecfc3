-- Question: which night is published, and what did it read?
-- Grain: one row. Reader: cxnlp/notify/changes.py.
SELECT run_id, night, n_arrived, n_stored, n_quarantined
FROM runs
ORDER BY rowid DESC
LIMIT 1
