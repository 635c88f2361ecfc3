-- Question: how much did customers say, and how did it feel?
-- Grain: one row. Reader: the page's headline.
WITH sayings AS (
    SELECT DISTINCT mention_id, feedback_id, person_key, sentiment
    FROM period
    WHERE speaker IS DISTINCT FROM 'agent'
)
SELECT
    count(DISTINCT feedback_id) AS n_feedback,
    count(DISTINCT person_key) AS n_customers,
    count(*) AS n_mentions,
    count(*) FILTER (sentiment < 0) AS n_negative,
    count(*) FILTER (sentiment > 0) AS n_positive
FROM sayings
