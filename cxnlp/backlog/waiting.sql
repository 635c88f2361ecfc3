-- Question: since when had enough people said so of a new item, and how many spoke of a known one since its state changed?
-- Grain: one row per item that has such a number. Reader: cxnlp/backlog/items.py. Bound: $night, $least_customers. Reads the temporary table `heard`.
-- What reached the folder before the night is what the night could know, whenever it was written.
WITH
voices AS (
    SELECT
        item_id, label, person_key,
        min(least(greatest(heard.occurred_on, utc_day(received_at)), $night::DATE)) AS arrived_on
    FROM heard
    JOIN feedback USING (feedback_id)
    WHERE item_id NOT IN (SELECT item_id FROM backlog) AND is_in_period
    GROUP BY ALL
),
needed AS (
    FROM voices
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY arrived_on)
        <= CASE WHEN label = 'crisis' THEN 1 ELSE $least_customers::INTEGER END
),
ready AS (
    SELECT item_id, max(arrived_on) AS ready_on FROM needed GROUP BY item_id
),
since AS (
    SELECT item_id, count(DISTINCT person_key) AS n_customers_since
    FROM heard
    JOIN backlog USING (item_id)
    WHERE is_in_period AND occurred_on > coalesce(state_since, opened_on)
    GROUP BY item_id
)
SELECT item_id, ready_on, n_customers_since
FROM ready
FULL JOIN since USING (item_id)
