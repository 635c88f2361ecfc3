-- Did it help? Reads the frame `verdicts` (item_id, verdict, decided_on, note). Bound: $told_on, $run_id.
-- Reader: cxnlp/backlog/effects.py.
-- A fix that did harm has not worked. Harm that is seen only after that, or after people have gone on, is told by an event
-- and changes no state.

CREATE OR REPLACE TEMP TABLE settled_items AS
SELECT
    item_id, verdict, coalesce($told_on, decided_on) AS told_on, decided_on, note, n_customers, state AS state_before,
    CASE
        WHEN state <> 'shipped' THEN state
        WHEN verdict = 'harmful' THEN 'not_effective'
        ELSE verdict
    END AS state_after
FROM verdicts
JOIN backlog USING (item_id)
WHERE
    decided_on >= shipped_on
    AND (
        state = 'shipped' AND verdict IN ('verified', 'not_effective', 'harmful')
        OR state NOT IN ('shipped', 'merged') AND verdict = 'harmful' AND NOT EXISTS (
            FROM backlog_events AS told
            WHERE told.item_id = verdicts.item_id AND told.event = 'harmful' AND told.happened_on >= verdicts.decided_on
        )
    )
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY decided_on DESC) = 1;

INSERT INTO backlog_events BY NAME
SELECT
    item_id, told_on::TIMESTAMPTZ AS "at", told_on AS happened_on, verdict AS event, state_before, state_after,
    'night' AS "by", n_customers, note, $run_id AS run_id
FROM settled_items
ORDER BY item_id;

UPDATE backlog SET state = state_after, state_since = told_on, n_customers_since = 0
FROM settled_items
WHERE settled_items.item_id = backlog.item_id AND state_before = 'shipped';

DROP TABLE settled_items;
