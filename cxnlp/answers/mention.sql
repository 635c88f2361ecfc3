-- Question: what is known of one mention?
-- Grain:    one row per settled tag of the mention; one row with family null where it has none.
-- Reader:   cxnlp/answers/evidence.py. Bound: $mention_id.
SELECT
    mention_id, feedback_id, occurred_on, channel, source, language, product, location, segment, rating, speaker,
    sentiment, sentiment_score, quote, context, external_id,
    evidence.family, evidence.label, evidence.polarity, taxonomy.name, probability, decision, voter, evidence
FROM evidence
LEFT JOIN taxonomy ON taxonomy.family = evidence.family AND taxonomy.id = evidence.label
WHERE mention_id = $mention_id
ORDER BY evidence.family, evidence.label, evidence.polarity
