-- Question: which mentions are evidence for an item, in a snapshot that does not keep the mentions of each item?
-- Grain:    one mention a person, the latest first.
-- Reader:   cxnlp/answers/backlog.py. Bound: $kind, $label, $polarity, $first_on, $last_on, as the item has them.
SELECT mention_id, occurred_on, channel, source, product, location, sentiment, quote
FROM evidence
WHERE family = $kind AND label = $label AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
    AND occurred_on BETWEEN $first_on AND $last_on
    AND CASE $kind WHEN 'moment' THEN sentiment < 0 WHEN 'unmeasurable' THEN polarity = $polarity ELSE true END
QUALIFY row_number() OVER (PARTITION BY person_key ORDER BY occurred_on DESC, mention_id) = 1
ORDER BY occurred_on DESC, mention_id
