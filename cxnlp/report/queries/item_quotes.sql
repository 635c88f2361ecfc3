-- Question: where do the backlog's quotes come from?
-- Grain: one row per quoted mention that is still stored. Reader: the page's backlog.
WITH quoted AS (
    SELECT unnest([
        quote_1_mention_id, quote_2_mention_id, quote_3_mention_id, quote_4_mention_id, quote_5_mention_id
    ]) AS mention_id
    FROM backlog
)
SELECT mention_id, any_value(occurred_on) AS occurred_on, any_value(channel) AS channel,
    any_value(location) AS location, any_value(product) AS product, any_value(sentiment) AS sentiment
FROM evidence
WHERE mention_id IN (SELECT mention_id FROM quoted)
GROUP BY mention_id
ORDER BY mention_id
