-- Question: which sayings show best what customers mean by a label?
-- Grain:    one mention a person, sure tags and customers' own lines only: whole sentences first, by feeling and sureness.
-- Reader:   cxnlp/answers/evidence.py. Bound: $family, $label, $polarity (null: either), $feeling (-1, 0, 1; null: any).
SELECT mention_id, occurred_on, channel, source, product, location, sentiment, probability, quote
FROM evidence
WHERE family = $family AND label = $label
    AND ($polarity IS NULL OR polarity = $polarity)
    AND ($feeling IS NULL OR sign(sentiment) = $feeling)
    AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
QUALIFY row_number() OVER (
    PARTITION BY person_key
    ORDER BY length(quote) BETWEEN 40 AND 280 DESC, (1 + abs(sentiment)) * probability DESC, occurred_on DESC, mention_id
) = 1
ORDER BY length(quote) BETWEEN 40 AND 280 DESC, (1 + abs(sentiment)) * probability DESC, occurred_on DESC, mention_id
