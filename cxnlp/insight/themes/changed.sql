-- Question: what of the feedback that changed since themes last listened could be on a ground?
-- Grain: the temporary tables changed_mentions (a mention) and changed_tags (a vote). Reader: heard.sql. The tables
-- uncounted and unheard say what changed: `count` empties the first into the second.

CREATE OR REPLACE TEMP TABLE changed_mentions AS
SELECT mention_id, feedback_id, speaker, text
FROM mentions
SEMI JOIN (SELECT feedback_id FROM uncounted UNION ALL SELECT feedback_id FROM unheard) AS changed USING (feedback_id);

CREATE OR REPLACE TEMP TABLE changed_tags AS
SELECT * FROM tags SEMI JOIN changed_mentions USING (mention_id)
WHERE family = 'moment' OR (family = 'signal' AND label = 'suggestion');
