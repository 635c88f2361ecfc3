-- Question: did the fix of each item help?
-- Grain: one row per item whose fix of now was measured. Reader: the page's backlog. docs/effects.md says how it is computed.
SELECT item_id, verdict, note, effect, effect_low, effect_high
FROM backlog_effects
ORDER BY item_id
