-- Question: how many days does each leg from the first word to the proof take, and how often is it within the target?
-- Grain:    one row per leg, in the order of an item's life.
-- Reader:   `cxnlp backlog clock`, the page; whoever keeps the promise of days.

CREATE OR REPLACE VIEW backlog_clock_summary AS
WITH
legs AS (
    SELECT 1 AS position, 'first word to item' AS leg, days_to_item AS days, CAST(NULL AS BOOLEAN) AS is_in_time FROM backlog_clock
    UNION ALL
    SELECT 2, 'enough said to item', nights_to_item, is_item_in_time FROM backlog_clock
    UNION ALL
    SELECT 3, 'item to accepted', days_to_accepted, is_accepted_in_time FROM backlog_clock
    UNION ALL
    SELECT 4, 'accepted to shipped', days_to_shipped, is_shipped_in_time FROM backlog_clock
    UNION ALL
    SELECT 5, 'shipped to verified', days_to_verified, NULL FROM backlog_clock
    UNION ALL
    SELECT 6, 'first word to verified', days_in_all, NULL FROM backlog_clock
),
targets_of_legs AS (
    SELECT 2 AS position, item_within_nights AS target_days FROM backlog_targets
    UNION ALL
    SELECT 3, accepted_within_days FROM backlog_targets
    UNION ALL
    SELECT 4, shipped_within_days FROM backlog_targets
)
SELECT
    legs.position,
    leg,
    count(days) AS n_items,
    median(days) AS days_median,
    quantile_cont(days, 0.9) AS days_90,
    any_value(target_days) AS target_days,
    count(is_in_time) AS n_items_judged,
    count(*) FILTER (is_in_time) / nullif(count(is_in_time), 0) AS in_time_share
FROM legs
LEFT JOIN targets_of_legs ON targets_of_legs.position = legs.position
GROUP BY legs.position, leg
ORDER BY legs.position;

COMMENT ON VIEW backlog_clock_summary IS 'One row per leg of an item''s life: how many days it takes, and how often it is within the workspace''s target.';
COMMENT ON COLUMN backlog_clock_summary.position IS 'Its place in an item''s life, from 1.';
COMMENT ON COLUMN backlog_clock_summary.leg IS 'From what to what.';
COMMENT ON COLUMN backlog_clock_summary.n_items IS 'Items that have it behind them; what still runs has no days yet.';
COMMENT ON COLUMN backlog_clock_summary.days_median IS 'Half of these took so many days or fewer.';
COMMENT ON COLUMN backlog_clock_summary.days_90 IS 'Nine in ten of these took so many days or fewer.';
COMMENT ON COLUMN backlog_clock_summary.target_days IS 'The workspace''s target; null: none.';
COMMENT ON COLUMN backlog_clock_summary.n_items_judged IS 'Items that are in time or late: also those that wait and are late already.';
COMMENT ON COLUMN backlog_clock_summary.in_time_share IS 'Of these, the share in time, 0 to 1.';
