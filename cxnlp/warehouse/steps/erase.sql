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

-- An item of the backlog that lives on gets new quotes and words from the stage backlog; a quiet one is not built again.
-- What a sentence is made of is among the quotes.

CREATE OR REPLACE TEMP TABLE quoting AS
SELECT
    item_id,
    split_part(quote_1_mention_id, '.', 1) IN (SELECT feedback_id FROM erased) AS is_first,
    split_part(quote_2_mention_id, '.', 1) IN (SELECT feedback_id FROM erased) AS is_second,
    split_part(quote_3_mention_id, '.', 1) IN (SELECT feedback_id FROM erased) AS is_third,
    split_part(quote_4_mention_id, '.', 1) IN (SELECT feedback_id FROM erased) AS is_fourth,
    split_part(quote_5_mention_id, '.', 1) IN (SELECT feedback_id FROM erased) AS is_fifth
FROM backlog;

-- Quotes are evidence, and so are the words that only title and sentence have.

UPDATE backlog SET title = split_part(title, ': ', 1), sentence = NULL
WHERE item_id IN (
    SELECT item_id FROM backlog_evidence WHERE split_part(mention_id, '.', 1) IN (SELECT feedback_id FROM erased)
);

DELETE FROM backlog_evidence WHERE split_part(mention_id, '.', 1) IN (SELECT feedback_id FROM erased);

UPDATE backlog SET
    title = split_part(title, ': ', 1),
    sentence = NULL,
    quote_1 = CASE WHEN is_first THEN NULL ELSE quote_1 END,
    quote_1_mention_id = CASE WHEN is_first THEN NULL ELSE quote_1_mention_id END,
    quote_2 = CASE WHEN is_second THEN NULL ELSE quote_2 END,
    quote_2_mention_id = CASE WHEN is_second THEN NULL ELSE quote_2_mention_id END,
    quote_3 = CASE WHEN is_third THEN NULL ELSE quote_3 END,
    quote_3_mention_id = CASE WHEN is_third THEN NULL ELSE quote_3_mention_id END,
    quote_4 = CASE WHEN is_fourth THEN NULL ELSE quote_4 END,
    quote_4_mention_id = CASE WHEN is_fourth THEN NULL ELSE quote_4_mention_id END,
    quote_5 = CASE WHEN is_fifth THEN NULL ELSE quote_5 END,
    quote_5_mention_id = CASE WHEN is_fifth THEN NULL ELSE quote_5_mention_id END
FROM quoting
WHERE quoting.item_id = backlog.item_id AND (is_first OR is_second OR is_third OR is_fourth OR is_fifth);

DROP TABLE quoting;

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
