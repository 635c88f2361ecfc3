-- Question: which targets of the moments of truth are met, and which are missed?
-- Grain:    one row per moment and target that the workspace set (`cxnlp moments set delivery --target net_sentiment=0.2`).
-- Reader:   the owner of a moment; `cxnlp moments`.

CREATE OR REPLACE VIEW moment_targets AS
WITH
diagnosed AS (
    UNPIVOT (
        SELECT moment, COLUMNS(* EXCLUDE (moment))::DOUBLE
        FROM (
            SELECT
                moment, n_mentions, n_customers, corrected_feedback_share, net_sentiment, strong_negative_share, expectation_gap,
                soft_skill_index, effort_per_case, resolution_share, churn_share, champion_share, n_customers_crisis, trend, days_to_item,
                fix_effect
            FROM moment_diagnostics
        )
    )
    ON COLUMNS(* EXCLUDE (moment))
    INTO NAME metric VALUE found
)
SELECT
    targets.moment,
    targets.metric,
    targets.direction,
    targets.target,
    diagnosed.found,
    CASE targets.direction WHEN 'at least' THEN found >= target ELSE found <= target END AS is_met
FROM targets
LEFT JOIN diagnosed USING (moment, metric)
ORDER BY targets.moment, targets.metric;

COMMENT ON VIEW moment_targets IS 'One row per moment and target that the workspace set: what was found in the last eight weeks, and whether the target is met.';
COMMENT ON COLUMN moment_targets.metric IS 'Column of moment_diagnostics.';
COMMENT ON COLUMN moment_targets.found IS 'The value found; null where there is none.';
COMMENT ON COLUMN moment_targets.is_met IS 'Whether the value found reaches the target; null where there is none. Chance is not allowed for: see the interval.';
