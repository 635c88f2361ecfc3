-- Question: where does each item stand, and who brought it there?
-- Grain: one row per item, the most urgent first. Reader: cxnlp/backlog/trackers/syncing.py.
-- `state_by` is null where its state never changed.
SELECT backlog.*, state_by
FROM backlog
LEFT JOIN (
    SELECT item_id, max_by("by", "at") AS state_by
    FROM backlog_events
    WHERE state_before IS DISTINCT FROM state_after
    GROUP BY item_id
) USING (item_id)
ORDER BY priority DESC NULLS LAST, item_id
