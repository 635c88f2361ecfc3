-- Question: how does each moment of truth feel to customers, over all that is stored?
-- Grain:    one row per moment with at least one sure mention by a customer.
-- Reader:   an owner of a moment; the headline of the page.
--
-- Shares and intervals as in moments.sql.

CREATE OR REPLACE VIEW moments_all AS
WITH
heard AS (
    SELECT label AS moment, stage, occurred_on, person_key, sentiment
    FROM evidence
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
counts AS (
    SELECT
        moment, any_value(stage) AS stage,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment > 0) AS n_positive,
        count(*) FILTER (sentiment < 0) AS n_negative,
        count(*) FILTER (sentiment = -2) AS n_strong_negative,
        min(occurred_on) AS first_on,
        max(occurred_on) AS last_on
    FROM heard
    GROUP BY moment
),
totals AS (
    SELECT count(*) AS n_feedback FROM feedback WHERE duplicate_of IS NULL AND is_readable
),
names AS (
    SELECT id AS moment, name, stage_position FROM taxonomy WHERE family = 'moment'
)
SELECT
    stage,
    moment,
    name,
    n_mentions,
    n_customers,
    (n_positive - n_negative) / n_mentions AS net_sentiment,
    net_low(n_positive, n_negative, n_mentions) AS net_sentiment_low,
    net_high(n_positive, n_negative, n_mentions) AS net_sentiment_high,
    n_negative / n_mentions AS negative_share,
    wilson_low(n_negative, n_mentions) AS negative_share_low,
    wilson_high(n_negative, n_mentions) AS negative_share_high,
    n_strong_negative / n_mentions AS strong_negative_share,
    n_positive,
    n_negative,
    n_feedback,
    first_on,
    last_on
FROM counts
CROSS JOIN totals
LEFT JOIN names USING (moment)
ORDER BY stage_position, moment;

COMMENT ON VIEW moments_all IS 'One row per moment of truth over all that is stored. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN moments_all.stage IS 'ABACUS stage of the moment.';
COMMENT ON COLUMN moments_all.moment IS 'Id of the moment.';
COMMENT ON COLUMN moments_all.name IS 'The moment in plain English.';
COMMENT ON COLUMN moments_all.n_mentions IS 'Mentions of the moment.';
COMMENT ON COLUMN moments_all.n_customers IS 'Different people behind them.';
COMMENT ON COLUMN moments_all.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1.';
COMMENT ON COLUMN moments_all.net_sentiment_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN moments_all.net_sentiment_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN moments_all.negative_share IS 'Share of negative mentions (-2 and -1), 0 to 1.';
COMMENT ON COLUMN moments_all.negative_share_low IS 'Lower end of its 95 % Wilson interval.';
COMMENT ON COLUMN moments_all.negative_share_high IS 'Upper end of its 95 % Wilson interval.';
COMMENT ON COLUMN moments_all.strong_negative_share IS 'Share of mentions of strength -2, 0 to 1.';
COMMENT ON COLUMN moments_all.n_positive IS 'Mentions of strength 1 or 2.';
COMMENT ON COLUMN moments_all.n_negative IS 'Mentions of strength -1 or -2.';
COMMENT ON COLUMN moments_all.n_feedback IS 'Readable pieces of feedback stored, without duplicates.';
COMMENT ON COLUMN moments_all.first_on IS 'Day of the first mention.';
COMMENT ON COLUMN moments_all.last_on IS 'Day of the latest mention.';
