-- Question: what is there to work on, for whom, since when, and what is late?
-- Grain:    one row per item of the backlog, the most urgent first; what rests, is over or went into another comes last.
-- Reader:   cxnlp/answers/backlog.py. Bound: $states (empty: all), $owner (a part of the name; null: all), $overdue, $open
-- (the states OPEN of cxnlp/backlog/states.py, so that what an older version published is read, too).
SELECT backlog.*, days_in_state, days_to_accepted, coalesce(is_overdue, false) AS is_overdue
FROM backlog
LEFT JOIN (SELECT item_id, days_in_state, days_to_accepted, is_overdue FROM backlog_clock) USING (item_id)
WHERE
    (len($states) = 0 OR state IN (SELECT unnest($states::VARCHAR[])))
    AND ($owner::VARCHAR IS NULL OR contains(lower(coalesce(assigned_to, owner)), lower($owner)))
    AND (NOT $overdue OR is_overdue)
ORDER BY NOT list_contains($open, state), priority DESC, item_id
