-- Question: how does each stage of the customer's journey feel?
-- Grain:    one row per ABACUS stage of the taxonomy, in the order of the journey; a stage nobody spoke of counts 0.
-- Reader:   management; the page's journey.
--
-- A mention of two moments of one stage counts once in that stage. Shares and intervals as in moments.sql; errors are
-- measured by moment, so the share of a stage is not corrected.

CREATE OR REPLACE VIEW abacus AS
WITH
counts AS (
    FROM counts_by('stage', 'all', '')
),
heard AS (
    SELECT n_feedback FROM heard_by('all', '')
),
stages AS (
    SELECT stage, any_value(stage_name) AS name, min(stage_position) AS stage_position
    FROM taxonomy
    WHERE family = 'moment'
    GROUP BY stage
)
SELECT
    stages.stage,
    stages.name,
    coalesce(n_mentions, 0) AS n_mentions,
    coalesce(n_customers, 0) AS n_customers,
    net_sentiment,
    net_sentiment_low,
    net_sentiment_high,
    negative_share,
    negative_share_low,
    negative_share_high,
    coalesce(heard.n_feedback, 0) AS n_feedback,
    coalesce(n_feedback_reporting, 0) AS n_feedback_reporting,
    coalesce(n_feedback_reporting, 0) / heard.n_feedback AS raw_share,
    wilson_low(coalesce(n_feedback_reporting, 0), heard.n_feedback) AS raw_share_low,
    wilson_high(coalesce(n_feedback_reporting, 0), heard.n_feedback) AS raw_share_high
FROM stages
LEFT JOIN counts ON counts.label = stages.stage
LEFT JOIN heard ON true
ORDER BY stage_position;

COMMENT ON VIEW abacus IS 'One row per ABACUS stage (awareness, buy-in, acquisition, care, use, share). Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN abacus.stage IS 'Id of the stage.';
COMMENT ON COLUMN abacus.name IS 'The stage in plain English.';
COMMENT ON COLUMN abacus.n_mentions IS 'Mentions of any moment of the stage.';
COMMENT ON COLUMN abacus.negative_share IS 'Share of negative mentions, 0 to 1; null without mentions.';
COMMENT ON COLUMN abacus.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of a moment of the stage.';
