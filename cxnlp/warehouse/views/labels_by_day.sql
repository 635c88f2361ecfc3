-- Question: what did customers say day by day, in how much of the feedback, and how did it feel?
-- Grain:    one row per day and label that was said in it.
-- Reader:   a dashboard; an analyst who compares days.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'day', 'channel, product').

CREATE OR REPLACE VIEW labels_by_day AS
SELECT * EXCLUDE (channel, product, location, segment, first_on, last_on)
FROM counts_by('all', 'day', '')
ORDER BY starts_on, family, label, polarity;

COMMENT ON VIEW labels_by_day IS 'One row per day and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_day.starts_on IS 'The day.';
