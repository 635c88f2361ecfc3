-- Question: how many people are behind what moment_diagnostics compares the last eight weeks with, and behind a fix's effect?
-- Grain:    one row per moment that somebody complained of.
-- Reader:   cxnlp/answers/moments.py.
SELECT
    counted_labels.label AS moment,
    count(DISTINCT person_key) FILTER (occurred_on BETWEEN before_first_on AND before_last_on) AS n_customers_before,
    count(DISTINCT person_key) FILTER (
        occurred_on BETWEEN last_fixes.fixed_on - 56 AND last_fixes.fixed_on + 56 AND occurred_on <> last_fixes.fixed_on
    ) AS n_customers_around_fix
FROM counted_labels
CROSS JOIN recent_weeks
LEFT JOIN (SELECT moment, max(fixed_on) AS fixed_on FROM fixes GROUP BY moment) AS last_fixes
    ON last_fixes.moment = counted_labels.label
WHERE speaker = 'customer' AND family = 'moment' AND n_negative > 0
GROUP BY counted_labels.label
