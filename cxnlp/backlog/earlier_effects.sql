-- What was found of a fix goes when that fix is no longer the item's: it was shipped anew on another day or in another place,
-- opened again, or went into another item. So backlog_effects is about the fixes of now, and is joined by item_id alone.
-- Reader: cxnlp/backlog/moves.py and cxnlp/backlog/life.py, after what they change of items.

DELETE FROM backlog_effects AS known
WHERE NOT EXISTS (
    FROM backlog
    WHERE
        backlog.item_id = known.item_id
        AND backlog.shipped_on = known.shipped_on
        AND backlog.shipped_where IS NOT DISTINCT FROM known.shipped_where
        AND backlog.state <> 'merged'
);
