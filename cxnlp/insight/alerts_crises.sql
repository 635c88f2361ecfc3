-- Question: where has somebody lately spoken of harm, law, regulator or press?
-- Grain:    one row per product and location (null: not given) with a credible mention.
-- Reader:   cxnlp/insight/alerts.py. Bound: $night, $last_on, $n_days.
-- Credible (macros.sql) is what a rule or a person says, or the model with a probability of 0.6 or more, as in the backlog.
-- Lately: said, or read by a night, in the last $n_days; what was said more than four weeks ago is history.
WITH
lately AS (
    SELECT feedback_id
    FROM feedback
    JOIN runs USING (run_id)
    WHERE runs.night > $night::DATE - $n_days::INTEGER AND runs.night <= $night::DATE
)
SELECT product, location, count(DISTINCT person_key) AS n_reports
FROM evidence
WHERE
    family = 'signal' AND label = 'crisis' AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
    AND is_credible(mention_id, voter, probability)
    AND occurred_on BETWEEN $last_on::DATE - 27 AND $last_on::DATE
    AND (occurred_on > $last_on::DATE - $n_days::INTEGER OR feedback_id IN (FROM lately))
GROUP BY ALL
ORDER BY ALL
