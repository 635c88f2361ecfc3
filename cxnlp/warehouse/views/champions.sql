-- Question: which employees do customers praise, and for what?
-- Grain:    one row per employee (pseudonym) with at least one praise.
-- Reader:   a team lead who may resolve pseudonyms.
--
-- A praise is a customer's mention of positive sentiment that names the employee. Where the name stands in a column of
-- the source only, it is a positive mention of that feedback that is about staff or calls someone a champion.

CREATE OR REPLACE VIEW champions AS
WITH
places AS (
    SELECT
        employees.employee_key,
        employees.role,
        mentions.mention_id,
        employees."start" IS NULL AS is_column
    FROM employees
    JOIN mentions USING (feedback_id)
    WHERE employees."start" IS NULL
        OR (employees."start" >= mentions."start" AND employees."end" <= mentions."end")
),
pleased AS (
    SELECT
        mention_id,
        any_value(person_key) AS person_key,
        any_value(occurred_on) AS occurred_on,
        any_value(quote) AS quote,
        any_value(sentiment) AS sentiment,
        any_value(sentiment_score) AS sentiment_score,
        bool_or(decision = 'yes' AND (
            (family = 'moment' AND label = 'staff') OR (family = 'signal' AND label = 'champion')
        )) AS is_about_people
    FROM evidence
    WHERE sentiment > 0 AND speaker IS DISTINCT FROM 'agent' AND mention_id IN (SELECT mention_id FROM places)
    GROUP BY mention_id
),
praises AS (
    SELECT * FROM places JOIN pleased USING (mention_id)
    WHERE NOT is_column OR coalesce(is_about_people, false)
),
qualities AS (
    SELECT employee_key, label, count(DISTINCT mention_id) AS n
    FROM praises
    JOIN evidence USING (mention_id)
    WHERE evidence.decision = 'yes'
        AND (evidence.family = 'moment' OR (evidence.family = 'unmeasurable' AND evidence.polarity = '+'))
    GROUP BY employee_key, label
),
praised AS (
    SELECT employee_key, string_agg(label, ', ' ORDER BY place) AS praised
    FROM (
        SELECT employee_key, label, row_number() OVER (PARTITION BY employee_key ORDER BY n DESC, label) AS place
        FROM qualities
    )
    WHERE place <= 3
    GROUP BY employee_key
)
SELECT
    employee_key,
    mode(role ORDER BY role) AS role,
    count(DISTINCT mention_id) AS n_mentions,
    count(DISTINCT person_key) AS n_customers,
    min(occurred_on) AS first_on,
    max(occurred_on) AS last_on,
    first(
        quote ORDER BY length(quote) >= 40 DESC, sentiment DESC, sentiment_score DESC NULLS LAST, length(quote) DESC, mention_id
    ) AS best_quote,
    any_value(praised.praised) AS praised
FROM praises
LEFT JOIN praised USING (employee_key)
GROUP BY employee_key
ORDER BY n_customers DESC, n_mentions DESC, employee_key;

COMMENT ON VIEW champions IS 'One row per employee whom customers praise, by pseudonym. Customers'' lines, no duplicates.';
COMMENT ON COLUMN champions.employee_key IS 'Keyed hash of the employee''s name.';
COMMENT ON COLUMN champions.role IS 'The role given most often: agent, driver, counter, manager, engineer or staff.';
COMMENT ON COLUMN champions.n_mentions IS 'Positive mentions that name the employee.';
COMMENT ON COLUMN champions.first_on IS 'Day of the first praise.';
COMMENT ON COLUMN champions.last_on IS 'Day of the latest praise.';
COMMENT ON COLUMN champions.best_quote IS 'The strongest praise of at least 40 characters, where there is one; masked.';
COMMENT ON COLUMN champions.praised IS 'Up to three moments and unmeasurables that the praise is about, the most frequent first.';
