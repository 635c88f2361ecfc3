-- Question: what was noted of each item, whatever it was noted with?
-- Grain: one row per note, the oldest first. Reader: cxnlp/cli/backlog_sheet.py.
SELECT item_id, note
FROM backlog_events
WHERE note IS NOT NULL
ORDER BY "at", item_id
