-- Question: which mentions are evidence for an item of the backlog?
-- Grain:    one mention a person, the latest first.
-- Reader:   cxnlp/answers/backlog.py. Bound: $item_id.
SELECT mention_id, occurred_on, channel, source, product, location, sentiment, quote
FROM (SELECT DISTINCT mention_id FROM backlog_evidence WHERE item_id = $item_id)
JOIN (
    SELECT DISTINCT ON (mention_id) mention_id, occurred_on, channel, source, product, location, sentiment, quote, person_key
    FROM evidence
) USING (mention_id)
QUALIFY row_number() OVER (PARTITION BY person_key ORDER BY occurred_on DESC, mention_id) = 1
ORDER BY occurred_on DESC, mention_id
