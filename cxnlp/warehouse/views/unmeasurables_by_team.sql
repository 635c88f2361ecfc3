-- Question: which soft qualities do customers see in each kind of employee, and which do they miss?
-- Grain:    one row per team (role and place of employees) and unmeasurable, of teams that enough people speak of.
-- Reader:   a team lead; an area manager.
--
-- There are employees only where a workspace keeps pseudonyms of them (privacy.employees in cxnlp.toml), and rows only of
-- those whom at least privacy.least_group different people speak of. Counted is feedback with a customer's words about
-- the employee: mentions that name them, or all of a piece whose employee stands in a column of the source. Shares as in
-- unmeasurables.sql.

CREATE OR REPLACE VIEW unmeasurables_by_team AS
WITH
spoken AS (
    SELECT role, location, count(DISTINCT feedback_id) AS n_feedback, count(DISTINCT person_key) AS n_customers
    FROM counted_employees
    WHERE unmeasurable IS NULL
    GROUP BY role, location
    HAVING count(DISTINCT person_key) >= coalesce((SELECT max(least_group) FROM sharing), 5)
),
said AS (
    SELECT
        role, location,
        unmeasurable,
        count(DISTINCT feedback_id) FILTER (is_shown) AS n_feedback_shown,
        count(DISTINCT feedback_id) FILTER (is_missing) AS n_feedback_missing,
        count(DISTINCT feedback_id) FILTER (is_shown OR is_missing) AS n_feedback_either
    FROM counted_employees
    WHERE unmeasurable IS NOT NULL
    GROUP BY role, location, unmeasurable
),
words AS (
    SELECT id AS unmeasurable FROM taxonomy WHERE family = 'unmeasurable' AND retired IS NULL
),
counts AS (
    SELECT
        spoken.*,
        words.unmeasurable,
        coalesce(n_feedback_shown, 0) AS n_feedback_shown,
        coalesce(n_feedback_missing, 0) AS n_feedback_missing,
        coalesce(n_feedback_either, 0) AS n_feedback_either
    FROM spoken
    CROSS JOIN words
    LEFT JOIN said ON said.role IS NOT DISTINCT FROM spoken.role AND said.location IS NOT DISTINCT FROM spoken.location AND said.unmeasurable = words.unmeasurable
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
    role,
    location,
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
    n_customers
FROM shares
ORDER BY role, location, unmeasurable;

COMMENT ON VIEW unmeasurables_by_team IS 'One row per team and unmeasurable: shown, missing and no opportunity, as corrected shares of the feedback about them. Only of those whom enough people speak of.';
COMMENT ON COLUMN unmeasurables_by_team.role IS 'agent, driver, counter, manager, engineer or staff.';
COMMENT ON COLUMN unmeasurables_by_team.location IS 'Branch or place as the source gave it; null where none was given.';
COMMENT ON COLUMN unmeasurables_by_team.unmeasurable IS 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.';
COMMENT ON COLUMN unmeasurables_by_team.n_feedback IS 'Pieces of feedback with a customer''s words about them: the denominator of the shares.';
COMMENT ON COLUMN unmeasurables_by_team.n_feedback_shown IS 'Of those, pieces in which model or rules are sure that it was shown (+).';
COMMENT ON COLUMN unmeasurables_by_team.n_feedback_missing IS 'Pieces in which they are sure that it was missing (-).';
COMMENT ON COLUMN unmeasurables_by_team.n_feedback_neither IS 'Pieces in which it is neither.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_shown_share IS 'Share of n_feedback in which it was shown, corrected for the model''s errors, 0 to 1.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_shown_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_shown_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_missing_share IS 'Share in which it was missing, corrected, 0 to 1.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_missing_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_missing_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_no_opportunity_share IS 'Share in which it was neither: no opportunity to show it, or none reported.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_no_opportunity_share_low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_team.corrected_no_opportunity_share_high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN unmeasurables_by_team.method IS 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.';
COMMENT ON COLUMN unmeasurables_by_team.n_customers IS 'Different people behind n_feedback.';
