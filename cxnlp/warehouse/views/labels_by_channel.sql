-- Question: what did customers say by channel, month by month, in how much of the feedback, and how did it feel?
-- Grain:    one row per month, channel and label that was said there; channel null where none was given.
-- Reader:   one who asks whether channels tell different stories.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'week', 'channel, product').

CREATE OR REPLACE VIEW labels_by_channel AS
SELECT * EXCLUDE (product, location, segment, first_on, last_on)
FROM counts_by('all', 'month', 'channel')
ORDER BY starts_on, channel, family, label, polarity;

COMMENT ON VIEW labels_by_channel IS 'One row per month, channel and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_channel.starts_on IS 'The first of the month.';
