-- Question: how did each moment of truth feel to customers, week by week?
-- Grain:    one row per moment and week with at least one sure mention by a customer.
-- Reader:   an owner of a moment; the page's trends.
--
-- net_sentiment = (n_positive - n_negative) / n_mentions; negative_share = n_negative / n_mentions;
-- strong_negative_share = mentions of strength -2 / n_mentions. Intervals: macros.sql. Shares of feedback: counts.sql.

CREATE OR REPLACE VIEW moments AS
WITH
counts AS (
    FROM counts_by('moment', 'week', '') WHERE n_mentions > 0
),
stages AS (
    SELECT id AS label, stage, stage_position FROM taxonomy WHERE family = 'moment'
)
SELECT
    stage,
    label AS moment,
    name,
    starts_on AS week,
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
    n_strong_negative,
    n_feedback_reporting,
    raw_share,
    corrected_share,
    corrected_share_low,
    corrected_share_high,
    method
FROM counts
LEFT JOIN stages USING (label)
ORDER BY stage_position, moment, week;

COMMENT ON VIEW moments IS 'One row per moment of truth and week: how many spoke of it and how they felt. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN moments.stage IS 'ABACUS stage of the moment.';
COMMENT ON COLUMN moments.name IS 'The moment in plain English.';
COMMENT ON COLUMN moments.n_mentions IS 'Mentions of the moment.';
COMMENT ON COLUMN moments.strong_negative_share IS 'Share of mentions of strength -2, 0 to 1.';
COMMENT ON COLUMN moments.n_feedback IS 'Pieces of feedback of that week with a customer''s words, without duplicates: the denominator of "how many spoke of it".';
COMMENT ON COLUMN moments.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of the moment. What persons judged is left out.';
