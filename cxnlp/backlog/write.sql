-- What becomes of last night's items when tonight's are known. Reads the frames `tonight` (columns BACKLOG), `lineage` (columns
-- EVENTS: what merged, split, grew or shrank) and `heirs` (items that take over what people decided of one that goes into
-- them). Bound: $night, $run_id, $least_customers. Reader: cxnlp/backlog/life.py.
-- What people decided (the columns STANDING) stays; a state that they gave changes by the rules of `turns` alone, which
-- docs/backlog.md states. Done again, nothing changes.

CREATE OR REPLACE TEMP TABLE turns AS
WITH
sizes AS (  -- how many people an item had when it was last declined or shipped, or took that over from another
    SELECT
        item_id,
        max_by(n_customers, "at") FILTER (event = 'declined' OR event = 'merged' AND state_after = 'declined')
            AS n_customers_declined,
        max_by(n_customers, "at") FILTER (event = 'shipped' OR event = 'merged' AND state_after = 'shipped')
            AS n_customers_shipped
    FROM backlog_events
    GROUP BY item_id
),
compared AS (
    SELECT
        coalesce(tonight.item_id, kept.item_id) AS item_id,
        kept.state AS state_before,
        kept.accepted_on IS NOT NULL AS is_accepted,
        coalesce(tonight.n_customers, kept.n_customers) AS n_customers,
        CASE
            WHEN kept.item_id IS NULL THEN 'opened'
            WHEN kept.state = 'snoozed' AND snoozed_until <= $night::DATE
                THEN CASE WHEN tonight.item_id IS NULL AND accepted_on IS NULL THEN 'quiet' ELSE 'reopened' END
            WHEN tonight.item_id IS NULL THEN CASE WHEN kept.state = 'new' THEN 'quiet' END
            WHEN kept.state IN ('quiet', 'merged') THEN 'reopened'
            WHEN kept.state IN ('closed', 'verified')
                AND tonight.n_customers_since >= CASE
                    WHEN kept.label = 'crisis' THEN 1
                    ELSE greatest($least_customers::INTEGER, coalesce(n_customers_shipped, 0))
                END
                THEN 'reopened'
            WHEN kept.state = 'declined' AND tonight.n_customers >= 2 * n_customers_declined THEN 'reopened'
        END AS event
    FROM backlog AS kept
    FULL JOIN tonight ON tonight.item_id = kept.item_id
    LEFT JOIN sizes ON sizes.item_id = kept.item_id
    WHERE coalesce(tonight.item_id, kept.item_id) NOT IN (SELECT item_id FROM lineage WHERE state_after = 'merged')
)
SELECT
    *,
    CASE
        WHEN event = 'quiet' THEN 'quiet'
        WHEN state_before = 'snoozed' AND is_accepted THEN 'accepted'
        ELSE 'new'
    END AS state_after
FROM compared
WHERE event IS NOT NULL;

-- An item keeps the night it was opened on and the days it took until then. One that no longer qualifies keeps the numbers
-- of the last night it did.

CREATE OR REPLACE TEMP TABLE arriving AS
SELECT tonight.* REPLACE (
    coalesce(kept.state, tonight.state) AS state,
    coalesce(kept.opened_on, tonight.opened_on) AS opened_on,
    least(kept.first_feedback_on, tonight.first_feedback_on) AS first_feedback_on,
    greatest(kept.last_feedback_on, tonight.last_feedback_on) AS last_feedback_on,
    CASE WHEN kept.item_id IS NULL THEN tonight.days_to_item ELSE kept.days_to_item END AS days_to_item,
    CASE WHEN kept.item_id IS NULL THEN tonight.ready_on ELSE kept.ready_on END AS ready_on
)
FROM tonight
LEFT JOIN backlog AS kept ON kept.item_id = tonight.item_id;

MERGE INTO backlog
USING arriving ON arriving.item_id = backlog.item_id
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;

UPDATE backlog SET
    state = state_after,
    state_since = CASE WHEN turns.event = 'opened' THEN opened_on ELSE $night::DATE END,
    snoozed_until = NULL,
    into_id = NULL,
    n_customers_since = 0
FROM turns
WHERE turns.item_id = backlog.item_id;

UPDATE backlog SET
    due_on = NULL, accepted_on = NULL, started_on = NULL, shipped_on = NULL, shipped_what = NULL, shipped_where = NULL
FROM turns
WHERE turns.item_id = backlog.item_id AND turns.event = 'reopened' AND state_after = 'new';

INSERT INTO backlog_events BY NAME
SELECT
    item_id, $night::TIMESTAMPTZ AS "at", $night::DATE AS happened_on, event, state_before, state_after, 'night' AS "by",
    n_customers, $run_id AS run_id
FROM turns
ORDER BY item_id;

UPDATE backlog SET
    state = heirs.state,
    assigned_to = heirs.assigned_to,
    due_on = heirs.due_on,
    accepted_on = heirs.accepted_on,
    started_on = heirs.started_on,
    shipped_on = heirs.shipped_on,
    shipped_what = heirs.shipped_what,
    shipped_where = heirs.shipped_where,
    snoozed_until = heirs.snoozed_until,
    state_since = $night::DATE,
    n_customers_since = 0
FROM heirs
WHERE heirs.item_id = backlog.item_id;

INSERT INTO backlog_events BY NAME
FROM lineage
WHERE NOT EXISTS (
    FROM backlog_events AS known
    WHERE known.item_id = lineage.item_id AND known.event = lineage.event AND known.happened_on = lineage.happened_on
        AND known.other_id IS NOT DISTINCT FROM lineage.other_id
);

UPDATE backlog SET state = 'merged', into_id = lineage.other_id, state_since = $night::DATE
FROM lineage
WHERE lineage.state_after = 'merged' AND lineage.item_id = backlog.item_id;

DROP TABLE turns;
DROP TABLE arriving;
