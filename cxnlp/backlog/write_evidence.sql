-- Question: which mentions speak for each item, once tonight's are known?
-- Grain: one row per item and mention. Reader: cxnlp/backlog/items.py, with tonight's rows registered as `tonight`.
-- An item that was not built tonight keeps its mentions, but for those that speak for another one of its label now.

DELETE FROM backlog_evidence
WHERE item_id IN (SELECT item_id FROM tonight) AND (item_id, mention_id) NOT IN (SELECT (item_id, mention_id) FROM tonight);

DELETE FROM backlog_evidence
WHERE (item_id, mention_id) IN (
    SELECT (kept.item_id, kept.mention_id)
    FROM backlog_evidence AS kept
    JOIN tonight ON tonight.mention_id = kept.mention_id AND tonight.item_id <> kept.item_id
    JOIN backlog AS own ON own.item_id = kept.item_id
    JOIN backlog AS other ON other.item_id = tonight.item_id
    WHERE own.kind = other.kind AND own.label = other.label
);

DELETE FROM backlog_evidence WHERE item_id IN (SELECT item_id FROM backlog WHERE state = 'merged');

INSERT INTO backlog_evidence
SELECT item_id, mention_id
FROM tonight
ANTI JOIN backlog_evidence USING (item_id, mention_id)
ORDER BY item_id, mention_id;
