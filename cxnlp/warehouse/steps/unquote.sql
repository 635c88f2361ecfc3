-- The backlog says nothing any more of the feedback of the frame `unquoted` (feedback_id), whose words leave or change: no
-- quotes, and no words from it in title and sentence. To be run while backlog_evidence still has its mentions.
-- An item that lives on gets new quotes and words from the stage backlog; a quiet or closed one is not built again. What
-- a sentence is made of is among the quotes.

CREATE OR REPLACE TEMP TABLE quoting AS
SELECT
    item_id,
    split_part(quote_1_mention_id, '.', 1) IN (SELECT feedback_id FROM unquoted) AS is_first,
    split_part(quote_2_mention_id, '.', 1) IN (SELECT feedback_id FROM unquoted) AS is_second,
    split_part(quote_3_mention_id, '.', 1) IN (SELECT feedback_id FROM unquoted) AS is_third,
    split_part(quote_4_mention_id, '.', 1) IN (SELECT feedback_id FROM unquoted) AS is_fourth,
    split_part(quote_5_mention_id, '.', 1) IN (SELECT feedback_id FROM unquoted) AS is_fifth
FROM backlog;

-- Quotes are evidence, and so are the words that only title and sentence have.

UPDATE backlog SET title = split_part(title, ': ', 1), sentence = NULL
WHERE item_id IN (
    SELECT item_id FROM backlog_evidence WHERE split_part(mention_id, '.', 1) IN (SELECT feedback_id FROM unquoted)
);

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
