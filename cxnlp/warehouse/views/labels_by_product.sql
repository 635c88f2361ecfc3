-- Question: what did customers say by product, month by month, in how much of the feedback, and how did it feel?
-- Grain:    one row per month, product and label that was said there; product null where none was given.
-- Reader:   an owner of a product.
--
-- Shares, intervals and people: counts.sql. Other groupings: FROM counts_by('moment', 'week', 'product, channel').

CREATE OR REPLACE VIEW labels_by_product AS
SELECT * EXCLUDE (channel, location, segment, first_on, last_on)
FROM counts_by('all', 'month', 'product')
ORDER BY starts_on, product, family, label, polarity;

COMMENT ON VIEW labels_by_product IS 'One row per month, product and label: in how much of the feedback it was said, corrected for the model''s errors, and how it felt. Customers'' lines, no duplicates.';
COMMENT ON COLUMN labels_by_product.starts_on IS 'The first of the month.';
COMMENT ON COLUMN labels_by_product.product IS 'Product as the source gave it; null where none was given.';
