-- Question: which mentions speak for each item, once tonight's are known?
-- Grain: one row per item and mention. Reader: cxnlp/backlog/items.py, with tonight's rows registered as `tonight`.

DELETE FROM backlog_evidence
WHERE (item_id IN (SELECT item_id FROM tonight) AND (item_id, mention_id) NOT IN (SELECT (item_id, mention_id) FROM tonight))
    OR item_id IN (SELECT item_id FROM backlog WHERE state = 'merged');

INSERT INTO backlog_evidence
SELECT item_id, mention_id
FROM tonight
ANTI JOIN backlog_evidence USING (item_id, mention_id)
ORDER BY item_id, mention_id;
