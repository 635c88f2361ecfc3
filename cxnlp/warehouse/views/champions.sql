-- Question: which employees do customers praise?
-- Grain:    one row per employee (pseudonym) with at least one praise.
-- Reader:   a team lead who may resolve pseudonyms.
--
-- A praise is a customer's mention of positive sentiment that names the employee. Where the name stands in a column of
-- the source only, it is a positive mention of that feedback that is about staff or calls someone a champion.

CREATE OR REPLACE VIEW champions AS
WITH
about_people AS (
    SELECT DISTINCT mention_id
    FROM settled
    WHERE decision = 'yes'
        AND ((family = 'moment' AND label = 'staff') OR (family = 'signal' AND label = 'champion'))
),
praises AS (
    SELECT DISTINCT employees.employee_key, employees.role, mentions.mention_id, mentions.text AS quote, feedback.occurred_at,
        coalesce(feedback.customer_key, feedback.author_key, feedback.feedback_id) AS person_key,
        CAST(settled.label AS INTEGER) AS sentiment, settled.probability
    FROM employees
    JOIN feedback ON feedback.feedback_id = employees.feedback_id AND feedback.duplicate_of IS NULL
    JOIN mentions ON mentions.feedback_id = employees.feedback_id AND mentions.speaker IS DISTINCT FROM 'agent'
    JOIN settled ON settled.mention_id = mentions.mention_id AND settled.family = 'sentiment'
    LEFT JOIN about_people ON about_people.mention_id = mentions.mention_id
    WHERE CAST(settled.label AS INTEGER) > 0
        AND CASE
            WHEN employees."start" IS NULL THEN about_people.mention_id IS NOT NULL
            ELSE employees."start" >= mentions."start" AND employees."end" <= mentions."end"
        END
)
SELECT
    employee_key,
    mode(role ORDER BY role) AS role,
    count(DISTINCT mention_id) AS n_praises,
    count(DISTINCT person_key) AS n_customers,
    CAST(min(occurred_at) AT TIME ZONE 'UTC' AS DATE) AS first_on,
    CAST(max(occurred_at) AT TIME ZONE 'UTC' AS DATE) AS last_on,
    first(quote ORDER BY sentiment DESC, probability DESC NULLS LAST, length(quote) DESC, mention_id) AS best_quote
FROM praises
GROUP BY employee_key
ORDER BY n_customers DESC, n_praises DESC, employee_key;

COMMENT ON VIEW champions IS 'One row per employee whom customers praise, by pseudonym. Customers'' lines, no duplicates.';
COMMENT ON COLUMN champions.employee_key IS 'Keyed hash of the employee''s name.';
COMMENT ON COLUMN champions.role IS 'The role given most often: agent, driver, counter, manager, engineer or staff.';
COMMENT ON COLUMN champions.n_praises IS 'Positive mentions that name the employee.';
COMMENT ON COLUMN champions.n_customers IS 'Different people behind them.';
COMMENT ON COLUMN champions.first_on IS 'Day of the first praise.';
COMMENT ON COLUMN champions.last_on IS 'Day of the latest praise.';
COMMENT ON COLUMN champions.best_quote IS 'The strongest praise, masked.';
