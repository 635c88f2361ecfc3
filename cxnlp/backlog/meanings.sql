-- Question: what do the sayings that items are made of mean, as numbers?
-- Grain: one row per mention that has a vector. Reader: cxnlp/backlog/sentences.py. Reads the frame `sayings` (words.sql).
SELECT mention_id, vector, encoder_version
FROM mention_vectors
WHERE mention_id IN (SELECT mention_id FROM sayings WHERE len(item_ids) > 0)
    AND encoder_version = (SELECT mode(encoder_version) FROM mention_vectors)
ORDER BY mention_id
