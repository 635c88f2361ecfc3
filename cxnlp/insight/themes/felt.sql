-- Question: how do some mentions feel, as the model says?
-- Grain: one row per mention that it judged. Reader: cxnlp/insight/themes/reading.py. Bound: the mentions.
SELECT mention_id, any_value(label)
FROM tags
WHERE family = 'sentiment' AND voter = 'model' AND mention_id IN (SELECT unnest($1::VARCHAR[]))
GROUP BY mention_id
