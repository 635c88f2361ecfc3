-- Question: which customers' mentions does the random slice take next?
-- Grain:    one row per mention that is not answered yet, the next $n.
-- Reader:   cxnlp/teaching/queue.py
--
-- Every mention has a permanent random number (a hash of its id); the slice takes them in its order, so that the slice so
-- far is at any time a simple random sample of customers' mentions, also when feedback is added.

WITH
customers AS (
    SELECT
        mentions.mention_id,
        mentions.feedback_id,
        mentions.text,
        CAST(md5_number_lower(concat('random slice ', mentions.mention_id)) AS DOUBLE) / 18446744073709551616.0 AS draw
    FROM mentions
    JOIN feedback USING (feedback_id)
    WHERE feedback.duplicate_of IS NULL AND mentions.speaker IS DISTINCT FROM 'agent'
),
ranked AS (
    SELECT *, row_number() OVER (ORDER BY draw, mention_id) / count(*) OVER () AS share FROM customers
)
SELECT mention_id, draw, share
FROM ranked
ANTI JOIN passed USING (feedback_id, text)
ORDER BY draw, mention_id
LIMIT $n
