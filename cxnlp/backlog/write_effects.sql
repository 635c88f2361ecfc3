-- Question: what is known of each fix, once tonight's are measured?
-- Grain: one row per item that somebody shipped. Reader: cxnlp/backlog/effects.py, with tonight's rows registered as `tonight`.
-- A fix of old keeps what was found when it was last measured; an item that is not shipped any more, or was shipped anew, does not.

DELETE FROM backlog_effects
WHERE
    item_id IN (SELECT item_id FROM tonight)
    OR (item_id, shipped_on) NOT IN (
        SELECT (item_id, shipped_on) FROM backlog WHERE shipped_on IS NOT NULL AND state <> 'merged'
    );

INSERT INTO backlog_effects BY NAME
FROM tonight
ORDER BY item_id;
