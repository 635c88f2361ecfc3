-- Question: what did customers say week by week, in how much of the feedback, and how did it feel?
-- Grain:    one row per week and label that was said in it.
-- Reader:   a dashboard; an analyst who compares weeks.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'week', 'channel, product').

CREATE OR REPLACE VIEW labels_by_week AS
SELECT * EXCLUDE (channel, product, location, segment, first_on, last_on)
FROM counts_by('all', 'week', '')
ORDER BY starts_on, family, label, polarity;

COMMENT ON VIEW labels_by_week IS 'One row per week and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_week.starts_on IS 'The Monday of the week.';
