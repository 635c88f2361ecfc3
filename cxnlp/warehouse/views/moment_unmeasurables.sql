-- Question: in which moments of truth is each soft quality shown, and in which is it missing?
-- Grain:    one row per moment and unmeasurable that any customer's mention carries together, over all that is stored.
-- Reader:   an owner of a moment; a head of service who asks where to train.
--
-- Counted are mentions that carry both, so "the driver was rude" is about delivery, and the rude clerk of the next sentence
-- is not. Of the feedback that speaks of the moment: shown, missing, or no opportunity; corrected by the errors that the
-- model makes about the unmeasurable in whole pieces of feedback.

CREATE OR REPLACE VIEW moment_unmeasurables AS
WITH
spoken AS (
    SELECT label AS moment, n_feedback_reporting AS n_feedback FROM said_by('moment', 'all', '')
),
pairs AS (
    SELECT
        moment,
        unmeasurable,
        count(*) FILTER (is_shown) AS n_feedback_shown,
        count(*) FILTER (is_missing) AS n_feedback_missing,
        count(*) FILTER (is_shown OR is_missing) AS n_feedback_either,
        count(DISTINCT person_key) FILTER (n_shown + n_missing > 0) AS n_customers,
        CAST(sum(n_shown) AS BIGINT) AS n_shown,
        CAST(sum(n_missing) AS BIGINT) AS n_missing
    FROM counted_pairs
    GROUP BY moment, unmeasurable
),
counts AS (
    SELECT pairs.*, n_feedback FROM pairs JOIN spoken USING (moment) WHERE n_feedback > 0
),
shares AS (
    SELECT
        counts.*,
        counts.n_feedback - n_feedback_either AS n_feedback_neither,
        (n_feedback_shown + n_feedback_missing - n_feedback_either) / counts.n_feedback AS both_ways,
        plus.label IS NOT NULL AND minus.label IS NOT NULL AS is_corrected,
        corrected_share(n_feedback_shown, counts.n_feedback, plus.sensitivity, plus.specificity) AS shown,
        corrected_share_low(
            n_feedback_shown, counts.n_feedback, plus.sensitivity, plus.sensitivity_variance, plus.specificity, plus.specificity_variance
        ) AS shown_low,
        corrected_share_high(
            n_feedback_shown, counts.n_feedback, plus.sensitivity, plus.sensitivity_variance, plus.specificity, plus.specificity_variance
        ) AS shown_high,
        corrected_share(n_feedback_missing, counts.n_feedback, minus.sensitivity, minus.specificity) AS missing,
        corrected_share_low(
            n_feedback_missing, counts.n_feedback,
            minus.sensitivity, minus.sensitivity_variance, minus.specificity, minus.specificity_variance
        ) AS missing_low,
        corrected_share_high(
            n_feedback_missing, counts.n_feedback,
            minus.sensitivity, minus.sensitivity_variance, minus.specificity, minus.specificity_variance
        ) AS missing_high
    FROM counts
    JOIN heard_by('all', '') AS heard
        ON true
    LEFT JOIN label_errors AS plus
        ON heard.is_measured
        AND plus.family = 'unmeasurable'
        AND plus.label = counts.unmeasurable
        AND plus.polarity = '+'
    LEFT JOIN label_errors AS minus
        ON heard.is_measured
        AND minus.family = 'unmeasurable'
        AND minus.label = counts.unmeasurable
        AND minus.polarity = '-'
)
SELECT
    moment,
    unmeasurable,
    n_feedback,
    n_feedback_shown,
    n_feedback_missing,
    n_feedback_neither,
    shown AS corrected_shown_share,
    shown_low AS corrected_shown_share_low,
    shown_high AS corrected_shown_share_high,
    missing AS corrected_missing_share,
    missing_low AS corrected_missing_share_low,
    missing_high AS corrected_missing_share_high,
    no_opportunity(shown, missing, both_ways) AS corrected_no_opportunity_share,
    no_opportunity_low(shown, shown_high, missing, missing_high, both_ways) AS corrected_no_opportunity_share_low,
    no_opportunity_high(shown, shown_low, missing, missing_low, both_ways) AS corrected_no_opportunity_share_high,
    CASE WHEN is_corrected THEN 'adjusted count' ELSE 'raw' END AS method,
    n_customers,
    n_shown,
    n_missing,
    (n_shown - n_missing) / nullif(n_shown + n_missing, 0) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS balance_low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS balance_high
FROM shares
ORDER BY moment, unmeasurable;

COMMENT ON VIEW moment_unmeasurables IS 'One row per moment and unmeasurable that a mention carries together: shown, missing and no opportunity, as corrected shares of the feedback on the moment.';
COMMENT ON COLUMN moment_unmeasurables.moment IS 'Id of the moment.';
COMMENT ON COLUMN moment_unmeasurables.unmeasurable IS 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.';
COMMENT ON COLUMN moment_unmeasurables.n_feedback IS 'Pieces of feedback in which model or rules are sure of the moment: the denominator of the shares.';
COMMENT ON COLUMN moment_unmeasurables.n_feedback_shown IS 'Of those, pieces in which model or rules are sure that it was shown (+).';
COMMENT ON COLUMN moment_unmeasurables.n_feedback_missing IS 'Pieces in which they are sure that it was missing (-).';
COMMENT ON COLUMN moment_unmeasurables.n_feedback_neither IS 'Pieces in which it is neither.';
COMMENT ON COLUMN moment_unmeasurables.corrected_shown_share IS 'Share of n_feedback in which it was shown, corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN moment_unmeasurables.corrected_shown_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.corrected_shown_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.corrected_missing_share IS 'Share in which it was missing, corrected, 0 to 1.';
COMMENT ON COLUMN moment_unmeasurables.corrected_missing_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.corrected_missing_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.corrected_no_opportunity_share IS 'Share in which it was neither: no opportunity to show it, or none reported.';
COMMENT ON COLUMN moment_unmeasurables.corrected_no_opportunity_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.corrected_no_opportunity_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
COMMENT ON COLUMN moment_unmeasurables.n_customers IS 'Different people behind n_shown and n_missing.';
COMMENT ON COLUMN moment_unmeasurables.n_shown IS 'Mentions of the moment in which it was shown (+), once votes are settled.';
COMMENT ON COLUMN moment_unmeasurables.n_missing IS 'Mentions in which it was missing or violated (-).';
COMMENT ON COLUMN moment_unmeasurables.balance IS '(n_shown - n_missing) / (n_shown + n_missing), -1 to 1; null without mentions.';
COMMENT ON COLUMN moment_unmeasurables.balance_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN moment_unmeasurables.balance_high IS 'Upper end of its 95 % interval.';
