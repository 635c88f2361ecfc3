-- What people's moves make of items. Reads the frames `kept` (item_id, state and the columns STANDING; when the item was
-- opened and first spoken of, as its first move remembers) and `happened` (columns EVENTS).
-- In a database that was made anew an item gets back the days on which it really began. Since when enough had been said
-- is not known of it any more.

UPDATE backlog SET
    state = kept.state,
    assigned_to = kept.assigned_to,
    due_on = kept.due_on,
    accepted_on = kept.accepted_on,
    started_on = kept.started_on,
    shipped_on = kept.shipped_on,
    shipped_what = kept.shipped_what,
    shipped_where = kept.shipped_where,
    snoozed_until = kept.snoozed_until,
    state_since = kept.state_since,
    n_customers_since = CASE WHEN kept.state_since IS DISTINCT FROM backlog.state_since THEN 0 ELSE n_customers_since END,
    opened_on = least(opened_on, was_opened_on),
    first_feedback_on = least(first_feedback_on, was_first_feedback_on),
    days_to_item = CASE
        WHEN was_opened_on < opened_on THEN date_diff('day', least(first_feedback_on, was_first_feedback_on), was_opened_on)
        ELSE days_to_item
    END,
    ready_on = CASE WHEN was_opened_on < opened_on THEN NULL ELSE ready_on END
FROM kept
WHERE kept.item_id = backlog.item_id;

UPDATE backlog_events SET happened_on = opened_on, "at" = opened_on::TIMESTAMPTZ
FROM kept
JOIN backlog USING (item_id)
WHERE backlog_events.item_id = kept.item_id AND event = 'opened' AND happened_on > opened_on;

INSERT INTO backlog_events BY NAME FROM happened;
