-- Question: how fresh is what each source gave, and how much of it could be used?
-- Grain:    one row per source that gave anything.
-- Reader:   whoever looks after the sources.

CREATE OR REPLACE VIEW freshness AS
WITH
given AS (
    SELECT
        source,
        max(occurred_at) AS last_occurred_at,
        max(received_at) AS last_received_at,
        count(*) FILTER (duplicate_of IS NULL) AS n_feedback,
        count(duplicate_of) AS n_duplicates,
        count(vanished_on) AS n_vanished
    FROM feedback
    GROUP BY source
),
refused AS (
    SELECT
        source,
        count(*) FILTER (released_at IS NULL) AS n_quarantined,
        count(released_at) AS n_released
    FROM quarantine
    GROUP BY source
)
SELECT
    source,
    last_occurred_at,
    last_received_at,
    coalesce(n_feedback, 0) AS n_feedback,
    coalesce(n_duplicates, 0) AS n_duplicates,
    coalesce(n_vanished, 0) AS n_vanished,
    coalesce(n_quarantined, 0) AS n_quarantined,
    coalesce(n_released, 0) AS n_released
FROM given
FULL JOIN refused USING (source)
ORDER BY source;

COMMENT ON VIEW freshness IS 'One row per source: how fresh it is and how much of it could be used.';
COMMENT ON COLUMN freshness.last_occurred_at IS 'When the latest of its feedback was written or spoken, UTC.';
COMMENT ON COLUMN freshness.last_received_at IS 'When the latest of its feedback reached the folder, UTC.';
COMMENT ON COLUMN freshness.n_feedback IS 'Pieces of feedback stored, duplicates not counted.';
COMMENT ON COLUMN freshness.n_duplicates IS 'Pieces stored as another arrival of a text that is stored.';
COMMENT ON COLUMN freshness.n_vanished IS 'Of both, pieces that the source does not hold any more; they stay stored and counted.';
COMMENT ON COLUMN freshness.n_quarantined IS 'Items that wait in quarantine.';
COMMENT ON COLUMN freshness.n_released IS 'Items of which somebody accepted that they will never be read.';
