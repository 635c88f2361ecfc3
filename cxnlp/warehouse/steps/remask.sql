-- New texts, and everything that counts their characters. Reads masked_texts (feedback_id, text), moved (feedback_id,
-- start, end, new_start, new_end) and found_employees.

INSERT INTO uncounted SELECT feedback_id FROM masked_texts;

UPDATE feedback SET text = masked_texts.text
FROM masked_texts
WHERE masked_texts.feedback_id = feedback.feedback_id;

CREATE OR REPLACE TEMP TABLE moved_mentions AS
WITH
placed AS (
    SELECT mentions.mention_id, masked_texts.text, moved.new_start, moved.new_end,
        substring(masked_texts.text, moved.new_start + 1, moved.new_end - moved.new_start) AS words
    FROM mentions
    JOIN moved USING (feedback_id, "start", "end")
    JOIN masked_texts USING (feedback_id)
)
SELECT
    mention_id,
    new_start + length(words) - length(ltrim(words, E' \n\t')) AS new_start,
    new_end - (length(words) - length(rtrim(words, E' \n\t'))) AS new_end,
    trim(words, E' \n\t') AS words
FROM placed;

UPDATE tags SET
    evidence_start = greatest(moved.new_start, moved_mentions.new_start),
    evidence_end = least(moved.new_end, moved_mentions.new_end)
FROM mentions, moved, moved_mentions
WHERE mentions.mention_id = tags.mention_id
    AND moved_mentions.mention_id = tags.mention_id
    AND moved.feedback_id = mentions.feedback_id
    AND moved."start" = tags.evidence_start
    AND moved."end" = tags.evidence_end;

UPDATE tags SET evidence_start = moved_mentions.new_start, evidence_end = moved_mentions.new_end
FROM moved_mentions
WHERE moved_mentions.mention_id = tags.mention_id AND tags.evidence_end <= tags.evidence_start;

UPDATE tags SET model_version = NULL
WHERE voter <> 'person' AND mention_id IN (SELECT mention_id FROM moved_mentions);

DELETE FROM mention_vectors WHERE mention_id IN (SELECT mention_id FROM moved_mentions);

UPDATE mentions SET "start" = moved_mentions.new_start, "end" = moved_mentions.new_end, text = moved_mentions.words
FROM moved_mentions
WHERE moved_mentions.mention_id = mentions.mention_id;

DELETE FROM theme_mentions WHERE mention_id IN (SELECT mention_id FROM moved_mentions);
DELETE FROM tags WHERE mention_id IN (SELECT mention_id FROM moved_mentions WHERE words = '');
DELETE FROM backlog_evidence WHERE mention_id IN (SELECT mention_id FROM moved_mentions WHERE words = '');
DELETE FROM mentions WHERE mention_id IN (SELECT mention_id FROM moved_mentions WHERE words = '');

UPDATE employees SET "start" = moved.new_start, "end" = moved.new_end
FROM moved
WHERE moved.feedback_id = employees.feedback_id AND moved."start" = employees."start" AND moved."end" = employees."end";

INSERT INTO employees BY NAME
SELECT found_employees.* REPLACE (feedback.run_id AS run_id)
FROM found_employees JOIN feedback USING (feedback_id)
ORDER BY feedback_id, employee_key, "start";

DROP TABLE moved_mentions;
