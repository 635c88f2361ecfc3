-- Question: what should be worked on, in order, how is it called, and did the fixes of what was shipped help?
-- Grain: one row per item. Reader: cxnlp/backlog/items.py, the page, sheets and messages. Bound: $open
-- (the states OPEN of states.py, so that what an older version published is read, too).
SELECT
    backlog.*,
    taxonomy.name AS label_name,
    taxonomy.stage_name,
    effects.verdict,
    effects.note AS verdict_note,
    effects.decided_on AS verdict_on,
    effects.effect,
    effects.effect_low,
    effects.effect_high
FROM backlog
LEFT JOIN backlog_effects AS effects USING (item_id)
LEFT JOIN taxonomy ON taxonomy.family = backlog.kind AND taxonomy.id = backlog.label
ORDER BY NOT list_contains($open, state), priority DESC, item_id
