-- The feedback of the frame `erased` (feedback_id) leaves, with all that belongs to it and every quote from it.
-- Reads `erased`; makes `leaning_feedback`, the duplicates that stay, for duplicates.py to decide anew.

CREATE OR REPLACE TEMP TABLE fresh_feedback AS SELECT feedback_id FROM feedback LIMIT 0;

CREATE OR REPLACE TEMP TABLE leaning_feedback AS
SELECT feedback_id FROM feedback
WHERE duplicate_of IN (SELECT feedback_id FROM erased) AND feedback_id NOT IN (SELECT feedback_id FROM erased);

INSERT INTO uncounted SELECT feedback_id FROM erased;

DELETE FROM tags WHERE mention_id IN (SELECT mention_id FROM mentions SEMI JOIN erased USING (feedback_id));
DELETE FROM theme_mentions
WHERE mention_id IN (SELECT mention_id FROM mentions SEMI JOIN erased USING (feedback_id));
DELETE FROM mention_vectors
WHERE mention_id IN (SELECT mention_id FROM mentions SEMI JOIN erased USING (feedback_id));
DELETE FROM mentions WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM employees WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM signature_bands WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM places WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM reviews WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM erased);
UPDATE feedback SET repost_of = NULL WHERE repost_of IN (SELECT feedback_id FROM erased);
DELETE FROM backlog_evidence WHERE split_part(mention_id, '.', 1) IN (SELECT feedback_id FROM erased);

-- An alert stays, as a number; what it quotes goes, and a crisis of which nothing is left.

UPDATE alerts SET
    quote_1_mention_id = CASE WHEN split_part(quote_1_mention_id, '.', 1) NOT IN (SELECT feedback_id FROM erased)
        THEN quote_1_mention_id END,
    quote_2_mention_id = CASE WHEN split_part(quote_2_mention_id, '.', 1) NOT IN (SELECT feedback_id FROM erased)
        THEN quote_2_mention_id END,
    quote_3_mention_id = CASE WHEN split_part(quote_3_mention_id, '.', 1) NOT IN (SELECT feedback_id FROM erased)
        THEN quote_3_mention_id END;
DELETE FROM alerts
WHERE kind = 'crisis' AND n_reports <= 3 -- quoted, all of them
    AND coalesce(quote_1_mention_id, quote_2_mention_id, quote_3_mention_id) IS NULL;
