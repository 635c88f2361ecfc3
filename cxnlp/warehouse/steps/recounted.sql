-- Whom the recount is about: everybody behind feedback of the table uncounted, as it was counted before and as it is
-- stored now, with the number of their pieces.

CREATE OR REPLACE TEMP TABLE recounted AS
WITH
now AS (
    SELECT feedback_id, coalesce(customer_key, author_key, feedback_id) AS person_key FROM feedback
),
people AS (
    SELECT person_key FROM counted_feedback SEMI JOIN uncounted USING (feedback_id)
    UNION
    SELECT person_key FROM now SEMI JOIN uncounted USING (feedback_id)
)
SELECT person_key, count(now.feedback_id) AS n_feedback
FROM people
LEFT JOIN now USING (person_key)
GROUP BY person_key;
