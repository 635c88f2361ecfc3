-- Question: how hard was it for customers to get a moment of truth put right, and was it?
-- Grain:    one row per moment that customers spoke of in the last eight weeks.
-- Reader:   moment_diagnostics (effort and resolution).
--
-- A case is a customer who speaks of the moment. Whether a problem was resolved can be told of known customers only, who had
-- two weeks to come back: somebody without a key is silent for ever.

CREATE OR REPLACE VIEW moment_cases AS
WITH
recent AS (
    SELECT
        said.feedback_id, said.person_key, said.label AS moment, said.occurred_on, said.n_positive, said.n_negative, is_known
    FROM counted_labels AS said
    JOIN counted_feedback USING (feedback_id)
    JOIN recent_weeks ON said.occurred_on BETWEEN first_on AND last_on
    WHERE said.speaker = 'customer' AND said.family = 'moment' AND said.n_mentions > 0
),
-- Effort: pieces in which a customer could not reach help, had to come back or was not heard, or was passed on.
struggles AS (
    SELECT
        feedback_id,
        bool_or(family = 'moment' AND label = 'reaching_help' AND n_negative > 0) AS is_unreached,
        bool_or(family = 'unmeasurable' AND label = 'listening' AND polarity = '-') AS is_unheard,
        bool_or(family = 'warning' AND label = 'handoff') AS is_passed_on
    FROM counted_labels
    WHERE speaker = 'customer' AND n_mentions > 0
        AND ((family = 'moment' AND label = 'reaching_help') OR (family = 'unmeasurable' AND label = 'listening')
            OR (family = 'warning' AND label = 'handoff'))
    GROUP BY feedback_id
),
returns AS (
    SELECT
        *,
        is_known AND n_negative > 0 AND count(*) FILTER (n_negative > 0) OVER (
            PARTITION BY person_key, moment ORDER BY occurred_on, feedback_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) > 0 AS is_return
    FROM recent
),
efforts AS (
    SELECT
        moment,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (is_unreached) AS n_feedback_reaching_help,
        count(*) FILTER (is_return OR is_unheard) AS n_feedback_repeat,
        count(*) FILTER (is_passed_on) AS n_feedback_handoff
    FROM returns
    LEFT JOIN struggles USING (feedback_id)
    GROUP BY moment
),
-- Resolution: known customers who complained two weeks or more ago; what did they say of the moment last, and did they leave?
problems AS (
    SELECT person_key, moment, min(occurred_on) FILTER (n_negative > 0) AS complained_on
    FROM recent
    WHERE is_known
    GROUP BY person_key, moment
    HAVING complained_on <= (SELECT last_on - 14 FROM recent_weeks)
),
afterwards AS (
    SELECT
        problems.person_key, problems.moment,
        arg_max(n_positive > n_negative, (recent.occurred_on, recent.feedback_id))
            FILTER (recent.occurred_on > complained_on) AS is_content
    FROM problems
    JOIN recent USING (person_key, moment)
    GROUP BY problems.person_key, problems.moment
),
leavers AS (
    SELECT DISTINCT problems.person_key, problems.moment
    FROM problems
    JOIN counted_feedback USING (person_key)
    JOIN recent_weeks ON occurred_on BETWEEN complained_on AND last_on
    WHERE is_churn
),
resolutions AS (
    SELECT
        afterwards.moment,
        count(*) AS n_customers_problem,
        count(*) FILTER (coalesce(is_content, leavers.person_key IS NULL)) AS n_customers_resolved
    FROM afterwards
    LEFT JOIN leavers USING (person_key, moment)
    GROUP BY afterwards.moment
)
SELECT
    moment,
    n_customers,
    n_feedback_reaching_help,
    n_feedback_repeat,
    n_feedback_handoff,
    (n_feedback_reaching_help + n_feedback_repeat + n_feedback_handoff) / n_customers AS effort_per_case,
    coalesce(n_customers_problem, 0) AS n_customers_problem,
    coalesce(n_customers_resolved, 0) AS n_customers_resolved,
    n_customers_resolved / n_customers_problem AS resolution_share,
    wilson_low(n_customers_resolved, n_customers_problem) AS resolution_share_low,
    wilson_high(n_customers_resolved, n_customers_problem) AS resolution_share_high
FROM efforts
LEFT JOIN resolutions USING (moment)
ORDER BY moment;

COMMENT ON VIEW moment_cases IS 'One row per moment: the effort that its customers had in the last eight weeks, and how many of their problems were resolved.';
COMMENT ON COLUMN moment_cases.n_customers IS 'Different people who speak of it.';
COMMENT ON COLUMN moment_cases.n_feedback_reaching_help IS 'Pieces of feedback on the moment in which the customer could not reach help.';
COMMENT ON COLUMN moment_cases.n_feedback_repeat IS 'Pieces in which a known customer complains of the moment again, or any customer was not heard.';
COMMENT ON COLUMN moment_cases.effort_per_case IS 'The three together, for each case.';
COMMENT ON COLUMN moment_cases.resolution_share IS 'n_customers_resolved / n_customers_problem, 0 to 1; who says no more of it and does not leave counts as resolved. Null without problems.';
