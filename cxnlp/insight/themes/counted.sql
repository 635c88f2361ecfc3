-- Question: how many mentions of a ground can be looked at, were not yet, or were and are alone?
-- Grain: one row. Reader: cxnlp/insight/themes/reading.py. Bound: $ground, $encoder.
SELECT
    count(*) AS n_any,
    count(*) FILTER (is_waiting) AS n_fresh,
    count(*) FILTER (NOT is_waiting AND theme_id IS NULL) AS n_alone
FROM theme_mentions
WHERE ground = $ground AND encoder_version = $encoder
