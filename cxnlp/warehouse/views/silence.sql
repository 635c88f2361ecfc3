-- Question: of which moments has feedback stopped speaking?
-- Grain:    one row per week and moment that was spoken of in the eight weeks before, and less now than was to be expected.
-- Reader:   an owner of a moment; whoever looks after the sources (a form that lost its question, a folder that dried up).
--
-- Expected: of 1,000 pieces, as many as in the eight weeks before, weeks with nothing included. The probability of so few
-- or fewer is that of a Poisson count whose rate is known from those weeks only: a negative binomial with shape
-- c/d + 1/2 and scale by the pieces then and now, c the pieces that spoke of it then and d how much more its weeks differ
-- than chance has them (Pearson's chi square / degrees of freedom, at least 1; counts are divided by it, as
-- quasi-Poisson does). Where more than 200 are expected, its normal approximation. The newest week may still be running:
-- the share, not the number, is compared. Many moments are looked at each week: one in twenty shows 0.05 by chance.

CREATE OR REPLACE VIEW silence AS
WITH
weeks AS (
    SELECT starts_on AS week, n_feedback FROM heard_by('week', '') WHERE starts_on IS NOT NULL
),
moments_known AS (
    SELECT DISTINCT label FROM counted_labels WHERE family = 'moment'
),
spoken AS (
    SELECT starts_on AS week, label, n_feedback_reporting FROM said_by('moment', 'week', '')
),
series AS (
    SELECT week, n_feedback, label, coalesce(n_feedback_reporting, 0) AS n_feedback_reporting
    FROM weeks
    CROSS JOIN moments_known
    LEFT JOIN spoken USING (week, label)
),
before AS (
    SELECT
        *,
        sum(n_feedback_reporting) OVER eight AS n_feedback_reporting_before,
        sum(n_feedback) OVER eight AS n_feedback_before,
        sum(n_feedback_reporting ** 2 / n_feedback) OVER eight AS sum_of_squares,
        count(*) OVER eight AS n_weeks
    FROM series
    WINDOW eight AS (
        PARTITION BY label ORDER BY week RANGE BETWEEN INTERVAL 56 DAYS PRECEDING AND INTERVAL 7 DAYS PRECEDING
    )
),
expected AS (
    SELECT
        *,
        n_feedback * n_feedback_reporting_before / n_feedback_before AS expected_feedback,
        -- Pearson's: Σ (seen - n·rate)²/(n·rate) = Σ seen²/(n·rate) - Σ seen
        greatest(1, (sum_of_squares * n_feedback_before / n_feedback_reporting_before - n_feedback_reporting_before) / (n_weeks - 1)) AS dispersion
    FROM before
    WHERE n_feedback_reporting_before > 0 AND n_weeks >= 4
),
scaled AS (
    SELECT
        *,
        n_feedback_reporting_before / dispersion + 0.5e0 AS shape,
        n_feedback_before / (n_feedback_before + n_feedback) AS past_share,
        CAST(floor(n_feedback_reporting / dispersion) AS BIGINT) AS n_scaled
    FROM expected
    WHERE n_feedback_reporting < expected_feedback
)
SELECT
    week,
    scaled.label AS moment,
    taxonomy.name,
    n_feedback_reporting,
    expected_feedback,
    n_feedback,
    CAST(n_feedback_reporting_before AS BIGINT) AS n_feedback_reporting_before,
    CAST(n_feedback_before AS BIGINT) AS n_feedback_before,
    CASE
        WHEN expected_feedback / dispersion > 200 THEN normal_below(
            (n_feedback_reporting - expected_feedback) / sqrt(expected_feedback * dispersion * (1 + n_feedback / n_feedback_before))
        )
        ELSE least(1, list_sum(list_transform(
            range(n_scaled + 1),
            lambda k: exp(
                lgamma(k + shape) - lgamma(shape) - lgamma(k + 1e0) + shape * ln(past_share) + k * ln(1 - past_share)
            )
        )))
    END AS probability
FROM scaled
LEFT JOIN taxonomy ON taxonomy.family = 'moment' AND taxonomy.id = scaled.label
ORDER BY week DESC, probability, moment;

COMMENT ON VIEW silence IS 'One row per week and moment that fewer spoke of than in the eight weeks before, with the probability of so few by chance.';
COMMENT ON COLUMN silence.name IS 'The moment in plain English.';
COMMENT ON COLUMN silence.n_feedback_reporting IS 'Pieces of feedback of the week in which model or rules are sure of the moment.';
COMMENT ON COLUMN silence.expected_feedback IS 'How many there would be at the share of the eight weeks before.';
COMMENT ON COLUMN silence.n_feedback IS 'Pieces of feedback of the week with a customer''s words.';
COMMENT ON COLUMN silence.n_feedback_reporting_before IS 'Pieces of the eight weeks before that spoke of the moment.';
COMMENT ON COLUMN silence.n_feedback_before IS 'Pieces of the eight weeks before with a customer''s words.';
COMMENT ON COLUMN silence.probability IS 'Probability of so few or fewer if nothing had changed, 0 to 1.';
