-- Question: what did customers say by location, month by month, in how much of the feedback, and how did it feel?
-- Grain:    one row per month, location and label that was said there; location null where none was given.
-- Reader:   an area manager.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'week', 'location, channel').

CREATE OR REPLACE VIEW labels_by_location AS
SELECT * EXCLUDE (channel, product, segment, first_on, last_on)
FROM counts_by('all', 'month', 'location')
ORDER BY starts_on, location, family, label, polarity;

COMMENT ON VIEW labels_by_location IS 'One row per month, location and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_location.starts_on IS 'The first of the month.';
COMMENT ON COLUMN labels_by_location.location IS 'Branch or place as the source gave it; null where none was given.';
