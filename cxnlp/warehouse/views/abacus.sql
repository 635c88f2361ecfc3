-- Question: how does each stage of the customer's journey feel?
-- Grain:    one row per ABACUS stage of the taxonomy, in the order of the journey; a stage nobody spoke of counts 0.
-- Reader:   management; the page's journey.
--
-- A mention of two moments of one stage counts once in that stage. Shares and intervals as in moments.sql.

CREATE OR REPLACE VIEW abacus AS
WITH
heard AS (
    SELECT stage, mention_id, any_value(person_key) AS person_key, any_value(sentiment) AS sentiment
    FROM evidence
    WHERE family = 'moment' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
    GROUP BY stage, mention_id
),
counts AS (
    SELECT
        stage,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment > 0) AS n_positive,
        count(*) FILTER (sentiment < 0) AS n_negative
    FROM heard
    GROUP BY stage
),
stages AS (
    SELECT stage, any_value(stage_name) AS name, min(stage_position) AS stage_position
    FROM taxonomy
    WHERE family = 'moment'
    GROUP BY stage
)
SELECT
    stage,
    name,
    coalesce(n_mentions, 0) AS n_mentions,
    coalesce(n_customers, 0) AS n_customers,
    (n_positive - n_negative) / n_mentions AS net_sentiment,
    net_low(n_positive, n_negative, n_mentions) AS net_sentiment_low,
    net_high(n_positive, n_negative, n_mentions) AS net_sentiment_high,
    n_negative / n_mentions AS negative_share,
    wilson_low(n_negative, n_mentions) AS negative_share_low,
    wilson_high(n_negative, n_mentions) AS negative_share_high
FROM stages
LEFT JOIN counts USING (stage)
ORDER BY stage_position;

COMMENT ON VIEW abacus IS 'One row per ABACUS stage (awareness, buy-in, acquisition, care, use, share). Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN abacus.stage IS 'Id of the stage.';
COMMENT ON COLUMN abacus.name IS 'The stage in plain English.';
COMMENT ON COLUMN abacus.n_mentions IS 'Mentions of any moment of the stage.';
COMMENT ON COLUMN abacus.n_customers IS 'Different people behind them.';
COMMENT ON COLUMN abacus.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1; null without mentions.';
COMMENT ON COLUMN abacus.net_sentiment_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN abacus.net_sentiment_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN abacus.negative_share IS 'Share of negative mentions, 0 to 1; null without mentions.';
COMMENT ON COLUMN abacus.negative_share_low IS 'Lower end of its 95 % Wilson interval.';
COMMENT ON COLUMN abacus.negative_share_high IS 'Upper end of its 95 % Wilson interval.';
