-- Question: where can an item of the backlog stand, and what does that mean?
-- Grain:    one row per state, in the order of an item's life.
-- Reader:   whoever asks for open items, or for those that are over; other views and the page do.
--
-- The list is that of cxnlp/backlog/states.py, which says what people may do where; a test compares them.

CREATE OR REPLACE VIEW backlog_states AS
FROM (
    VALUES
    (1, 'new', true, true, false, false, false, 'Found by a night; nobody has taken it on.'),
    (2, 'accepted', true, false, false, false, false, 'Somebody answers for it.'),
    (3, 'in_progress', true, false, false, false, false, 'Work on it has begun.'),
    (4, 'shipped', true, false, true, true, false, 'A fix is with customers, and the nights compare.'),
    (5, 'verified', true, false, true, true, false, 'A night found that it helped.'),
    (6, 'not_effective', true, false, true, true, false, 'A night found that it did not.'),
    (7, 'closed', false, false, false, true, true, 'Over.'),
    (8, 'declined', false, false, false, true, true, 'Not to be done, for a reason.'),
    (9, 'snoozed', false, true, false, false, false, 'Put aside until a day.'),
    (10, 'quiet', false, true, false, false, true, 'No longer said often enough, and nobody had accepted it.'),
    (11, 'merged', false, false, false, false, true, 'Went into another item.')
) AS states("position", state, is_open, is_waiting, is_shipped, is_ended, is_over, meaning)
ORDER BY "position";

COMMENT ON VIEW backlog_states IS 'One row per state of the backlog''s items: what it means, and what kind of state it is.';
COMMENT ON COLUMN backlog_states."position" IS 'Place in the order of an item''s life, from 1.';
COMMENT ON COLUMN backlog_states.state IS 'As backlog.state has it.';
COMMENT ON COLUMN backlog_states.is_open IS 'Whether somebody still has something to do.';
COMMENT ON COLUMN backlog_states.is_waiting IS 'Whether it waits for somebody to take it on.';
COMMENT ON COLUMN backlog_states.is_shipped IS 'Whether a fix is with customers.';
COMMENT ON COLUMN backlog_states.is_ended IS 'Whether people have ended the work on it.';
COMMENT ON COLUMN backlog_states.is_over IS 'Whether it is neither to be done nor to be watched.';
COMMENT ON COLUMN backlog_states.meaning IS 'The state in a sentence.';
