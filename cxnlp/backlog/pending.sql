-- Question: which of these moves are not done yet, on which item, and where does it stand?
-- Grain: one row per such move, in their order. Reader: cxnlp/backlog/moves.py, with the frame `asked` (number, item_id, at,
-- by, event). A move of an item that went into another is one of that other: its event has the first one as other_id.
WITH RECURSIVE
followed AS (
    SELECT item_id AS asked_id, item_id, state, into_id
    FROM backlog
    WHERE item_id IN (SELECT item_id FROM asked)
    UNION
    SELECT followed.asked_id, kept.item_id, kept.state, kept.into_id
    FROM followed
    JOIN backlog AS kept ON kept.item_id = followed.into_id
    WHERE followed.state = 'merged'
),
done AS (  -- nights have a run; a person of their name is told from them (Move.by)
    SELECT
        coalesce(other_id, item_id) AS asked_id, "at", event,
        CASE WHEN "by" = 'night' THEN 'night (person)' ELSE "by" END AS "by"
    FROM backlog_events
    WHERE run_id IS NULL
)
SELECT asked.number, backlog.*
FROM (FROM asked QUALIFY row_number() OVER (PARTITION BY item_id, "at", "by", event ORDER BY number) = 1) AS asked
JOIN followed ON followed.asked_id = asked.item_id AND followed.state <> 'merged'
JOIN backlog ON backlog.item_id = followed.item_id
ANTI JOIN done ON done.asked_id = asked.item_id AND done."at" = asked."at" AND done."by" = asked."by" AND done.event = asked.event
ORDER BY asked.number
