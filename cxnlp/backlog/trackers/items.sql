-- Question: where does each item stand, who brought it there, and did its fix help?
-- Grain: one row per item, the most urgent first. Reader: cxnlp/backlog/trackers/syncing.py.
-- `state_by` is null where its state never changed.
SELECT
    backlog.*,
    taxonomy.name AS label_name,
    taxonomy.stage_name,
    state_by,
    effects.verdict,
    effects.note AS verdict_note,
    effects.decided_on AS verdict_on,
    effects.effect,
    effects.effect_low,
    effects.effect_high
FROM backlog
LEFT JOIN backlog_effects AS effects USING (item_id)
LEFT JOIN taxonomy ON taxonomy.family = backlog.kind AND taxonomy.id = backlog.label
LEFT JOIN (
    SELECT item_id, max_by("by", "at") AS state_by
    FROM backlog_events
    WHERE state_before IS DISTINCT FROM state_after
    GROUP BY item_id
) USING (item_id)
ORDER BY priority DESC NULLS LAST, item_id
