-- Question: which moments of truth are critical, which work well, and which need improvement?
-- Grain:    one row per moment of truth, in the order of the journey.
-- Reader:   the action plan (`cxnlp plan`); a head of service.
--
-- A moment is critical when the workspace says so (`cxnlp moments set delivery --critical`), or when customers leave by it:
-- the lower end of the 95 % interval of the share that says so lies above the share in all feedback. It works well, or needs
-- improvement, where the whole interval of its net sentiment lies on one side of zero.

CREATE OR REPLACE VIEW plan_moments AS
WITH
leaving AS (
    SELECT count(DISTINCT feedback_id) AS n_feedback_leaving
    FROM counted_labels
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE speaker = 'customer' AND family = 'signal' AND label = 'churn' AND n_mentions > 0
),
judged AS (
    SELECT
        moment_diagnostics.*,
        stage_name,
        stage_position,
        wilson_low(n_feedback_churn, n_feedback) > n_feedback_leaving / n_feedback_all AS is_left_by
    FROM moment_diagnostics
    JOIN taxonomy ON taxonomy.family = 'moment' AND taxonomy.id = moment_diagnostics.moment
    CROSS JOIN leaving
)
SELECT
    stage,
    stage_name,
    moment,
    name,
    owner,
    expectation,
    is_critical OR coalesce(is_left_by, false) AS is_critical,
    CASE WHEN is_critical THEN 'marked by the workspace' WHEN is_left_by THEN 'customers leave by it' END AS critical_because,
    CASE
        WHEN net_sentiment_low > 0 THEN 'works well'
        WHEN net_sentiment_high < 0 THEN 'needs improvement'
        WHEN n_mentions > 0 THEN 'mixed'
        ELSE 'nothing heard'
    END AS standing,
    n_mentions,
    n_customers,
    net_sentiment,
    net_sentiment_low,
    net_sentiment_high,
    complaint_share,
    trend_word
FROM judged
ORDER BY stage_position, moment;

COMMENT ON VIEW plan_moments IS 'One row per moment of truth: whether it is critical, and whether it works well or needs improvement, over the last eight weeks.';
COMMENT ON COLUMN plan_moments.stage IS 'Id of the ABACUS stage.';
COMMENT ON COLUMN plan_moments.stage_name IS 'The stage in plain English.';
COMMENT ON COLUMN plan_moments.owner IS 'Who answers for it: the workspace''s moments.yaml, else the taxonomy.';
COMMENT ON COLUMN plan_moments.net_sentiment IS 'Share of positive minus share of negative mentions, -1 to 1.';
COMMENT ON COLUMN plan_moments.name IS 'The moment in plain English.';
COMMENT ON COLUMN plan_moments.expectation IS 'What the customer expects.';
COMMENT ON COLUMN plan_moments.is_critical IS 'Whether customers stay or leave by it: marked by the workspace, or found.';
COMMENT ON COLUMN plan_moments.critical_because IS 'marked by the workspace, or customers leave by it; null where it is not critical.';
COMMENT ON COLUMN plan_moments.standing IS 'works well or needs improvement where the interval of the net sentiment leaves out 0; mixed; nothing heard.';
COMMENT ON COLUMN plan_moments.complaint_share IS 'Share of all feedback that complains of it, 0 to 1.';
COMMENT ON COLUMN plan_moments.trend_word IS 'rising or falling complaints where the interval leaves out 0, else steady.';
