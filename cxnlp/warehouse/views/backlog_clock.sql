-- Question: how many days from the first word of a problem to an item, to its acceptance, to its fix, to proof that it helped?
-- Grain:    one row per item that did not go into another; its present round, which begins anew when it is opened again.
-- Reader:   `cxnlp backlog clock`, the page; whoever keeps the promise of days.
--
-- Waiting counts: what is not accepted, or not shipped, in time is late from the day after its target on. Before that, and
-- where nothing is to be accepted (declined, snoozed, quiet), the answer is null.

CREATE OR REPLACE VIEW backlog_clock AS
WITH
nights AS (
    SELECT max(night) AS night FROM runs
),
rounds AS (
    SELECT
        item_id,
        max(happened_on) FILTER (event = 'reopened' AND state_after = 'new') AS reopened_on,
        max(happened_on) FILTER (event = 'verified') AS verified_on
    FROM backlog_events
    GROUP BY item_id
),
dated AS (
    SELECT
        backlog.*,
        greatest(opened_on, reopened_on) AS began_on,  -- of two days, one of which may be null
        CASE WHEN verified_on >= shipped_on THEN verified_on END AS verified_on,
        coalesce(due_on, accepted_on + shipped_within_days) AS wanted_on,
        night, item_within_nights, accepted_within_days
    FROM backlog
    CROSS JOIN nights
    LEFT JOIN backlog_targets ON true
    LEFT JOIN rounds USING (item_id)
    WHERE state <> 'merged'
),
counted AS (  -- never below 0 (a fix may be older than its acceptance); greatest passes over null, so null comes from 0 * null
    SELECT
        *,
        greatest(opened_on - ready_on, 0 * (opened_on - ready_on)) AS nights_to_item,
        greatest(accepted_on - began_on, 0 * (accepted_on - began_on)) AS days_to_accepted,
        greatest(shipped_on - accepted_on, 0 * (shipped_on - accepted_on)) AS days_to_shipped,
        greatest(verified_on - shipped_on, 0 * (verified_on - shipped_on)) AS days_to_verified,
        greatest(verified_on - first_feedback_on, 0 * (verified_on - first_feedback_on)) AS days_in_all,
        greatest(night - state_since, 0 * (night - state_since)) AS days_in_state
    FROM dated
)
SELECT
    item_id,
    title,
    state,
    assigned_to,
    due_on,
    first_feedback_on,
    ready_on,
    opened_on,
    began_on,
    accepted_on,
    shipped_on,
    verified_on,
    days_to_item,
    nights_to_item,
    days_to_accepted,
    days_to_shipped,
    days_to_verified,
    days_in_all,
    days_in_state,
    nights_to_item <= item_within_nights AS is_item_in_time,
    CASE
        WHEN accepted_on IS NOT NULL THEN days_to_accepted <= accepted_within_days
        WHEN state = 'new' AND night - began_on > accepted_within_days THEN false
    END AS is_accepted_in_time,
    CASE
        WHEN shipped_on IS NOT NULL THEN shipped_on <= wanted_on
        WHEN state IN ('accepted', 'in_progress') AND night > wanted_on THEN false
    END AS is_shipped_in_time,
    coalesce(
        (state = 'new' AND night - began_on > accepted_within_days)
        OR (state IN ('accepted', 'in_progress') AND night > wanted_on),
        false
    ) AS is_overdue
FROM counted
ORDER BY item_id;

COMMENT ON VIEW backlog_clock IS 'One row per item of the backlog: its days from the first word to an item, to acceptance, to the fix, to proof, and whether in time.';
COMMENT ON COLUMN backlog_clock.item_id IS 'The item.';
COMMENT ON COLUMN backlog_clock.title IS 'The item in plain words.';
COMMENT ON COLUMN backlog_clock.state IS 'Where it stands in its life.';
COMMENT ON COLUMN backlog_clock.assigned_to IS 'Who answers for it, as people say.';
COMMENT ON COLUMN backlog_clock.due_on IS 'Day by which it shall be shipped.';
COMMENT ON COLUMN backlog_clock.first_feedback_on IS 'Day of the first feedback that speaks of it.';
COMMENT ON COLUMN backlog_clock.ready_on IS 'Day on which enough people''s feedback had arrived for an item; null where that is not known.';
COMMENT ON COLUMN backlog_clock.opened_on IS 'Night on which it first appeared.';
COMMENT ON COLUMN backlog_clock.began_on IS 'That night, or the day on which it was last opened again.';
COMMENT ON COLUMN backlog_clock.accepted_on IS 'Day on which it was accepted in this round.';
COMMENT ON COLUMN backlog_clock.shipped_on IS 'Day from which customers meet the fix of this round.';
COMMENT ON COLUMN backlog_clock.verified_on IS 'Night that found that the fix helped.';
COMMENT ON COLUMN backlog_clock.days_to_item IS 'Days from the first feedback to the item.';
COMMENT ON COLUMN backlog_clock.nights_to_item IS 'Days from ready_on to the item: what the nights took.';
COMMENT ON COLUMN backlog_clock.days_to_accepted IS 'Days from began_on to acceptance.';
COMMENT ON COLUMN backlog_clock.days_to_shipped IS 'Days from acceptance to the fix.';
COMMENT ON COLUMN backlog_clock.days_to_verified IS 'Days from the fix to the proof that it helped.';
COMMENT ON COLUMN backlog_clock.days_in_all IS 'Days from the first feedback to that proof.';
COMMENT ON COLUMN backlog_clock.days_in_state IS 'Days, up to the last night, in its present state.';
COMMENT ON COLUMN backlog_clock.is_item_in_time IS 'Whether nights_to_item is within backlog_targets.item_within_nights.';
COMMENT ON COLUMN backlog_clock.is_accepted_in_time IS 'Whether it was accepted within accepted_within_days; false once it waits longer, null before.';
COMMENT ON COLUMN backlog_clock.is_shipped_in_time IS 'Whether it was shipped by its due day, else within shipped_within_days; false once it is late, null before or without either.';
COMMENT ON COLUMN backlog_clock.is_overdue IS 'Whether somebody should have accepted or shipped it by the last night and has not.';
