-- Probabilities lie in 0 to 1, sentiment scores in -1 to 1; the model gives both.

SELECT mention_id, family, label, voter, probability, score
FROM tags
WHERE isnan(probability)
    OR isnan(score)
    OR probability NOT BETWEEN 0 AND 1
    OR score NOT BETWEEN -1 AND 1
    OR (voter = 'model' AND probability IS NULL)
    OR (voter = 'model' AND (family = 'sentiment') <> (score IS NOT NULL));
