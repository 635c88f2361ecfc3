-- Question: what is known of each fix, once tonight's are measured?
-- Grain: one row per item that somebody shipped. Reader: cxnlp/backlog/effects.py, with tonight's rows registered as `tonight`.
-- What was decided of a fix stays, since people have been told and counts of the same days change (retention, erasures, new
-- models and themes); only what had not worked may turn out to be harmful. A fix of old keeps what was found when it was last
-- measured.

DELETE FROM backlog_effects AS known
WHERE known.item_id IN (
    SELECT item_id FROM tonight
    WHERE known.decided_on IS NULL OR known.verdict = 'not_effective' AND tonight.verdict = 'harmful'
);

INSERT INTO backlog_effects BY NAME
FROM tonight ANTI JOIN backlog_effects USING (item_id)
ORDER BY item_id;
