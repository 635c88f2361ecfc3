-- Question: which fixes are to be measured, and what were they to mend?
-- Grain: one row per item that somebody shipped, as long as fixes are looked at. Reader: cxnlp/backlog/effects.py.
-- Bound: $last_on, $longest (days for which a fix is looked at).
-- One that is still undecided when this time ends between two nights is looked at once more: nights may have paused.
-- Decided ones are among them: what they mended is no control for others, and what had not worked may turn out to be harmful.
-- An item without theme is what its label's other items leave.
WITH
own_themes AS (
    SELECT kind, label, polarity, list(theme_id ORDER BY theme_id) AS theme_ids
    FROM backlog
    WHERE theme_id IS NOT NULL
    GROUP BY ALL
)
SELECT
    backlog.item_id,
    backlog.shipped_on,
    backlog.kind,
    backlog.label,
    backlog.polarity,
    backlog.theme_id,
    CASE WHEN backlog.theme_id IS NULL THEN coalesce(own_themes.theme_ids, []) ELSE [] END AS other_theme_ids,
    backlog.shipped_where
FROM backlog
LEFT JOIN own_themes
    ON own_themes.kind = backlog.kind AND own_themes.label = backlog.label
    AND own_themes.polarity IS NOT DISTINCT FROM backlog.polarity
LEFT JOIN backlog_effects AS known ON known.item_id = backlog.item_id
WHERE
    backlog.shipped_on IS NOT NULL
    AND backlog.state <> 'merged'
    AND (
        known.item_id IS NULL
        OR backlog.shipped_on >= $last_on::DATE - $longest::INTEGER
        OR known.decided_on IS NULL AND backlog.shipped_on >= (
            SELECT max(night) - 1 FROM runs WHERE night <= $last_on::DATE
        ) - $longest::INTEGER
    )
ORDER BY backlog.item_id
