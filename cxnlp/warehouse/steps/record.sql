-- The run's row, counted from what was done.

INSERT INTO runs BY NAME
SELECT
    $run_id AS run_id,
    $night AS night,
    'loaded' AS state,
    $started_at AS started_at,
    $finished_at AS finished_at,
    coalesce($n_arrived, (SELECT coalesce(sum(n_items), 0) FROM arrived_files)) AS n_arrived,
    (SELECT count(*) FROM feedback SEMI JOIN fresh_feedback USING (feedback_id) WHERE duplicate_of IS NULL) AS n_stored,
    (SELECT count(*) FROM arrived_unchanged) + (SELECT count(*) FROM arrived_feedback)
        - (SELECT count(*) FROM fresh_feedback) AS n_unchanged,
    (SELECT count(*) FROM feedback SEMI JOIN fresh_feedback USING (feedback_id) WHERE duplicate_of IS NOT NULL)
        AS n_duplicates,
    (SELECT count(*) FROM arrived_quarantine) AS n_quarantined,
    (SELECT count(*) FROM fresh_mentions) AS n_mentions,
    (
        SELECT count(DISTINCT mention_id)
        FROM tags SEMI JOIN fresh_mentions USING (mention_id)
        WHERE family <> 'sentiment' AND decision = 'yes'
    ) AS n_tagged,
    coalesce($model_version, (SELECT max(model_version) FROM arrived_tags WHERE voter = 'model')) AS model_version,
    coalesce($taxonomy_version, (SELECT max(taxonomy_version) FROM arrived_tags)) AS taxonomy_version;
