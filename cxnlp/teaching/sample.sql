-- Question: which customers' mentions does the random slice take next?
-- Grain:    one row per mention that is not answered yet, the next $n, text by text.
-- Reader:   cxnlp/teaching/queue.py
--
-- Every text (letter, call, post) has a permanent random number, a hash of its id. The slice takes texts in its order and
-- of each all that the customer says, so that the slice so far is at any time a simple random sample of texts, also when
-- feedback is added. Whole texts, because a customer's silence on a matter is known only when all of the text is judged.

WITH
customers AS (
    SELECT
        mentions.mention_id,
        mentions.feedback_id,
        mentions.position,
        mentions.text,
        CAST(md5_number_lower(concat('random slice ', feedback_id)) AS DOUBLE) / 18446744073709551616.0 AS draw
    FROM mentions
    JOIN feedback USING (feedback_id)
    WHERE feedback.duplicate_of IS NULL AND mentions.speaker IS DISTINCT FROM 'agent'
),
texts AS (
    SELECT feedback_id, row_number() OVER (ORDER BY draw, feedback_id) / count(*) OVER () AS share
    FROM (SELECT DISTINCT feedback_id, draw FROM customers)
)
SELECT customers.mention_id, customers.feedback_id, texts.share
FROM customers
JOIN texts USING (feedback_id)
ANTI JOIN passed ON passed.feedback_id = customers.feedback_id AND passed.text = customers.text
ORDER BY customers.draw, customers.feedback_id, customers.position
LIMIT $n
