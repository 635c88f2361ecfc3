-- Question: did the last fix of a moment of truth make complaints fewer?
-- Grain:    one row per moment with a fix that the workspace recorded (`cxnlp moments set delivery --fixed-on DAY`).
-- Reader:   moment_diagnostics; the owner who fixed it.
--
-- The share of all feedback that complains of the moment, in up to eight weeks after the day of the fix less that in the eight
-- weeks before it. Nothing else that changed on that day is taken out.

CREATE OR REPLACE VIEW fix_effects AS
WITH
complaints AS (
    SELECT label AS moment, occurred_on
    FROM counted_labels
    WHERE speaker = 'customer' AND family = 'moment' AND n_negative > 0
),
last_fixes AS (
    SELECT moment, max(fixed_on) AS fixed_on FROM fixes GROUP BY moment
),
around_fix AS (
    SELECT
        last_fixes.moment, fixed_on,
        count(DISTINCT feedback_id) FILTER (occurred_on < fixed_on) AS n_all_before_fix,
        count(DISTINCT feedback_id) FILTER (occurred_on > fixed_on) AS n_all_after_fix
    FROM last_fixes
    CROSS JOIN recent_weeks
    LEFT JOIN counted_feedback
        ON occurred_on BETWEEN fixed_on - 56 AND least(fixed_on + 56, last_on) AND counted_feedback.n_mentions > 0
    GROUP BY last_fixes.moment, fixed_on
),
complaints_around_fix AS (
    SELECT
        last_fixes.moment,
        count(*) FILTER (occurred_on BETWEEN fixed_on - 56 AND fixed_on - 1) AS n_before_fix,
        count(*) FILTER (occurred_on BETWEEN fixed_on + 1 AND least(fixed_on + 56, last_on)) AS n_after_fix
    FROM last_fixes
    CROSS JOIN recent_weeks
    JOIN complaints USING (moment)
    GROUP BY last_fixes.moment
),
fix_counts AS (
    SELECT
        around_fix.*,
        coalesce(n_before_fix, 0) AS k_before,
        coalesce(n_after_fix, 0) AS k_after,
        CASE
            WHEN fixed_on > (SELECT last_on - 14 FROM recent_weeks) THEN 'the fix is younger than two weeks'
            WHEN n_all_before_fix = 0 OR n_all_after_fix = 0 THEN 'nothing was heard before it or since'
        END AS why_not
    FROM around_fix
    LEFT JOIN complaints_around_fix USING (moment)
),
fix_shares AS (
    SELECT
        moment, fixed_on, why_not,
        k_after / nullif(n_all_after_fix, 0) AS a, k_before / nullif(n_all_before_fix, 0) AS b,
        wilson_low(k_after, n_all_after_fix) AS a_low, wilson_high(k_after, n_all_after_fix) AS a_high,
        wilson_low(k_before, n_all_before_fix) AS b_low, wilson_high(k_before, n_all_before_fix) AS b_high
    FROM fix_counts
)
SELECT
    moment,
    fixed_on,
    a AS complaint_share_after,
    b AS complaint_share_before,
    CASE WHEN why_not IS NULL THEN a - b END AS fix_effect,
    CASE WHEN why_not IS NULL THEN difference_low(a, a_low, b, b_high) END AS fix_effect_low,
    CASE WHEN why_not IS NULL THEN difference_high(a, a_high, b, b_low) END AS fix_effect_high,
    why_not AS fix_effect_missing
FROM fix_shares
ORDER BY moment;

COMMENT ON VIEW fix_effects IS 'One row per moment with a recorded fix: the share of feedback that complains of it after the last fix, less that before.';
COMMENT ON COLUMN fix_effects.fixed_on IS 'Day of the last fix; that day itself counts on neither side.';
COMMENT ON COLUMN fix_effects.complaint_share_after IS 'Share of all feedback that complains of the moment, in up to eight weeks after the fix.';
COMMENT ON COLUMN fix_effects.complaint_share_before IS 'The same in the eight weeks before it.';
COMMENT ON COLUMN fix_effects.fix_effect IS 'complaint_share_after less complaint_share_before, -1 to 1; null where fix_effect_missing says why.';
COMMENT ON COLUMN fix_effects.fix_effect_missing IS 'Why there is no effect to tell: too early, or nothing heard; null where there is one.';
