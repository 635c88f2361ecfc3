-- Question: how long did the items of the backlog take, and which are late?
-- Grain: one row per item that did not go into another, with the workspace's targets. Reader: the page's backlog.
SELECT
    item_id, nights_to_item, days_to_accepted, days_to_shipped, days_to_verified, is_overdue,
    item_within_nights, accepted_within_days, shipped_within_days
FROM backlog_clock
LEFT JOIN backlog_targets ON true
ORDER BY item_id
