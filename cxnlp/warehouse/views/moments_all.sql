-- Question: how does each moment of truth feel to customers, over all that is stored?
-- Grain:    one row per moment with at least one sure mention by a customer.
-- Reader:   an owner of a moment; the headline of the page.
--
-- Shares and intervals as in moments.sql.

CREATE OR REPLACE VIEW moments_all AS
WITH
counts AS (
    FROM counts_by('moment', 'all', '') WHERE n_mentions > 0
),
stages AS (
    SELECT id AS label, stage, stage_position FROM taxonomy WHERE family = 'moment'
)
SELECT
    stage,
    label AS moment,
    name,
    n_mentions,
    n_customers,
    net_sentiment,
    net_sentiment_low,
    net_sentiment_high,
    negative_share,
    negative_share_low,
    negative_share_high,
    n_strong_negative / n_mentions AS strong_negative_share,
    n_positive,
    n_negative,
    n_feedback,
    first_on,
    last_on,
    n_strong_negative,
    n_feedback_reporting,
    raw_share,
    corrected_share,
    corrected_share_low,
    corrected_share_high,
    method
FROM counts
LEFT JOIN stages USING (label)
ORDER BY stage_position, moment;

COMMENT ON VIEW moments_all IS 'One row per moment of truth over all that is stored. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN moments_all.stage IS 'ABACUS stage of the moment.';
COMMENT ON COLUMN moments_all.name IS 'The moment in plain English.';
COMMENT ON COLUMN moments_all.n_mentions IS 'Mentions of the moment.';
COMMENT ON COLUMN moments_all.strong_negative_share IS 'Share of mentions of strength -2, 0 to 1.';
COMMENT ON COLUMN moments_all.n_feedback IS 'Pieces of feedback stored with a customer''s words, without duplicates.';
COMMENT ON COLUMN moments_all.first_on IS 'Day of the first mention.';
COMMENT ON COLUMN moments_all.last_on IS 'Day of the latest mention.';
