-- Did it help? Reads the frame `verdicts` (item_id, verdict, decided_on, note). Bound: $run_id.

CREATE OR REPLACE TEMP TABLE settled_items AS
SELECT item_id, verdict, decided_on, note, n_customers
FROM verdicts
JOIN backlog USING (item_id)
WHERE state = 'shipped' AND decided_on >= shipped_on AND verdict IN ('verified', 'not_effective')
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY decided_on DESC) = 1;

INSERT INTO backlog_events BY NAME
SELECT
    item_id, decided_on::TIMESTAMPTZ AS "at", decided_on AS happened_on, verdict AS event, 'shipped' AS state_before,
    verdict AS state_after, 'night' AS "by", n_customers, note, $run_id AS run_id
FROM settled_items
ORDER BY item_id;

UPDATE backlog SET state = verdict, state_since = decided_on, n_customers_since = 0
FROM settled_items
WHERE settled_items.item_id = backlog.item_id;

DROP TABLE settled_items;
