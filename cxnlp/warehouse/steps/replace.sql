-- Corrections leave first, with their employees, mentions, votes and bands. A person's vote whose sentence is still in
-- the new text moves there (the same place if its words are the same, else the first place with the same words).

CREATE OR REPLACE TEMP TABLE corrected AS
SELECT feedback_id FROM fresh_feedback WHERE is_correction;

CREATE OR REPLACE TEMP TABLE leaving_mentions AS
SELECT mention_id, feedback_id, position, "start", text FROM mentions SEMI JOIN corrected USING (feedback_id);

CREATE OR REPLACE TEMP TABLE person_votes AS
SELECT tags.*, leaving_mentions.feedback_id, leaving_mentions.position, leaving_mentions."start", leaving_mentions.text
FROM tags JOIN leaving_mentions USING (mention_id)
WHERE tags.voter = 'person';

CREATE OR REPLACE TEMP TABLE leaning_feedback AS
SELECT feedback_id FROM feedback WHERE duplicate_of IN (SELECT feedback_id FROM corrected);

-- A corrected text's mentions take over the ids of the old ones; no alert may quote another sentence than it did.

UPDATE alerts SET
    quote_1_mention_id = CASE WHEN quote_1_mention_id NOT IN (SELECT mention_id FROM leaving_mentions)
        THEN quote_1_mention_id END,
    quote_2_mention_id = CASE WHEN quote_2_mention_id NOT IN (SELECT mention_id FROM leaving_mentions)
        THEN quote_2_mention_id END,
    quote_3_mention_id = CASE WHEN quote_3_mention_id NOT IN (SELECT mention_id FROM leaving_mentions)
        THEN quote_3_mention_id END
WHERE (SELECT count(*) FROM leaving_mentions) > 0;

DELETE FROM tags WHERE mention_id IN (SELECT mention_id FROM leaving_mentions);
DELETE FROM theme_mentions WHERE mention_id IN (SELECT mention_id FROM leaving_mentions);
DELETE FROM mention_vectors WHERE mention_id IN (SELECT mention_id FROM leaving_mentions);
DELETE FROM backlog_evidence WHERE mention_id IN (SELECT mention_id FROM leaving_mentions);
DELETE FROM mentions WHERE feedback_id IN (SELECT feedback_id FROM corrected);
DELETE FROM employees WHERE feedback_id IN (SELECT feedback_id FROM corrected);
DELETE FROM signature_bands WHERE feedback_id IN (SELECT feedback_id FROM corrected);
DELETE FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM corrected);
