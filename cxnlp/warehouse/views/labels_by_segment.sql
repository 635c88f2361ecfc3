-- Question: what did customers say by segment, month by month, in how much of the feedback, and how did it feel?
-- Grain:    one row per month, segment and label that was said there; segment null where none was given.
-- Reader:   marketing, which asks whether kinds of customers differ.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'week', 'segment, channel').

CREATE OR REPLACE VIEW labels_by_segment AS
SELECT * EXCLUDE (channel, product, location, first_on, last_on)
FROM counts_by('all', 'month', 'segment')
ORDER BY starts_on, segment, family, label, polarity;

COMMENT ON VIEW labels_by_segment IS 'One row per month, segment and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_segment.starts_on IS 'The first of the month.';
COMMENT ON COLUMN labels_by_segment.segment IS 'Kind of customer as the source gave it; null where none was given.';
