-- Question: where does an item stand, and by which mentions is its theme known again?
-- Grain: one row, or none. Reader: cxnlp/backlog/moves.py. Bound: $item_id, $n_mentions.
SELECT
    backlog.*,
    coalesce(
        (
            SELECT list(mention_id ORDER BY similarity DESC NULLS LAST, mention_id)[:$n_mentions]
            FROM theme_mentions
            WHERE theme_mentions.theme_id = backlog.theme_id
        ),
        []
    ) AS mentions
FROM backlog
WHERE item_id = $item_id
