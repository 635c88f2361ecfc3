-- Question: what happened to the backlog since the night before?
-- Grain: one row per item and event, the most urgent items first. Of the last night, and of what people decided since the
-- night before it began. Reader: the page's headline.
WITH last_night AS (
    SELECT max(night) AS night FROM runs
),
night_before AS (
    SELECT min(started_at) AS started_at
    FROM runs
    WHERE night = (SELECT max(night) FROM runs WHERE night < (SELECT night FROM last_night))
)
SELECT DISTINCT events.event, events.item_id, backlog.priority
FROM backlog_events AS events
JOIN backlog USING (item_id)
WHERE CASE events."by"
    WHEN 'night' THEN events.happened_on = (SELECT night FROM last_night)
    ELSE events."at" >= (SELECT started_at FROM night_before)
END
ORDER BY backlog.priority DESC NULLS LAST, events.item_id, events.event
