-- Question: how did each moment of truth feel to customers, week by week?
-- Grain:    one row per moment and week with at least one sure mention by a customer.
-- Reader:   an owner of a moment; the page's trends.
--
-- net_sentiment = (n_positive - n_negative) / n_mentions; negative_share = n_negative / n_mentions;
-- strong_negative_share = mentions of strength -2 / n_mentions. Intervals: macros.sql.

CREATE OR REPLACE VIEW moments AS
WITH
heard AS (
    SELECT label AS moment, stage, week, person_key, sentiment
    FROM evidence
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
counts AS (
    SELECT
        moment, any_value(stage) AS stage, week,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment > 0) AS n_positive,
        count(*) FILTER (sentiment < 0) AS n_negative,
        count(*) FILTER (sentiment = -2) AS n_strong_negative
    FROM heard
    GROUP BY moment, week
),
weeks AS (
    SELECT CAST(date_trunc('week', utc_day(occurred_at)) AS DATE) AS week, count(*) AS n_feedback_week
    FROM feedback
    WHERE duplicate_of IS NULL AND is_readable
    GROUP BY ALL
),
names AS (
    SELECT id AS moment, name, stage_position FROM taxonomy WHERE family = 'moment'
)
SELECT
    stage,
    moment,
    name,
    week,
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
    n_feedback_week
FROM counts
LEFT JOIN weeks USING (week)
LEFT JOIN names USING (moment)
ORDER BY stage_position, moment, week;

COMMENT ON VIEW moments IS 'One row per moment of truth and week: how many spoke of it and how they felt. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN moments.stage IS 'ABACUS stage of the moment.';
COMMENT ON COLUMN moments.moment IS 'Id of the moment.';
COMMENT ON COLUMN moments.name IS 'The moment in plain English.';
COMMENT ON COLUMN moments.week IS 'The Monday of the week.';
COMMENT ON COLUMN moments.n_mentions IS 'Mentions of the moment.';
COMMENT ON COLUMN moments.n_customers IS 'Different people behind them.';
COMMENT ON COLUMN moments.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1.';
COMMENT ON COLUMN moments.net_sentiment_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN moments.net_sentiment_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN moments.negative_share IS 'Share of negative mentions (-2 and -1), 0 to 1.';
COMMENT ON COLUMN moments.negative_share_low IS 'Lower end of its 95 % Wilson interval.';
COMMENT ON COLUMN moments.negative_share_high IS 'Upper end of its 95 % Wilson interval.';
COMMENT ON COLUMN moments.strong_negative_share IS 'Share of mentions of strength -2, 0 to 1.';
COMMENT ON COLUMN moments.n_positive IS 'Mentions of strength 1 or 2.';
COMMENT ON COLUMN moments.n_negative IS 'Mentions of strength -1 or -2.';
COMMENT ON COLUMN moments.n_feedback_week IS 'Readable pieces of feedback of that week, without duplicates: the denominator of "how many spoke of it".';
