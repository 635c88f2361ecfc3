-- The run's row, counted from what was done.

INSERT INTO runs BY NAME
WITH
stored AS (
    SELECT count(*) AS n_fresh, count(duplicate_of) AS n_duplicates
    FROM feedback SEMI JOIN fresh_feedback USING (feedback_id)
),
topics AS (
    SELECT count(DISTINCT mention_id) AS n_tagged
    FROM tags SEMI JOIN fresh_mentions USING (mention_id)
    WHERE family <> 'sentiment' AND decision = 'yes'
),
versions AS (
    SELECT
        max(model_version) FILTER (voter = 'model') AS model_version,
        max(taxonomy_version) AS taxonomy_version
    FROM arrived_tags
)
SELECT
    $run_id AS run_id,
    $night AS night,
    'loaded' AS state,
    $started_at AS started_at,
    $finished_at AS finished_at,
    coalesce($n_arrived, (SELECT sum(n_items) FROM arrived_files), 0) AS n_arrived,
    n_fresh - n_duplicates AS n_stored,
    (SELECT count(*) FROM arrived_unchanged) + (SELECT count(*) FROM arrived_feedback) - n_fresh AS n_unchanged,
    n_duplicates,
    (SELECT count(*) FROM arrived_quarantine) AS n_quarantined,
    (SELECT count(*) FROM arrived_erased) AS n_erased,
    (SELECT count(*) FROM fresh_mentions) AS n_mentions,
    n_tagged,
    coalesce($model_version, versions.model_version) AS model_version,
    coalesce($taxonomy_version, versions.taxonomy_version) AS taxonomy_version
FROM stored, topics, versions;
