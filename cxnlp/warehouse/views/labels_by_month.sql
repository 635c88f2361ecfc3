-- Question: what did customers say month by month, in how much of the feedback, and how did it feel?
-- Grain:    one row per month and label that was said in it.
-- Reader:   a dashboard; an analyst who compares months.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'month', 'channel, product').

CREATE OR REPLACE VIEW labels_by_month AS
SELECT * EXCLUDE (channel, product, location, segment, first_on, last_on)
FROM counts_by('all', 'month', '')
ORDER BY starts_on, family, label, polarity;

COMMENT ON VIEW labels_by_month IS 'One row per month and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_month.starts_on IS 'The first of the month.';
