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
        corrected(n_feedback_shown, counts.n_feedback, when_shown) AS shown,
        corrected(n_feedback_missing, counts.n_feedback, when_missing) AS missing
    FROM counts
    CROSS JOIN heard_by('all', '') AS heard
    LEFT JOIN unmeasurable_errors() AS errors ON errors.unmeasurable = CASE WHEN heard.is_measured THEN counts.unmeasurable END
)
SELECT
    moment,
    unmeasurable,
    n_feedback,
    n_feedback_shown,
    n_feedback_missing,
    n_feedback - n_feedback_either AS n_feedback_neither,
    unnest(shares_of(shown, missing, (n_feedback_shown + n_feedback_missing - n_feedback_either) / n_feedback)),
    n_customers,
    n_shown,
    n_missing,
    (n_shown - n_missing) / nullif(n_shown + n_missing, 0) AS balance,
    2 * wilson_low(n_shown, n_shown + n_missing) - 1 AS balance_low,
    2 * wilson_high(n_shown, n_shown + n_missing) - 1 AS balance_high
FROM shares
ORDER BY moment, unmeasurable;

COMMENT ON VIEW moment_unmeasurables IS 'One row per moment and unmeasurable that a mention carries together: shown, missing and no opportunity, as corrected shares of the feedback on the moment.';
COMMENT ON COLUMN moment_unmeasurables.n_feedback IS 'Pieces of feedback in which model or rules are sure of the moment: the denominator of the shares.';
COMMENT ON COLUMN moment_unmeasurables.n_customers IS 'Different people behind n_shown and n_missing.';
COMMENT ON COLUMN moment_unmeasurables.n_shown IS 'Mentions of the moment in which it was shown (+), once votes are settled.';
